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


async def turns(address: str, folder: Path) -> cProfile.Profile:
    """The profile of the loop; the thread beside it only waits for the disk."""
    store = SqliteStore(folder / "sessions.db", keys(folder), bot=7000000001)
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
    return loop


def main() -> None:
    """Print it, by own time."""
    with server(0.0) as address, tempfile.TemporaryDirectory() as folder:
        profile = asyncio.run(turns(address, Path(folder)))
    print(f"\nthe loop, {TURNS:,} whole turns, by own time")
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(TOP)


if __name__ == "__main__":
    main()
