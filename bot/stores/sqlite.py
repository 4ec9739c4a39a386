"""Sessions in SQLite: sealed rows of one size, and one commit for all turns that wait."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Protocol

from bot.ports import Record, Saved, StoreError
from bot.privacy import seal
from bot.privacy.keys import Key, Keys
from bot.privacy.logs import fault
from bot.stores.opening import OneProcess, connect
from bot.stores.records import FIRST, Part, noted, parts_of, read_part, record_of, with_all
from bot.stores.writer import Writer

log = logging.getLogger(__name__)
SEEN_HOURS = 26
"""Telegram keeps an update for 24 hours; two more for clocks that disagree."""

WINDOW = 4_096
SURELY_FITS = seal.ROOM // 2
"""Bytes of a session beside which everything else of a record fits: ids take at most nine bytes each."""


class Cipher(Protocol):
    """How a row is sealed. Tests replace it, to show what sealing is for."""

    def seal(self, record: bytes, name: bytes, key: Key) -> bytes:
        """The row of a record."""

    def unseal(self, sealed: bytes, name: bytes, key: Key) -> bytes:
        """The record of a row; raises `BrokenSealError`."""


class SqliteStore:
    """A `SessionStore` on a disk. One process, one transaction at a time, any number of turns in it."""

    def __init__(self, path: Path, keys: Keys, *, cipher: Cipher = seal, bot: int = 0) -> None:
        """Open the database at `path`, made where there is none. Raises `StoreError` where it cannot be trusted."""
        self._path, self._keys, self._cipher, self._bot = path, keys, cipher, bot
        self._lock = OneProcess(path)
        try:
            self._db = connect(path)
            self._reader = connect(path)
            self._scanner = connect(path)
        except StoreError:
            self._lock.close()
            raise
        self._writer = Writer(path, self._db)

    # Rows

    def _rows(self, connection: sqlite3.Connection, address: str) -> tuple[list[Part], list[bytes]]:
        """The parts of a record under whichever key it was written, and their names."""
        for key in self._keys:
            first = self._part(connection, seal.name_of(address, key), key)
            if first is not None:
                names = self._names(first, key)
                return [first, *self._rest(connection, names, key)], names
        return [], []

    @staticmethod
    def _names(first: Part, key: Key) -> list[bytes]:
        return [seal.name_of(first.address, key, number) for number in range(first.parts)]

    def _rest(self, connection: sqlite3.Connection, names: list[bytes], key: Key) -> list[Part]:
        return [part for name in names[1:] if (part := self._part(connection, name, key))]

    def _part(self, connection: sqlite3.Connection, name: bytes, key: Key) -> Part | None:
        row = connection.execute("SELECT sealed FROM records WHERE name=?", (name,)).fetchone()
        if row is None or not isinstance(row[0], bytes):
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
        if len(record.session) + len(record.dull) > SURELY_FITS or len(record.erase) > FIRST:
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

        return await self._writer.do(work, vital=not record.session)

    async def shown(self, record: Record, erased: tuple[int, ...] = (), *, soon: bool = False) -> None:
        """See `SessionStore.shown`."""

        def work() -> None:
            parts, old = self._rows(self._db, record.address)
            if parts and parts[0].turn >= record.turn:
                self._put(noted(record_of(parts), record, erased), old)

        if soon:
            self._writer.soon(work)
        else:
            await self._writer.do(work)

    async def drop(self, address: str, turn: int | None = None) -> None:
        """See `SessionStore.drop`."""

        def work() -> None:
            parts, names = self._rows(self._db, address)
            if turn is not None and parts and parts[0].turn != turn:
                return
            self._db.executemany("DELETE FROM records WHERE name=?", [(name,) for name in names])

        await self._writer.do(work, vital=True)

    async def all(self) -> list[Record]:
        """See `SessionStore.all`."""
        await self._flush()
        return await asyncio.to_thread(self._read_all)

    async def _flush(self) -> None:
        """What was to be written soon is to be seen; where nothing can be written, what there is."""
        with suppress(StoreError):
            await self._writer.do(lambda: None)

    def _read_all(self) -> list[Record]:
        found = []
        for name, sealed in self._sealed():
            for key in self._keys:
                with suppress(seal.BrokenSealError, ValueError):
                    first = read_part(self._cipher.unseal(sealed, name, key))
                    if first.address:
                        names = self._names(first, key)
                        found.append(record_of([first, *self._rest(self._scanner, names, key)]))
                    break
        return found

    def _sealed(self) -> list[tuple[bytes, bytes]]:
        """Every row that can be read: where a page is damaged, those before it and those after it."""
        found: dict[bytes, bytes] = {}
        for order in ("ASC", "DESC"):
            try:
                with closing(self._scanner.execute(f"SELECT name, sealed FROM records ORDER BY rowid {order}")) as rows:  # noqa: S608 - ours
                    found.update(row for row in rows if all(isinstance(part, bytes) for part in row))
                break
            except sqlite3.Error as error:
                if order == "DESC" and not found:
                    raise StoreError(f"{self._path}: cannot be read ({type(error).__name__}: {error})") from None
        return list(found.items())

    async def sweep(self, today: date, now: int) -> None:
        """See `SessionStore.sweep`: what no key opens any more goes too."""
        gone = await asyncio.to_thread(self._turn, today)
        await self._writer.do(lambda: self._forget(now, gone), vital=True)
        await self._writer.between(self._empty_log)
        with suppress(OSError):
            self._lock.note(now)

    def seen(self) -> int:
        """See `SessionStore.seen`."""
        return self._lock.seen

    def _turn(self, today: date) -> list[bytes]:
        """Turn the keys, or where the disk takes none try at the next sweep; the names of rows that none opens now."""
        try:
            if not self._keys.turn(today):
                return []
        except OSError as error:
            fault(log, error)
            return []
        return [name for name, sealed in self._sealed() if not self._opens(name, sealed)]

    def _forget(self, now: int, gone: list[bytes]) -> None:
        self._db.execute("DELETE FROM seen WHERE hour < ?", (now // 3600 - SEEN_HOURS,))
        self._db.execute(
            "DELETE FROM seen WHERE bot=? AND id <= (SELECT max(id) FROM seen WHERE bot=?) - ?",
            (self._bot, self._bot, WINDOW),
        )
        self._db.executemany("DELETE FROM records WHERE name=?", [(name,) for name in gone])

    def _opens(self, name: bytes, sealed: bytes) -> bool:
        for key in self._keys:
            with suppress(seal.BrokenSealError):
                self._cipher.unseal(sealed, name, key)
                return True
        return False

    def _empty_log(self) -> None:
        """Move the log into the database and cut it to nothing: what was deleted is then in neither."""
        with suppress(sqlite3.Error):
            self._scanner.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer.keep_room()

    async def close(self) -> None:
        """See `SessionStore.close`."""
        await self._writer.close()
        self._empty_log()
        for connection in (self._scanner, self._reader, self._db):
            connection.close()
        self._lock.close()
