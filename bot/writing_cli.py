"""The commands for who writes and reviews: drawings, walks, storyboards, reviews, and the reference of the format."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

import click

from bot.desk import reports, sheets
from bot.desk import storyboard as stories
from bot.desk.ground import Ground, ground, known_places, telling_places
from bot.desk.survey import NOTES, Survey
from bot.knowledge.entries import Reader
from bot.knowledge.knowledge import Knowledge
from bot.knowledge.reviews import ROLES, Review, as_toml, read_reviews, signed
from bot.language.catalogs import ENGLISH
from bot.language.reviewed import texts_of
from bot.script import draw as drawings
from bot.script import reference
from bot.script.blocks import between
from bot.script.diagnostic import BadContentError
from bot.settings import Texts, reviews_file

Known = Callable[[], tuple[Texts, Knowledge]]
"""Reads the texts in use, the operator's over the shipped ones."""

_PATIENCE = 2.0
"""Seconds before something is said of how far it is."""

_LISTED = 40
_NAME = 60
_UNITS = 1_000

FLOWS = click.argument("flows", nargs=-1, metavar="[FLOW]...")


@click.command()
@FLOWS
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Write Markdown files into this folder.")
@click.pass_obj
def draw(known: Known, flows: tuple[str, ...], into: Path | None) -> None:
    """Draw each FLOW as Mermaid: its screens, choices and conditions; without one, how the conversations lead on.

    With --into every conversation is drawn, and the block of the overview in ./README.md is renewed.
    """
    desk = _desk(known)
    if into is None:
        drawn = [drawings.mermaid(desk.flows[name]) for name in _chosen(desk, flows)] if flows else []
        click.echo("\n\n".join(drawn or [drawings.overview(desk.by_id)]))
        return
    if flows:
        raise click.UsageError("--into writes the drawings of all conversations: leave FLOW out")
    into.mkdir(parents=True, exist_ok=True)
    for name, page in drawings.pages(desk.by_id):
        _write(into / name, page)
    front = Path("README.md")
    if front.is_file():
        body = drawings.block(drawings.overview(desk.by_id))
        fresh = between(front.read_text(encoding="utf-8"), "the conversations", drawings.COMMAND, body)
        if fresh is not None:
            _write(front, fresh)
    click.echo(f"{into} written: {len(desk.by_id)} conversations, and the overview")


@click.command()
@FLOWS
@click.option("--language", "languages", multiple=True, metavar="xx", help="Only this language; may be given again.")
@click.option("--places", metavar="XX,YY", help="These places instead of a telling few; `all` for every one known.")
@click.option("--runs", default=8, show_default=True, metavar="N", type=click.IntRange(min=0), help="Walks by chance.")
@click.option("--seed", default=0, show_default=True, metavar="N", help="The chance to begin with.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page for people.")
@click.option("--json", "as_json", type=click.Path(path_type=Path, dir_okay=False), help="Write a file for programs.")
@click.pass_obj
def walk(  # noqa: PLR0913, PLR0917 - an option each
    known: Known,
    flows: tuple[str, ...],
    languages: tuple[str, ...],
    places: str | None,
    runs: int,
    seed: int,
    html: Path | None,
    as_json: Path | None,
) -> None:
    """Walk through everything, and say what nobody comes to, where somebody is stuck, and what does not fit.

    All conversations are walked, since they lead to each other; with FLOW, only what was found in those is said.
    """
    desk = _desk(known)
    wanted = _chosen(desk, flows) if flows else ()
    jobs = [(code, place) for code in _languages(desk, languages) for place in _places(desk, places)]
    survey = Survey(desk, seed=seed)
    with _Bar("Walking", len(jobs) * _UNITS) as bar:
        size = _UNITS * 10
        for number, (language, place) in enumerate(jobs):
            share, made = len(range(number, runs, len(jobs))), 0
            for made, _ in enumerate(survey.take(language, place, share, wanted), 1):
                bar.at((number + min(1.0, made / size)) * _UNITS)
            size = max(made, 1)
        for _ in survey.seek(wanted):
            bar.at(len(jobs) * _UNITS)
    result = survey.result(wanted)
    for path, text in ((html, reports.as_html), (as_json, reports.as_json)):
        if path:
            _write(path, text(result))
    click.echo(reports.as_table(result), nl=False)
    click.echo(reports.summary(result))
    wrong = [finding for finding in result.findings if finding.kind not in NOTES]
    for finding in wrong[:_LISTED]:
        click.echo(reports.line_of(finding, desk.paths))
    if len(wrong) > _LISTED:
        click.echo(f"and {len(wrong) - _LISTED} more; --html or --json has them all")
    notes = len(result.findings) - len(wrong)
    click.echo(f"{len(wrong)} to mend, {notes} to know{'; --html or --json has those' if notes else ''}", err=True)
    sys.exit(result.failed)


@click.command()
@click.argument("flow")
@click.option("--language", metavar="xx", help="In this language, such as es; English without it.")
@click.option("--place", metavar="XX", help="With the law and services of this place, such as US-CA or IE.")
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; else FLOW.html here.")
@click.pass_obj
def storyboard(known: Known, flow: str, language: str | None, place: str | None, into: Path | None) -> None:
    """Write FLOW as a page to print: every screen, where its choices lead, when what is shown, and room for remarks."""
    desk = _desk(known)
    name = _one(desk, flow)
    board = stories.storyboard(desk, name, _language(desk, language), _place(desk, place or ""))
    into = into or Path(f"{name}.html")
    _write(into, sheets.as_html(board))
    click.echo(f"{into} written: {len(board.sheets)} screens")


@click.command()
@click.argument("flow")
@click.option("--by", required=True, metavar="NAME", help="Who read it: a name, or whatever they want to stand there.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they are.")
@click.option("--on", metavar="DATE", help="The day they read it, such as 2026-11-20; today without it.")
@click.option("--language", metavar="xx", help="The language they read it in; English without it.")
@click.option("--shown", is_flag=True, help="They wish that people who use the bot see their name.")
@click.option("--yes", is_flag=True, help="Do not ask: they know who can read the file, and agree.")
@click.pass_obj
def sign(  # noqa: PLR0913, PLR0917 - an option each
    known: Known, flow: str, by: str, role: str, on: str | None, language: str | None, *, shown: bool, yes: bool
) -> None:
    """Record that somebody has read FLOW, every screen of it, as it is now: a changed letter takes the review away."""
    desk = _desk(known)
    name, code, store = _one(desk, flow), _language(desk, language), reviews_file(os.environ)
    if store is None:
        raise click.ClickException("this is no checkout: set WAYMARK_HOME to the folder of your own texts")
    if name not in desk.catalogs.whole(code):
        raise click.ClickException(
            f"{name} is not whole in {code}; `waymark catalog report {code}` says what is missing"
        )
    texts, reader = texts_of(desk.flows[name], desk.catalogs.tongue(code)), Reader()
    fresh = Review(name, code, role, _name(by), _day(on), texts, shown)
    there = read_reviews(store, reader) if store.is_file() else desk.knowledge.reviews
    if reader.problems:
        raise click.ClickException("\n".join(map(str, reader.problems)))
    if not yes:
        _agreed(fresh, store)
    store.parent.mkdir(parents=True, exist_ok=True)
    _write(store, as_toml(signed(there, fresh)))
    click.echo(f"{name} ({code}): read by {role} on {fresh.on}; recorded in {store}")


def _agreed(review: Review, store: Path) -> None:
    """Ask before a name is written where others can read it: it cannot be taken out of copies."""
    public = "everybody who uses the bot, and " if review.shown else ""
    question = f"“{review.by}” will stand in {store}, for {public}whoever can read that file. Have they agreed?"
    if not sys.stdin.isatty():
        raise click.ClickException("nothing was recorded: nobody can be asked here; --yes says that they have agreed")
    if not click.confirm(question):
        raise click.ClickException("nothing was recorded")


def _name(by: str) -> str:
    name = " ".join(by.split())
    if not name or len(name) > _NAME or any(unicodedata.category(each)[0] == "C" for each in name):
        raise click.UsageError(f"--by: a name, or what stands for it, of {_NAME} characters at most")
    return name


def _day(on: str | None) -> date:
    try:
        day = date.fromisoformat(on) if on else _today()
    except ValueError:
        raise click.UsageError(f"--on {on}: write a day, such as 2026-11-20") from None
    if day > _today():
        raise click.UsageError(f"--on {on}: that day has not come yet")
    return day


@click.command("reference")
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="Renew the block in this Markdown file.")
def reference_(into: Path | None) -> None:
    """Say everything that can be written in a flow, from the tables by which flows are read."""
    if into is None:
        click.echo(reference.reference(), nl=False)
        return
    try:
        fresh = between(
            into.read_text(encoding="utf-8"), "the format", reference.COMMAND, f"\n{reference.reference()}\n"
        )
    except OSError as error:
        raise click.ClickException(f"{into}: not read ({type(error).__name__})") from None
    if fresh is None:
        raise click.ClickException(f"{into} has no block for it")
    _write(into, fresh)
    click.echo(f"{into} written")


class _Bar:
    """A bar that appears once something has taken two seconds, and is wiped away at the end."""

    def __init__(self, label: str, length: int) -> None:
        self._begun, self._at, self._shown = time.monotonic(), 0, False
        self._bar = click.progressbar(length=length, label=label, file=sys.stderr)

    def __enter__(self) -> Self:
        return self

    def at(self, point: float) -> None:
        """How far it is."""
        if not self._shown and time.monotonic() - self._begun > _PATIENCE:
            self._bar.__enter__()
            self._shown = True
        step = int(point) - self._at
        if self._shown and step > 0:
            self._bar.update(step)
            self._at = int(point)

    def __exit__(self, *_error: object) -> None:
        if self._shown:
            self._bar.__exit__(None, None, None)


# What the commands share


def _desk(known: Known) -> Ground:
    texts, knowledge = known()
    try:
        return ground(texts, knowledge, _today())
    except BadContentError as error:
        raise click.ClickException(f"the conversations do not pass; `waymark check` says more\n{error}") from None


def _chosen(desk: Ground, flows: Iterable[str]) -> tuple[str, ...]:
    """The ids of conversations, as somebody names them: `library`, `library.md` or the path of its file."""
    return tuple(dict.fromkeys(_one(desk, name) for name in flows))


def _one(desk: Ground, name: str) -> str:
    flow = Path(name).name.removesuffix(".md")
    if flow not in desk.by_id:
        raise click.UsageError(f"{name}: there is no such conversation; there are {', '.join(sorted(desk.by_id))}")
    path = Path(name)
    if path.parent != Path() and path.resolve() != desk.paths[flow].resolve():
        raise click.UsageError(f"{name} is not the file in use, which is {desk.paths[flow]}")
    return flow


def _languages(desk: Ground, wanted: Iterable[str]) -> tuple[str, ...]:
    return tuple(_language(desk, code) for code in wanted) or desk.catalogs.offered()


def _language(desk: Ground, wanted: str | None) -> str:
    """A language there is, whole or not."""
    code = wanted or ENGLISH
    if code not in desk.catalogs.there() and desk.catalogs.negotiate(code) != code:
        raise click.UsageError(
            f"--language {code}: there is no such catalog; there is {', '.join(desk.catalogs.there())}"
        )
    return code


def _places(desk: Ground, wanted: str | None) -> tuple[str | None, ...]:
    if not wanted:
        return telling_places(desk)
    if wanted == "all":
        return known_places(desk.knowledge)
    return tuple(_place(desk, code.strip()) for code in wanted.split(","))


def _place(desk: Ground, wanted: str) -> str | None:
    if wanted in {"", "none"}:
        return None
    if not desk.knowledge.places.knows(wanted):
        raise click.UsageError(f"{wanted}: no such place; write a code such as US-CA, GB-EAW or IE, or none")
    return wanted


def _write(path: Path, text: str) -> None:
    """A file whole or not at all: a half-written one would be read as what was meant."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path}: not written ({type(error).__name__})") from None


def _today() -> date:
    return datetime.now(UTC).date()


COMMANDS: Mapping[str, click.Command] = {
    "draw": draw,
    "reference": reference_,
    "sign": sign,
    "storyboard": storyboard,
    "walk": walk,
}
"""By name, for the commands to load when one is called."""
