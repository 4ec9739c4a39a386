"""A new message each time, for screen readers: every turn is read out, and the chat still holds one message of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from at_telegram import Bot, running, typed
from fake_telegram import FakeTelegram
from fake_telegram_person import Person

from bot.language.understand import Understanding
from bot.ports import Record, StoreError

READER = "4. I use a screen reader"


@pytest.fixture
async def bot(telegram: FakeTelegram, tmp_path: Path) -> AsyncIterator[Bot]:
    async with running(telegram, tmp_path) as found:
        yield found


async def reader(telegram: FakeTelegram, bot: Bot) -> Person:
    person = telegram.person(1001)
    await bot.types(person, "/start")
    await bot.presses(person, READER)
    return person


async def checklist(telegram: FakeTelegram, bot: Bot) -> Person:
    person = await reader(telegram, bot)
    await bot.types(person, "3", "2", "1", "2", "1", "skip")
    assert "Which of these" in person.screen.text
    return person


def only(person: Person) -> int:
    """The id of the one message in the chat, which is ours."""
    [message] = person.messages
    assert message.ours
    return message.id


async def test_every_turn_is_a_new_message_without_a_sound_and_the_only_one(telegram: FakeTelegram, bot: Bot) -> None:
    person = await reader(telegram, bot)
    assert "so that it is read out" in person.screen.text
    assert READER not in {text for row in person.screen.buttons for text, _ in row}
    seen = [only(person)]
    for text in ("3", "4", "nonsense that is none", "back", "help", "back", "language"):
        await bot.types(person, text)
        seen.append(only(person))
    await bot.presses(person, "Help now")
    seen.append(only(person))
    assert sorted(set(seen)) == seen, "each is newer than the one before"
    assert telegram.calls_of("editMessageText") == []
    assert all(call.params["disable_notification"] is True for call in telegram.calls_of("sendMessage"))


async def test_the_new_one_is_there_before_the_old_one_goes(telegram: FakeTelegram, bot: Bot) -> None:
    person = await reader(telegram, bot)
    old = only(person)
    telegram.calls.clear()
    await bot.types(person, "3")
    [sent] = telegram.calls_of("sendMessage")
    [gone] = [call for call in telegram.calls_of("deleteMessage") if call.params["message_id"] == old]
    assert telegram.calls.index(sent) < telegram.calls.index(gone)


async def test_others_keep_one_message_that_is_edited(telegram: FakeTelegram, bot: Bot) -> None:
    await reader(telegram, bot)
    other = telegram.person(2002)
    await bot.types(other, "/start")
    first = only(other)
    await bot.types(other, "1", "1")
    assert only(other) == first


async def test_a_tick_that_is_pressed_stays_under_the_finger_and_one_that_is_typed_is_read_out(
    telegram: FakeTelegram, bot: Bot
) -> None:
    person = await checklist(telegram, bot)
    before = only(person)
    await bot.presses(person, "[ ] 1. Stay silent about it")
    assert only(person) == before
    assert "[x] 1. Stay silent about it" in {text for row in person.screen.buttons for text, _ in row}
    await bot.types(person, "3, 4")
    assert only(person) > before
    assert {text[:3] for row in person.screen.buttons[:4] for text, _ in row} == {"[x]", "[ ]"}


async def test_it_can_be_undone_where_settings_are(telegram: FakeTelegram, bot: Bot) -> None:
    person = await reader(telegram, bot)
    await bot.types(person, "3", "4", "4", "3", "2", "One message that changes")
    there = only(person)
    await bot.types(person, "4")
    assert only(person) == there
    assert telegram.calls_of("editMessageText")


async def killed_after_sending(telegram: FakeTelegram, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A chat in which a screen was sent, and the process died before it could note that."""
    async with running(telegram, folder) as bot:
        person = await reader(telegram, bot)
        note, notes = bot.store.shown, 0

        async def once(record: Record, erased: tuple[int, ...] = (), *, soon: bool = False) -> None:
            nonlocal notes
            notes += 1
            if notes > 1:
                raise StoreError("killed")
            await note(record, erased, soon=soon)

        monkeypatch.setattr(bot.store, "shown", once)
        await bot.types(person, "3")
    assert len([message for message in person.messages if message.ours]) == 2, "the kill fell where it was meant to"
    return person


async def test_a_crash_after_sending_leaves_one_message(
    telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent and never noted is found by its number, as soon as anything is sent again."""
    person = await killed_after_sending(telegram, tmp_path, monkeypatch)
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        only(person)
        assert "What would you like?" in person.screen.text


async def test_leaving_after_such_a_crash_leaves_nothing(
    telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await killed_after_sending(telegram, tmp_path, monkeypatch)
    async with running(telegram, tmp_path) as bot:
        await bot.types(person, "exit")
        assert person.messages == []


async def test_a_crash_found_late_is_mended_by_an_edit_and_the_next_turn_leaves_one_message(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    async with running(telegram, tmp_path) as bot:
        person = await reader(telegram, bot)
        await bot.runtime.take(typed(person, "3"))
    telegram.skew = 300
    sent = len(telegram.calls_of("sendMessage"))
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        only(person)
        assert len(telegram.calls_of("sendMessage")) == sent, "silence is a promise"
        await bot.types(person, "4")
        only(person)
        assert "Here is more" in person.screen.text


@pytest.mark.parametrize("fault", ["drop_after", "retry_after", "server_error", "drop"])
async def test_a_send_that_fails_leaves_one_message(telegram: FakeTelegram, bot: Bot, fault: str) -> None:
    person = await reader(telegram, bot)
    telegram.fail("sendMessage", fault, seconds=1)  # type: ignore[arg-type]  # one of its kinds
    await bot.types(person, "3")
    only(person)
    assert "What would you like?" in person.screen.text


async def test_trouble_is_said_in_the_message_that_is_known(
    telegram: FakeTelegram, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What becomes of that screen is not kept, so nothing new may be sent for it."""
    person = await reader(telegram, bot)
    with monkeypatch.context() as broken:
        broken.setattr(Understanding, "event", lambda *_: 1 / 0)
        await bot.types(person, "3")
        assert "Something went wrong here" in person.screen.text
        only(person)
    await bot.types(person, "3")
    only(person)
    assert "What would you like?" in person.screen.text


async def test_leaving_empties_the_chat(telegram: FakeTelegram, bot: Bot) -> None:
    person = await reader(telegram, bot)
    await bot.types(person, "3", "2", "exit")
    assert person.messages == []
    assert await bot.store.all() == []


@pytest.mark.parametrize(("fault", "others"), [("", 50), ("drop_after", 5)])
async def test_leaving_while_a_screen_is_on_its_way_leaves_nothing(
    telegram: FakeTelegram, bot: Bot, fault: str, others: int
) -> None:
    """Leaving does not wait for a screen; one that arrives all the same is erased too, before the tombstone goes."""
    person, busy = await reader(telegram, bot), telegram.person(2002)
    telegram.latency = 0.3
    if fault:
        telegram.fail("sendMessage", fault)  # type: ignore[arg-type]  # one of its kinds
    sent = len(telegram.calls_of("sendMessage"))
    incoming = typed(person, "3")
    for _ in range(others):  # ids are of the whole bot: the screen's is far from the newest this chat knows of
        busy.type("hello")
    showing = asyncio.create_task(bot.runtime.receive(incoming))
    await telegram.until(lambda: len(telegram.calls_of("sendMessage")) > sent)
    await bot.types(person, "exit")
    assert person.messages == []
    assert await bot.store.load("1001") is None
    await showing
