"""Building the directory from what is shipped and what an operator imported, and putting it in place of the old one."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from tempfile import mkstemp

import sqlite_utils

from bot.knowledge.directory.indexing import index
from bot.knowledge.directory.schema import TABLES, VERSION, create, insert
from bot.knowledge.directory.search import LAYOUT, DirectoryError
from bot.knowledge.directory.shipped import rows_of
from bot.knowledge.services import Services

_STRAY = 3_600
"""Seconds after which what a killed build left behind is removed."""


def build_file(services: Services, store: Path | None, mark: str, file: Path) -> None:
    """Build into `file`, which is replaced once all is done. Raises `DirectoryError`; then it is as it was."""
    try:
        _sweep(file)
        number, name = mkstemp(prefix=f"{file.name}.", suffix=".new", dir=file.parent)
        fresh = Path(name)
        try:
            with closing(_connection(name)) as connection:
                _fill(connection, services, store, mark)
            os.fsync(number)
            fresh.replace(file)
        finally:
            os.close(number)
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise DirectoryError(f"{file}: {error.strerror or type(error).__name__}") from None


def build_here(services: Services, store: Path | None, mark: str) -> sqlite3.Connection:
    """Build in memory. Raises `DirectoryError`."""
    connection = _connection(":memory:")
    try:
        _fill(connection, services, store, mark)
    except DirectoryError:
        connection.close()
        raise
    return connection


def _connection(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _sweep(file: Path) -> None:
    for stray in file.parent.glob(f"{file.name}.*.new"):
        if time.time() - stray.stat().st_mtime > _STRAY:
            stray.unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, services: Services, store: Path | None, mark: str) -> None:
    database = sqlite_utils.Database(connection)
    try:
        if store is not None:
            connection.execute("ATTACH ? AS store", (f"{store.absolute().as_uri()}?mode=ro&immutable=1",))
        connection.execute("BEGIN")
        create(database)
        if store is not None:
            _copy(connection, store)
        theirs = {service for (service,) in connection.execute("SELECT id FROM service")}
        insert(database, rows_of(service for service in services if service.id not in theirs))
        _hide_shelters(connection)
        _part_mediators(connection)
        database.table("service").enable_fts(["name", "description"], tokenize="unicode61 remove_diacritics 2")
        for statement in filter(str.strip, LAYOUT.split(";")):
            connection.execute(statement)
        connection.executemany("INSERT INTO theirs VALUES (?)", ((service,) for service in sorted(theirs)))
        index(connection)
        connection.execute("INSERT INTO about VALUES (?, ?)", (mark, LAYOUT))
        connection.execute("COMMIT")
        if store is not None:
            connection.execute("DETACH store")
    except (sqlite3.Error, ValueError) as error:
        raise DirectoryError(f"{store or 'the shipped services'}: {type(error).__name__}: {error}") from None


def _copy(connection: sqlite3.Connection, store: Path) -> None:
    """Take over what an operator imported."""
    (version,) = connection.execute("PRAGMA store.user_version").fetchone()
    if version != VERSION:
        raise DirectoryError(f"{store}: is not of this version; import it again")
    for table, columns in TABLES.items():
        if table != "taxonomy_term":
            names = ", ".join(f"[{column}]" for column in columns)
            connection.execute(f"INSERT INTO main.[{table}] ({names}) SELECT {names} FROM store.[{table}]")  # noqa: S608 - names of ours


def _hide_shelters(connection: sqlite3.Connection) -> None:
    """Forget where shelters are, whatever a row says."""
    where = (
        "SELECT sl.location_id FROM service_at_location sl JOIN attribute a ON a.link_id=sl.service_id "
        "WHERE a.link_entity='service' AND a.taxonomy_term_id='kind:shelter'"
    )
    connection.execute(f"DELETE FROM address WHERE location_id IN ({where})")  # noqa: S608 - words of ours
    connection.execute(f"UPDATE location SET latitude=NULL, longitude=NULL WHERE id IN ({where})")  # noqa: S608 - the same


def _part_mediators(connection: sqlite3.Connection) -> None:
    """Take legal help from those who mediate and name no field of law, whatever a row says."""
    connection.execute(
        "DELETE FROM attribute WHERE (taxonomy_term_id='kind:legal' OR taxonomy_term_id LIKE 'need:%') "
        "AND link_id IN (SELECT link_id FROM attribute WHERE taxonomy_term_id='kind:mediation') "
        "AND link_id NOT IN (SELECT link_id FROM attribute WHERE taxonomy_term_id LIKE 'field:%')"
    )
