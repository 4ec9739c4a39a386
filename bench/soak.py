"""A long run at a steady pace: memory must stay flat and no file may stay open. `python -m bench.soak MINUTES`.

Files are counted at rest, a minute in and at the end: connections stay open as long as there is work for them, and how
many there are while it runs says how busy the machine is.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from real_bot import RealBot

RATE, PEOPLE = 20.0, 200
MINUTES = 30.0
WARM = 0.2
"""The part of a run in which memory may still grow: pages are prepared, catalogs are read."""

REST = 160.0
"""Seconds without a turn, after which no connection is kept: the program looks every 75 for those idle for 75."""

GROWN = 1.05
LIVES = 60
"""Turns after which somebody leaves, and begins again later."""

TYPED = ("hello", "back", "what is this", "/menu", "help", "1", "2", "3", "done")


class Seen(NamedTuple):
    """What was seen of the process at one time: seconds, KiB of memory, open files, turns so far."""

    at: float
    memory: int
    files: int
    turns: int


def looked_at(process: subprocess.Popen[bytes], began: float, turns: int) -> Seen:
    """Memory that is really used, and open files and sockets."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    memory = int(status.partition("VmRSS:")[2].split()[0])
    return Seen(time.monotonic() - began, memory, len(os.listdir(f"/proc/{process.pid}/fd")), turns)  # noqa: PTH208 - of another process


def act(person: Person, chance: random.Random) -> None:
    """One turn of somebody: a button that is there, or words."""
    ours = [message for message in person.messages if message.ours]
    buttons = [data for message in ours for row in message.buttons for _, data in row if not data.endswith("|exit")]
    if not ours:
        person.type("/start")
    elif chance.random() < 1 / LIVES:
        person.type("exit")
    elif buttons and chance.random() < 0.8:
        person.forge(chance.choice(buttons), ours[-1].id)
    else:
        person.type(chance.choice(TYPED))


def soaked(minutes: float) -> tuple[list[Seen], int]:
    """What was seen, once every ten seconds, and how many files more were open at rest at the end than a minute in."""
    chance = random.Random(7)
    seen: list[Seen] = []
    rested: list[int] = []
    with FakeTelegram() as telegram, tempfile.TemporaryDirectory() as folder:
        people = [telegram.person(10_000 + number) for number in range(PEOPLE)]
        with RealBot(telegram, Path(folder)) as bot:
            telegram.wait(lambda: telegram.calls_of("getUpdates"))
            assert bot.process
            began, turns = time.monotonic(), 0
            while (now := time.monotonic() - began) < minutes * 60:
                if not rested and now >= 60:
                    time.sleep(REST)
                    rested.append(looked_at(bot.process, began, turns).files)
                    began += REST
                if not seen or now - seen[-1].at >= 10:
                    seen.append(looked_at(bot.process, began, turns))
                    with telegram.changes.lock:
                        del telegram.calls[:-1000], telegram.state.past[:-1000]
                        telegram.state.presses = dict(list(telegram.state.presses.items())[-1000:])
                act(chance.choice(people), chance)
                turns += 1
                time.sleep(max(0.0, turns / RATE - (time.monotonic() - began)))
            seen.append(looked_at(bot.process, began, turns))
            time.sleep(REST)
            rested.append(looked_at(bot.process, began, turns).files)
            assert bot.stop() == 0, bot.said()[-2000:]
            assert "fault" not in bot.said(), bot.said()[-2000:]
        assert not telegram.violations, telegram.violations
    return seen, rested[-1] - rested[0]


def main(minutes: float) -> int:
    """Print what was seen, and fail where memory grew or files stayed open."""
    seen, files = soaked(minutes)
    settled = [each for each in seen if each.at >= WARM * minutes * 60]
    third = max(1, len(settled) // 3)
    first, last = settled[:third], settled[-third:]
    for name, parts in (("first third", first), ("last third", last)):
        memory = median(each.memory for each in parts)
        print(f"{name:<12} memory {memory / 1024:7.1f} MiB  turns {parts[-1].turns:7,}")
    grew = median(each.memory for each in last) / median(each.memory for each in first)
    pace = seen[-1].turns / seen[-1].at
    print(f"memory x {grew:.3f} (at most {GROWN}), files at rest {files:+d} (at most 0), {pace:.1f} turns a second")
    return int(grew > GROWN or files > 0)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES))
