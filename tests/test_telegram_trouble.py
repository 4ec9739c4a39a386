"""A record that cannot be read for a while, a page that cannot be made: nobody is kept, and no screen stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from at_telegram import START, Bot, damaged, in_a_hurry
from fake_telegram import FakeTelegram
from fake_telegram_person import Person

from bot.ports import RENEW, Incoming, Saved

HOUR = 3600


@pytest.fixture
async def bot(telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    async with in_a_hurry(telegram, tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
async def person(telegram: FakeTelegram, bot: Bot) -> Person:
    """Somebody who is in a conversation."""
    someone = telegram.person(1001)
    await bot.arrives(someone)
    return someone


def ours(person: Person) -> list[str]:
    return [message.text for message in person.messages if message.ours]


async def test_after_a_line_of_trouble_there_is_one_screen_again(bot: Bot, person: Person) -> None:
    with damaged(bot):
        await bot.types(person, "hello")
        assert len(ours(person)) == 2
    await bot.types(person, "3")
    assert len(ours(person)) == 1
    assert len(person.messages) == 1
    await bot.types(person, "exit")
    assert person.messages == []


async def test_leaving_after_a_line_of_trouble_leaves_nothing(bot: Bot, person: Person) -> None:
    with damaged(bot):
        await bot.types(person, "hello")
    await bot.types(person, "exit")
    assert (person.messages, await bot.store.all()) == ([], [])


async def test_after_a_line_of_trouble_and_silence_all_is_cleared(
    telegram: FakeTelegram, bot: Bot, person: Person
) -> None:
    with damaged(bot):
        await bot.types(person, "hello")
    telegram.skew = HOUR
    for _ in range(4):
        await bot.runtime.sweep()
    assert (person.messages, await bot.store.all()) == ([], [])
    assert not bot.runtime.lanes.left
    assert not bot.runtime.lanes.unread


@pytest.mark.parametrize("then", ["exit", "nothing more"])
async def test_who_left_and_began_anew_meanwhile_leaves_nothing_in_the_end(
    telegram: FakeTelegram, bot: Bot, person: Person, then: str
) -> None:
    with damaged(bot):
        await bot.types(person, "exit")
        await bot.types(person, "/start")
    if then == "exit":
        await bot.types(person, then)
    else:
        await bot.types(person, "hello")
        telegram.skew = 2 * HOUR
    for _ in range(4):
        await bot.runtime.sweep()
    assert (person.messages, await bot.store.all()) == ([], [])


async def test_a_page_that_cannot_be_made_keeps_nobody_elses_screen_there(
    telegram: FakeTelegram, bot: Bot, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a start too: who is over is cleared, whatever is wrong with somebody else's page."""
    over = telegram.person(2002)
    await bot.arrives(over)
    cut, ended = await bot.record(person), await bot.record(over)
    assert await bot.store.save(cut._replace(turn=cut.turn + 1, erase=()), cut.turn) is Saved.KEPT
    late = ended._replace(turn=ended.turn + 1, at=ended.at - HOUR, erase=())
    assert await bot.store.save(late, ended.turn) is Saved.KEPT

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(bot.runtime.pages, "page", broken)
    await bot.runtime.resume()
    assert over.messages == []


@pytest.mark.parametrize("part", ["dull", "known"])
async def test_no_fault_of_ours_keeps_somebody_who_leaves(
    bot: Bot, person: Person, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    await bot.set(person, leaving="dull")

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(bot.runtime.pages.renderer if part == "dull" else bot.runtime.pages, part, broken)
    await bot.types(person, "exit")
    assert (person.messages, await bot.store.all()) == ([], [])


async def test_what_is_looked_for_after_a_crash_is_not_the_screen_that_is_known(
    telegram: FakeTelegram, bot: Bot
) -> None:
    """A tap on an older message of ours that stayed, twelve hours later, cut by a kill."""
    person = telegram.person(1001)
    await bot.types(person, "/start")
    stray, data = person.screen.id, person.screen.buttons[0][0][1]
    await bot.store.drop("1001")
    await bot.types(person, "/start")
    held = await bot.record(person)
    assert held.screen != stray
    await bot.store.shown(held._replace(screen_at=held.screen_at - RENEW - 1))
    await bot.runtime.take(Incoming("1001", data, "button", stray))
    await bot.runtime.resume()
    assert (await bot.record(person)).screen in [message.id for message in person.messages]


async def test_coming_back_after_half_a_day_leaves_one_screen_though_telegram_says_so_and_does_not(
    telegram: FakeTelegram, bot: Bot, person: Person
) -> None:
    """F16: on a busy bot, many ids lie between the old screen and the new one."""
    held = await bot.record(person)
    await bot.store.shown(held._replace(screen_at=held.screen_at - RENEW - 1))
    other = telegram.person(2002)
    for _ in range(1_100):
        other.type("x")
    telegram.fail("deleteMessages", "lie", times=1)
    await bot.presses(person, person.screen.buttons[0][0][0])
    assert len(ours(person)) == 1
    assert START not in person.screen.text
    assert len(other.messages) == 1_100
