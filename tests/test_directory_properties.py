"""What holds for any directory and any question, beside a plain search that looks at everything."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from math import inf

import pytest
from directory_rows import PLACES, Given, directory, haversine, tables
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from bot.knowledge.directory.near import Near as Tree
from bot.knowledge.directory.near import boxes, order, vector
from bot.knowledge.directory.tape import ASKED_FOR, members
from bot.knowledge.directory.taxonomy import BY_CODE, codes
from bot.knowledge.directory.wanted import Wanted

DAY = date(2026, 11, 20)
SPOTS = ((51.5, -0.13), (51.6, -0.4), (53.34, -6.26), (40.71, -74.0), (-17.7, 178.1), (-16.9, -179.8), (89.5, 12.0))
"""Places of doors: few, so that many stand in one; and no two equally far from another by chance."""

AREAS = ("GB", "GB-EAW", "GB-SCT", "IE", "US", "US-CA", "EU", "COE", "INT", "JP")
CODES = (
    "need:advice",
    "field:family",
    "field:other",
    "field:crime_defence",
    "field:prison",
    "kind:legal",
    "kind:mediation",
    "kind:abuse",
    "people:women",
    "people:men",
    "people:lgbt",
    "way:chat",
    "way:phone",
    "cost:free",
)
"""Few, so that they are often met."""

NEEDS = tuple(code for code in CODES if BY_CODE[code].group in {"need", "field", "kind", "cost"})
PEOPLE = ("people:women", "people:men", "people:lgbt")
TONGUES = ("en", "es", "fr", "uk")


def some(values: Sequence[str], most: int = 4) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=most)


entries = st.builds(
    Given,
    id=st.text("abc", min_size=1, max_size=3),
    places=some(AREAS, 2).map(lambda found: tuple(sorted(found))),
    terms=some(CODES, 7).map(lambda found: tuple(sorted({*found, "kind:legal"}))) | some(CODES).map(tuple),
    languages=some(TONGUES, 2).map(lambda found: tuple(sorted(found))),
    points=st.lists(st.sampled_from(SPOTS), max_size=2, unique=True).map(tuple),
    day_and_night=st.booleans(),
    checked_on=st.integers(0, 200).map(lambda days: DAY - timedelta(days)),
    interval=st.sampled_from([30, 90]),
    active=st.sampled_from(["active"] * 5 + ["inactive"]),
    status=st.sampled_from(["VERIFIED", "CORROBORATED", "VERIFIED", "RECALLED"]),
)
questions = st.builds(
    Wanted,
    today=st.integers(0, 120).map(lambda days: DAY + timedelta(days)),
    place=st.sampled_from(("GB-EAW", "GB-SCT", "GB", "IE", "US-CA", "US-TX", "JP", None)),
    near=st.none() | st.sampled_from(((51.51, -0.2), (53.3, -6.0), (-17.0, 179.5), (88.0, -160.0))),
    needs=some(NEEDS, 3),
    people=some(PEOPLE, 2),
    ways=some(("way:chat", "way:phone"), 1),
    languages=some(TONGUES, 2),
)
listings = st.lists(entries, max_size=25, unique_by=lambda entry: entry.id)


def terms(entry: Given) -> set[str]:
    """The terms of an entry, less what a mediator without a field does not do."""
    held = set(entry.terms)
    if "kind:mediation" in held and not held & set(codes("field")):
        held -= {"kind:legal", *codes("need")}
    return held


def fits(entry: Given, wanted: Wanted) -> bool:
    held, needs = terms(entry), wanted.needs
    fields, asked, kinds = held & set(codes("field")), needs & set(codes("field")), needs & set(codes("kind"))
    lawyer = bool(asked or needs & set(codes("need")) or "kind:legal" in needs)
    return (
        entry.active == "active"
        and entry.status != "RECALLED"
        and wanted.today <= entry.last
        and ("kind:legal" in held or not lawyer)
        and (lawyer or not kinds or bool(held & kinds))
        and ("kind:mediation" not in held or "kind:legal" in held or "kind:mediation" in needs)
        and not (asked and fields and not asked & fields)
        and not (not asked and fields and fields <= ASKED_FOR and (lawyer or "kind:mediation" not in needs & held))
        and (not wanted.ways or bool(held & wanted.ways))
        and not (wanted.people & GENDERS == {"people:men"} and held & GENDERS == {"people:women"})
        and not (wanted.people & GENDERS == {"people:women"} and held & GENDERS == {"people:men"})
    )


GENDERS = {"people:women", "people:men"}


def plainly(listed: Sequence[Given], wanted: Wanted) -> list[str]:
    """The order as it is described, worked out one by one."""
    chain = PLACES.chain(wanted.place)

    def rank(entry: Given) -> tuple[int, int, float, bool, str]:
        held = terms(entry)
        some_only, ours = held & set(codes("people")), held & wanted.people
        met = len(held & (wanted.needs | wanted.people | wanted.ways))
        met += bool(wanted.languages & set(entry.languages)) + (not some_only or bool(ours))
        away = min((haversine(wanted.near, point) for point in entry.points), default=inf) if wanted.near else 0.0
        return min(map(chain.index, set(entry.places) & set(chain))), -met, away, not entry.day_and_night, entry.id

    there = [entry for entry in listed if set(entry.places) & set(chain) and fits(entry, wanted)]
    return [entry.id for entry in sorted(there, key=rank)]


@settings(max_examples=120, deadline=None)
@for_all(listings, st.lists(questions, min_size=1, max_size=8))
def test_it_finds_what_a_plain_search_finds(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Given], asked: list[Wanted]
) -> None:
    with closing(directory(tmp_path_factory.mktemp("any") / "services.db", tables(listed))) as made:
        for wanted in asked:
            assert list(made.order(wanted)) == plainly(listed, wanted)
            assert made.find(wanted, 3) == tuple(plainly(listed, wanted)[:3])


@settings(max_examples=25, deadline=None)
@for_all(listings, questions)
def test_nothing_outside_its_area_and_nothing_expired_is_ever_found(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Given], wanted: Wanted
) -> None:
    by_id, chain = {entry.id: entry for entry in listed}, PLACES.chain(wanted.place)
    with closing(directory(tmp_path_factory.mktemp("any") / "services.db", tables(listed))) as made:
        for service in made.order(wanted):
            assert set(by_id[service].places) & set(chain)
            assert wanted.today <= by_id[service].last


@settings(max_examples=15, deadline=None)
@for_all(listings.flatmap(lambda listed: st.tuples(st.just(listed), st.permutations(listed))), questions)
def test_the_order_does_not_depend_on_how_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, both: tuple[list[Given], list[Given]], wanted: Wanted
) -> None:
    orders = []
    for listed in both:
        with closing(directory(tmp_path_factory.mktemp("any") / "services.db", tables(listed))) as made:
            orders += [list(made.order(wanted)), list(made.order(wanted))]
    assert all(each == orders[0] for each in orders)


degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@settings(max_examples=60, deadline=None)
@for_all(st.lists(degrees, min_size=1, max_size=400), degrees)
def test_points_are_walked_from_the_nearest_on(points: list[tuple[float, float]], centre: tuple[float, float]) -> None:
    laid = [points[at] for at in order(points)]
    flat = array("d", (number for point in laid for number in vector(*point)))
    tree = Tree(flat, array("I", range(len(laid))), boxes(flat))
    walked = list(tree.walk((1 << len(laid)) - 1, vector(*centre)))
    assert sorted(walked) == list(range(len(laid)))
    away = [haversine(centre, laid[at]) for at in walked]
    assert all(one <= other + 1e-3 for one, other in pairwise(away))


@for_all(st.sets(st.integers(0, 3_000)))
def test_the_members_of_bits_come_lowest_first(numbers: set[int]) -> None:
    assert list(members(sum(1 << number for number in numbers))) == sorted(numbers)
