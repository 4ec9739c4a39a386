"""Finding services among 1 k, 10 k and 100 k that were made up here, and towns that were typed with a slip."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

import sqlite_utils

from bench.report import Row, rates
from bot.knowledge.directory.build import build_file
from bot.knowledge.directory.opening import fingerprint, open_directory
from bot.knowledge.directory.schema import Row as Fields
from bot.knowledge.directory.schema import create, insert
from bot.knowledge.directory.search import Directory
from bot.knowledge.directory.taxonomy import codes
from bot.knowledge.directory.wanted import Wanted
from bot.knowledge.knowledge import read_whole
from bot.knowledge.places import Places
from bot.knowledge.services import Services
from bot.settings import content_folder

TODAY = date(2026, 11, 20)
SIZES = {"1 k": 1_000, "10 k": 10_000, "100 k (10,000)": 100_000}
ONE_PLACE = "100 k, all in one place"
QUESTIONS = 400
SHOWN = 3
SERVICES_IN_A_TOWN = 25
BATCH = 2_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Point = tuple[float, float]


class World:
    """Towns that are made up, each in a place; the same for the same size."""

    def __init__(self, size: int, places: tuple[str, ...]) -> None:
        self.chance = random.Random(size)
        weights = [1 / (rank + 1) for rank in range(len(places))]  # a few places hold most, as in real lists
        self.towns: list[tuple[str, str, Point]] = [
            (self._name(), place, (self.chance.uniform(-60, 70), self.chance.uniform(-180, 180)))
            for place in self.chance.choices(places, weights, k=size // SERVICES_IN_A_TOWN)
        ]
        self.size = size

    def _name(self) -> str:
        syllables = ("bor", "ham", "ley", "ton", "wick", "ster", "mar", "lin", "ca", "sel", "ver", "ro", "nd", "esk")
        return "".join(self.chance.choices(syllables, k=self.chance.choice((2, 3, 3, 4)))).capitalize()

    def services(self) -> Iterator[list[tuple[str, Fields]]]:
        """The rows of each service, with their tables."""
        for number in range(self.size):
            yield list(self._rows(f"made-{number:06}"))

    def _rows(self, own: str) -> Iterator[tuple[str, Fields]]:
        chance, (town, place, (lat, lon)) = self.chance, self.chance.choice(self.towns)
        at: dict[str, str] = {"service_id": own}
        checked = TODAY - timedelta(chance.randrange(120))
        yield "organization", {"id": own, "name": f"{town} Law", "description": ""}
        service: Fields = {"id": own, "organization_id": own, "name": f"{town} Law Centre", "status": "active"}
        yield "service", service
        days: Fields = {"checked_on": checked.isoformat(), "review_by": (checked + timedelta(90)).isoformat()}
        yield "provenance", {**at, "source": "https://example.org", "status": "VERIFIED", **days}
        yield "service_area", {**at, "id": own, "extent": place, "extent_type": "place"}
        for code in self._terms():
            term: Fields = {"id": f"{own}/{code}", "link_id": own, "link_entity": "service", "taxonomy_term_id": code}
            yield "attribute", term
        for code in {"en", chance.choice(("en", "es", "fr", "ar", "uk", "pt"))}:
            yield "language", {**at, "id": f"{own}/{code}", "code": code}
        if chance.random() < 0.1:
            week: Fields = {"byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "23:59"}
            yield "schedule", {**at, **week, "id": own}
        if chance.random() < 0.9:
            door: Fields = {"latitude": lat + chance.gauss(0, 0.05), "longitude": lon + chance.gauss(0, 0.05)}
            yield "location", {"id": own, "location_type": "physical", **door}
            yield "service_at_location", {**at, "id": own, "location_id": own}
            address = {"address_1": "1 Street", "city": town, "state_province": "", "postal_code": "", "country": place}
            yield (
                "address",
                {**address, "id": own, "location_id": own, "country": place[:2], "address_type": "physical"},
            )

    def _terms(self) -> set[str]:
        chance = self.chance
        if chance.random() < 0.25:
            return {"kind:abuse", "kind:helpline", "way:phone", chance.choice(codes("people"))}
        fields = chance.choices(codes("field"), k=chance.choice((1, 1, 2, 3)))
        ways = chance.sample(codes("way"), k=2)
        return {"kind:legal", *fields, *ways, chance.choice(codes("need")), chance.choice(codes("cost"))}

    def questions(self, near: float) -> list[Wanted]:
        """What people ask, most of them with a place to be near to."""
        chance = random.Random(7)
        asked = []
        for _ in range(QUESTIONS):
            _, place, (lat, lon) = chance.choice(self.towns)
            asked.append(
                Wanted(
                    today=TODAY,
                    place=place,
                    near=(lat + chance.gauss(0, 0.2), lon) if chance.random() < near else None,
                    needs=frozenset({chance.choice(codes("field")), chance.choice(codes("need")), "cost:free"}),
                    people=frozenset(chance.choices(codes("people"), k=chance.choice((0, 1)))),
                    ways=frozenset(chance.choices(codes("way"), k=chance.choice((0, 0, 1)))),
                    languages=frozenset({chance.choice(("en", "es", "uk"))}),
                )
            )
        return asked

    def typed(self) -> list[tuple[str, str]]:
        """Names of towns with a letter wrong, each with its place."""
        chance = random.Random(8)
        found = []
        for town, place, _ in chance.choices(self.towns, k=QUESTIONS):
            at = chance.randrange(len(town))
            found.append((town[:at] + chance.choice(LETTERS) + town[at + 1 :], place))
        return found


def made(folder: Path, name: str, world: World, services: Services, places: Places) -> Directory:
    """A directory of a world, by way of an operator's file; says how long it took."""
    store, file = folder / f"{name}.services.db", folder / f"{name}.db"
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("PRAGMA synchronous=OFF")
        database = sqlite_utils.Database(connection)
        create(database)
        listed = world.services()
        while batch := list(islice(listed, BATCH)):
            tables: dict[str, list[Fields]] = {}
            for table, row in (pair for rows in batch for pair in rows):
                tables.setdefault(table, []).append(row)
            insert(database, tables)
    began = time.perf_counter()
    build_file(services, store, fingerprint(services, store), file)
    print(f"  {name}: built in {time.perf_counter() - began:.1f} s, {file.stat().st_size / 1e6:.0f} MB", end="")
    began = time.perf_counter()
    directory = open_directory(services, places.chain, store, file).directory
    opened = time.perf_counter() - began
    question = world.questions(1.0)[0]
    began = time.perf_counter()
    directory.find(question, SHOWN)
    first = time.perf_counter() - began
    print(f"; opened in {opened * 1e3:.0f} ms, the first question {first * 1e3:.1f} ms")
    return directory


def slowest(work: Callable[[int], object]) -> float:
    """What 99 of 100 questions take at most, in microseconds; of three tries each, the middle one.

    One try in a hundred loses its turn to another process here, which would be all that this shows.
    """
    return quantiles([median(timed(work, number) for _ in range(3)) for number in range(QUESTIONS)], n=100)[98] * 1e6


def timed(work: Callable[[int], object], number: int) -> float:
    """The seconds it takes."""
    began = time.perf_counter()
    work(number)
    return time.perf_counter() - began


def report() -> Iterator[list[Row]]:
    """The sizes, interleaved."""
    known = read_whole(content_folder())
    states = tuple(
        f"US-{code}" for code in ("CA", "TX", "NY", "FL", "IL", "PA", "OH", "GA", "NC", "MI", "NJ", "VA", "WA")
    )
    places = (
        "GB-EAW",
        *states,
        "IE",
        "FR",
        "DE",
        "ES",
        "IT",
        "AU-VIC",
        "CA-ON",
        "GB-SCT",
        "IN",
        "BR",
        "MX",
        "UA",
        "PL",
    )
    worlds = {name: World(size, places) for name, size in SIZES.items()} | {ONE_PLACE: World(100_000, ("GB-EAW",))}
    with tempfile.TemporaryDirectory() as folder:
        print("\nmaking directories")
        there = {name: made(Path(folder), name, world, known.services, known.places) for name, world in worlds.items()}
        for title, near in (("near a point", 1.0), ("without a point", 0.0)):
            yield _finding(f"finding services {title}, microseconds, p99", there, worlds, near)
        yield _towns(there, worlds)
        for directory in there.values():
            directory.close()
    yield _places(known.places)


def _finding(title: str, there: Mapping[str, Directory], worlds: Mapping[str, World], near: float) -> list[Row]:
    asked = {name: world.questions(near) for name, world in worlds.items()}

    def measure(name: str) -> float:
        return slowest(lambda number: there[name].find(asked[name][number], SHOWN))

    for name in there:
        measure(name)  # so that every place was asked for once
    return rates(title, {name: name for name in there}, measure, against="10 k")


def _towns(there: Mapping[str, Directory], worlds: Mapping[str, World]) -> list[Row]:
    typed = {name: world.typed() for name, world in worlds.items()}

    def measure(name: str) -> float:
        return slowest(lambda number: there[name].spots.towns(*typed[name][number]))

    title = "a town with a slip, microseconds, p99 (5,000)"
    return rates(title, {name: name for name in there}, measure, against="10 k")


def _places(places: Places) -> list[Row]:
    words = (
        "Engalnd",
        "Scotlnad",
        "Califronia",
        "Irleand",
        "Untied States",
        "Frnace",
        "Germnay",
        "Argentnia",
        "Ukriane",
    )
    contenders = {"exact": ("England", "Texas", "Ireland"), "with a slip (5,000)": words}

    def measure(names: tuple[str, ...]) -> float:
        return slowest(lambda number: places.find(names[number % len(names)], "en"))

    return rates("a country or region, microseconds, p99", contenders, measure, against="exact")
