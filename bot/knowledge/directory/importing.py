"""An operator's own directory: a file is read whole, compared with what is there, and taken in whole or not at all."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import sqlite_utils

from bot.knowledge.directory import schema
from bot.knowledge.directory.documents import json_documents, read_text
from bot.knowledge.directory.hsds import Ground, Reading, read_service
from bot.knowledge.directory.mapping import NONE, csv_documents
from bot.knowledge.directory.numbers import needed
from bot.knowledge.directory.refusal import Refusal, RefusedError
from bot.knowledge.directory.rules import Bundle
from bot.knowledge.directory.schema import Row
from bot.knowledge.directory.shipped import rows_of
from bot.knowledge.services import Services

T = TypeVar("T")


class Watch(Protocol):
    """Gives each of a sequence, and may show how far it has come."""

    def __call__(self, items: Sequence[T], /) -> Iterable[T]:
        """The items, in order."""


def each(items: Sequence[T], /) -> Iterable[T]:
    """A `Watch` that shows nothing."""
    return items


MODE = 0o600
_FREE = frozenset({"id", "organization_id", "location_id", "assured_date"})
"""Columns by which rows only find each other, or that say again what `provenance` says."""

_OF_SERVICE = {
    "service": "id", "provenance": "service_id", "service_area": "service_id", "phone": "service_id",
    "schedule": "service_id", "language": "service_id", "attribute": "link_id", "service_at_location": "service_id",
}  # fmt: skip
"""The column that names the service, by table."""


class StoreError(Exception):
    """The operator's directory cannot be used; in one line: which file, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file holds: its services by id, how often something was passed over, and how many rows were skipped."""

    services: Mapping[str, Bundle]
    passed: Mapping[str, int]
    skipped: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a file in would do, by ids; `kept` is everything that the store then holds."""

    adds: tuple[str, ...]
    changes: tuple[str, ...]
    drops: tuple[str, ...]
    same: int
    kept: Mapping[str, Bundle]

    @property
    def nothing(self) -> bool:
        """Whether it would leave everything as it is."""
        return not (self.adds or self.changes or self.drops)


def read_file(ground: Ground, watch: Watch = each) -> Taken:
    """Everything in a file. Raises `RefusedError` with all that is wrong with it."""
    needed()
    path, mapping, skipped = ground.path, ground.mapping, 0
    text = read_text(path)
    if path.suffix.lower() != ".csv":
        documents = json_documents(path, text)
    elif mapping is NONE:
        raise RefusedError([Refusal(path, 1, "a CSV file needs a mapping: --mapping FILE says which column is what")])
    else:
        documents, skipped = csv_documents(path, text, mapping)
    reading = Reading()
    for document in watch(documents):
        read_service(document, ground, reading)
    if reading.refusals:
        raise RefusedError(sorted(reading.refusals))
    return Taken(reading.services, dict(reading.passed.most_common()), skipped)


def plan(there: Mapping[str, Bundle], own: Mapping[str, Bundle], taken: Taken, source: str) -> Plan:
    """What taking in would change. `there` is all that is known now, `own` what of it the operator's store holds.

    With a `source`, the file is the whole of what that source knows: what came from it and is no longer in it, is
    dropped. Without, nothing ever is.
    """
    adds = tuple(sorted(taken.services.keys() - there.keys()))
    both = taken.services.keys() & there.keys()
    changes = tuple(sorted(key for key in both if essence(there[key]) != essence(taken.services[key])))
    drops = tuple(sorted(key for key in own.keys() - taken.services.keys() if source and _source(own[key]) == source))
    kept = {key: bundle for key, bundle in own.items() if key not in drops}
    kept |= {key: taken.services[key] for key in (*adds, *changes)}
    return Plan(adds, changes, drops, len(both) - len(changes), kept)


def _source(bundle: Bundle) -> object:
    return bundle["provenance"][0].get("source")


def essence(bundle: Bundle) -> dict[str, list[list[tuple[str, object]]]]:
    """What a service says, without what only holds its rows together."""
    return {
        table: sorted(
            (
                sorted((name, value) for name, value in row.items() if value not in {None, ""} and name not in _FREE)
                for row in rows
            ),
            key=repr,
        )
        for table, rows in sorted(bundle.items())
        if rows and table != "service_at_location"
    }


def bundles(tables: schema.Tables) -> dict[str, Bundle]:
    """Every service of rows by table, by its id."""
    rows = {table: list(tables.get(table, ())) for table in schema.TABLES}
    found: dict[str, dict[str, list[Row]]] = {str(row["id"]): {} for row in rows["service"]}
    locations = {row["id"]: row for row in rows["location"]}
    organizations = {row["id"]: row for row in rows["organization"]}
    addresses: dict[object, list[Row]] = {}
    for row in rows["address"]:
        addresses.setdefault(row["location_id"], []).append(row)
    for table, column in _OF_SERVICE.items():
        for row in rows[table]:
            if row.get(column) in found:
                found[str(row[column])].setdefault(table, []).append(row)
    for bundle in found.values():
        owner = organizations.get(bundle["service"][0].get("organization_id"))
        places = [locations[row["location_id"]] for row in bundle.get("service_at_location", ())]
        bundle["organization"] = [owner] if owner else []
        bundle["location"] = places
        bundle["address"] = [row for place in places for row in addresses.get(place["id"], ())]
    return dict(found)


def all_known(services: Services, own: Mapping[str, Bundle]) -> dict[str, Bundle]:
    """The shipped services with the operator's own over them."""
    return {**bundles(rows_of(services)), **own}


def _rows(connection: sqlite3.Connection, table: str) -> list[Row]:
    columns = list(schema.TABLES[table])
    listed = ", ".join(f'"{name}"' for name in columns)
    cursor = connection.execute(f"SELECT {listed} FROM {table} ORDER BY rowid")  # noqa: S608 - names of our own
    return [
        {name: value for name, value in zip(columns, values, strict=True) if value is not None} for values in cursor
    ]


def read_store(path: Path) -> dict[str, Bundle]:
    """What the operator's store holds; nothing where there is none. Raises `StoreError` where it cannot be trusted."""
    if not path.exists():
        return {}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version != schema.VERSION:
                raise StoreError(f"{path}: is no directory of this version of Waymark; move it away and import again")
            return bundles({table: _rows(connection, table) for table in schema.TABLES if table != "taxonomy_term"})
    except sqlite3.Error as error:
        raise StoreError(
            f"{path}: {type(error).__name__}; put it back whole, or move it away and import again"
        ) from None


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the store at `path` for one import. Raises `StoreError` where another one has it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise StoreError(f"{path.parent}: cannot be opened ({type(error).__name__})") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise StoreError(f"{path}: another import is under way") from None
    finally:
        os.close(held)


def write_store(path: Path, services: Mapping[str, Bundle], watch: Watch = each) -> None:
    """Put a new store in the place of the one at `path`, at once and whole. Raises `StoreError`."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE))
        with closing(sqlite3.connect(fresh)) as connection, connection:
            _fill(connection, services, watch)
        _sync(fresh)
        fresh.replace(path)
        _sync(path.parent)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: not written ({type(error).__name__}: {error}); nothing was changed") from None
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, services: Mapping[str, Bundle], watch: Watch) -> None:
    database = sqlite_utils.Database(connection)
    schema.create(database)
    tables: dict[str, dict[object, Row]] = {table: {} for table in schema.TABLES if table != "taxonomy_term"}
    for bundle in watch(list(services.values())):
        for table, rows in bundle.items():
            tables[table] |= {row[schema.key(table)]: row for row in rows}
    schema.insert(database, {table: list(rows.values()) for table, rows in tables.items()})


def _sync(path: Path) -> None:
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
