"""Leaving 250 messages at 60 ms there and back, measured at the strict server of the tests."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bench.report import Row
from bench.waymark import keys
from bot.app import build
from bot.messengers.telegram.chat import Telegram
from bot.messengers.telegram.run import run
from bot.messengers.telegram.wire import Wire
from bot.ports import SessionStore
from bot.stores.sqlite import SqliteStore

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from fake_telegram import FakeTelegram
from fake_telegram_person import Person

LATENCY = 0.06
COUNT = 250
ROUNDS = 20
Times = tuple[float, float]


async def seated(telegram: FakeTelegram, chat: int) -> Person:
    """Somebody who has a screen, which is noted."""
    person = telegram.person(chat)
    person.type("/start")
    await telegram.until(lambda: person.screen.buttons)
    await asyncio.sleep(LATENCY * 3)
    return person


async def full(telegram: FakeTelegram, store: SessionStore, chat: int) -> tuple[Person, list[int]]:
    """A screen, and as many messages more as make 250, which could not be erased so far."""
    person = await seated(telegram, chat)
    held = await store.load(str(chat))
    assert held
    with telegram.changes.lock:
        ids = [telegram.state.add(chat, ours=False, sender=person.user, text="x").id for _ in range(COUNT - 1)]
    turn = held.turn + 1
    await store.save(held._replace(turn=turn, shown=turn, erase=tuple(ids)), held.turn)
    return person, ids


async def left(telegram: FakeTelegram, store: SessionStore, person: Person) -> Times:
    """Milliseconds from the request's arrival at the bot to its first deleting call, and to the last one's answer.

    The server notes a call when it arrives, half a round trip after it was made; the press, too, takes half a round
    trip to the bot, so the first is one round trip less than what the server saw, and the last just what it saw.
    """
    leave = person.screen.buttons[-1][0][1]
    began = time.monotonic()
    person.press(leave)
    async with asyncio.timeout(30):
        while await store.load(str(person.id)):  # noqa: ASYNC110 - the store has no event to wait for
            await asyncio.sleep(0.01)
    at = [call.at for call in telegram.calls_of("deleteMessages") if call.at > began and _of(call.params, person)]
    return (min(at) - began - LATENCY) * 1000, (max(at) - began) * 1000


def _of(params: dict[str, object], person: Person) -> bool:
    return str(params.get("chat_id")) == str(person.id)


async def plainly(telegram: FakeTelegram, store: SessionStore, chat: int) -> Times:
    """Nothing is in the way."""
    person, _ = await full(telegram, store, chat)
    return await left(telegram, store, person)


async def three_stay(telegram: FakeTelegram, store: SessionStore, chat: int) -> Times:
    """Three messages cannot be deleted, one in each hundred."""
    person, ids = await full(telegram, store, chat)
    telegram.undeletable.update(ids[20::90])
    return await left(telegram, store, person)


async def beside_a_limit(telegram: FakeTelegram, store: SessionStore, chat: int) -> Times:
    """Another chat has been told to wait for five seconds."""
    person, _ = await full(telegram, store, chat)
    slow = await seated(telegram, chat + 1)
    telegram.fail("editMessageText", "retry_after", chat=slow.id, seconds=5, times=1)
    slow.press(slow.screen.buttons[0][0][1])
    await telegram.until(lambda: any(call.fault and _of(call.params, slow) for call in telegram.calls))
    times = await left(telegram, store, person)
    telegram.heal()
    return times


SCENES = {"250 messages": plainly, "three undeletable": three_stay, "beside a rate-limited chat": beside_a_limit}
FIGURES = {"250 messages": 500.0, "three undeletable": 1000.0, "beside a rate-limited chat": 500.0}


async def scenes() -> dict[str, list[Times]]:
    """Every scene, round after round, in one bot."""
    found: dict[str, list[Times]] = {name: [] for name in SCENES}
    with FakeTelegram(latency=LATENCY) as telegram, tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "sessions.db", keys(Path(folder)))
        wire = Wire(telegram.api, telegram.token)
        messenger = Telegram(wire, time.time)
        runtime = build(messenger, store=store)
        bot = asyncio.create_task(run(wire, telegram.token, messenger, runtime, {}))
        chat = 1_000
        for _ in range(ROUNDS):
            for name, scene in SCENES.items():
                chat += 10
                found[name].append(await scene(telegram, store, chat))
                telegram.calls.clear()
        bot.cancel()
        with suppress(asyncio.CancelledError):
            await bot
        await store.close()
        assert not telegram.violations, telegram.violations
    return found


def p95(values: tuple[float, ...]) -> float:
    """The value that one in twenty exceeds."""
    return sorted(values)[int(len(values) * 0.95) - 1]


def report() -> list[Row]:
    """First and last deleting calls, against the figures to reach."""
    title = "leaving, 60 ms there and back, milliseconds; the ratio is to the figure"
    found, rows = asyncio.run(scenes()), []
    of: Callable[[str, int], tuple[float, ...]] = lambda name, which: tuple(each[which] for each in found[name])  # noqa: E731
    for name, figure in FIGURES.items():
        rows += [
            Row(title, f"{name}: first call", of(name, 0), 5.0),
            Row(title, f"{name}: last answered", of(name, 1), figure),
            Row(title, "  its p95", (p95(of(name, 1)),), figure),
        ]
    return rows
