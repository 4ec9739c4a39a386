"""Killed at named points and at random, under load: no turn is lost or doubled, and no stale screen stays."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from real_bot import RealBot

KILLS = int(os.environ.get("WAYMARK_KILLS", "6"))
MANY = 100
"""From so many kills on it is a battery: every named point, in both modes."""

EXTRA = 0.2
"""Screens a kill that may be sent although one was there: what was cut on its way and was not found (0072)."""

PEOPLE = 8
WAIT = 100
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
import os, signal
point, count = {point!r}, 3
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
{{"before_commit": lambda: before(writer.Writer, "_commit"),
 "after_commit": lambda: after(writer.Writer, "_commit"),
 "before_show": lambda: before(chat.Telegram, "_show"),
 "after_send": lambda: after(chat.Telegram, "_send"),
 "after_show": lambda: after(chat.Telegram, "show"),
 "before_erase": lambda: before(chat.Telegram, "erase"),
 "before_leave": lambda: before(leaving, "leave"),
 "in_leave": lambda: after(leaving, "delete"),
 "after_leave": lambda: after(chat.Telegram, "leave")}}[point]()
"""


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
    """F18, F19: and hardly a screen is sent twice. WAYMARK_KILLS is how often it is killed.

    Eight people come at the same moment to a process that is killed within forty calls of its start, so that most kills
    cut the first screens of several of them. Sent again each time, these were 1.2 a kill; looked for (0072), none.
    """
    chance = random.Random(2)  # with which the first few kills cut some, too
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
    assert extra <= EXTRA * killed


POINTS = ("before_commit", "after_commit", "before_show", "after_send", "after_show", "before_erase",
          "before_leave", "in_leave", "after_leave")  # fmt: skip
ALL = [(point, webhook) for point in POINTS for webhook in (False, True)]
SOME = [
    ("after_commit", False),
    ("after_send", False),
    ("in_leave", False),
    ("before_show", True),
    ("before_leave", True),
]


@pytest.mark.parametrize(("point", "webhook"), ALL if KILLS >= MANY else SOME)
def test_killed_at_a_named_point_nothing_is_lost_or_doubled(
    telegram: FakeTelegram, tmp_path: Path, point: str, *, webhook: bool
) -> None:
    """F18: between a commit and its screen, and between a tombstone and its deleting. The battery has them all."""
    crowd = Crowd(telegram)
    bot = RealBot(telegram, tmp_path, webhook=webhook)
    leaving = "leave" in point
    if leaving:
        bot.start()
        telegram.wait(crowd.go_on, timeout=WAIT)
        assert bot.stop() == 0
    bot.program = KILLING.format(point=point)
    bot.start()
    for person in crowd.people if leaving else ():
        person.type("exit")
    assert bot.process
    for _ in range(1200):  # it ends of itself, and nothing tells the fake of it
        if not leaving:
            crowd.go_on()
        with suppress(subprocess.TimeoutExpired):
            bot.process.wait(0.05)
            break
    assert bot.process.returncode == -9, bot.said()
    bot.program, begins = "", "setWebhook" if webhook else "getUpdates"
    begun = len(telegram.calls_of(begins))
    with bot:
        telegram.wait(lambda: len(telegram.calls_of(begins)) > begun, timeout=WAIT)
        if leaving:
            telegram.wait(lambda: all(person.messages == [] for person in crowd.people), timeout=WAIT)
            assert bot.stop() == 0
        else:
            run_to_the_end(telegram, bot, crowd)
