"""Opening the directory: the file if it is of what there is now, else one built anew, else the one there was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from bot.knowledge.directory.search import LAYOUT, Directory, DirectoryError
from bot.knowledge.services import Services

Chain = Callable[[str | None], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A directory, and what the operator is to be told of it; nothing where all is well."""

    directory: Directory
    note: str = ""


def fingerprint(services: Services, store: Path | None) -> str:
    """A name for everything a directory is built from: the services, the operator's file, and this code."""
    digest = sha256()
    for code in sorted(files("bot.knowledge.directory").iterdir(), key=lambda each: each.name):
        if code.name.endswith(".py"):
            digest.update(code.read_bytes())
    for service in sorted(services, key=lambda each: each.id):
        digest.update(repr(replace(service, path=Path(), line=0)).encode())
    if store is not None:
        with store.open("rb") as held:
            while part := held.read(1 << 20):
                digest.update(part)
    return digest.hexdigest()


def open_directory(
    services: Services, chain: Chain, store: Path | None = None, file: Path | None = None, *, keep: bool = True
) -> Opened:
    """The directory of the shipped `services` and the operator's `store`, kept in `file`; in memory without one.

    Where it cannot be built, the one in `file` stays; where there is none, as much as can be is built in memory. The
    note says so, and why. Without `keep` nothing is written: what is not in `file` is built in memory.
    """
    theirs = store if store is not None and store.exists() else None
    held = _held(file)
    mark = ""
    try:
        mark = fingerprint(services, theirs)
        if held and held[1] == mark:
            return Opened(Directory(held[0], chain))
        connection = _built(services, theirs, mark, file if keep else None)
    except (OSError, DirectoryError) as error:
        if held:
            return Opened(Directory(held[0], chain), f"{error}; the directory of before is kept")
        return _as_can_be(services, chain, theirs, str(error))
    if held:
        held[0].close()
    return Opened(Directory(connection, chain))


def _held(file: Path | None) -> tuple[sqlite3.Connection, str] | None:
    """The directory in a file, and what it was built from; None where there is none that can be read."""
    if file is None or not file.exists():
        return None
    address = f"{file.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("query_only=1", "trusted_schema=0", "cell_size_check=1", "temp_store=2"):
            connection.execute(f"PRAGMA {pragma}")
        found = connection.execute("SELECT fingerprint FROM about WHERE layout=?", (LAYOUT,)).fetchone()
    except sqlite3.Error:
        found = None
    if found is None:
        connection.close()
        return None
    return connection, str(found[0])


def _built(services: Services, store: Path | None, mark: str, file: Path | None) -> sqlite3.Connection:
    """A directory built anew, in `file` or in memory."""
    # Here and not above: what builds is slow to load, and most starts find a file that is as it should be.
    from bot.knowledge.directory.build import build_file, build_here  # noqa: PLC0415

    if file is None:
        return build_here(services, store, mark)
    build_file(services, store, mark, file)
    held = _held(file)
    if held is None:
        raise DirectoryError(f"{file}: cannot be read back")
    return held[0]


def _as_can_be(services: Services, chain: Chain, store: Path | None, why: str) -> Opened:
    """A directory in memory, without the operator's services where they are what cannot be read."""
    if store is not None:
        try:
            return Opened(Directory(_built(services, store, "", None), chain), f"{why}; it is in memory only")
        except (OSError, DirectoryError):
            pass
    connection = _built(services, None, "", None)
    return Opened(Directory(connection, chain), f"{why}; only the shipped services can be found")
