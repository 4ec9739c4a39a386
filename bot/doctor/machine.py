"""The clock, the logs, and where memory may be written to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta

from bot.doctor.kept import bot_of, day_of
from bot.doctor.lines import Line
from bot.doctor.surroundings import Surroundings
from bot.privacy.logs import FOREIGN
from bot.settings import kept_in

JUMP = 2
"""Seconds the clock may move against one that nobody sets, while we look."""

UNSAFE = ("PYTHONASYNCIODEBUG", "PYTHONDEVMODE")
"""Settings of Python under which libraries write down what they do."""


FIRST, LAST = 2026, 2100
"""The year this was written in, and one that nobody means."""


def clock(around: Surroundings, checked: date) -> Iterator[Line]:
    """The wall clock, against what is known to have been before it: the day `checked`, and the files of the bot."""
    now = around.now()
    today = day_of(now)
    if not FIRST <= today.year < LAST:
        yield "year", {"year": today.year}
        return
    if checked > today + timedelta(1):
        yield "early", {"day": today, "other": checked}
    for path in kept_in(around.environment)[:2]:
        if path.exists() and path.stat().st_mtime > now + 60:
            yield "ahead", {"path": path}


def jumped(around: Surroundings, begun: float) -> Iterator[Line]:
    """Whether the wall clock moved against one that nobody sets, since their difference was `begun`."""
    moved = around.now() - around.boot() - begun
    if abs(moved) > JUMP:
        yield "jumped", {"seconds": round(moved)}


def swap(around: Surroundings) -> Iterator[Line]:
    """Where the memory of the bot may be moved to."""
    swaps = around.read("proc/swaps")
    if swaps is None:
        yield "swap-unseen", {}
    elif around.may_swap(bot_of(around)):
        for line in swaps.splitlines()[1:]:
            device = line.split()[0]
            if not around.encrypted(device):
                yield "swap", {"device": device}


def core(around: Surroundings) -> Iterator[Line]:
    """Where the memory of the bot goes when it crashes: of the one that runs, else of one started from here."""
    limit = around.core_limit(bot_of(around))
    if limit != "0":
        yield "core", {"limit": limit}
    pattern = (around.read("proc/sys/kernel/core_pattern") or "").strip()
    if pattern.startswith("|") and "systemd-coredump" not in pattern:  # which keeps to the limit; others need not
        yield "core-program", {}


def logs(around: Surroundings) -> Iterator[Line]:
    """What becomes of a line of somebody else's library: one is made of each, and nothing that it was given is left."""
    mark = "\x00"
    for name in FOREIGN:
        logger = logging.getLogger(name)
        made = logger.makeRecord(name, logging.ERROR, "", 0, "%s", (mark,), None)
        whole = logger.makeRecord(name, logging.ERROR, "", 0, mark, (), (ValueError, ValueError(mark), None))
        if mark in made.getMessage() or mark in whole.getMessage() or whole.exc_info:
            yield "log-lines", {"name": name}
    for name in UNSAFE:
        if around.environment.get(name):
            yield "log-level", {"name": name}
