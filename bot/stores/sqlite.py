"""Sessions in SQLite: sealed rows of one size, and one commit for all turns that wait."""

from __future__ import annotations

import asyncio
import fcntl
import os
import queue
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlite_utils

from bot.ports import Record, Saved, StoreError
from bot.privacy import seal
from bot.privacy.keys import Key, Keys
from bot.stores.records import Part, noted, parts_of, read_part, record_of, with_all

T = TypeVar("T")
SCHEMA = 1
SEEN_HOURS = 26
"""Telegram keeps an update for 24 hours; two more for clocks that disagree."""

WINDOW = 4_096
MODE = 0o600
PRAGMAS: dict[str, str | int] = {
    "secure_delete": 1,
    "journal_mode": "wal",
    "synchronous": 2,
    "temp_store": 2,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
}
"""Set on every connection and read back; without them a promise would not hold."""


class Cipher(Protocol):
    """How a row is sealed. Tests replace it, to show what sealing is for."""

    def seal(self, record: bytes, name: bytes, key: Key) -> bytes:
        """The row of a record."""

    def unseal(self, sealed: bytes, name: bytes, key: Key) -> bytes:
        """The record of a row; raises `BrokenSealError`."""


class SqliteStore:
    """A `SessionStore` on a disk. One process, one writer thread, any number of turns a commit."""

    def __init__(self, path: Path, keys: Keys, *, cipher: Cipher = seal, bot: int = 0) -> None:
        """Open the database at `path`, made where there is none. Raises `StoreError` where it cannot be trusted."""
        self._path, self._keys, self._cipher, self._bot = path, keys, cipher, bot
        self._lock = _only_one(path)
        try:
            self._db = self._connect()
            self._reader = self._connect()
        except StoreError:
            os.close(self._lock)
            raise
        self._soon: list[_Job] = []
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="store", daemon=True)
        self._writer.start()

    # Opening

    def _connect(self) -> sqlite3.Connection:
        made = not self._path.exists()
        try:
            if made:
                os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE))
            mode = stat.S_IMODE(self._path.stat().st_mode)
            if mode & 0o077:
                raise StoreError(f"{self._path}: others may read it (mode {mode:o}); run `chmod 600` on it")
            connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=10)
            self._ours(connection)
            for name, wanted in PRAGMAS.items():
                connection.execute(f"PRAGMA {name}={wanted}")
                held = connection.execute(f"PRAGMA {name}").fetchone()
                if held is None or str(held[0]).lower() != str(wanted).lower():
                    raise StoreError(f"{self._path}: SQLite does not hold {name}={wanted} here")
            self._schema(connection)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{self._path}: cannot be opened ({type(error).__name__}: {error}); it is left as it is. "
                "Put it back whole, or move it away to begin without sessions"
            ) from None
        return connection

    def _ours(self, connection: sqlite3.Connection) -> None:
        """Refuse what is somebody else's before changing a bit of it."""
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version != SCHEMA and (version or tables):
            raise StoreError(f"{self._path}: is not a database of this version of Waymark; move it away")

    @staticmethod
    def _schema(connection: sqlite3.Connection) -> None:
        if connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA:
            return
        tables = sqlite_utils.Database(connection)
        tables["records"].create({"name": bytes, "sealed": bytes}, pk="name", not_null={"name", "sealed"})  # type: ignore[union-attr]
        tables["seen"].create({"bot": int, "id": int, "hour": int}, pk=("bot", "id"))  # type: ignore[union-attr]
        connection.execute(f"PRAGMA user_version={SCHEMA}")

    # The writer

    def _write(self) -> None:
        """Take all jobs that wait, do them in one transaction, and only then say that they are done."""
        while True:
            jobs = [self._waiting.get()]
            with suppress(queue.Empty):
                while jobs[-1] is not None:
                    jobs.append(self._waiting.get_nowait())
            soon, self._soon = self._soon, []
            self._commit([*soon, *(job for job in jobs if job)])
            if jobs[-1] is None:
                return

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for job in jobs:
                job.run()
            self._db.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - whatever it was, everybody who waits must be told, and the next served
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            reason = f": {error}" if isinstance(error, sqlite3.Error | OSError) else ""
            for job in jobs:
                job.fail(StoreError(f"{self._path}: cannot be written ({type(error).__name__}{reason})"))
        else:
            for job in jobs:
                job.done()

    async def _do(self, work: Callable[[], T]) -> T:
        job = _Job(work, asyncio.get_running_loop())
        self._waiting.put(job)
        result: T = await job.future
        return result

    # Rows

    def _rows(self, connection: sqlite3.Connection, address: str) -> tuple[list[Part], list[bytes]]:
        """The parts of a record under whichever key it was written, and their names."""
        for key in self._keys:
            first = self._part(connection, seal.name_of(address, key), key)
            if first is not None:
                names = [seal.name_of(address, key, number) for number in range(first.parts)]
                rest = [self._part(connection, name, key) for name in names[1:]]
                return [first, *(part for part in rest if part)], names
        return [], []

    def _part(self, connection: sqlite3.Connection, name: bytes, key: Key) -> Part | None:
        row = connection.execute("SELECT sealed FROM records WHERE name=?", (name,)).fetchone()
        if row is None:
            return None
        try:
            return read_part(self._cipher.unseal(row[0], name, key))
        except (seal.BrokenSealError, ValueError):
            return None  # it was altered: as good as none, and never guessed at

    def _put(self, record: Record, old: list[bytes]) -> None:
        key = self._keys.newest
        fresh = []
        for number, row in enumerate(parts_of(record)):
            name = seal.name_of(record.address, key, number)
            fresh.append(name)
            sealed = self._cipher.seal(row, name, key)
            self._db.execute(
                "INSERT INTO records VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed=excluded.sealed",
                (name, sealed),
            )
        gone = [(name,) for name in old if name not in fresh]
        if gone:
            self._db.executemany("DELETE FROM records WHERE name=?", gone)

    # The contract

    async def load(self, address: str) -> Record | None:
        """See `SessionStore.load`."""
        try:
            parts, _ = self._rows(self._reader, address)
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: cannot be read ({type(error).__name__}: {error})") from None
        return record_of(parts) if parts else None

    async def save(self, record: Record, after: int | None, update: int = 0) -> Saved:
        """See `SessionStore.save`."""
        seal.check_fits(parts_of(record))

        def work() -> Saved:
            parts, old = self._rows(self._db, record.address)
            if update and self._db.execute("SELECT 1 FROM seen WHERE bot=? AND id=?", (self._bot, update)).fetchone():
                return Saved.DUPLICATE
            if (parts[0].turn if parts else None) != after:
                return Saved.OVERTAKEN
            self._put(with_all(record, record_of(parts) if parts else None), old)
            if update:
                self._db.execute("INSERT INTO seen VALUES (?, ?, ?)", (self._bot, update, record.at // 3600))
            return Saved.KEPT

        return await self._do(work)

    async def shown(self, record: Record, erased: tuple[int, ...] = (), *, soon: bool = False) -> None:
        """See `SessionStore.shown`."""

        def work() -> None:
            parts, old = self._rows(self._db, record.address)
            if parts and parts[0].turn >= record.turn:
                self._put(noted(record_of(parts), record, erased), old)

        if soon:
            job = _Job(work, asyncio.get_running_loop())
            job.future.add_done_callback(lambda done: done.exception())  # nobody waits for it
            self._soon.append(job)  # it goes with the next commit
        else:
            await self._do(work)

    async def drop(self, address: str, turn: int | None = None) -> None:
        """See `SessionStore.drop`."""

        def work() -> None:
            parts, names = self._rows(self._db, address)
            if turn is not None and parts and parts[0].turn != turn:
                return
            self._db.executemany("DELETE FROM records WHERE name=?", [(name,) for name in names])

        await self._do(work)

    async def all(self) -> list[Record]:
        """See `SessionStore.all`."""

        def work() -> list[Record]:
            found = []
            for name, sealed in self._db.execute("SELECT name, sealed FROM records").fetchall():
                for key in self._keys:
                    with suppress(seal.BrokenSealError, ValueError):
                        first = read_part(self._cipher.unseal(sealed, name, key))
                        if first.address:
                            parts, _ = self._rows(self._db, first.address)
                            found.append(record_of(parts))
                        break
            return found

        return await self._do(work)

    async def sweep(self, today: date, now: int) -> None:
        """See `SessionStore.sweep`: what no key opens any more goes too."""
        await self._do(lambda: self._forget(today, now))
        await self._do(lambda: None)  # the checkpoint must come after the commit of the sweep
        self._checkpoint()

    def _forget(self, today: date, now: int) -> None:
        old = now // 3600 - SEEN_HOURS
        self._db.execute("DELETE FROM seen WHERE hour < ?", (old,))
        self._db.execute(
            "DELETE FROM seen WHERE bot=? AND id <= (SELECT max(id) FROM seen WHERE bot=?) - ?",
            (self._bot, self._bot, WINDOW),
        )
        if self._keys.turn(today):
            gone = [
                name
                for name, sealed in self._db.execute("SELECT name, sealed FROM records")
                if not self._opens(name, sealed)
            ]
            self._db.executemany("DELETE FROM records WHERE name=?", [(name,) for name in gone])

    def _opens(self, name: bytes, sealed: bytes) -> bool:
        for key in self._keys:
            with suppress(seal.BrokenSealError):
                self._cipher.unseal(sealed, name, key)
                return True
        return False

    def _checkpoint(self) -> None:
        """Move the log into the database and cut it to nothing: what was deleted is then in neither."""
        with suppress(sqlite3.Error):
            self._reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """See `SessionStore.close`."""
        self._waiting.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._writer.join)
        self._checkpoint()
        self._reader.close()
        self._db.close()
        os.close(self._lock)


class _Job:
    """Something to do on the writer's thread, and the future of whoever waits for it."""

    __slots__ = ("_loop", "_work", "future", "result")

    def __init__(self, work: Callable[[], Any], loop: asyncio.AbstractEventLoop) -> None:
        self._work = work
        self._loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None

    def run(self) -> None:
        self.result = self._work()

    def done(self) -> None:
        self._loop.call_soon_threadsafe(self._set, None)

    def fail(self, error: StoreError) -> None:
        self._loop.call_soon_threadsafe(self._set, error)

    def _set(self, error: StoreError | None) -> None:
        if self.future.done():
            return
        if error:
            self.future.set_exception(error)
        else:
            self.future.set_result(self.result)


def _only_one(path: Path) -> int:
    """A lock that the system lets go of when the process ends, however it ends."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_WRONLY | os.O_CREAT, MODE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise StoreError(f"{path}: another process uses it; one bot, one process") from None
    return lock
