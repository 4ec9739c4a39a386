"""A turn as languages go from 1 to 20, and what a start with all of them costs.

The languages there are not made: those shipped stand also under other codes, so that each has a whole catalog.
"""

from __future__ import annotations

import asyncio
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.report import Row, rates
from bot import app
from bot.language.catalogs import Catalogs
from bot.language.compiled import NAME
from bot.ports import Capabilities, Incoming, Page, Record
from bot.runtime import Runtime
from bot.settings import Texts

OTHERS = ("de", "it", "nl", "pl", "pt", "ro", "sv", "da", "nb", "fi", "cs", "sk", "hu", "el", "bg", "tr")
"""Codes that CLDR knows and that nothing is shipped for."""

COUNTS = (1, 5, 20)
WALKS = 60
CHOSEN = ("1", "1", "1", "1", "back", "back", "1", "1", "back", "back", "back", "back")
TYPED = ("go on", "something is wrong", "back", "menu", "they gave me a paper", "back", "see you on sunday", "home")
"""Labels, words that mean nothing, words of ours, words that name a conversation."""


class Nowhere:
    """A messenger that shows nothing."""

    capabilities = Capabilities(
        "bench", edits=True, erases_ours=True, erases_theirs=True, buttons=True, end_to_end="local"
    )

    async def show(self, record: Record, page: Page, /, *, anew: bool = True) -> Record:
        """See `Messenger.show`."""
        del page, anew
        return record._replace(shown=record.turn, screen=1)

    async def erase(self, record: Record, /) -> tuple[int, ...]:
        """See `Messenger.erase`."""
        return record.erase

    async def leave(self, record: Record, /) -> None:
        """See `Messenger.leave`."""
        del record

    async def pressed(self, press: str, /) -> None:
        """See `Messenger.pressed`."""
        del press


def made(folder: Path, count: int) -> Path:
    """A folder of so many languages, English among them, each with its compiled copy."""
    shipped = Catalogs(Texts().locales, {}).there()[1:]
    codes = [*shipped, *OTHERS][: count - 1]
    for code, source in zip(codes, itertools.cycle(shipped), strict=False):
        there = folder / code / "LC_MESSAGES"
        there.mkdir(parents=True)
        text = Path(str(Texts().locales / source / "LC_MESSAGES" / "messages.po")).read_text(encoding="utf-8")
        (there / "messages.po").write_text(text, encoding="utf-8")
    folder.mkdir(exist_ok=True)
    catalogs = Catalogs(folder, app.flows_of(Texts()), fast=False)
    for code in codes:
        (folder / code / "LC_MESSAGES" / NAME).write_bytes(catalogs.compile(code))
    return folder


def begun(folder: Path, language: str | None) -> Runtime:
    """A runtime that speaks the languages in a folder."""
    runtime = app.build(Nowhere(), texts=Texts(locales=folder), now=lambda: 1_800_000_000.0)
    runtime.begin_with(language, "IE")
    return runtime


def turns(runtime: Runtime, texts: Sequence[str]) -> Callable[[], float]:
    """Microseconds of work of a turn in which one of `texts` is typed."""

    async def walk() -> None:
        for text in texts:
            await runtime.receive(Incoming("somebody", text=text))

    async def walks() -> float:
        began = time.process_time()
        for _ in range(WALKS):
            await walk()
        return (time.process_time() - began) / (WALKS * len(texts)) * 1e6

    async def begin() -> None:
        for text in ("/start", "3"):  # to the menu: the first screen has the names of languages on it, six at most
            await runtime.receive(Incoming("somebody", text=text))
        await walk()

    asyncio.run(begin())
    return lambda: asyncio.run(walks())


_START = (
    "import sys; from pathlib import Path; from bot import settings; texts = settings.Texts(locales=Path(sys.argv[1]));"
    "from bot.app import build; from bot.messengers.terminal import Terminal; build(Terminal(sys.stdout), texts=texts)"
)


def started(locales: Path) -> float:
    """Milliseconds of work, and not of waiting, until a terminal with these languages is ready."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", _START, str(locales)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def report() -> Iterator[list[Row]]:
    """The same turns and the same start, with more and more languages."""
    with tempfile.TemporaryDirectory() as kept:
        folders = {count: made(Path(kept) / str(count), count) for count in COUNTS}
        for title, texts in (("by numbers", CHOSEN), ("in words", TYPED), ("to the first screen", ("/start",))):
            for when, language in (("before a language is chosen", None), ("after", "en")):
                contenders = {
                    f"{count} languages": turns(begun(folder, language), texts) for count, folder in folders.items()
                }
                first = next(iter(contenders))
                yield rates(f"a turn {title}, {when}, microseconds", contenders, lambda walk: walk(), against=first)
        starts = {f"{count} languages": folder for count, folder in folders.items()}
        yield rates("start of a terminal, milliseconds of work", starts, started, against=next(iter(starts)))
