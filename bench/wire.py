"""A whole turn over loopback HTTP, by long polling: Waymark beside other libraries, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.report import Row
from bench.users import Mode
from bench.waymark import TOKEN

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv-peers"
LOCK = Path(__file__).parent / "peers" / "requirements.lock"
ROUNDS, DELAYED_ROUNDS = 5, 3
DELAY = 0.05
OURS, AGAINST = "Waymark: sealed and committed", "PTB ConversationHandler"
Phase = tuple[int, float]
Figures = dict[str, Any]

_PEERS = {
    AGAINST: ("ptb_dialogue", "walk"),
    "aiogram FSM": ("aiogram_dialogue", "walk"),
    "PTB echo": ("ptb_echo", "echo"),
    "aiogram echo": ("aiogram_echo", "echo"),
}


def installed() -> bool:
    """Whether the peers are there; on the first run they are installed."""
    ready = PEERS / f"ready-{LOCK.stat().st_size}"
    if ready.exists():
        return True
    pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS], check=True)
        subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    ready.touch()
    return True


def command(name: str, api: str, folder: Path) -> list[str]:
    """How a contender is started."""
    if name == OURS:
        return [sys.executable, "-m", "bench.waymark", api, str(folder)]
    return [str(PEERS / "bin" / "python"), "-m", f"bench.peers.{_PEERS[name][0]}", api, TOKEN]


@contextmanager
def server(delay: float) -> Iterator[str]:
    """The fast server, and its address."""
    arguments = [sys.executable, "-m", "bench.loopback_server", str(delay)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def phase(address: str, mode: Mode, count: int, seconds: float, turns: int = 0) -> Figures:
    """What one phase comes to."""
    body = json.dumps({"count": count, "seconds": seconds, "mode": mode, "turns": turns}).encode()
    with urllib.request.urlopen(f"{address}/run", body, timeout=seconds + 60) as answer:  # noqa: S310 - ours
        figures: Figures = json.load(answer)
    return figures


def played(name: str, phases: list[Phase], delay: float) -> list[Figures]:
    """All phases of one contender, in processes made for it."""
    mode: Mode = "echo" if name.endswith("echo") else "walk"
    with server(delay) as address, tempfile.TemporaryDirectory() as folder, (Path(folder) / "said").open("w+b") as said:
        arguments = command(name, f"{address}/bot", Path(folder))
        bot = subprocess.Popen(arguments, stdout=said, stderr=said)
        try:
            return [phase(address, mode, *each) for each in phases]
        except OSError:
            said.seek(0)
            print(said.read().decode(errors="replace")[-2000:])
            raise
        finally:
            bot.kill()
            bot.wait()


def measured(names: list[str], phases: list[Phase], delay: float, rounds: int) -> dict[str, list[list[Figures]]]:
    """Every contender, round after round."""
    found: dict[str, list[list[Figures]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(played(name, phases, delay))
    return found


def rows(title: str, found: dict[str, list[list[Figures]]], figure: str, which: int) -> list[Row]:
    """One figure of one phase, of every contender."""
    values = {name: tuple(round_[which][figure] for round_ in rounds) for name, rounds in found.items()}
    base = median(values[AGAINST if AGAINST in values else OURS]) or 1.0
    missing = () if AGAINST in values else tuple(_PEERS)
    return [Row(title, name, values.get(name, ()), base) for name in (*values, *missing)]


def calls(found: dict[str, list[list[Figures]]]) -> None:
    """How many calls a turn took: the same for everybody who walks."""
    print("\ncalls a turn, one user")
    for name, rounds in found.items():
        per_turn = sorted(rounds[0][0]["calls"].items())
        print(f"  {name:<34}", ", ".join(f"{call} {number:.2f}" for call, number in per_turn))


def report() -> Iterator[list[Row]]:
    """Without delay, with one user and with 64; then with 50 ms added to every answer, and 256."""
    there = installed()
    names = [OURS, *(_PEERS if there else ())]
    found = measured(names, [(1, 2.0), (64, 3.0)], 0.0, ROUNDS)
    yield rows("whole turn, one user, turns a second", found, "rate", 0)
    yield rows("whole turn, one user, p50 in ms (figure: 1.0)", found, "p50", 0)
    yield rows("whole turn, one user, p99 in ms", found, "p99", 0)
    yield rows("whole turn, 64 users, turns a second (figure: 2,000; 6 x)", found, "rate", 1)
    yield rows("whole turn, 64 users, p99 in ms", found, "p99", 1)
    calls(found)
    walkers = [name for name in names if not name.endswith("echo")]
    slow = measured(walkers, [(256, 6.0)], DELAY, DELAYED_ROUNDS)
    yield rows("50 ms added, 256 users, turns a second (figure: 900; 90 x)", slow, "rate", 0)
    yield rows("50 ms added, 256 users, p50 in ms", slow, "p50", 0)
    yield rows("50 ms added, 256 users, p99 in ms (figure: 350)", slow, "p99", 0)
