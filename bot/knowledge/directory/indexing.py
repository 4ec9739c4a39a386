"""What makes the directory quick to search: for each place its tapes and points, and where postcodes and towns lie."""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.knowledge.directory import near
from bot.knowledge.directory.hours import always
from bot.knowledge.directory.schema import PLACE, TABLES
from bot.knowledge.directory.spots import spot_rows
from bot.knowledge.directory.tape import language, last_day
from bot.knowledge.directory.taxonomy import BY_CODE
from bot.knowledge.facts import STATUSES


@dataclass(slots=True)
class Entry:
    """What is known of a service that may be found."""

    last: str
    codes: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    points: list[tuple[float, float]] = field(default_factory=list)
    open: bool = False


def index(connection: sqlite3.Connection) -> None:
    """Fill the tables of `LAYOUT` but `about`."""
    entries = _entries(connection)
    by_place: dict[str, list[str]] = defaultdict(list)
    areas = "SELECT DISTINCT extent, service_id FROM service_area WHERE extent_type=? ORDER BY 1, 2"
    for place, service in connection.execute(areas, (PLACE,)):
        if service in entries:
            by_place[place].append(service)
    for place, services in by_place.items():
        ranked = sorted(services, key=lambda service: (not entries[service].open, service))
        rows = ((place, rank, service) for rank, service in enumerate(ranked))
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
        parts = _parts([entries[service] for service in ranked])
        connection.executemany("INSERT INTO tape VALUES (?, ?, ?)", ((place, *part) for part in parts))
    postcodes, towns = spot_rows(connection)
    connection.executemany("INSERT INTO postcode VALUES (?, ?, ?, ?, ?)", postcodes)
    connection.executemany("INSERT INTO town VALUES (?, ?, ?, ?, ?, ?, ?)", towns)


def _entries(connection: sqlite3.Connection) -> dict[str, Entry]:
    """Every service that may be found, by id."""
    checked = connection.execute(
        "SELECT s.id, p.checked_on, p.review_by, p.status FROM service s JOIN provenance p ON p.service_id=s.id "
        "WHERE s.status='active'"
    )
    found = {service: Entry(_last(*days)) for service, *days, status in checked if status in STATUSES}

    def each(query: str) -> Iterator[tuple[Entry, list[Any]]]:
        rows = connection.execute(query)
        return ((found[service], values) for service, *values in rows if service in found)

    for entry, (code,) in each("SELECT link_id, taxonomy_term_id FROM attribute WHERE link_entity='service'"):
        entry.codes |= {code} & BY_CODE.keys()
    for entry, (code,) in each("SELECT service_id, code FROM language"):
        entry.languages.add(language(code))
    for entry, (lat, lon) in each(
        "SELECT DISTINCT sl.service_id, l.latitude, l.longitude FROM service_at_location sl "
        "JOIN location l ON l.id=sl.location_id "
        "WHERE l.location_type='physical' AND l.latitude IS NOT NULL AND l.longitude IS NOT NULL ORDER BY 1, 2, 3"
    ):
        entry.points.append((lat, lon))
    for entry, row in each(f"SELECT service_id, {', '.join(f'[{name}]' for name in TABLES['schedule'])} FROM schedule"):  # noqa: S608 - names of ours
        entry.open = entry.open or always([dict(zip(TABLES["schedule"], row, strict=True))])
    return found


def _last(checked_on: str, review_by: str) -> str:
    """The last day on which a service is shown: as long after the day to check it as that is after the last check."""
    review = date.fromisoformat(review_by)
    try:
        return (review + (review - date.fromisoformat(checked_on))).isoformat()
    except OverflowError:
        return date.max.isoformat()


def _parts(ranked: Sequence[Entry]) -> Iterator[tuple[str, bytes]]:
    """The tapes of a place: of its services by rank; and of their points as they lie, then of those without a point."""
    yield from _bits("rank ", (_keys(entry) for entry in ranked), len(ranked))
    located = [(point, rank) for rank, entry in enumerate(ranked) for point in entry.points]
    laid = [located[at] for at in near.order([point for point, _ in located])]
    points = array("d", (number for point, _ in laid for number in near.vector(*point)))
    ranks = array("I", [rank for _, rank in laid] + [rank for rank, entry in enumerate(ranked) if not entry.points])
    yield from _bits("near ", (_keys(ranked[rank]) for rank in ranks), len(ranks))
    yield "points", points.tobytes()
    yield "ranks", ranks.tobytes()
    for height, level in enumerate(near.boxes(points)):
        yield f"boxes {height}", level.tobytes()


def _keys(entry: Entry) -> Iterable[str]:
    return (*entry.codes, *entry.languages, last_day(entry.last))


def _bits(kind: str, entries: Iterable[Iterable[str]], size: int) -> Iterator[tuple[str, bytes]]:
    """For each key the bits of those who have it."""
    bits: Mapping[str, bytearray] = defaultdict(lambda: bytearray((size + 7) // 8))
    for number, keys in enumerate(entries):
        for key in keys:
            bits[key][number >> 3] |= 1 << (number & 7)
    return ((kind + key, bytes(data)) for key, data in bits.items())
