"""The machine around the program, as `waymark doctor` looks at it: read only, and nothing is held open or locked."""

from __future__ import annotations

import os
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

SECONDS = 20
"""How long Telegram may take to say who we are."""

_HEADER = 100
"""Bytes at the start of every SQLite database: https://www.sqlite.org/fileformat.html."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Telegram said when asked who we are: the HTTP status, 0 for none, and its clock in seconds."""

    status: int
    clock: float | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What a disk has left: bytes, whether it takes new files, and whether it takes anything at all."""

    free: int
    files: bool = True
    writable: bool = True


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes of a database say: whose it is, and whether it is written ahead."""

    sqlite: bool
    version: int
    ahead: bool


def room_of(folder: Path) -> Room:
    """What the disk under `folder` has left."""
    held = os.statvfs(folder)
    return Room(held.f_bavail * held.f_frsize, held.f_files == 0 or held.f_favail > 0, not held.f_flag & os.ST_RDONLY)


def since_boot() -> float:
    """Seconds by a clock that nobody sets."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def ask(api: str, token: str) -> Answer:
    """Ask Telegram who we are. Never raises what the network did: its errors hold the address, and so the token."""
    try:
        with urlopen(Request(f"{api}{token}/getMe", method="POST"), timeout=SECONDS) as answer:  # noqa: S310 - http(s), or it is no setting
            return Answer(answer.status, _clock(answer.headers.get("Date")))
    except HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, _clock(refusal.headers.get("Date")))
    except (OSError, HTTPException, ValueError):
        return Answer(0)


def _clock(header: str | None) -> float | None:
    with suppress(ValueError, TypeError):
        return parsedate_to_datetime(header or "").timestamp()
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What may be looked at; a test makes its own. `root` is where ``/proc`` and ``/sys`` are."""

    environment: Mapping[str, str] = field(repr=False, default_factory=lambda: os.environ)
    token_file: Path | None = None
    now: Callable[[], float] = time.time
    boot: Callable[[], float] = since_boot
    user: int = field(default_factory=os.geteuid)
    core: int = field(default_factory=lambda: resource.getrlimit(resource.RLIMIT_CORE)[0])
    room: Callable[[Path], Room] = room_of
    ask: Callable[[str, str], Answer] | None = None
    root: Path = Path("/")

    def read(self, path: str) -> str | None:
        """A file of the system, or None where there is none."""
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None

    def holding(self, file: Path) -> set[int]:
        """Processes that have `file` open, as far as this user may see; never ourselves.

        Found by looking at what is open, not by trying the lock: a bot that starts just then would be refused.
        """
        try:
            wanted = file.stat()
        except OSError:
            return set()
        found = set()
        for process in self._processes():
            with suppress(OSError):
                for descriptor in (process / "fd").iterdir():
                    with suppress(OSError):
                        if os.path.samestat(descriptor.stat(), wanted):
                            found.add(int(process.name))
        return found - {os.getpid()}

    def _processes(self) -> Iterator[Path]:
        with suppress(OSError):
            yield from (each for each in (self.root / "proc").iterdir() if each.name.isdecimal())

    def core_limit(self, process: int | None) -> str:
        """How large a core dump of `process` may be, or of one started from here: a number, or ``unlimited``."""
        for line in (self.read(f"proc/{process}/limits") or "").splitlines() if process else ():
            if line.startswith("Max core file size"):
                return line.split()[4]
        return "unlimited" if self.core == resource.RLIM_INFINITY else str(self.core)

    def may_swap(self, process: int | None) -> bool:
        """Whether `process` may be swapped at all: a service manager can forbid it to one service."""
        for line in (self.read(f"proc/{process}/cgroup") or "").splitlines() if process else ():
            group = Path(line.rpartition(":")[2].lstrip("/"))
            for each in (group, *group.parents):
                if (self.read(f"sys/fs/cgroup/{each}/memory.swap.max") or "").strip() == "0":
                    return False
        return True

    def encrypted(self, device: str) -> bool:
        """Whether a swap device is memory itself, or encrypted."""
        name = Path(device).name
        uuid = self.read(f"sys/block/{name}/dm/uuid") or ""
        return name.startswith("zram") or uuid.startswith("CRYPT-")


def header_of(database: Path) -> Header:
    """The first bytes of a database, read as a file: SQLite itself would leave files beside one nobody has open."""
    with database.open("rb") as file:
        first = file.read(_HEADER)
    version = int.from_bytes(first[60:64], "big")
    return Header(first.startswith(b"SQLite format 3\0"), version, first[18:20] == b"\2\2")


def held_pragmas(database: Path, wanted: Mapping[str, str | int]) -> Iterator[tuple[str, str]]:
    """Settings and what SQLite makes of them on this database, which is opened read only and as if nobody wrote to it.

    Opened any other way it would leave two files behind beside a database that nobody uses.
    """
    address = f"{database.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        for name, value in wanted.items():
            connection.execute(f"PRAGMA {name}={value}")
            held = connection.execute(f"PRAGMA {name}").fetchone()
            yield name, "" if held is None else str(held[0]).lower()
