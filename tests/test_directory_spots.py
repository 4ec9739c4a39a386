"""Where a postcode or a town lies, from the addresses in the directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from math import atan2, cos, degrees, hypot, radians, sin
from pathlib import Path

import pytest
from directory_rows import Given, directory, given, haversine, offices, tables
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.knowledge.directory.search import Directory
from bot.knowledge.directory.spots import Spot, grains

OFFICES = offices()
HERE = "GB-EAW"
Point = tuple[float, float]


@pytest.fixture(scope="module")
def laa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    with closing(directory(tmp_path_factory.mktemp("laa") / "services.db", tables(given(OFFICES)))) as found:
        yield found


def middle(points: list[Point]) -> Point:
    """The middle on a globe, worked out beside the code."""
    x = sum(cos(radians(lat)) * cos(radians(lon)) for lat, lon in points)
    y = sum(cos(radians(lat)) * sin(radians(lon)) for lat, lon in points)
    z = sum(sin(radians(lat)) for lat, _ in points)
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))


def test_a_postcode_of_the_list_lies_where_the_list_says(laa: Directory) -> None:
    known: dict[str, set[Point]] = defaultdict(set)
    for office in OFFICES:
        if office.point:
            known[office.postcode].add(office.point)
    for postcode, points in known.items():
        spot = laa.spots.postcode(postcode, HERE)
        assert spot
        assert (spot.grain, spot.label) == ("exact", postcode.replace(" ", ""))
        assert haversine(spot.near, middle(sorted(points))) < 0.001


def test_another_postcode_lies_in_the_middle_of_those_that_begin_like_it(laa: Directory) -> None:
    known: dict[str, set[Point]] = defaultdict(set)
    for office in OFFICES:
        if office.point and office.postcode.startswith("WR1 "):
            known[office.postcode].add(office.point)
    centre = middle([middle(sorted(points)) for points in known.values()])
    for typed in ("WR1 1LP", "wr1 1lp", "WR11LP", " wr1-1lp ", "WR1"):
        spot = laa.spots.postcode(typed, HERE)
        assert spot
        assert (spot.grain, spot.label) == ("outward", "WR1")
        assert haversine(spot.near, centre) < 0.001


def test_where_the_beginning_is_not_known_either_the_area_is(laa: Directory) -> None:
    spot = laa.spots.postcode("WR99 9ZZ", HERE)
    assert spot
    assert (spot.grain, spot.label) == ("area", "WR")
    assert haversine(spot.near, (52.19, -2.22)) < 30


@pytest.mark.parametrize(
    "typed", ["ZZ1 1ZZ", "", "1", "W", "WR", "WR1 1L", "WR1 1LPX", "12345", "' OR 1=1", "\U0001f600"]
)
def test_what_is_no_postcode_lies_nowhere(laa: Directory, typed: str) -> None:
    assert laa.spots.postcode(typed, HERE) is None


def test_a_postcode_belongs_to_its_country(laa: Directory) -> None:
    assert laa.spots.postcode("WR1 1UN", "IE") is None
    assert laa.spots.postcode("WR1 1UN", "GB-SCT")


@pytest.mark.parametrize(
    ("typed", "country", "codes"),
    [
        ("90210-1234", "US", ["90210", "902"]),
        ("90210", "US", ["90210", "902"]),
        ("k1a 0b1", "CA", ["K1A0B1", "K1A"]),
        ("D02 X285", "IE", ["D02X285", "D02"]),
        ("10115", "DE", ["10115"]),
        ("EC1A 1BB", "GB", ["EC1A1BB", "EC1A", "EC"]),
        ("WR11", "GB", ["WR11", "WR"]),
    ],
)
def test_every_country_has_its_own_postcodes(typed: str, country: str, codes: list[str]) -> None:
    assert [code for code, _ in grains(typed, country)] == codes


@for_all(st.text(), st.sampled_from(["GB", "US", "CA", "IE", "DE", ""]))
def test_anything_may_be_typed(text: str, country: str) -> None:
    for code, grain in grains(text, country):
        assert code.isascii()
        assert grain in {"exact", "outward", "area"}


def labels(spots: tuple[Spot, ...]) -> list[tuple[str, str]]:
    return [(spot.label, spot.beside) for spot in spots]


def test_a_town_is_found_by_its_name_however_written(laa: Directory) -> None:
    for typed in ("Worcester", "worcester", " WORCESTER ", "Wörcester"):
        [spot] = laa.spots.towns(typed, HERE)
        assert spot.label == "Worcester"
        assert spot.sure
        assert haversine(spot.near, (52.195, -2.22)) < 3


@pytest.mark.parametrize("typed", ["worcestr", "Worcseter", "Wocester", "Worceste", "Worc"])
def test_a_town_is_found_with_slips_or_by_its_beginning_and_is_then_asked(laa: Directory, typed: str) -> None:
    spots = laa.spots.towns(typed, HERE)
    assert "Worcester" in [spot.label for spot in spots]
    assert not any(spot.sure for spot in spots)


def test_towns_of_one_name_are_told_apart(laa: Directory) -> None:
    assert labels(laa.spots.towns("Newport", HERE)) == [("Newport", "NP20"), ("Newport", "PO30")]
    assert labels(laa.spots.towns("richmond", HERE)) == [("Richmond", "DL10"), ("Richmond", "TW9")]
    [spot] = laa.spots.towns("London", HERE)
    assert haversine(spot.near, (51.52, -0.12)) < 5


def test_every_town_of_the_list_is_near_its_offices(laa: Directory) -> None:
    for office in OFFICES:
        if office.point:
            spots = laa.spots.towns(office.city, HERE)
            assert min(haversine(spot.near, office.point) for spot in spots) <= 25


def test_a_town_elsewhere_is_not_known(laa: Directory) -> None:
    for typed, place in [("Worcester", "US-MA"), ("", HERE), ("Xyzzyq", HERE), ("Wo", HERE)]:
        assert laa.spots.towns(typed, place) == ()


def test_a_shelter_has_no_spot_and_no_address(tmp_path: Path) -> None:
    point, terms = ((53.0, -6.0),), ("kind:shelter", "kind:abuse")
    entry = Given("a", terms=terms, points=point, postcode="D02 X285", city="Dublin")
    with closing(directory(tmp_path / "services.db", tables([entry]))) as made:
        assert made.spots.postcode("D02 X285", "IE") is None
        assert made.spots.towns("Dublin", "IE") == ()
        assert made["a"].doors == ()
        assert made.away("a", (53.0, -6.0)) is None
        dump = "\n".join(made.connection.iterdump())
        assert "X285" not in dump
        assert "-6.0" not in dump


def test_a_spot_does_not_show_where_it_is(laa: Directory) -> None:
    assert repr(laa.spots.towns("Worcester", HERE)) == "(Spot(grain='town', sure=True),)"
