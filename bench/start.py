"""Start to ready, and the memory of many sessions."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
import tracemalloc

from bench import dialogue
from bench.report import Row, rates
from bot.engine.flows import Known
from bot.ports import Record
from bot.record import encode
from bot.stores.memory import MemoryStore

SESSIONS = 100_000
_IMPORTS = "import babel.core, click, markdown_it, msgspec, rapidfuzz, transitions, asyncio"
_RESIDENT = (
    "import sys; from bot import app; from bot.messengers.terminal import Terminal; app.build(Terminal(sys.stdout));"
    "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmRSS')))"
)


def started(command: list[str]) -> float:
    """Milliseconds until the program has shown its first screen and left again."""
    began = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * 1000


def start() -> list[Row]:
    """From nothing to the first screen of the terminal, and to its end."""
    contenders = {
        "python alone": [sys.executable, "-c", "pass"],
        "imports alone": [sys.executable, "-c", _IMPORTS],
        "Waymark: first screen, and left": [sys.executable, "-m", "bot", "chat"],
    }
    return rates("start, milliseconds", contenders, started, against="imports alone")


def sessions() -> list[Row]:
    """Megabytes for 100,000 live sessions in memory (not sealed yet)."""
    known = Known(frozenset({"flow talk"}))
    flows = dialogue.flows()
    begun, events = dialogue.script(flows, known)
    walked = dialogue.walk(flows, begun, events, known)[9].session
    assert walked
    record = encode(walked)

    async def fill() -> float:
        store = MemoryStore()
        tracemalloc.start()
        for number in range(SESSIONS):
            await store.save(Record(str(number), record, 9, 9, 1, 1, (), 1), None)
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return used / 1e6

    used = asyncio.run(fill())
    resident = float(subprocess.run([sys.executable, "-c", _RESIDENT], capture_output=True, check=True).stdout) / 1000
    title = "memory, MB (figures: 60 and 80)"
    return [
        Row(title, "100,000 live sessions", (used,), 60.0),
        Row(title, "the process at rest", (resident,), 80.0),
    ]
