"""The key file: three random keys, one a day, the oldest dropped at midnight UTC.

What a disk may still hold of older days can then not be read by us. A key file is never in the same folder as what it
opens, unless somebody puts it there.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

DAYS = 3
"""Today and the two days before."""

SIZE = 32
MODE = 0o600


class BadKeyFileError(Exception):
    """A key file that cannot be used: the message names the file, what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """One day's key, and the two made from it: one names records, one seals them."""

    day: date
    secret: bytes = field(repr=False)
    naming: bytes = field(repr=False)
    sealing: bytes = field(repr=False)

    @classmethod
    def of(cls, day: date, secret: bytes) -> Key:
        """The key of a day; the same secret never does two jobs."""
        parts = (hmac.digest(secret, purpose, sha256) for purpose in (b"waymark name", b"waymark seal"))
        return cls(day, secret, *parts)


class Keys:
    """Today's key and those before it, newest first, in step with the file."""

    def __init__(self, path: Path, keys: tuple[Key, ...]) -> None:
        self._path = path
        self._keys = keys

    @classmethod
    def open(cls, path: Path, today: date) -> Keys:
        """The keys in the file at `path`, which is made where there is none.

        Raises `BadKeyFileError` where it is there and cannot be used: a new one would lose what the old one opens.
        """
        keys = cls(path, _read(path) if path.exists() else ())
        keys.turn(today)
        return keys

    def turn(self, today: date) -> bool:
        """Make today's key and drop those that are too old; whether anything changed. Call it at midnight UTC.

        A clock that went back keeps the keys there are: a key is never made twice for a day.
        """
        kept = tuple(key for key in self._keys if key.day > today - timedelta(DAYS))
        ahead = bool(self._keys) and self._keys[0].day >= today
        fresh = kept[:DAYS] if ahead else (Key.of(today, secrets.token_bytes(SIZE)), *kept)[:DAYS]
        if fresh == self._keys and self._path.exists():
            return False
        _write(self._path, fresh)  # first: what is sealed with a key that is in no file is lost
        self._keys = fresh
        return True

    @property
    def newest(self) -> Key:
        """The key that seals."""
        return self._keys[0]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)


def days_in(path: Path) -> tuple[date, ...]:
    """The days that the file at `path` has keys for, newest first; nothing is changed. Raises `BadKeyFileError`."""
    return tuple(key.day for key in _read(path))


def _read(path: Path) -> tuple[Key, ...]:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise BadKeyFileError(f"{path}: others may read it (mode {mode:o}); run `chmod 600` on it")
    try:
        days = json.loads(path.read_bytes())
        keys = [Key.of(date.fromisoformat(day), bytes.fromhex(secret)) for day, secret in days.items()]
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise BadKeyFileError(
            f"{path}: not a key file of ours ({type(error).__name__}); put the right one back, or move it away to "
            "begin with new keys and forget every session"
        ) from None
    if not keys or any(len(key.secret) != SIZE for key in keys):
        raise BadKeyFileError(f"{path}: holds no whole key; put the right one back, or move it away to begin anew")
    return tuple(sorted(keys, key=lambda key: key.day, reverse=True))


def _write(path: Path, keys: tuple[Key, ...]) -> None:
    """Replace the file in one step, readable by its owner alone from the first byte."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    text = json.dumps({key.day.isoformat(): key.secret.hex() for key in keys})
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
