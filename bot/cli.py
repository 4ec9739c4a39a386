"""The commands."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import click

from bot import app
from bot.knowledge.entries import BadEntriesError
from bot.knowledge.knowledge import read_whole
from bot.language.catalogs import BadCatalogError
from bot.messengers import terminal
from bot.overlay import lay, own_parts
from bot.ports import StoreError
from bot.privacy.keys import BadKeyFileError
from bot.privacy.logs import quiet
from bot.runtime import Runtime
from bot.script.diagnostic import BadContentError, Report
from bot.settings import (
    SettingsError,
    Texts,
    directory_file,
    home_folder,
    services_file,
    telegram_account,
    telegram_settings,
)

T = TypeVar("T")
BROKEN = (BadContentError, BadEntriesError, BadCatalogError)
"""Texts that may not be shown."""

WRITING = ("draw", "reference", "sign", "storyboard", "walk")
"""Commands for who writes and reviews."""


class _Main(click.Group):
    """The commands. Those for services, catalogs and writers are loaded when called: nobody who talks needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See `click.Group`."""
        return sorted([*super().list_commands(ctx), "catalog", "preview", "services", *WRITING])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See `click.Group`."""
        if cmd_name in WRITING:
            from bot import writing_cli  # noqa: PLC0415 - see above

            return writing_cli.COMMANDS[cmd_name]
        if cmd_name == "catalog":
            from bot.catalog_cli import catalog  # noqa: PLC0415 - see above

            return catalog
        if cmd_name == "preview":
            from bot.preview_cli import preview  # noqa: PLC0415 - see above

            return preview
        if cmd_name != "services":
            return super().get_command(ctx, cmd_name)
        from bot.services_cli import services  # noqa: PLC0415 - see above

        return services


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waymark")
@click.pass_context
def main(context: click.Context) -> None:
    """Scripted conversations for people who have been harmed. Keeps nothing."""
    quiet()
    context.obj = lambda: with_texts(lambda texts: (texts, read_whole(texts.content)))


@main.command()
@click.option("--language", metavar="xx", help="Begin in this language, such as en.")
@click.option("--place", metavar="XX", help="Begin with this place, such as US-CA or IE.")
def chat(language: str | None, place: str | None) -> None:
    """Talk in this terminal. Nothing is written; the end of input leaves."""
    try:
        messenger, source = terminal.standard()
    except terminal.ClosedError as error:
        raise click.ClickException(str(error)) from None
    shelf = app.Shelf(services_file(os.environ), directory_file(os.environ))
    runtime = with_texts(lambda texts: app.build(messenger, texts=texts, shelf=shelf, tell=_tell))
    runtime.begin_with(_language(runtime, language), _place(runtime, place))
    asyncio.run(terminal.talk(messenger, runtime, source))


FILE = click.Path(path_type=Path)


@main.command()
@click.option("--token-file", type=FILE, help="A file that holds the token and nothing else.")
@click.option(
    "--webhook", metavar="URL", help="Have Telegram bring updates to this address, instead of asking for them."
)
@click.option(
    "--listen", metavar="HOST:PORT", help="Where the webhook's requests come in: 127.0.0.1:8080, if not said."
)
@click.option("--cert", type=FILE, help="The certificate of the webhook, where no proxy has one.")
@click.option("--key", type=FILE, help="The key of that certificate.")
@click.option("--poll", is_flag=True, help="Ask for updates, and remove a webhook that is set.")
@click.option("--check", "only_check", is_flag=True, help="Say what Telegram thinks of the bot, and change nothing.")
def telegram(  # noqa: PLR0913, PLR0917 - one for each option
    token_file: Path | None,
    webhook: str | None,
    listen: str | None,
    cert: Path | None,
    key: Path | None,
    poll: bool,
    only_check: bool,
) -> None:
    """Run the bot on Telegram, until told to stop. What it needs is in the environment; docs/operating.md says what."""
    if not webhook and (listen or cert or key):
        raise click.UsageError("--listen, --cert and --key are for --webhook")
    if sum((bool(webhook), poll, only_check)) > 1:
        raise click.UsageError("one of --webhook, --poll and --check")
    # Here and not above: the libraries of Telegram take longer to load than the terminal takes to start.
    from bot.messengers.telegram.hook import hook_of  # noqa: PLC0415
    from bot.messengers.telegram.refusal import RefusedError  # noqa: PLC0415
    from bot.operate import check_telegram, run_telegram  # noqa: PLC0415

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        if only_check:
            account = telegram_account(os.environ, token_file)
            click.echo("\n".join(with_texts(lambda texts: asyncio.run(check_telegram(account, texts)))))
            return
        settings = telegram_settings(os.environ, token_file)
        if settings.warning:
            click.echo(f"waymark: {settings.warning}", err=True)
        hook = hook_of(webhook, listen, cert, key, api=settings.api, token=settings.token) if webhook else None
        with_texts(lambda texts: asyncio.run(run_telegram(settings, texts, hook=hook, unhook=poll)))
    except (SettingsError, RefusedError, StoreError, BadKeyFileError) as error:
        click.echo(f"waymark: {error}", err=True)
        sys.exit(2)


@main.command()
@click.option("--token-file", type=click.Path(path_type=Path), help="The file that `waymark telegram` is given.")
@click.option("--online", is_flag=True, help="Ask Telegram too: about the token, and what time it is.")
@click.option("--quiet", "only_wrong", is_flag=True, help="Print only what is not well.")
def doctor(token_file: Path | None, *, online: bool, only_wrong: bool) -> None:
    """Look at what runs the bot, beside it or before it: a line for each thing, and what to do where it is not well.

    Changes nothing. Exit code 0: all is well; 1: something is wrong; 2: something could not be looked at.
    """
    # Here and not above: nobody who talks needs it.
    from bot.doctor.lines import verdict  # noqa: PLC0415
    from bot.doctor.looks import examine  # noqa: PLC0415
    from bot.doctor.surroundings import Surroundings, ask  # noqa: PLC0415

    found = list(examine(Surroundings(token_file=token_file, ask=ask if online else None)))
    for each in found:
        if not (only_wrong and each.well):
            click.echo(each)
    sys.exit(verdict(found))


@main.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Fail also for what should have been checked again before today.")
@click.option("--coverage", is_flag=True, help="List every item of guidance and the way to the screen that says it.")
def check(path: Path | None, *, strict: bool, coverage: bool) -> None:
    """Say everything that is wrong with the texts, or with the flow or folder at PATH.

    Without PATH, your own texts in WAYMARK_HOME lie over the shipped ones.
    """
    from bot.check import check as check_texts  # noqa: PLC0415 - whoever talks needs none of it
    from bot.check import covered, overlaid, read_by  # noqa: PLC0415 - as above

    if coverage and (path or strict):
        raise click.UsageError(
            "--coverage looks at the shipped texts, and at nothing else: leave PATH and --strict out"
        )
    if coverage:
        *lines, total = covered()
        click.echo("\n".join((*lines, total)))
        accounted, _, items = total.partition(" of ")
        sys.exit(accounted != items)
    if strict and path:
        raise click.UsageError("--strict looks at everything that is known: leave PATH out")
    home, today = None if path else _own_home(), _today() if strict else None
    report = overlaid(home, today=today)[1] if home else check_texts(path, today=today)
    if home:
        click.echo(f"{', '.join(own_parts(home))} in {home} lie over the shipped texts", err=True)
    for diagnostic in sorted(report.found):
        click.echo(diagnostic)
    if strict:
        for line in read_by(lay(home, Report()) if home else Texts()):
            click.echo(line)
    if report:
        click.echo(f"{len(report.found)} to mend; docs/diagnostics/ has a page for each number", err=True)
        sys.exit(1)
    click.echo("Nothing to mend.")


@main.command()
@click.argument("guides", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", default="bot/content/shingles.txt", type=click.Path(path_type=Path), help="The file to write.")
def shingles(guides: tuple[Path, ...], into: Path) -> None:
    """Write the hashes by which `check` knows a sentence of the GUIDES, whose texts stay out of the project."""
    from bot.script import overlap  # noqa: PLC0415 - whoever talks needs none of it

    if into.exists() and not into.read_bytes().startswith(overlap.mark().encode()):
        raise click.ClickException(f"{into} is no file of hashes made by this version; move it away to write a new one")
    try:
        texts = [guide.read_text(encoding="utf-8") for guide in guides]
    except UnicodeDecodeError:
        raise click.ClickException("the guides must be UTF-8 text") from None
    hashes = overlap.as_text(texts)
    if hashes.count("\n") == 1:
        raise click.ClickException(f"no run of {overlap.RUN} words in these guides; {into} is as it was")
    into.write_text(hashes, encoding="ascii")
    click.echo(f"{into} written")


@main.command()
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet.")
@click.option("--within", metavar="DAYS", type=click.IntRange(min=0), help="Only what is overdue, or due in DAYS.")
def facts(within: int | None, *, as_csv: bool) -> None:
    """List every fact, service and emergency number by the day to check it again, the soonest first."""
    from bot.knowledge import review  # noqa: PLC0415 - whoever talks needs none of it

    knowledge = with_texts(lambda texts: read_whole(texts.content))
    entries = review.due(knowledge, _today(), within)
    click.echo(review.as_csv(entries) if as_csv else review.as_table(entries), nl=False)


def with_texts(start: Callable[[Texts], T]) -> T:
    """What `start` makes of the operator's texts over the shipped ones; of the shipped ones alone if those are broken.

    All of them or none: a conversation half old and half new is one that nobody has read.
    """
    home = _own_home()
    if home:
        from bot.check import accepted  # noqa: PLC0415 - most have no texts of their own

        try:
            return start(accepted(home))
        except BROKEN as error:
            said = f"none of the texts in {home} are used until these are mended; `waymark check` repeats them"
            click.echo(f"{error}\nwaymark: {said}", err=True)
    try:
        return start(Texts())
    except BROKEN as error:
        raise click.ClickException(f"what would be said does not pass; `waymark check` says more\n{error}") from None


def _tell(note: str) -> None:
    """Something an operator should know."""
    click.echo(f"waymark: {note}", err=True)


def _own_home() -> Path | None:
    """The operator's own folder, where there are texts in it."""
    home = home_folder(os.environ)
    return home if home and own_parts(home) else None


def _today() -> date:
    return datetime.now(UTC).date()


def _language(runtime: Runtime, wanted: str | None) -> str | None:
    found = runtime.catalogs.negotiate(wanted) if wanted else None
    if wanted and not found:
        offered = ", ".join(runtime.catalogs.offered())
        if wanted in runtime.catalogs.there():
            raise click.UsageError(
                f"--language {wanted}: not whole enough yet; `waymark catalog report {wanted}` says more"
            )
        raise click.UsageError(f"--language {wanted}: there is no such language yet; there is {offered}")
    return found


def _place(runtime: Runtime, wanted: str | None) -> str | None:
    if wanted and not runtime.knowledge.places.knows(wanted):
        raise click.UsageError(f"--place {wanted}: no such place; write a code such as US-CA, GB-EAW or IE")
    return wanted
