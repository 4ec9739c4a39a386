"""Directories for tests: of rows written here, and of the legal-aid offices of 2019, never shown to people."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlite_utils
from harness import TODAY

from bot.app import Shelf
from bot.knowledge.directory.build import build_here
from bot.knowledge.directory.hsds import Ground
from bot.knowledge.directory.importing import plan, read_file, write_store
from bot.knowledge.directory.mapping import read_mapping
from bot.knowledge.directory.schema import Row, Tables, create, insert
from bot.knowledge.directory.search import Directory
from bot.knowledge.knowledge import read_knowledge
from bot.knowledge.places import Places
from bot.knowledge.services import Services
from bot.settings import content_folder

KNOWLEDGE = read_knowledge(content_folder())[0]
PLACES = KNOWLEDGE.places
NOBODY = Services((), (), PLACES)
OFFICES = Path(__file__).parent / "data" / "laa-2019" / "offices.csv"
_FOLDER = TemporaryDirectory()
THEN = date(2019, 9, 15)
"""A day on which the offices of 2019 could still be shown."""

LAA = {
    "MAT": ("kind:legal", "field:family"),
    "IMMAS": ("kind:legal", "field:immigration"),
    "HOU": ("kind:legal", "field:housing"),
    "DEB": ("kind:legal", "field:debt"),
    "EDU": ("kind:legal", "field:education"),
    "MHE": ("kind:legal", "field:mental_health"),
    "COM": ("kind:legal", "field:care"),
    "WB": ("kind:legal", "field:benefits"),
    "AAP": ("kind:legal", "field:police"),
    "PUB": ("kind:legal", "field:public"),
    "MED": ("kind:legal", "field:clinical"),
    "CRM": ("kind:legal", "field:crime_defence"),
    "PL": ("kind:legal", "field:prison"),
    "DISC": ("kind:legal", "field:discrimination"),
    "FMED": ("kind:mediation",),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A service for a test."""

    id: str
    places: tuple[str, ...] = ("IE",)
    terms: tuple[str, ...] = ("kind:legal",)
    languages: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    day_and_night: bool = False
    checked_on: date = date(2026, 11, 20)
    interval: int = 90
    active: str = "active"
    status: str = "VERIFIED"
    name: str = "A service"
    postcode: str = ""
    city: str = ""
    country: str = "IE"

    @property
    def last(self) -> date:
        """The last day on which it may be shown."""
        return self.checked_on + timedelta(2 * self.interval)


def tables(given: Iterable[Given]) -> Tables:
    found: dict[str, list[Row]] = {}
    for each in given:
        for table, row in _rows(each):
            found.setdefault(table, []).append(row)
    return found


def _rows(given: Given) -> Iterator[tuple[str, Row]]:
    own: dict[str, str] = {"service_id": given.id}
    yield "organization", {"id": given.id, "name": given.name, "description": ""}
    yield (
        "service",
        {"id": given.id, "organization_id": given.id, "name": given.name, "description": "", "status": given.active},
    )
    yield (
        "provenance",
        {
            **own,
            "source": "https://example.org",
            "status": given.status,
            "checked_on": given.checked_on.isoformat(),
            "review_by": (given.checked_on + timedelta(given.interval)).isoformat(),
        },
    )
    for place in given.places:
        yield "service_area", {**own, "id": f"{given.id}/{place}", "extent": place, "extent_type": "place"}
    for code in given.terms:
        yield (
            "attribute",
            {"id": f"{given.id}/{code}", "link_id": given.id, "link_entity": "service", "taxonomy_term_id": code},
        )
    for code in given.languages:
        yield "language", {**own, "id": f"{given.id}/{code}", "code": code}
    for number, (lat, lon) in enumerate(given.points):
        location = f"{given.id}/{number}"
        yield "location", {"id": location, "location_type": "physical", "latitude": lat, "longitude": lon}
        yield "service_at_location", {**own, "id": location, "location_id": location}
        yield (
            "address",
            {
                "id": location,
                "location_id": location,
                "address_1": "1 Street",
                "city": given.city,
                "state_province": "",
                "postal_code": given.postcode,
                "country": given.country,
                "address_type": "physical",
            },
        )
    if given.day_and_night:
        week: Row = {"byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "23:59", "freq": "WEEKLY"}
        yield "schedule", {**own, **week, "id": given.id}


@lru_cache(maxsize=1)
def imported_offices() -> Shelf:
    """The legal-aid offices of 2019, taken in with the shipped mapping as an operator would; for this process."""
    folder = Path(_FOLDER.name)
    mapping = Path(str(content_folder())) / "mappings" / "laa-2019.toml"
    taken = read_file(Ground(OFFICES, read_mapping(mapping, mapping.read_text(encoding="utf-8")), PLACES, TODAY))
    write_store(folder / "services.db", plan({}, {}, taken, "").kept)
    return Shelf(folder / "services.db", folder / "directory.db", keep=True)


def store(path: Path, rows: Tables) -> Path:
    """An operator's file of these rows."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous=OFF")
        database = sqlite_utils.Database(connection)
        create(database)
        insert(database, rows)
    return path


def directory(path: Path, rows: Tables, services: Services = NOBODY, places: Places = PLACES) -> Directory:
    """A directory in memory, of rows that go through a file as an operator's do."""
    path.unlink(missing_ok=True)
    return Directory(build_here(services, store(path, rows), ""), places.chain)


@dataclass(frozen=True, slots=True)
class Office:
    """A row of the offices of 2019."""

    id: str
    name: str
    city: str
    postcode: str
    point: tuple[float, float] | None
    codes: frozenset[str]


def offices() -> list[Office]:
    with OFFICES.open(encoding="utf-8", newline="") as file:
        return [
            Office(
                row["office_id"],
                row["organisation"],
                row["city"],
                row["postcode"],
                (float(row["lat"]), float(row["lon"])) if row["lat"] else None,
                frozenset(filter(None, row["category_codes"].split("|"))),
            )
            for row in csv.DictReader(file)
        ]


def given(listed: Sequence[Office]) -> list[Given]:
    return [
        Given(
            f"laa-{office.id}",
            places=("GB-EAW",),
            terms=(*dict.fromkeys(term for code in sorted(office.codes) for term in LAA[code]), "way:phone"),
            points=(office.point,) if office.point else (),
            checked_on=date(2019, 8, 30),
            city=office.city,
            postcode=office.postcode,
            country="GB",
        )
        for office in listed
    ]


def haversine(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The km between two latitudes and longitudes, worked out as the books have it."""
    (north, east), (to_north, to_east) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((to_north - north) / 2) ** 2 + cos(north) * cos(to_north) * sin((to_east - east) / 2) ** 2
    return 2 * 6371.0088 * asin(min(1.0, sqrt(half)))
