"""A database opened so that it forgets: the settings it must hold, read back, and nobody else beside us."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
from pathlib import Path

import sqlite_utils

from bot.ports import StoreError

SCHEMA = 1
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


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the database at `path`, made where there is none. Raises `StoreError` where it cannot be."""
    made = not path.exists()
    try:
        if made:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE))
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise StoreError(f"{path}: others may read it (mode {mode:o}); run `chmod 600` on it")
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        connection.text_factory = (
            bytes  # a damaged page may say that a row is text, and text that cannot be read raises
        )
        _ours(path, connection)
        for name, wanted in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={wanted}")
            held = connection.execute(f"PRAGMA {name}").fetchone()
            if held is None or held[0] not in {wanted, str(wanted).encode()}:
                raise StoreError(f"{path}: SQLite does not hold {name}={wanted} here")
        _schema(connection)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"{path}: cannot be opened ({type(error).__name__}: {error}); it is left as it is. "
            "Put it back whole, or move it away to begin without sessions"
        ) from None
    return connection


def _ours(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse what is somebody else's before changing a bit of it."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version != SCHEMA and (version or tables):
        raise StoreError(f"{path}: is not a database of this version of Waymark; move it away")


def _schema(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA:
        return
    tables = sqlite_utils.Database(connection)
    tables["records"].create({"name": bytes, "sealed": bytes}, pk="name", not_null={"name", "sealed"})  # type: ignore[union-attr]
    tables["seen"].create({"bot": int, "id": int, "hour": int}, pk=("bot", "id"))  # type: ignore[union-attr]
    connection.execute(f"PRAGMA user_version={SCHEMA}")


class OneProcess:
    """A lock that the system lets go of when the process ends, however it ends.

    The time of its file is when the store was last swept: it says when the bot ran, and nothing of anybody.
    """

    def __init__(self, path: Path) -> None:
        """Raises `StoreError` where another process holds the lock of the database at `path`."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = path.with_name(f"{path.name}.lock")
        self.seen = int(lock.stat().st_mtime) if lock.exists() else 0
        self._lock = os.open(lock, os.O_WRONLY | os.O_CREAT, MODE)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise StoreError(f"{path}: another process uses it; one bot, one process") from None

    def note(self, now: int) -> None:
        """Set the time of the last sweep. Raises `OSError` where the disk does not take it."""
        os.utime(self._lock, (now, now))
        os.fsync(self._lock)
        self.seen = now

    def close(self) -> None:
        """Let go."""
        os.close(self._lock)
