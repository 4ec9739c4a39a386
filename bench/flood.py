"""Everybody else, while one chat sends a hundred updates a second: what a turn of theirs takes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from statistics import median
from typing import Any

from bench.report import Row
from bench.wire import server

USERS, SECONDS, PACE, DELAY = 64, 12.0, 1.0, 0.02
"""As many people as would fill a large service, each of whom acts a second after the screen before has come."""

ROUNDS = 5
AGAINST = "nobody floods"
SCENES = {
    AGAINST: ("", ("limited",)),
    "one chat, 100 a second": ("/start", ("limited",)),
    "one chat, 100 exit words a second": ("exit", ("limited",)),
    "one chat, 100 a second, no limit": ("/start", ()),
}
Figures = dict[str, Any]


def played(flood: str, limit: tuple[str, ...]) -> Figures:
    """One scene, in processes made for it."""
    with server(DELAY) as address, tempfile.TemporaryDirectory() as folder:
        bot = subprocess.Popen([sys.executable, "-m", "bench.waymark", f"{address}/bot", folder, *limit])
        asked = {"count": USERS, "seconds": SECONDS, "mode": "walk", "turns": 0, "pace": PACE, "flood": flood}
        try:
            body = json.dumps(asked).encode()
            with urllib.request.urlopen(f"{address}/run", body, timeout=SECONDS + 60) as answer:  # noqa: S310 - ours
                figures: Figures = json.load(answer)
        finally:
            bot.kill()
            bot.wait()
    return figures


def report() -> Iterator[list[Row]]:
    """The scenes, round after round."""
    found: dict[str, list[Figures]] = {name: [] for name in SCENES}
    for _ in range(ROUNDS):
        for name, scene in SCENES.items():
            found[name].append(played(*scene))
    for figure in ("p50", "p95", "p99"):
        title = f"everybody else's turns beside a flood, 20 ms added, milliseconds, {figure}"
        base = median(each[figure] for each in found[AGAINST])
        yield [Row(title, name, tuple(each[figure] for each in rounds), base) for name, rounds in found.items()]
    title = "calls to Telegram, but for asking for updates, for each turn of everybody else"
    calls = {name: tuple(map(made, rounds)) for name, rounds in found.items()}
    yield [Row(title, name, values, median(calls[AGAINST])) for name, values in calls.items()]


def made(figures: Figures) -> float:
    """Calls that change something, for each turn."""
    calls: dict[str, float] = figures["calls"]
    return sum(number for method, number in calls.items() if method != "getUpdates")
