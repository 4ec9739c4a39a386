"""The exit battery: every number of messages, with everything that can go wrong, until nothing deletable is left.

WAYMARK_EXITS is how many mixtures of troubles are drawn besides the named ones.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from at_telegram import START, Bot, damaged, in_a_hurry, read_only, typed
from fake_telegram import FakeTelegram
from fake_telegram_faults import Kind
from fake_telegram_person import Person
from fake_telegram_rules import stuck

from bot.ports import Incoming, Record, Saved, StoreError

EXITS = int(os.environ.get("WAYMARK_EXITS", "12"))
DAY = 86_400
COUNTS = (1, 100, 250)
NO_ANSWER = "F12 no answer"


@pytest.fixture
async def bot(telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    async with in_a_hurry(telegram, tmp_path, monkeypatch) as found:
        yield found


def impatient(bot: Bot, *troubles: str) -> None:
    """Where one of them is that nobody answers, that is waited for; a slow machine is else not to be taken for it."""
    if NO_ANSWER in troubles:
        bot.wire._timeout = 0.5  # noqa: SLF001 - seconds


async def full(telegram: FakeTelegram, bot: Bot, count: int, old: int = 0) -> Person:
    """A chat with a screen and `count` messages more, of which `old` are too old to be deleted."""
    person = telegram.person(1001)
    with telegram.changes.lock:
        telegram.skew = -3 * DAY
        ids = [telegram.state.add(1001, ours=False, sender=person.user, text="old").id for _ in range(old)]
        telegram.skew = 0
        ids += [telegram.state.add(1001, ours=False, sender=person.user, text="x").id for _ in range(count - old)]
    await bot.types(person, "/start")
    held = await bot.record(person)
    assert await bot.store.save(held._replace(turn=held.turn + 1, erase=tuple(ids)), held.turn) is Saved.KEPT
    return person


def deletable(telegram: FakeTelegram, person: Person) -> list[int]:
    """What is still there and could have been deleted, or still says something."""
    return [
        message.id
        for message in person.messages
        if not stuck(telegram.state, message) or (message.ours and message.text != "\u00b7")
    ]


def nothing(telegram: FakeTelegram) -> None:
    del telegram


def undeletable(telegram: FakeTelegram) -> None:
    """F15."""
    with telegram.changes.lock:
        telegram.undeletable.update(sorted(telegram.state.chats[1001])[::40])


def failing(kind: Kind, times: int = 2, **options: int) -> Callable[[FakeTelegram], None]:
    """Every deleting call fails some times."""

    def trouble(telegram: FakeTelegram) -> None:
        for method in ("deleteMessages", "deleteMessage"):
            telegram.fail(method, kind, times=times, **options)

    return trouble


def already_gone(telegram: FakeTelegram) -> None:
    """F14: they deleted some themselves."""
    with telegram.changes.lock:
        for each in sorted(telegram.state.chats[1001])[::3]:
            del telegram.state.chats[1001][each]


TROUBLES: dict[str, Callable[[FakeTelegram], None]] = {
    "nothing": nothing,
    "F11 asked to wait": failing("retry_after", seconds=2),
    "F12 the server is not well": failing("server_error"),
    "F12 the line drops before": failing("drop"),
    "F12 the line drops after": failing("drop_after"),
    NO_ANSWER: failing("hang", times=1),
    "F12 half an answer": failing("half"),
    "F12 rubbish": failing("garbage"),
    "F14 already gone": already_gone,
    "F15 cannot be deleted": undeletable,
    "F16 a true that lied": lambda telegram: telegram.fail("deleteMessages", "lie", times=2),
}


async def leaves(bot: Bot, person: Person, way: str = "word") -> None:
    if way == "tap":
        await bot.presses(person, "Leave now")
    else:
        await bot.types(person, "exit")


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_nothing_deletable_is_left(telegram: FakeTelegram, bot: Bot, count: int, trouble: str) -> None:
    """F11, F12, F14, F15, F16: a third of the messages is too old for Telegram to delete."""
    person = await full(telegram, bot, count, old=count // 3)
    TROUBLES[trouble](telegram)
    impatient(bot, trouble)
    await leaves(bot, person)
    assert deletable(telegram, person) == []
    assert await bot.store.all() == []


@pytest.mark.parametrize("seed", range(EXITS))
async def test_nothing_deletable_is_left_by_any_mixture(telegram: FakeTelegram, bot: Bot, seed: int) -> None:
    """F11, F12, F14, F15, F16, F18, F27: several troubles, a second tap, typing, a sweep and a start beside it."""
    chance = random.Random(seed)
    count = chance.choice((1, 5, 99, 100, 101, 180, 250))
    person = await full(telegram, bot, count, old=chance.choice((0, 0, 1, count // 2)))
    button = next(data for row in person.screen.buttons for text, data in row if text == "Leave now")
    screen = person.screen.id
    for name in chance.sample(sorted(TROUBLES), chance.randint(1, 3)):
        TROUBLES[name](telegram)
        impatient(bot, name)
    tap = Incoming("1001", button, "button", screen)
    beside: list[Callable[[], Coroutine[Any, Any, None]]] = [
        lambda: bot.runtime.receive(tap),
        lambda: bot.types(person, "exit"),
        lambda: bot.types(person, "what is happening"),
        bot.runtime.sweep,
        bot.runtime.resume,
    ]
    works = [work() for work in chance.sample(beside, chance.randint(0, 3))]
    works.insert(chance.randint(0, len(works)), bot.types(person, "exit"))
    await asyncio.gather(*works)
    telegram.heal()
    await bot.runtime.sweep()
    assert deletable(telegram, person) == [], seed
    assert await bot.store.all() == []


async def test_the_sweeper_and_an_exit_at_once_wipe_once(
    telegram: FakeTelegram, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    """F27: whoever comes second finds nothing to do, and nobody sees an error."""
    person = await full(telegram, bot, 100)
    barrier = asyncio.Barrier(2)
    load = bot.store.load

    async def together(address: str) -> Record | None:
        found = await load(address)
        if not barrier.broken and barrier.n_waiting < 2:
            try:
                await asyncio.wait_for(barrier.wait(), 0.05)
            except (TimeoutError, asyncio.BrokenBarrierError):
                await barrier.abort()
        return found

    bot.store.load = together  # type: ignore[method-assign]  # both see the record before either writes
    telegram.skew = 16 * 60
    before = len(telegram.calls_of("deleteMessages"))
    with caplog.at_level(logging.ERROR):
        await asyncio.gather(bot.runtime.sweep(), leaves(bot, person, "tap"))
    assert person.messages == []
    assert caplog.records == []
    assert await bot.store.all() == []
    asked = [each for call in telegram.calls_of("deleteMessages")[before:] for each in call.params["message_ids"]]
    assert len(asked) <= 2 * len(set(asked))
    assert not [call for call in telegram.calls if call.method == "sendMessage" and call.at > telegram.calls[-1].at]


@pytest.mark.parametrize("when", ["before", "while"])
async def test_being_blocked_while_leaving_forgets_at_once(telegram: FakeTelegram, bot: Bot, when: str) -> None:
    """F17: no retry, and nothing is kept of them."""
    person = await full(telegram, bot, 150)
    telegram.fail("deleteMessages", "forbidden", times=None, skip=1 if when == "while" else 0)
    telegram.fail("deleteMessage", "forbidden", times=None)
    before = len(telegram.calls)
    work = await bot.runtime.take(typed(person, "exit"))
    assert work
    await asyncio.gather(bot.runtime.lanes.finish(work), bot.runtime.receive(Incoming("1001", kind="gone")))
    assert await bot.store.all() == []
    assert not bot.runtime.lanes.left
    await bot.runtime.sweep()
    assert len(telegram.calls) - before < 50


async def test_being_blocked_while_a_screen_is_shown_forgets_at_once(telegram: FakeTelegram, bot: Bot) -> None:
    """F17."""
    person = await full(telegram, bot, 1)
    telegram.fail("editMessageText", "forbidden")
    await bot.types(person, "3")
    assert await bot.store.all() == []
    assert len(telegram.calls_of("editMessageText")) == 1


@pytest.mark.parametrize("kind", ["server_error", "drop"])
async def test_where_telegram_cannot_be_reached_the_tombstone_stays_and_the_next_sweep_goes_on(
    telegram: FakeTelegram, bot: Bot, kind: Kind
) -> None:
    """F12, F13."""
    person = await full(telegram, bot, 150)
    telegram.fail("*", kind, times=None)
    await leaves(bot, person)
    assert len(person.messages) == 152
    [stone] = await bot.store.all()
    assert not stone.session
    telegram.heal()
    await bot.runtime.sweep()
    assert person.messages == []
    assert await bot.store.all() == []


async def test_what_is_typed_is_gone_for_certain_although_many_deletes_lie(telegram: FakeTelegram, bot: Bot) -> None:
    """F16: one message is deleted by the call that proves it."""
    person = telegram.person(1001)
    await bot.types(person, "/start")
    telegram.fail("deleteMessages", "lie", times=None)
    for text in ("3", "2", "what is this", "1"):
        await bot.types(person, text)
        assert [message.ours for message in person.messages] == [True]


async def test_leaving_in_dull_mode_does_not_wait_for_its_edit(telegram: FakeTelegram, bot: Bot) -> None:
    """F11: the edit may have to wait; what was typed is deleted at once."""
    person = await full(telegram, bot, 30)
    await bot.set(person, leaving="dull")
    telegram.fail("editMessageText", "drop", times=3)
    before = len(telegram.calls)
    await leaves(bot, person)
    assert [message.text for message in person.messages] == ["Nothing new."]
    assert "deleteMessages" in [call.method for call in telegram.calls[before : before + 2]]


@pytest.mark.parametrize("count", COUNTS)
async def test_nothing_is_ever_sent_by_leaving(telegram: FakeTelegram, bot: Bot, count: int) -> None:
    person = await full(telegram, bot, count)
    before = len(telegram.calls)
    await leaves(bot, person)
    methods = {call.method for call in telegram.calls[before:]}
    assert methods == {"deleteMessages", "deleteMessage"}
    assert await asyncio.gather(*(partial(bot.store.load, "1001")() for _ in range(2))) == [None, None]


async def test_who_blocks_us_while_nothing_can_be_written_is_forgotten_as_soon_as_it_can(
    telegram: FakeTelegram, bot: Bot
) -> None:
    """F17, F22: whether Telegram says so by itself, or when something is asked of it."""
    people = [telegram.person(chat) for chat in (1001, 2002)]
    for person in people:
        await bot.arrives(person)
    with read_only(bot):
        await bot.runtime.receive(Incoming("1001", kind="gone"))
        telegram.fail("deleteMessages", "forbidden", times=None, chat=2002)
        await bot.types(people[1], "exit")
        assert bot.runtime.lanes.left == {"1001", "2002"}
        assert bot.runtime.lanes.unkept == {}, "nobody is asked for again"
        assert len(await bot.store.all()) == 2
        before = len(telegram.calls)
        with pytest.raises(StoreError):
            await bot.runtime.sweep()
    await bot.runtime.sweep()
    assert len(telegram.calls) == before
    assert await bot.store.all() == []
    assert not bot.runtime.lanes.left


async def test_who_left_while_nothing_can_be_written_is_spoken_to_as_a_stranger(
    telegram: FakeTelegram, bot: Bot
) -> None:
    """F22: their record is still on the disk, and nothing of it may be shown."""
    person, stranger = telegram.person(1001), telegram.person(2002)
    await bot.arrives(person)
    with read_only(bot):
        await bot.types(person, "exit")
        for each in (person, stranger):
            await bot.types(each, "/start")
        assert [message.text for message in person.messages] == [message.text for message in stranger.messages]
        assert person.screen.buttons == stranger.screen.buttons


async def test_a_screen_expires_for_the_turn_it_was_of_and_leaving_is_not_begun_twice(
    telegram: FakeTelegram, bot: Bot
) -> None:
    person = telegram.person(1001)
    await bot.arrives(person)
    held = await bot.record(person)
    before = len(telegram.calls)
    await bot.runtime.expire("2002")
    await bot.runtime.expire("1001", held.turn - 1)
    assert await bot.record(person) == held, "somebody has taken a turn since"
    stone = held._replace(session=b"", turn=held.turn + 1)
    assert await bot.store.save(stone, held.turn) is Saved.KEPT
    await bot.runtime.expire("1001")
    await bot.runtime.expire("1001", stone.turn)
    assert await bot.record(person) == stone
    assert len(telegram.calls) == before
    await bot.runtime.sweep()
    assert (person.messages, await bot.store.all()) == ([], [])


async def test_leaving_works_where_not_even_the_record_can_be_read(telegram: FakeTelegram, bot: Bot) -> None:
    """F23: a button is pressed on the screen itself, and what is typed has an id."""
    tapped, typing = telegram.person(1001), telegram.person(2002)
    for person in (tapped, typing):
        await bot.arrives(person)
    with damaged(bot):
        await bot.presses(tapped, "Leave now")
        assert tapped.messages == []
        for text in ("exit", "are you there"):
            await bot.types(typing, text)
            assert [message.ours for message in typing.messages] == [True], "erased, and not answered"
        assert bot.runtime.lanes.left == {"1001", "2002"}
    for _ in range(3):
        await bot.runtime.sweep()
    assert await bot.store.all() == []
    assert tapped.messages == typing.messages == []
    assert not bot.runtime.lanes.left
    assert not bot.runtime.lanes.unkept
    for person in (tapped, typing):
        await bot.types(person, "/start")
        assert START in person.screen.text


async def test_who_begins_anew_after_that_has_one_screen(telegram: FakeTelegram, bot: Bot) -> None:
    person = telegram.person(1001)
    await bot.arrives(person)
    with damaged(bot):
        await bot.types(person, "exit")
    await bot.types(person, "/start")
    assert [message.ours for message in person.messages] == [True]
    assert START in person.screen.text


async def test_a_screen_that_arrived_and_was_not_noted_yet_is_deleted_too(telegram: FakeTelegram, bot: Bot) -> None:
    """F16: the disk is slow, and they leave between the screen and the note of it."""
    person = telegram.person(1001)
    await bot.arrives(person)
    with telegram.changes.lock:
        telegram.state.chats[1001].clear()  # they deleted it themselves: the next is a new message
    sent, left, note = asyncio.Event(), asyncio.Event(), bot.store.shown

    async def slow(record: Record, erased: tuple[int, ...] = (), *, soon: bool = False) -> None:
        sent.set()
        await left.wait()
        await note(record, erased, soon=soon)

    bot.store.shown = slow  # type: ignore[method-assign]
    typing = asyncio.create_task(bot.types(person, "hm"))
    await sent.wait()
    work = await bot.runtime.take(typed(person, "exit"))
    assert work
    assert work.leave
    going = asyncio.create_task(bot.runtime.lanes.finish(work))
    left.set()
    await asyncio.gather(typing, going)
    await bot.runtime.sweep()
    assert (person.messages, await bot.store.all()) == ([], [])
