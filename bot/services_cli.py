"""The commands about the directory of services: what an operator brings in, hands on and looks after."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import click

from bot.knowledge.directory.documents import read_text
from bot.knowledge.directory.exporting import as_json
from bot.knowledge.directory.hsds import Ground
from bot.knowledge.directory.importing import (
    Plan,
    StoreError,
    Taken,
    Watch,
    all_known,
    only_one,
    plan,
    read_file,
    read_store,
    write_store,
)
from bot.knowledge.directory.mapping import NONE, MappingFile, read_mapping
from bot.knowledge.directory.numbers import MissingError, needed
from bot.knowledge.directory.opening import open_directory
from bot.knowledge.directory.refusal import RefusedError
from bot.knowledge.directory.rules import Bundle
from bot.knowledge.directory.upkeep import as_table, calls, findings
from bot.knowledge.knowledge import Knowledge
from bot.settings import Texts, directory_file, services_file

T = TypeVar("T")
Known = Callable[[], tuple[Texts, Knowledge]]
"""Reads the texts in use, the operator's over the shipped ones."""

_PATIENCE = 2.0
"""Seconds before something is said of how far it is."""

_LISTED, _NAMED = 50, 5


@click.group()
def services() -> None:
    """The directory of services: bring a list in, hand it on, look after it."""


@services.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", metavar="M", help="What its columns mean: a TOML file, or the name of a shipped one.")
@click.option("--yes", is_flag=True, help="Take it in without asking.")
@click.pass_obj
def import_(known: Known, file: Path, mapping: str | None, *, yes: bool) -> None:
    """Take in FILE, Open Referral HSDS 3 JSON or a CSV with a mapping: all of it, or nothing where anything is wrong.

    First it says what would be added, changed and dropped. What it took in before and is no longer in a file with a
    mapping is dropped.
    """
    texts, knowledge = known()
    store = services_file(os.environ)
    with _refusing("nothing was taken in"):
        read = _mapping(texts, mapping) if mapping else NONE
        taken = read_file(Ground(file, read, knowledge.places, _today()), _patiently("Reading"))
        own = read_store(store)
        planned = plan(all_known(knowledge.services, own), own, taken, read.constants.get("provenance.source", ""))
        click.echo("\n".join(_said(planned, taken, read.name or file.name)))
        if planned.nothing:
            return
        if not yes:
            _ask(store)
        with only_one(store):
            if read_store(store) != own:
                raise click.ClickException(f"{store} was changed meanwhile; nothing was taken in, begin again")
            write_store(store, planned.kept, _patiently("Writing"))
        # Now and not at the next start: a long list takes seconds, in which nobody could be answered.
        opened = open_directory(knowledge.services, knowledge.places.chain, store, directory_file(os.environ))
        opened.directory.close()
        if opened.note:
            click.echo(f"waymark: {opened.note}", err=True)
    click.echo(f"Taken in: {store}. A bot that is running reads it when it starts again.")


@services.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--own", is_flag=True, help="Only what you took in yourself.")
@click.pass_obj
def export(known: Known, file: Path | None, *, own: bool) -> None:
    """Write every service as Open Referral HSDS 3 JSON to FILE, or to the output."""
    entries = _entries(known, own=own)
    text = as_json(entries.values(), datetime.now(UTC))
    if file is None:
        click.echo(text, nl=False)
        return
    fresh = file.with_name(f"{file.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(file)
    except OSError as error:
        raise click.ClickException(f"{file}: not written ({type(error).__name__})") from None
    click.echo(f"{len(entries)} services written to {file}", err=True)


@services.command()
@click.pass_obj
def check(known: Known) -> None:
    """Say what is wrong with the shipped services and with yours: twice the same, out of date, not to be dialled."""
    knowledge = known()[1]
    files = {service.id: f"{service.path}:{service.line}" for service in knowledge.services}
    with _refusing("nothing was checked"):
        needed()
        store = services_file(os.environ)
        own = read_store(store)
        found = findings(all_known(knowledge.services, own), knowledge.places, _today())
    for finding in found:
        where = str(store) if finding.id in own else files.get(finding.id, "")
        click.echo(": ".join(part for part in (where, finding.id, finding.reason) if part))
    if found:
        click.echo(f"{len(found)} to mend; docs/services.md says how", err=True)
        sys.exit(1)
    click.echo("Nothing to mend.")


@services.command()
@click.option("--within", metavar="DAYS", type=click.IntRange(min=0), help="Only what is overdue, or due in DAYS.")
@click.option("--most", metavar="N", type=click.IntRange(min=1), default=20, show_default=True, help="So many lines.")
@click.pass_obj
def due(known: Known, within: int | None, most: int) -> None:
    """List what to call next to check it: the soonest first, with number, place and the day."""
    today = _today()
    listed = calls(_entries(known))
    if within is not None:
        listed = [call for call in listed if (call.review_by - today).days <= within]
    click.echo(as_table(listed[:most], today), nl=False)
    if len(listed) > most:
        click.echo(f"and {len(listed) - most} more; --most shows them", err=True)


def _entries(known: Known, *, own: bool = False) -> Mapping[str, Bundle]:
    knowledge = known()[1]
    with _refusing(""):
        stored = read_store(services_file(os.environ))
    return stored if own else all_known(knowledge.services, stored)


def _mapping(texts: Texts, name: str) -> MappingFile:
    """A mapping in a file, or one of `content/mappings/` by its name."""
    folder = texts.content / "mappings"
    shipped = {file.name.removesuffix(".toml"): file for file in folder.iterdir() if file.name.endswith(".toml")}
    path = Path(name)
    if not path.exists() and name in shipped:
        path = Path(str(shipped[name]))
    elif not path.exists():
        raise click.UsageError(
            f"--mapping {name}: there is no such file, and none of the shipped: {', '.join(shipped)}"
        )
    return read_mapping(path, read_text(path))


def _ask(store: Path) -> None:
    """Go on only with a yes; where nobody can be asked, not at all."""
    if not sys.stdin.isatty():
        raise click.ClickException("nothing was taken in: nobody can be asked here; --yes takes it in")
    if not click.confirm(f"Take this in, into {store}?"):
        raise click.ClickException("nothing was taken in")


def _said(planned: Plan, taken: Taken, name: str) -> Iterator[str]:
    """The plan, for an operator to say yes or no to."""
    yield f"{name}: {len(taken.services)} services"
    for word, keys in (("added", planned.adds), ("changed", planned.changes), ("dropped", planned.drops)):
        if keys:
            more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
            yield f"  {word}: {len(keys)} ({', '.join(keys[:_NAMED])}{more})"
    if planned.same:
        yield f"  the same as now: {planned.same}"
    if taken.skipped:
        yield f"  rows left out, as the mapping says: {taken.skipped}"
    for what, times in list(taken.passed.items())[:_NAMED]:
        yield f"  not read: {what} ({times} times)"
    gone = sum(_gone(bundle) for bundle in taken.services.values())
    if gone:
        yield f"  checked so long ago that nobody would be shown them: {gone}"


def _gone(bundle: Bundle) -> bool:
    row = bundle["provenance"][0]
    checked, review = (date.fromisoformat(str(row[name])) for name in ("checked_on", "review_by"))
    return _today() - review > review - checked


@contextmanager
def _refusing(outcome: str) -> Iterator[None]:
    """Turn what was refused into lines for an operator."""
    try:
        yield
    except RefusedError as error:
        for refusal in error.refusals[:_LISTED]:
            click.echo(refusal)
        more = f" ({_LISTED} of them are above)" if len(error.refusals) > _LISTED else ""
        raise click.ClickException(f"{outcome}: {len(error.refusals)} to mend{more}") from None
    except (StoreError, MissingError) as error:
        raise click.ClickException(str(error)) from None


def _patiently(label: str) -> Watch:
    """A bar that shows how far a list has come, once it has taken two seconds."""

    def watch(items: Sequence[T], /) -> Iterator[T]:
        begun, at = time.monotonic(), 0
        while at < len(items) and time.monotonic() - begun < _PATIENCE:
            yield items[at]
            at += 1
        if at < len(items):
            with click.progressbar(items[at:], label=label, file=sys.stderr) as rest:
                yield from rest

    return watch


def _today() -> date:
    return datetime.now(UTC).date()
