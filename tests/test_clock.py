"""Clocks that are set while we run: sessions never live longer than promised, and nobody is answered late."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from at_telegram import START, Bot, running
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Clock, since_boot
from bot.ports import Incoming

NOON = 1_795_176_000.0
MONTH = 30 * 86_400.0


@dataclass
class Machine:
    """A machine with a clock on the wall that anybody may set, and one that counts since it was started."""

    wall: float = NOON
    boot: float = 500.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.boot += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.wall, lambda: self.boot)


@given(st.lists(st.tuples(st.floats(0, 7200), st.floats(-MONTH, MONTH)), max_size=30))
def test_time_never_goes_back_and_is_never_slower_than_the_machine(steps: list[tuple[float, float]]) -> None:
    """F24."""
    machine = Machine()
    clock = machine.clock()
    for passed, stepped in steps:
        before = clock.now()
        machine.passes(passed)
        machine.wall += stepped
        assert clock.now() - before >= passed - 1e-3
        assert clock.now() >= machine.wall - 1e-3


@given(st.lists(st.tuples(st.floats(0, 7200), st.floats(-MONTH, MONTH)), max_size=30))
def test_a_message_of_now_is_late_only_where_the_wall_is_ahead_and_an_old_one_always(
    steps: list[tuple[float, float]],
) -> None:
    """F24: the messenger's own clock is right all the while."""
    machine, right = Machine(), NOON
    clock = machine.clock()
    for passed, stepped in steps:
        machine.passes(passed)
        machine.wall += stepped
        right += passed
        now, old = clock.since(right), clock.since(right - 300)
        assert now <= max(0.0, machine.wall - right) + 1e-3
        assert old >= 300 - 1e-3


def test_the_clock_of_this_machine_counts() -> None:
    before = since_boot()
    assert since_boot() >= before > 0
    assert Clock().now() > 1_700_000_000


async def says(bot: Bot, machine: Machine, person: Person, text: str, sent: float | None = None) -> None:
    """Somebody writes, by the messenger's clock; without `sent` it is the machine's."""
    number = person.type(text)
    date = int(machine.wall if sent is None else sent)
    await bot.runtime.receive(Incoming(str(person.id), text, "text", number, 0, "", date))


@pytest.mark.parametrize(("step", "every"), [(-MONTH, 0), (-5.0, 3600), (-MONTH, 600), (0.0, 0)])
async def test_no_session_lives_longer_than_promised_when_the_clock_is_set_back(
    telegram: FakeTelegram, tmp_path: Path, step: float, every: float
) -> None:
    """F24: by a month, by five seconds each hour."""
    machine, person = Machine(), telegram.person(1001)
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        await says(bot, machine, person, "/start")
        machine.wall += step
        for minute in range(15):
            assert len(person.messages) == 1, minute
            machine.passes(60)
            if every and not minute * 60 % every:
                machine.wall += step
            await bot.runtime.sweep()
        assert person.messages == []
        assert await bot.store.all() == []


async def test_a_clock_that_jumps_ahead_ends_sessions_early_and_never_late(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    """F24; and when it is set right again, people are answered at once."""
    machine, person = Machine(), telegram.person(1001)
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        await says(bot, machine, person, "/start")
        machine.wall += MONTH
        await bot.runtime.sweep()
        assert person.messages == []
        await says(bot, machine, person, "/start", sent=machine.wall - MONTH)
        assert person.messages == []  # as far as anybody knows it is a month late
        machine.wall -= MONTH
        machine.passes(5)
        await says(bot, machine, person, "/start")
        assert START in person.screen.text


async def test_a_late_message_is_not_answered_because_the_clock_went_back(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    """F24."""
    machine, person, other = Machine(), telegram.person(1001), telegram.person(2002)
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        await says(bot, machine, other, "/start")
        machine.passes(600)
        machine.wall -= MONTH
        await says(bot, machine, other, "3", sent=NOON + 600)
        await says(bot, machine, person, "/start", sent=NOON + 300)
        assert person.messages == []


@pytest.mark.parametrize("back", [-240.0, -MONTH])
async def test_after_a_start_with_a_clock_behind_what_was_seen_everything_is_over(
    telegram: FakeTelegram, tmp_path: Path, back: float
) -> None:
    """F24: nobody knows how long we were away."""
    machine, person = Machine(), telegram.person(1001)
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        await says(bot, machine, person, "/start")
        machine.passes(300)
        await bot.runtime.sweep()
        assert len(person.messages) == 1
    machine.passes(60)
    machine.wall += back - 60
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        await bot.runtime.resume()
        assert person.messages == []
        assert await bot.store.all() == []


async def test_after_a_start_with_a_clock_that_is_right_everybody_is_where_they_were(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    machine, person = Machine(), telegram.person(1001)
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        await says(bot, machine, person, "/start")
        await bot.runtime.sweep()
    machine.passes(60)
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        await bot.runtime.resume()
        assert len(person.messages) == 1
        machine.passes(15 * 60)
        await bot.runtime.sweep()
        assert person.messages == []


async def test_what_is_kept_of_the_clock_is_the_time_of_a_file_that_holds_nothing(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    """F24: it says when the bot ran, and nothing of anybody."""
    machine = Machine()
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        await bot.runtime.sweep()
        assert bot.store.seen() == int(NOON)
    lock = tmp_path / "db.lock"
    assert int(lock.stat().st_mtime) == int(NOON)
    assert lock.read_bytes() == b""
    os.utime(lock, (0, 0))
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        assert bot.store.seen() == 0


async def test_somebody_who_taps_as_their_time_is_over_is_not_put_out(telegram: FakeTelegram, tmp_path: Path) -> None:
    """F27: the sweep looked before the turn was taken."""
    machine, person = Machine(), telegram.person(1001)
    async with running(telegram, tmp_path, clock=machine.clock()) as bot:
        await says(bot, machine, person, "/start")
        [held] = await bot.store.all()
        machine.passes(15 * 60)
        await asyncio.gather(says(bot, machine, person, "3"), bot.runtime.expire("1001", held.turn))
        assert "What would you like?" in person.screen.text
