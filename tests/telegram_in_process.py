"""The whole bot in the test's own process, against the fake Telegram, with a clock the test sets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from fake_telegram import FakeTelegram
from fake_telegram_person import Person

from bot import app
from bot.messengers.telegram.chat import Telegram
from bot.messengers.telegram.wire import Wire
from bot.ports import Incoming, Operator
from bot.privacy.keys import Keys
from bot.runtime import Runtime
from bot.stores.sqlite import SqliteStore


@asynccontextmanager
async def running(telegram: FakeTelegram, folder: Path) -> AsyncIterator[Runtime]:
    """A runtime over what is in `folder`; entering it again with the same folder is a restart."""
    wire = Wire(telegram.api, telegram.token)
    await wire.initialize()
    today = datetime.fromtimestamp(telegram.clock(), UTC).date()
    store = SqliteStore(folder / "db", Keys.open(folder / "keys", today))
    messenger = Telegram(wire, telegram.clock)
    try:
        yield app.build(messenger, store=store, operator=Operator("A", "b", "C"), now=telegram.clock)
    finally:
        await store.close()
        await wire.shutdown()


def typed(telegram: FakeTelegram, person: Person, text: str) -> Incoming:
    """What the intake makes of a text."""
    return Incoming(str(person.id), text, "text", person.type(text), 0, "", int(telegram.clock()))


async def types(telegram: FakeTelegram, runtime: Runtime, person: Person, *texts: str) -> None:
    """Somebody types, and each turn is taken to its end."""
    for text in texts:
        await runtime.receive(typed(telegram, person, text))


async def presses(runtime: Runtime, person: Person, label: str) -> None:
    """Somebody presses a button of the screen."""
    data = next(data for row in person.screen.buttons for text, data in row if text == label)
    await runtime.receive(Incoming(str(person.id), data, "button", person.screen.id))
