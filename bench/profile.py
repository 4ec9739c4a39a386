"""Where the time of a whole turn goes: 2,000 of them, 64 users side by side, against the fast server."""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import tempfile
from contextlib import suppress
from pathlib import Path

from bench.waymark import TOKEN, keys, parts
from bench.wire import phase, server
from bot.messengers.telegram.flood import unlimited
from bot.messengers.telegram.run import run
from bot.stores.sqlite import SqliteStore

TURNS, USERS, TOP = 2_000, 64, 25


class Profiled(SqliteStore):
    """A store whose writer is profiled: a profiler sees one thread."""

    def _write(self) -> None:
        self.writer = cProfile.Profile()
        self.writer.runcall(super()._write)


async def turns(address: str, folder: Path) -> tuple[cProfile.Profile, cProfile.Profile]:
    """The profiles of the loop and of the writer."""
    store = Profiled(folder / "sessions.db", keys(folder), bot=7000000001)
    wire, messenger, runtime = parts(f"{address}/bot", folder, store)
    bot = asyncio.create_task(run(wire, TOKEN, messenger, runtime, {}, flood=unlimited()))
    await asyncio.to_thread(phase, address, "walk", USERS, 60, 500)
    loop = cProfile.Profile()
    loop.enable()
    await asyncio.to_thread(phase, address, "walk", USERS, 60, TURNS)
    loop.disable()
    bot.cancel()
    with suppress(asyncio.CancelledError):
        await bot
    await store.close()
    return loop, store.writer


def main() -> None:
    """Print both, by own time."""
    with server(0.0) as address, tempfile.TemporaryDirectory() as folder:
        loop, writer = asyncio.run(turns(address, Path(folder)))
    for name, profile in (("the loop", loop), ("the writer (with 500 turns before)", writer)):
        print(f"\n{name}, {TURNS:,} whole turns, by own time")
        pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(TOP)


if __name__ == "__main__":
    main()
