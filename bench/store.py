"""The engine's step with a sealed, durable session, beside the bare floor: a sealed row and a commit."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Coroutine
from itertools import count
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.report import Row, rates
from bench.users import SCRIPT, TYPED
from bench.waymark import flows_in, keys
from bot.app import build
from bot.ports import Capabilities, Incoming, Page, Record
from bot.privacy.seal import SEALED
from bot.runtime import BUTTON, Runtime
from bot.settings import Texts
from bot.stores.sqlite import SqliteStore

SIDE = 64
WALKS, WALKS_SIDE = 60, 8
FLOOR = 2_000


class Nowhere:
    """A messenger that shows nothing: what is measured ends when the turn is kept."""

    capabilities = Capabilities(
        "bench", edits=True, erases_ours=True, erases_theirs=True, buttons=True, end_to_end="no"
    )

    async def show(self, record: Record, page: Page, /, *, anew: bool = True) -> Record:
        """See `Messenger.show`."""
        del page, anew
        return record

    async def erase(self, record: Record, /) -> tuple[int, ...]:
        """See `Messenger.erase`."""
        return record.erase

    async def leave(self, record: Record, /) -> None:
        """See `Messenger.leave`."""

    async def pressed(self, press: str, /) -> None:
        """See `Messenger.pressed`."""


async def walk(runtime: Runtime, address: str, updates: count[int], walks: int) -> int:
    """One user, so many walks: load, understand, step, page, seal, commit."""
    for _ in range(walks):
        page: Page | None = None
        for step in SCRIPT:
            update = next(updates)
            if step in TYPED:
                incoming = Incoming(address, step, "text", 1, update)
            else:
                assert page
                key = next(button.key for button in (*page.buttons, *page.fixed) if button.label.endswith(step))
                incoming = Incoming(address, page.stamp + BUTTON + key, "button", 1, update)
            work = await runtime.take(incoming)
            assert work
            page = work.page
    return walks * len(SCRIPT)


async def ours(folder: Path, users: int, walks: int) -> float:
    """Turns a second."""
    store = SqliteStore(folder / "sessions.db", keys(folder))
    runtime = build(Nowhere(), store=store, texts=Texts(flows=flows_in(folder)))
    updates = count(1)
    await walk(runtime, "warm", updates, 2)
    began = time.perf_counter()
    turns = sum(await asyncio.gather(*(walk(runtime, str(user), updates, walks) for user in range(users))))
    spent = time.perf_counter() - began
    await store.close()
    return turns / spent


async def floor(folder: Path, users: int, walks: int) -> float:
    """The least that can be done: seal a row, put it, commit; `users` rows a commit."""
    del walks
    cipher = AESGCM(AESGCM.generate_key(256))
    body = bytes(SEALED - 28)
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=2", "secure_delete=1"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE records (name BLOB PRIMARY KEY, sealed BLOB NOT NULL)")
    names = [os.urandom(16) for _ in range(users)]
    commits = FLOOR if users == 1 else FLOOR // 5
    began = time.perf_counter()
    for _ in range(commits):
        connection.execute("BEGIN IMMEDIATE")
        for name in names:
            nonce = os.urandom(12)
            connection.execute(
                "INSERT INTO records VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed=excluded.sealed",
                (name, nonce + cipher.encrypt(nonce, body, name)),
            )
        connection.execute("COMMIT")
    spent = time.perf_counter() - began
    connection.close()
    return commits * users / spent


Contender = Callable[[Path], Coroutine[None, None, float]]


def timed(contender: Contender) -> float:
    """Turns a second, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(contender(Path(folder)))


def report() -> list[Row]:
    """The contenders, interleaved."""
    contenders: dict[str, Contender] = {
        "floor, one row a commit": lambda folder: floor(folder, 1, 0),
        "floor, 64 rows a commit": lambda folder: floor(folder, SIDE, 0),
        "Waymark, one user (5,000)": lambda folder: ours(folder, 1, WALKS),
        "Waymark, 64 side by side (25,000)": lambda folder: ours(folder, SIDE, WALKS_SIDE),
    }
    return rates(
        "step and sealed, durable session, turns a second", contenders, timed, against="floor, one row a commit"
    )
