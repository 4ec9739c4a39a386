"""A conversation without a terminal: the real runtime on a fixed day, and a messenger that remembers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from bot import app, settings
from bot.engine.flows import Flows
from bot.engine.session import Session
from bot.knowledge.knowledge import Knowledge, read_whole
from bot.language.catalogs import Catalogs
from bot.messengers.terminal import written
from bot.ports import Capabilities, Incoming, Page, Record
from bot.record import decode
from bot.runtime import BUTTON, Runtime
from bot.script.diagnostic import Report
from bot.script.load import load
from bot.script.parse import parse
from bot.settings import Texts
from bot.stores.memory import MemoryStore

TODAY = date(2026, 11, 20)
HERE = "somebody"
FLOWS = Path(str(settings.flows_folder()))


ABLE = Capabilities(
    "Elsewhere",
    edits=True,
    erases_ours=True,
    erases_theirs=True,
    buttons=True,
    end_to_end="no",
    resends=True,
    keeps=True,
)
"""What a messenger can do that shows messages in a chat."""


class Shown:
    """A messenger that keeps what it was asked to do."""

    def __init__(self, *, able: bool = False) -> None:
        self.pages: list[Page] = []
        self.left: list[str] = []
        self.able = able

    @property
    def capabilities(self) -> Capabilities:
        if self.able:
            return ABLE
        return Capabilities(
            "terminal", edits=True, erases_ours=True, erases_theirs=True, buttons=True, end_to_end="local"
        )

    async def show(self, record: Record, page: Page, /, *, anew: bool = True) -> Record:
        assert anew
        self.pages.append(page)
        return record._replace(shown=record.turn, screen=7)

    async def erase(self, record: Record, /) -> tuple[int, ...]:
        return record.erase

    async def leave(self, record: Record, /) -> None:
        self.left.append(record.dull)

    async def pressed(self, press: str, /) -> None:
        raise AssertionError(press)


class Talk:
    """One person talking."""

    def __init__(  # noqa: PLR0913 - who talks, where, when, and of what
        self,
        language: str | None = None,
        place: str | None = None,
        *,
        today: Callable[[], date] = lambda: TODAY,
        flows: Traversable | None = None,
        content: Traversable | None = None,
        locales: Traversable | None = None,
        shelf: app.Shelf | None = None,
        able: bool = False,
    ) -> None:
        numbers, shipped = itertools.count(1), Texts()
        texts = Texts(flows or shipped.flows, content or shipped.content, locales or shipped.locales)
        self.shown = Shown(able=able)
        self.store = MemoryStore()
        self.runtime: Runtime = app.build(
            self.shown,
            store=self.store,
            shelf=shelf,
            texts=texts,
            flows=None if flows else outlined(),
            knowledge=None if content else known(),
            catalogs=None if flows or locales else catalogs(),
            now=lambda: datetime(today().year, today().month, today().day, 12, tzinfo=UTC).timestamp(),
            nonce=lambda: f"nonce{next(numbers)}",
        )
        self.runtime.begin_with(language, place)

    async def say(self, *texts: str) -> Talk:
        for text in texts:
            await self.runtime.receive(Incoming(HERE, text=text))
        return self

    async def press(self, label: str) -> Talk:
        """Press the button with this label on the newest page."""
        button = next(button for button in (*self.page.buttons, *self.page.fixed) if button.label == label)
        return await self.press_key(button.key, self.page.stamp)

    async def press_key(self, key: str, stamp: str) -> Talk:
        await self.runtime.receive(Incoming(HERE, f"{stamp}{BUTTON}{key}", "button"))
        return self

    @property
    def page(self) -> Page:
        return self.shown.pages[-1]

    @property
    def text(self) -> str:
        return written(self.page)

    async def session(self) -> Session:
        record = await self.store.load(HERE)
        assert record
        return decode(record.session)

    async def where(self) -> tuple[str, str]:
        top = (await self.session()).top
        return top.flow, top.state


# What is shipped is read once: it is never changed, and a start of every test would read it all again.


@cache
def outlined() -> Flows:
    """The flows people get, as a process of ours has them."""
    return Flows(app.flows_of(Texts()))


@cache
def known() -> Knowledge:
    """The facts people get."""
    return read_whole(Texts().content)


@cache
def catalogs() -> Catalogs:
    """The catalogs people get."""
    return Catalogs(Texts().locales, outlined().by_id)


@cache
def shipped() -> Flows:
    """The flows people get."""
    report = Report()
    flows = Flows({name: source.flow for name, source in load(settings.flows_folder(), report).items()})
    assert not report
    return flows


def flows_of(**sources: str) -> Flows:
    """Flows written in a test, with a bare arrival, menu and urgent danger where it writes none."""
    bare = {
        "arrival": '# A\n\n## start\nHello.\n\n- [In](done: "remember role=survivor")\n',
        "menu": "# M\n\n## start\nWhat now?\n\n" + "".join(f"- [To {name}]({name}.md)\n" for name in sources),
        "urgent_danger": "# U\n\n## start\nHere.\n\n- [Done](done:)\n",
    }
    report = Report()
    flows = {name: parse(text, Path(f"{name}.md"), report) for name, text in {**bare, **sources}.items()}
    assert not report, str(report)
    return Flows(flows)
