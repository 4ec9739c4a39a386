"""A screen that was sent by a process that was killed before it could note that: it is looked for, not sent again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from at_telegram import running, typed
from fake_telegram import FakeTelegram
from fake_telegram_person import Person

from bot.messengers.telegram.chat import LOOKED_AT
from bot.ports import RENEW


@pytest.fixture
def person(telegram: FakeTelegram) -> Iterator[Person]:
    """Somebody whose chat holds one message at the end, ours."""
    person = telegram.person(1001)
    yield person
    assert [message.ours for message in person.messages] == [True]


async def killed(telegram: FakeTelegram, folder: Path, person: Person, *, times: int = 1, busy: int = 0) -> None:
    """The first turn of a chat was kept, its screen sent so many times, and never noted. Others write meanwhile."""
    async with running(telegram, folder) as bot:
        work = await bot.runtime.take(typed(person, "/start"))
        assert work
        assert work.page
        for _ in range(busy):
            telegram.person(2002).type("hello")
        for _ in range(times):
            await bot.runtime.messenger.show(work.record, work.page)


@pytest.mark.parametrize("busy", [0, 1, LOOKED_AT - 1])
async def test_it_is_found_and_not_sent_again(
    telegram: FakeTelegram, tmp_path: Path, person: Person, busy: int
) -> None:
    """F18: however many others wrote between the turn and its screen, within reason."""
    await killed(telegram, tmp_path, person, busy=busy)
    there = person.screen.id
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert len(telegram.calls_of("sendMessage")) == 1
        await bot.types(person, "3")
        assert person.screen.id == there
        assert "What would you like?" in person.screen.text


async def test_too_far_away_it_is_sent_again_and_the_first_is_swept(
    telegram: FakeTelegram, tmp_path: Path, person: Person
) -> None:
    await killed(telegram, tmp_path, person, busy=LOOKED_AT)
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert len(telegram.calls_of("sendMessage")) == 2


async def test_of_two_that_are_found_one_stays(telegram: FakeTelegram, tmp_path: Path, person: Person) -> None:
    await killed(telegram, tmp_path, person, times=2)
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert len(telegram.calls_of("sendMessage")) == 2


async def test_one_that_was_never_sent_is_sent_now(telegram: FakeTelegram, tmp_path: Path, person: Person) -> None:
    await killed(telegram, tmp_path, person, times=0)
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert len(telegram.calls_of("sendMessage")) == 1


async def test_the_start_after_next_finds_it_as_well(telegram: FakeTelegram, tmp_path: Path, person: Person) -> None:
    """Killed between finding and noting, it shows already what it should."""
    await killed(telegram, tmp_path, person)
    async with running(telegram, tmp_path) as bot:
        [record] = await bot.store.all()
        await bot.runtime.resume()
        await bot.store.shown(record)
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert len(telegram.calls_of("sendMessage")) == 1


async def test_found_late_it_is_changed_and_nothing_is_sent(
    telegram: FakeTelegram, tmp_path: Path, person: Person
) -> None:
    await killed(telegram, tmp_path, person)
    telegram.skew = 300
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert len(telegram.calls_of("sendMessage")) == 1
        await bot.types(person, "3")
        assert "What would you like?" in person.screen.text


async def test_one_sent_in_place_of_an_old_one_is_found_too(
    telegram: FakeTelegram, tmp_path: Path, person: Person
) -> None:
    async with running(telegram, tmp_path) as bot:
        await bot.types(person, "/start")
        old = person.screen.id
        record = await bot.store.load(str(person.id))
        assert record
        await bot.store.shown(record._replace(screen_at=record.screen_at - RENEW - 1))
        work = await bot.runtime.take(typed(person, "3"))
        assert work
        assert work.page
        await bot.runtime.messenger.show(work.record, work.page)
        assert person.screen.id > old, "it was sent anew"
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert "What would you like?" in person.screen.text
        assert len(telegram.calls_of("sendMessage")) == 2


async def test_a_first_screen_that_is_not_in_doubt_is_not_looked_for(
    telegram: FakeTelegram, tmp_path: Path, person: Person
) -> None:
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        await bot.types(person, "/start")
        assert telegram.calls_of("editMessageText") == []
