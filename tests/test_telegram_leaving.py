"""Leaving on Telegram: from every state, with everything that can go wrong, until nothing deletable is left."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram
from fake_telegram_person import Person

from bot import app
from bot.engine.session import Session
from bot.messengers.telegram.chat import Telegram
from bot.messengers.telegram.wire import Wire
from bot.ports import Incoming, Operator, Record, Saved
from bot.privacy.keys import Keys
from bot.record import encode
from bot.runtime import BUTTON, Runtime
from bot.script.walk import Walk
from bot.stores.sqlite import SqliteStore

TWO_DAYS = 48 * 3600 + 60


@pytest.fixture
async def runtime(telegram: FakeTelegram, tmp_path: Path) -> AsyncIterator[Runtime]:
    wire = Wire(telegram.api, telegram.token)
    await wire.initialize()
    messenger = Telegram(wire, telegram.clock)
    keys = Keys.open(tmp_path / "keys", time_to_day(telegram))
    store = SqliteStore(tmp_path / "db", keys)
    yield app.build(messenger, store=store, operator=Operator("A", "b", "C"), now=telegram.clock)
    await store.close()
    await wire.shutdown()


def time_to_day(telegram: FakeTelegram) -> date:
    return datetime.fromtimestamp(telegram.clock(), UTC).date()


async def types(runtime: Runtime, person: Person, text: str) -> None:
    """Somebody types, and the turn is taken to its end."""
    number = person.type(text)
    await runtime.receive(Incoming(str(person.id), text, "text", number, 0, "", int(time.time())))


async def presses(runtime: Runtime, person: Person, data: str) -> None:
    await runtime.receive(Incoming(str(person.id), data, "button", person.screen.id))


def looks(person: Person) -> tuple[str, list[list[str]]]:
    return person.screen.text, [[text for text, _ in row] for row in person.screen.buttons]


async def test_from_every_state_one_tap_or_one_word_leaves_and_the_next_start_is_a_strangers(
    telegram: FakeTelegram, runtime: Runtime
) -> None:
    """Each state by tap and by word; every other leaves a dull line by the one, the rest by the other."""
    stranger = telegram.person(1)
    await types(runtime, stranger, "/start")
    whole = Walk(runtime.flows, runtime.pages.known, "en", "US-CA").explore(100_000)
    states = {(visit.screen.flow, visit.screen.state): visit.session for visit in whole}
    assert len(states) > 60
    gate = asyncio.Semaphore(32)

    async def leave(number: int, session: Session, way: str, leaving: str) -> None:
        async with gate:
            person = telegram.person(10_000 + number)
            await types(runtime, person, "/start")
            held = await runtime.store.load(str(person.id))
            assert held
            settings = {**session.settings, "leaving": (leaving,)}
            there = held._replace(session=encode(session._replace(settings=settings)), turn=held.turn + 1)
            assert await runtime.store.save(there, held.turn) is Saved.KEPT
            await types(runtime, person, "so what is this")
            if way == "tap":
                await presses(runtime, person, person.screen.buttons[-1][0][1])
            else:
                await types(runtime, person, "exit")
            left = ["Nothing new."] if leaving == "dull" else []
            assert [message.text for message in person.messages] == left, (session.top, way)
            assert await runtime.store.load(str(person.id)) is None
            await types(runtime, person, "/start")
            assert looks(person) == looks(stranger)

    everybody = [
        (session, way, leaving)
        for number, session in enumerate(states.values())
        for way, leaving in zip(("tap", "word"), ("empty", "dull") if number % 2 else ("dull", "empty"), strict=True)
    ]
    await asyncio.gather(*(leave(number, *each) for number, each in enumerate(everybody)))
    assert {record.address for record in await runtime.store.all()} >= {"1"}


async def full_chat(telegram: FakeTelegram, runtime: Runtime, count: int) -> Person:
    """A chat with a screen and `count` messages more that could not be erased so far."""
    person = telegram.person(1001)
    await types(runtime, person, "/start")
    numbers = tuple(person.type(f"message {number}") for number in range(count))
    held = await runtime.store.load("1001")
    assert held
    saved = await runtime.store.save(held._replace(turn=held.turn + 1, erase=numbers), held.turn)
    assert saved is Saved.KEPT
    return person


async def leaves(runtime: Runtime, person: Person) -> None:
    await types(runtime, person, "exit")
    assert await runtime.store.all() == []


@pytest.mark.parametrize("count", [1, 100, 250])
async def test_a_full_chat_is_emptied_in_batches(telegram: FakeTelegram, runtime: Runtime, count: int) -> None:
    person = await full_chat(telegram, runtime, count)
    before = len(telegram.calls_of("deleteMessages"))
    await leaves(runtime, person)
    assert person.messages == []
    assert len(telegram.calls_of("deleteMessages")) - before == -(-(count + 2) // 100)


async def test_what_is_too_old_blocks_nothing_else(telegram: FakeTelegram, runtime: Runtime) -> None:
    telegram.skew = -TWO_DAYS
    person = telegram.person(1001)
    old = [person.type(f"old {number}") for number in range(3)]
    telegram.skew = 0
    person = await full_chat(telegram, runtime, 120)
    held = await runtime.store.load("1001")
    assert held
    await runtime.store.save(held._replace(turn=held.turn + 1, erase=tuple(old)), held.turn)
    await leaves(runtime, person)
    assert [message.id for message in person.messages] == old


async def test_three_undeletable_messages_are_all_that_is_left(telegram: FakeTelegram, runtime: Runtime) -> None:
    person = await full_chat(telegram, runtime, 250)
    stuck = [message.id for message in person.messages if not message.ours][::100]
    telegram.undeletable.update(stuck)
    await leaves(runtime, person)
    assert [message.id for message in person.messages] == stuck


async def test_a_screen_that_cannot_be_deleted_is_made_to_say_nothing(telegram: FakeTelegram, runtime: Runtime) -> None:
    person = await full_chat(telegram, runtime, 1)
    telegram.undeletable.add(person.screen.id)
    await leaves(runtime, person)
    assert [message.text for message in person.messages] == ["\u00b7"]
    assert person.screen.buttons == []


async def test_a_true_that_lied_is_found_out(telegram: FakeTelegram, runtime: Runtime) -> None:
    person = await full_chat(telegram, runtime, 20)
    telegram.fail("deleteMessages", "lie")
    await leaves(runtime, person)
    assert person.messages == []


@pytest.mark.parametrize("fault", ["retry_after", "server_error", "drop", "drop_after", "garbage"])
async def test_the_network_may_fail_in_every_way(telegram: FakeTelegram, runtime: Runtime, fault: str) -> None:
    person = await full_chat(telegram, runtime, 150)
    telegram.fail("deleteMessages", fault, times=2, seconds=1)  # type: ignore[arg-type]  # one of its kinds
    telegram.fail("deleteMessage", fault, times=2, seconds=1)  # type: ignore[arg-type]  # the same
    await leaves(runtime, person)
    assert person.messages == []


async def test_leaving_is_not_behind_a_chat_that_must_wait(telegram: FakeTelegram, runtime: Runtime) -> None:
    slow, person = telegram.person(2002), await full_chat(telegram, runtime, 5)
    await types(runtime, slow, "/start")
    telegram.fail("editMessageText", "retry_after", chat=2002, seconds=600)
    waiting = asyncio.create_task(types(runtime, slow, "3"))
    await telegram.until(lambda: any(call.fault for call in telegram.calls_of("editMessageText")))
    await types(runtime, person, "exit")
    assert person.messages == []
    await types(runtime, slow, "exit")  # nor behind the wait of its own chat
    assert slow.messages == []
    waiting.cancel()


async def test_a_second_tap_and_typing_while_leaving_leave_nothing(telegram: FakeTelegram, runtime: Runtime) -> None:
    person = await full_chat(telegram, runtime, 100)
    exit_button = person.screen.buttons[-1][0][1]
    telegram.fail("deleteMessages", "server_error", times=1)
    await asyncio.gather(
        presses(runtime, person, exit_button),
        presses(runtime, person, exit_button),
        types(runtime, person, "what is happening"),
        types(runtime, person, "exit"),
    )
    await runtime.sweep()
    assert person.messages == []
    assert await runtime.store.all() == []


async def test_what_comes_while_the_tombstone_stands_is_erased_and_not_answered(
    telegram: FakeTelegram, runtime: Runtime
) -> None:
    person = telegram.person(1001)
    stone = Record("1001", b"", 5, 5, erase=(), at=int(telegram.clock()))
    assert await runtime.store.save(stone, None) is Saved.KEPT
    await types(runtime, person, "are you there")
    assert person.messages == []
    assert not telegram.calls_of("sendMessage")
    await types(runtime, person, "/start")
    assert len(person.messages) == 1


async def test_a_kill_between_the_tombstone_and_the_deleting_is_finished_at_the_next_start(
    telegram: FakeTelegram, runtime: Runtime
) -> None:
    person = await full_chat(telegram, runtime, 130)
    number = person.type("exit")
    assert await runtime.take(Incoming("1001", "exit", "text", number, 0, "", int(time.time())))
    assert len(person.messages) == 132
    await runtime.resume()
    assert person.messages == []
    assert await runtime.store.all() == []


async def test_a_send_that_timed_out_leaves_no_ghost(telegram: FakeTelegram, runtime: Runtime) -> None:
    person = telegram.person(1001)
    telegram.fail("sendMessage", "drop_after")
    await types(runtime, person, "/start")
    assert len([message for message in person.messages if message.ours]) == 1
    await types(runtime, person, "exit")
    assert person.messages == []


async def test_an_old_exit_button_still_leaves(telegram: FakeTelegram, runtime: Runtime) -> None:
    person = await full_chat(telegram, runtime, 3)
    await presses(runtime, person, f"somebody.7{BUTTON}exit")
    assert person.messages == []


async def test_expiry_clears_the_screen_also_after_a_restart(telegram: FakeTelegram, runtime: Runtime) -> None:
    person, other = telegram.person(1001), telegram.person(2002)
    await types(runtime, person, "/start")
    await types(runtime, other, "/start")
    await types(runtime, other, "3")
    telegram.skew = 14 * 60
    await runtime.sweep()
    assert len(person.messages) == len(other.messages) == 1
    telegram.skew = 15 * 60 + 1
    await runtime.resume()
    assert person.messages == other.messages == []
    assert await runtime.store.all() == []


async def test_after_twelve_hours_the_screen_is_sent_anew_and_the_old_one_erased(
    telegram: FakeTelegram, runtime: Runtime
) -> None:
    person = telegram.person(1001)
    await types(runtime, person, "/start")
    first = person.screen.id
    held = await runtime.store.load("1001")
    assert held
    await runtime.store.shown(held._replace(screen_at=held.screen_at - 13 * 3600, erase=()))
    await types(runtime, person, "3")
    assert person.screen.id != first
    assert len(person.messages) == 1


async def test_a_screen_not_shown_is_shown_after_a_restart_and_later_only_mended(
    telegram: FakeTelegram, runtime: Runtime
) -> None:
    person, late, unsent = telegram.person(1001), telegram.person(2002), telegram.person(3003)
    for each in (person, late):
        await types(runtime, each, "/start")
        assert await runtime.take(Incoming(str(each.id), "3", "text", each.type("3"), 0, "", int(time.time())))
    assert await runtime.take(Incoming("3003", "/start", "text", unsent.type("/start"), 0, "", int(time.time())))
    sent = len(telegram.calls_of("sendMessage"))
    telegram.skew = 300
    await runtime.resume()
    assert len(telegram.calls_of("sendMessage")) == sent  # silence is a promise
    assert [message.ours for message in person.messages] == [True]
    assert "What would you like?" in person.screen.text
    assert unsent.messages == []
    telegram.skew = 0
