"""Killed at named points and at random, under load: no turn is lost or doubled, and no stale screen stays."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from real_bot import RealBot

KILLS = int(os.environ.get("WAYMARK_KILLS", "12"))
PEOPLE = 8
WAIT = 30
WAY = (
    ("/start", "Is it all right to use this chat now?"),
    ("3", "What would you like?"),
    ("2", "a paper that asks you to stay silent"),
    ("1", "Who sent you the paper?"),
    ("2", "Did they give you a last day?"),
    ("1", "One hard question"),
    ("3", "Which of these does the paper ask for?"),
    ("1 3", "[x] 1. Stay silent"),
    ("done", "what the words mean"),
    ("1", "what it may cost"),
    ("1", "two views"),
    ("2", "My questions"),
)
"""Each step leads to one screen, so that a lost turn never gets there and a doubled one goes past it."""

KILLING = """
import os, signal, sys
point, count = sys.argv[1], int(sys.argv[2])
from bot import lanes
from bot.messengers.telegram import chat, leaving
from bot.stores import writer
def die():
    global count
    count -= 1
    if count == 0:
        os.kill(os.getpid(), signal.SIGKILL)
def before(owner, name):
    work = getattr(owner, name)
    if name.startswith("_commit"):
        def wrapped(*a, **k): die(); return work(*a, **k)
    else:
        async def wrapped(*a, **k): die(); return await work(*a, **k)
    setattr(owner, name, wrapped)
def after(owner, name):
    work = getattr(owner, name)
    if name.startswith("_commit"):
        def wrapped(*a, **k): found = work(*a, **k); die(); return found
    else:
        async def wrapped(*a, **k): found = await work(*a, **k); die(); return found
    setattr(owner, name, wrapped)
{"before_commit": lambda: before(writer.Writer, "_commit"),
 "after_commit": lambda: after(writer.Writer, "_commit"),
 "before_show": lambda: before(chat.Telegram, "_show"),
 "after_send": lambda: after(chat.Telegram, "_send"),
 "after_show": lambda: after(chat.Telegram, "show"),
 "before_erase": lambda: before(chat.Telegram, "erase"),
 "before_leave": lambda: before(leaving, "leave"),
 "in_leave": lambda: after(leaving, "delete"),
 "after_leave": lambda: after(chat.Telegram, "leave")}[point]()
from bot import cli
sys.argv = ["waymark", "telegram"]
cli.main()
"""


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake
        assert fake.violations == []


def looks(person: Person) -> str:
    screen = person.screen
    return "\n".join((screen.text, *(text for row in screen.buttons for text, _ in row)))


class Crowd:
    """People who each take the next step as soon as they see the last one's screen."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self.telegram = telegram
        self.people = [telegram.person(1000 + number) for number in range(PEOPLE)]
        self.steps = [-1] * PEOPLE

    def go_on(self) -> bool:
        """Let everybody who sees what they waited for take a step; whether all have arrived."""
        for number, person in enumerate(self.people):
            step = self.steps[number]
            if step < 0 or (step < len(WAY) - 1 and self.sees(person, step)):
                self.steps[number] += 1
                person.type(WAY[self.steps[number]][0])
        return all(
            step == len(WAY) - 1 and self.sees(person, step)
            for step, person in zip(self.steps, self.people, strict=True)
        )

    def busy_until(self, calls: int) -> bool:
        """Go on until so many calls were made, or all have arrived."""
        return self.go_on() or len(self.telegram.calls) >= calls

    def __str__(self) -> str:
        """Where everybody is, for when they do not get on."""
        return "\n".join(
            f"{person.id} step {step} {[message.text[:40] for message in person.messages]}"
            for person, step in zip(self.people, self.steps, strict=True)
        )

    @staticmethod
    def sees(person: Person, step: int) -> bool:
        return bool([message for message in person.messages if message.ours]) and WAY[step][1] in looks(person)


def settled(person: Person) -> bool:
    """Whether the chat holds one message, ours."""
    return [message.ours for message in person.messages] == [True]


def run_to_the_end(telegram: FakeTelegram, bot: RealBot, crowd: Crowd) -> None:
    try:
        telegram.wait(crowd.go_on, timeout=WAIT)
    except AssertionError:
        raise AssertionError(f"{crowd}\n{bot.said()[-2000:]}") from None
    telegram.wait(lambda: all(map(settled, crowd.people)), timeout=WAIT)
    for person in crowd.people:
        person.type("exit")
    telegram.wait(lambda: all(person.messages == [] for person in crowd.people), timeout=WAIT)
    assert bot.stop() == 0


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_killed_at_random_nothing_is_lost_or_doubled(
    telegram: FakeTelegram, tmp_path: Path, record_property: Callable[[str, object], None], *, webhook: bool
) -> None:
    """F18, F19: and hardly a screen is sent twice. WAYMARK_KILLS is how often it is killed."""
    chance = random.Random(20261120)
    killed = crowds = 0
    while killed < KILLS:
        crowd, crowds = Crowd(telegram), crowds + 1
        with RealBot(telegram, tmp_path, webhook=webhook) as bot:
            for _ in range(min(10, KILLS - killed)):
                target = len(telegram.calls) + chance.randint(3, 40)
                telegram.wait(partial(crowd.busy_until, target), timeout=WAIT)
                bot.kill()
                killed += 1
                bot.start()
            run_to_the_end(telegram, bot, crowd)
    sent = len([call for call in telegram.calls_of("sendMessage") if call.answer and call.answer["ok"]])
    extra = sent - crowds * PEOPLE
    record_property("extra screens", extra)
    print(f"{killed} kills, {extra} extra screens, {crowds * PEOPLE * len(WAY)} turns")  # noqa: T201 - for a battery
    assert extra <= killed * PEOPLE  # one in each chat at most; how many it is depends on how fast the disk is


POINTS = ("before_commit", "after_commit", "before_show", "after_send", "after_show", "before_erase",
          "before_leave", "in_leave", "after_leave")  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point_nothing_is_lost_or_doubled(telegram: FakeTelegram, tmp_path: Path, point: str) -> None:
    """F18: between a commit and its screen, and between a tombstone and its deleting."""
    crowd = Crowd(telegram)
    bot = RealBot(telegram, tmp_path)
    bot.home.mkdir(exist_ok=True)
    leaving = "leave" in point
    if leaving:
        bot.start()
        telegram.wait(crowd.go_on, timeout=WAIT)
        assert bot.stop() == 0
    with bot.log.open("ab") as log:
        doomed = subprocess.Popen(
            [sys.executable, "-c", KILLING, point, "3"], stdout=log, stderr=log, env=bot.environment, cwd=bot.home
        )
    for person in crowd.people if leaving else ():
        person.type("exit")
    for _ in range(1200):  # it ends of itself, and nothing tells the fake of it
        if not leaving:
            crowd.go_on()
        with suppress(subprocess.TimeoutExpired):
            doomed.wait(0.05)
            break
    assert doomed.returncode == -9, bot.said()
    polls = len(telegram.calls_of("getUpdates"))
    with bot:
        telegram.wait(lambda: len(telegram.calls_of("getUpdates")) > polls, timeout=WAIT)
        if leaving:
            telegram.wait(lambda: all(person.messages == [] for person in crowd.people), timeout=WAIT)
            assert bot.stop() == 0
        else:
            run_to_the_end(telegram, bot, crowd)
