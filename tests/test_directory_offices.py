"""The legal-aid offices of 2019, taken in as an operator would: from the list to the nearest door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from directory_rows import KNOWLEDGE, PLACES, THEN, haversine, imported_offices, offices
from harness import TODAY

from bot.knowledge.directory.opening import open_directory
from bot.knowledge.directory.search import Directory
from bot.knowledge.directory.wanted import Wanted
from bot.settings import content_folder

LIST = {f"laa-{office.id}": office for office in offices()}
MAPPING = Path(str(content_folder())) / "mappings" / "laa-2019.toml"


@pytest.fixture(scope="module")
def imported() -> Iterator[Directory]:
    shelf = imported_offices()
    there = open_directory(KNOWLEDGE.services, PLACES.chain, shelf.store, shelf.file)
    assert there.note == ""
    with closing(there.directory) as directory:
        yield directory


def law(*needs: str, near: tuple[float, float] | None = None) -> Wanted:
    return Wanted(today=THEN, place="GB-EAW", near=near, needs=frozenset(needs))


def of_the_list(directory: Directory, wanted: Wanted) -> list[str]:
    return [service for service in directory.order(wanted) if service in LIST]


def test_nearly_all_of_the_list_is_taken_in(imported: Directory) -> None:
    (held,) = imported.connection.execute("SELECT count(*) FROM service WHERE id LIKE 'laa-%'").fetchone()
    assert len(LIST) == 2_904
    assert held == 2_869  # 18 without a code, 17 with a number that nobody can dial: the mapping names them


def test_family_law_near_a_postcode_gives_the_nearest_in_order(imported: Directory) -> None:
    spot = imported.spots.postcode("WR1 1LP", "GB-EAW")
    assert spot
    wanted = law("field:family", near=spot.near)
    ids = of_the_list(imported, wanted)
    held = {service for (service,) in imported.connection.execute("SELECT id FROM service")}
    family = {service: office for service, office in LIST.items() if "MAT" in office.codes and service in held}
    away = sorted((haversine(spot.near, office.point), own) for own, office in family.items() if office.point)
    assert ids[:50] == [own for _, own in away[:50]]
    assert [LIST[service].city for service in ids[:4]] == ["Worcester", "Worcester", "Worcester", "Malvern"]
    points = [LIST[service].point for service in ids]
    assert all(one <= other + 1e-9 for one, other in pairwise(haversine(spot.near, each) for each in points if each))
    assert set(ids) == set(family)
    assert imported.why(ids[0], wanted) == ("field:family",)
    assert imported.away(ids[0], spot.near) == pytest.approx(away[0][0], abs=1e-6)
    assert imported[ids[0]].phones[0].number == "01905 730 900"


def test_who_only_mediates_is_no_lawyer(imported: Directory) -> None:
    for need in ("kind:legal", "need:advice", "need:representation", "field:family", "field:other"):
        for service in of_the_list(imported, law(need)):
            assert LIST[service].codes - {"FMED"}
    mediating = of_the_list(imported, law("kind:mediation"))
    assert {"FMED"} in [LIST[service].codes for service in mediating]
    assert all("FMED" in LIST[service].codes for service in mediating)


def test_nobody_is_shown_them_today(imported: Directory) -> None:
    wanted = Wanted(today=TODAY, place="GB-EAW", needs=frozenset({"kind:legal"}))
    assert not of_the_list(imported, wanted)
    assert imported.find(wanted)
