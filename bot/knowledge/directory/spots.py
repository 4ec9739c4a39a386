"""Where postcodes and towns lie, worked out from the addresses in the directory, and found by what is typed."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median_low
from typing import NamedTuple

from bot.knowledge.directory.near import Vector, chord, km, middle, vector
from bot.plain import closest, fold

SAME_TOWN = 25.0
"""Addresses farther apart than this, in km, are in two towns of one name."""

CLOSE = 0.001
"""Degrees by which a kept spot may differ from the middle of the town it stands for."""

BEGINNING = 3
"""So many letters are enough to offer the towns that begin with them."""

_SPACES = re.compile(r"[\s-]+")
_BRITISH = re.compile(r"(([A-Z]{1,2})[0-9][A-Z0-9]?)([0-9][A-Z]{2})?")
_SHORTER = {"CA": 3, "IE": 3, "US": 3}
"""The characters of a code, by country, that already name a part of it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point somebody may have meant. `grain` is exact, outward or area for a postcode, town for a town.

    Of towns with one name, `beside` tells which is which.
    """

    near: tuple[float, float] = field(repr=False)
    grain: str
    label: str = field(default="", repr=False)
    beside: str = field(default="", repr=False)
    sure: bool = True


def grains(text: str, country: str) -> Iterator[tuple[str, str]]:
    """The codes under which a postcode may be known, from the finest, each with its grain."""
    code = _SPACES.sub("", text).upper()
    if country == "GB":
        found = _BRITISH.fullmatch(code)
        if found:
            named = ((found[0], "exact"), (found[1], "outward"), (found[2], "area"))
            yield from named if found[3] else named[1:]
        return
    if code.isascii() and code.isalnum():
        yield code[:5] if country == "US" else code, "exact"
        if country in _SHORTER:
            yield code[: _SHORTER[country]], "outward"


class Spots:
    """The postcodes and towns of a directory, by country."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def postcode(self, text: str, place: str) -> Spot | None:
        """Where a postcode lies: itself, or the middle of those that begin like it; None where none does."""
        country = place.partition("-")[0]
        for code, grain in grains(text, country):
            row = self._connection.execute(
                "SELECT lat, lon FROM postcode WHERE country=? AND code=? AND grain=?", (country, code, grain)
            ).fetchone()
            if row:
                return Spot((row[0], row[1]), grain, code)
        return None

    def towns(self, text: str, place: str) -> tuple[Spot, ...]:
        """The towns somebody may have meant: of that name, or else within a slip or two, and those that begin so."""
        wanted, country = fold(text), place.partition("-")[0]
        names = self._names.get(country, ())
        begun = (name for name in names if len(wanted) >= BEGINNING and name.startswith(wanted))
        found = (wanted,) if wanted in names else dict.fromkeys((*closest(wanted, names), *begun))
        return tuple(
            Spot((lat, lon), "town", label, beside, sure=name == wanted)
            for name in found
            for label, beside, lat, lon in self._connection.execute(
                "SELECT label, beside, lat, lon FROM town WHERE country=? AND name=? ORDER BY number", (country, name)
            )
        )

    def name(self, near: tuple[float, float]) -> str:
        """The town whose middle is at a spot, with what tells it from others of its name; empty where none is."""
        lat, lon = near
        found = self._connection.execute(
            "SELECT label, beside FROM town WHERE abs(lat-?)<? AND abs(lon-?)<? ORDER BY abs(lat-?)+abs(lon-?), name",
            (lat, CLOSE, lon, CLOSE, lat, lon),
        ).fetchone()
        return f"{found[0]} ({found[1]})" if found and found[1] else str(found[0]) if found else ""

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        """The names of towns, by country."""
        names: dict[str, list[str]] = defaultdict(list)
        for country, name in self._connection.execute("SELECT DISTINCT country, name FROM town ORDER BY 1, 2"):
            names[country].append(name)
        return {country: tuple(found) for country, found in names.items()}


class _Address(NamedTuple):
    country: str
    code: str
    town: str
    region: str
    point: Vector


def spot_rows(connection: sqlite3.Connection) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The rows of `postcode` and of `town` that follow from the addresses of what is active."""
    rows = connection.execute(
        "SELECT DISTINCT upper(a.country), a.postal_code, a.city, "
        "coalesce(nullif(a.state_province, ''), a.region, ''), l.latitude, l.longitude FROM address a "
        "JOIN location l ON l.id=a.location_id JOIN service_at_location sl ON sl.location_id=l.id "
        "JOIN service s ON s.id=sl.service_id WHERE s.status='active' AND l.location_type='physical' "
        "AND l.latitude IS NOT NULL AND l.longitude IS NOT NULL ORDER BY 1, 2, 3, 4, 5, 6"
    )
    addresses = [
        _Address(country, code, town, region, vector(lat, lon)) for country, code, town, region, lat, lon in rows
    ]
    return list(_postcodes(addresses)), list(_all_towns(addresses))


def _postcodes(addresses: Iterable[_Address]) -> Iterator[tuple[object, ...]]:
    exact: dict[tuple[str, str], list[Vector]] = defaultdict(list)
    for address in addresses:
        code = next((code for code, grain in grains(address.code, address.country) if grain == "exact"), "")
        if code:
            exact[address.country, code].append(address.point)
    coarse: dict[tuple[str, str, str], list[Vector]] = defaultdict(list)
    for (country, code), points in exact.items():
        centre = middle(points)
        yield country, code, "exact", *centre
        for shorter, grain in grains(code, country):
            if grain != "exact":
                coarse[country, shorter, grain].append(vector(*centre))
    for (country, code, grain), points in coarse.items():
        yield country, code, grain, *middle(points)


def _all_towns(addresses: Iterable[_Address]) -> Iterator[tuple[object, ...]]:
    named: dict[tuple[str, str], list[_Address]] = defaultdict(list)
    for address in addresses:
        if name := fold(address.town):
            named[address.country, name].append(address)
    for (country, name), found in named.items():
        for number, town in enumerate(_apart(found)):
            label = _commonest(address.town for address in town)
            beside = _commonest(map(_beside, town))
            yield country, name, number, label, beside, *middle([address.point for address in town])


def _apart(addresses: Sequence[_Address]) -> list[list[_Address]]:
    """Addresses in towns of one name: those around the one in the midst, then the same for what is left."""
    towns, left = [], list(addresses)
    while left:
        x, y, z = (median_low(address.point[axis] for address in left) for axis in range(3))
        midst = min((address.point for address in left), key=lambda point: chord(point, (x, y, z)))
        away = [km(chord(midst, address.point)) > SAME_TOWN for address in left]
        towns.append([address for address, far in zip(left, away, strict=True) if not far])
        left = [address for address, far in zip(left, away, strict=True) if far]
    return sorted(towns, key=len, reverse=True)


def _beside(address: _Address) -> str:
    """What tells a town from another of its name: its region, else the beginning of its postcodes."""
    codes = {grain: code for code, grain in grains(address.code, address.country)}
    return address.region or codes.get("outward") or codes.get("exact", "")


def _commonest(words: Iterable[str]) -> str:
    return min(Counter(words).items(), key=lambda word: (-word[1], word[0]))[0]
