"""The runtime in the test's own process, at the fake Telegram, on clocks of the test's."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram
from fake_telegram_person import Person

from bot import app, lanes
from bot.clock import Clock
from bot.language.cards import STAY_MINUTES
from bot.messengers.telegram import chat
from bot.messengers.telegram.chat import Telegram
from bot.messengers.telegram.pace import Pace
from bot.messengers.telegram.wire import Wire
from bot.ports import Incoming, Operator, Record, Saved
from bot.privacy.keys import Keys
from bot.record import decode, encode
from bot.runtime import Runtime
from bot.stores.sqlite import SqliteStore

START = "Is it all right to use this chat now?"


class Waits:
    """Time that passes when the test says so: a clock, and sleeps on it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._sleeping: list[tuple[float, asyncio.Event]] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        self._sleeping.append((self.now + seconds, event))
        await event.wait()

    def forward(self, seconds: float) -> None:
        """Let time pass, and wake whoever slept for it."""
        self.now += seconds
        for until, event in self._sleeping:
            if until <= self.now + 1e-6:
                event.set()
        self._sleeping = [each for each in self._sleeping if not each[1].is_set()]

    def use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lanes, "sleep", self.sleep)
        monkeypatch.setattr(chat, "sleep", self.sleep)


async def at_once(seconds: float) -> None:
    """A sleep that takes no time."""
    assert seconds >= 0
    await asyncio.sleep(0)


@dataclass
class Bot:
    """What runs."""

    runtime: Runtime
    store: SqliteStore
    wire: Wire

    async def types(self, person: Person, *texts: str) -> None:
        """Somebody types, and each turn is taken to its end."""
        for text in texts:
            await self.runtime.receive(typed(person, text))

    async def presses(self, person: Person, label: str) -> None:
        data = next(data for row in person.screen.buttons for text, data in row if text == label)
        await self.runtime.receive(Incoming(str(person.id), data, "button", person.screen.id))

    async def record(self, person: Person) -> Record:
        held = await self.store.load(str(person.id))
        assert held
        return held

    async def set(self, person: Person, **settings: str) -> None:
        """Somebody has chosen how to leave, or how long their screen stays."""
        held = await self.record(person)
        session = decode(held.session)
        chosen = {**session.settings, **{key: (value,) for key, value in settings.items()}}
        fresh = held._replace(turn=held.turn + 1, session=encode(session._replace(settings=chosen)))
        fresh = fresh._replace(stay=STAY_MINUTES[settings.get("stay", "quarter")])
        assert await self.store.save(fresh, held.turn) is Saved.KEPT

    async def arrives(self, person: Person) -> None:
        """Somebody comes to the list of conversations."""
        await self.types(person, "/start")
        await self.types(person, "3")
        assert "What would you like?" in person.screen.text


def typed(person: Person, text: str) -> Incoming:
    """What the intake makes of a text."""
    number = person.type(text)
    [message] = [each for each in person.messages if each.id == number]
    return Incoming(str(person.id), text, "text", number, 0, "", message.date)


@asynccontextmanager
async def running(  # noqa: PLR0913 - what a test may replace
    telegram: FakeTelegram,
    folder: Path,
    *,
    pace: Pace | None = None,
    now: Callable[[], float] | None = None,
    clock: Clock | None = None,
    wire: Wire | None = None,
) -> AsyncIterator[Bot]:
    """A bot at `telegram`, with its files in `folder`; another with the same folder is a restart."""
    wire = wire or Wire(telegram.api, telegram.token, 5)
    await wire.initialize()
    now = clock.now if clock else now or telegram.clock
    keys = Keys.open(folder / "keys", datetime.fromtimestamp(now(), UTC).date())
    store = SqliteStore(folder / "db", keys)
    messenger = Telegram(wire, now, pace)
    operator = Operator("A", "b", "C")
    since = clock.since if clock else None
    try:
        yield Bot(app.build(messenger, store=store, operator=operator, now=now, since=since), store, wire)
    finally:
        await store.close()
        await wire.shutdown()


@asynccontextmanager
async def in_a_hurry(telegram: FakeTelegram, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """A bot that waits for nothing."""
    monkeypatch.setattr(lanes, "sleep", at_once)
    monkeypatch.setattr(chat, "sleep", at_once)
    async with running(telegram, folder) as found:
        yield found


@contextmanager
def read_only(bot: Bot) -> Iterator[None]:
    """F22: SQLite answers every write as it does on a disk that is mounted read-only."""
    bot.store._db.execute("PRAGMA query_only=1")  # noqa: SLF001 - how a disk is made so in a test
    yield
    bot.store._db.execute("PRAGMA query_only=0")  # noqa: SLF001 - as above


@contextmanager
def damaged(bot: Bot) -> Iterator[None]:
    """F23: neither read nor written."""

    def broken(*_: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    rows = bot.store._rows  # noqa: SLF001 - where SQLite is asked
    bot.store._rows = broken  # type: ignore[method-assign,assignment]  # noqa: SLF001 - as above
    yield
    bot.store._rows = rows  # type: ignore[method-assign]  # noqa: SLF001 - as above
