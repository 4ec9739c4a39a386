"""Finding services: who fits, who of them is nearest, and why."""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from math import inf

from bot.knowledge.directory.listing import Listing, read_listing
from bot.knowledge.directory.near import Near, Vector, chord, km, vector
from bot.knowledge.directory.spots import Spots
from bot.knowledge.directory.tape import Tape, members
from bot.knowledge.directory.wanted import MOST, Wanted, spoken
from bot.plain import fold

LAYOUT = """
CREATE TABLE about (fingerprint TEXT NOT NULL, layout TEXT NOT NULL);
CREATE TABLE theirs (service_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE tape (place TEXT, part TEXT, data BLOB NOT NULL, PRIMARY KEY (place, part)) WITHOUT ROWID;
CREATE TABLE entry (place TEXT, rank INTEGER, service_id TEXT NOT NULL, PRIMARY KEY (place, rank)) WITHOUT ROWID;
CREATE INDEX entry_service ON entry (service_id);
CREATE TABLE postcode (country TEXT, code TEXT, grain TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
    PRIMARY KEY (country, code)) WITHOUT ROWID;
CREATE TABLE town (country TEXT, name TEXT, number INTEGER, label TEXT NOT NULL, beside TEXT NOT NULL,
    lat REAL NOT NULL, lon REAL NOT NULL, PRIMARY KEY (country, name, number)) WITHOUT ROWID;
"""
"""The tables beside those of HSDS; a file with others is not read, but built anew."""


class DirectoryError(Exception):
    """The directory cannot be built or read; says why, of files and never of people."""


class Shelf:
    """The services of one place: by rank; and as their points lie, those that have none after the others."""

    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        parts = dict(connection.execute("SELECT part, data FROM tape WHERE place=?", (place,)))
        self._ranked, self._laid = _tape(parts, "rank "), _tape(parts, "near ")
        self._ranks: array[int] = array("I", parts["ranks"])
        points = array("d", parts["points"])
        self._doors = len(points) // 3
        heights = sum(name.startswith("boxes ") for name in parts)
        levels = [array("d", parts[f"boxes {height}"]) for height in range(heights)]
        self._near = Near(points, self._ranks, levels)

    def counted(self, wanted: Wanted) -> tuple[int, int, Counter[str]]:
        """How many fit, how many points there are to visit, and how many of those who fit have each term."""
        everybody, counts = self._ranked.counted(wanted)
        return everybody, self._doors, counts

    def ranks(self, wanted: Wanted) -> Iterator[int]:
        """The ranks of those who fit: by how well, then those who can be visited by distance, then by rank."""
        if wanted.near is None:
            for level in self._ranked.levels(wanted):
                yield from members(level)
            return
        centre, doors = vector(*wanted.near), (1 << self._doors) - 1
        for level in self._laid.levels(wanted):
            yield from self._near.walk(level & doors, centre)
            for at in members(level >> self._doors):
                yield self._ranks[self._doors + at]


class Directory:
    """The services that can be found, read from a file that `build` made. `chain` tells what a place lies in."""

    def __init__(self, connection: sqlite3.Connection, chain: Callable[[str | None], tuple[str, ...]]) -> None:
        self.connection, self._chain = connection, chain
        self.spots = Spots(connection)
        self._places = frozenset(place for (place,) in connection.execute("SELECT DISTINCT place FROM tape"))
        self._shelves: dict[str, Shelf] = {}

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def find(self, wanted: Wanted, most: int = MOST) -> tuple[str, ...]:
        """The ids of those who fit best."""
        return tuple(islice(self.order(wanted), most))

    def order(self, wanted: Wanted) -> Iterator[str]:
        """The ids of all who fit, best first, worked out as far as they are asked for.

        The place itself comes before what it lies in. Within each: by how many of the wanted terms are met, by
        distance, open day and night, by id. Who is for another place, too old, or not for those who ask, does not come.
        """
        seen: set[str] = set()
        for place in self._chain(wanted.place):
            if place not in self._places:
                continue
            shelf = self._shelf(place)
            for rank in shelf.ranks(wanted):
                service = self._service(place, rank)
                if service not in seen:
                    seen.add(service)
                    yield service

    def __getitem__(self, service: str) -> Listing:
        return read_listing(self.connection, service)

    def why(self, service: str, wanted: Wanted) -> tuple[str, ...]:
        """The wanted terms that a service meets, and the languages, as ``language:es``."""
        rows = self.connection.execute(
            "SELECT taxonomy_term_id FROM attribute WHERE link_entity='service' AND link_id=?", (service,)
        )
        codes = {code for (code,) in rows}
        tongues = self.connection.execute("SELECT code FROM language WHERE service_id=?", (service,))
        both = {spoken(code) for (code,) in tongues} & set(map(spoken, wanted.languages))
        return (*(code for code in wanted.terms if code in codes), *(f"language:{code}" for code in sorted(both)))

    def tells(self, wanted: Wanted) -> frozenset[str]:
        """Terms and languages by which the list can be narrowed: some of those who fit have them, and some do not.

        ``near`` is among them where somebody can be visited at a known point.
        """
        counts: Counter[str] = Counter()
        everybody = 0
        for place in self._chain(wanted.place):
            if place in self._places:
                there, doors, shelf = self._shelf(place).counted(wanted)
                counts += shelf
                everybody += there
                counts["near"] += doors
        return frozenset(key for key, number in counts.items() if 0 < number < everybody or (key == "near" and number))

    @cached_property
    def imported(self) -> bool:
        """Whether an operator's services are among them."""
        return bool(self.connection.execute("SELECT 1 FROM theirs LIMIT 1").fetchone())

    def theirs(self, service: str) -> bool:
        """Whether an entry is an operator's own; it may stand in for a shipped one."""
        return bool(self.connection.execute("SELECT 1 FROM theirs WHERE service_id=?", (service,)).fetchone())

    def away(self, service: str, near: tuple[float, float]) -> float | None:
        """The km to the nearest door of a service; None where it has none."""
        centre: Vector = vector(*near)
        rows = self.connection.execute(
            "SELECT l.latitude, l.longitude FROM service_at_location sl JOIN location l ON l.id=sl.location_id WHERE "
            "sl.service_id=? AND l.location_type='physical' AND l.latitude IS NOT NULL AND l.longitude IS NOT NULL",
            (service,),
        )
        least = min((chord(vector(lat, lon), centre) for lat, lon in rows), default=inf)
        return None if least == inf else km(least)

    def named(self, words: str, most: int = MOST) -> tuple[str, ...]:
        """The ids of those in whose name or description all `words` begin some word."""
        query = " ".join(f'"{word}"*' for word in fold(words).replace("/", " ").split())
        if not query:
            return ()
        rows = self.connection.execute(
            "SELECT s.id FROM service_fts JOIN service s ON s.rowid=service_fts.rowid WHERE service_fts MATCH ? "
            "AND s.id IN (SELECT service_id FROM entry) ORDER BY bm25(service_fts), s.id LIMIT ?",
            (query, most),
        )
        return tuple(service for (service,) in rows)

    def _shelf(self, place: str) -> Shelf:
        if place not in self._shelves:
            self._shelves[place] = Shelf(self.connection, place)
        return self._shelves[place]

    def _service(self, place: str, rank: int) -> str:
        found = self.connection.execute("SELECT service_id FROM entry WHERE place=? AND rank=?", (place, rank))
        return str(found.fetchone()[0])


def _tape(parts: dict[str, bytes], kind: str) -> Tape:
    bits = {
        name.removeprefix(kind): int.from_bytes(data, "little") for name, data in parts.items() if name.startswith(kind)
    }
    return Tape(bits)
