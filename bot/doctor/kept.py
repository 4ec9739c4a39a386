"""The database, its keys, and the files and disks they lie on."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.doctor.lines import Line
from bot.doctor.surroundings import Surroundings, header_of, held_pragmas
from bot.privacy.keys import DAYS, BadKeyFileError, days_in
from bot.settings import kept_in
from bot.stores.opening import PRAGMAS, SCHEMA

FREE = 100_000_000
"""Bytes of a disk below which somebody should look: on a full one nothing can be kept."""

MIDNIGHT = 300
"""Seconds after midnight UTC in which the keys may not have been turned yet."""


def database(around: Surroundings) -> Iterator[Line]:
    """Whether it is ours, written as it should be, and read by nobody else."""
    path, key_file, _ = kept_in(around.environment)
    if not path.exists():
        return
    header = header_of(path)
    if not header.sqlite or header.version != SCHEMA:
        yield "not-ours", {"path": path}
        return
    if not header.ahead:
        yield "journal", {"path": path}
    wanted = {name: value for name, value in PRAGMAS.items() if name != "journal_mode"}
    for name, held in held_pragmas(path, wanted):
        if held != str(wanted[name]).lower():
            yield "pragma", {"name": name, "wanted": wanted[name]}
    for process in sorted(around.holding(path) - around.holding(lock_of(path))):
        yield "others", {"process": process}
    if not key_file.exists():
        yield "no-keys", {"path": key_file}


def keys(around: Surroundings) -> Iterator[Line]:
    """Whether they can be read, are of these days, and lie apart from what they open."""
    path, key_file, beside = kept_in(around.environment)
    if beside or path.parent.resolve() in key_file.resolve().parents:
        yield "beside", {"path": key_file.parent}
    if not key_file.exists():
        return
    try:
        days = days_in(key_file)
    except BadKeyFileError as error:
        yield "keys", {"said": error}
        return
    today = day_of(around.now())
    if days[0] > today:
        yield "ahead-key", {"day": days[0]}
    if days[-1] <= today - timedelta(DAYS):
        yield "old-key", {"day": days[-1]}
    elif days[0] < day_of(around.now() - MIDNIGHT) and bot_of(around):
        yield "not-turned", {}


def disk(around: Surroundings) -> Iterator[Line]:
    """Whether there is room under the database and under the keys."""
    database, key_file, _ = kept_in(around.environment)
    for folder in dict.fromkeys((_standing(database.parent), _standing(key_file.parent))):
        room = around.room(folder)
        if not room.writable:
            yield "read-only", {"path": folder}
        elif room.free < FREE:
            yield "no-room", {"free": room.free // 1_000_000, "path": folder}
        elif not room.files:
            yield "no-files", {"path": folder}


def files(around: Surroundings) -> Iterator[Line]:
    """Who may read and change them, and whose they are."""
    database, key_file, _ = kept_in(around.environment)
    beside = [database.with_name(database.name + end) for end in ("-wal", "-shm", ".lock")]
    for file in (database, *beside, key_file):
        if file.exists() and (mode := mode_of(file)) & 0o077:
            yield "mode", {"path": file, "mode": f"{mode:o}"}
    if database.parent.exists() and (mode := mode_of(database.parent)) & 0o022:
        yield "folder-mode", {"path": database.parent, "mode": f"{mode:o}"}
    if key_file.parent.exists() and (mode := mode_of(key_file.parent)) & 0o077:
        yield "keys-folder-mode", {"path": key_file.parent, "mode": f"{mode:o}"}
    for path in (database.parent, database, key_file.parent, key_file):
        if path.exists() and (owner := path.stat().st_uid) != around.user:
            yield "owner", {"path": path, "owner": owner, "user": around.user}


def bot_of(around: Surroundings) -> int | None:
    """The process of the bot, where one runs: it keeps its lock file open for as long as it lives."""
    return min(around.holding(lock_of(kept_in(around.environment)[0])), default=None)


def lock_of(database: Path) -> Path:
    """The file that a bot holds while it has the database."""
    return database.with_name(f"{database.name}.lock")


def mode_of(path: Path) -> int:
    """Who may do what with a file, as `chmod` takes it."""
    return stat.S_IMODE(path.stat().st_mode)


def day_of(now: float) -> date:
    """The day, everywhere the same."""
    return datetime.fromtimestamp(now, UTC).date()


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there already."""
    return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
