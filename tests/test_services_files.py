"""Whatever a file holds: it is refused or taken in, and nothing else happens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from harness import TODAY
from hypothesis import example, given, settings
from hypothesis import strategies as st
from poison import GOOD, GOOD_CSV, MAPPING

from bot.knowledge.directory import values
from bot.knowledge.directory.bounds import BOUNDS, POSTCODES
from bot.knowledge.directory.documents import Keys, Lines, json_documents, read_text
from bot.knowledge.directory.hsds import Ground, Reading, read_service
from bot.knowledge.directory.importing import (
    StoreError,
    Taken,
    essence,
    only_one,
    plan,
    read_file,
    read_store,
    write_store,
)
from bot.knowledge.directory.mapping import NONE, MappingFile, csv_documents, read_mapping
from bot.knowledge.directory.numbers import wrong
from bot.knowledge.directory.refusal import SHOWN, Refusal, RefusedError, excerpt
from bot.knowledge.directory.rules import Bundle
from bot.knowledge.knowledge import read_whole
from bot.settings import Texts

HERE = Path("x.json")
PLACES = read_whole(Texts().content).places
OFFICES = read_mapping(Path("m.toml"), MAPPING)

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def taken(text: str, mapping: MappingFile = NONE) -> Reading:
    """What comes of a file; refusals of the whole of it are among its own."""
    reading = Reading()
    ground = Ground(HERE, mapping, PLACES, TODAY)
    try:
        documents = json_documents(HERE, text) if mapping is NONE else csv_documents(HERE, text, mapping)[0]
    except RefusedError as error:
        reading.refusals += error.refusals
        return reading
    for document in documents:
        read_service(document, ground, reading)
    return reading


def tidy(refusals: Sequence[Refusal]) -> None:
    """Every refusal is one line that cannot move a terminal, and holds no more of a value than it may."""
    for refusal in refusals:
        assert refusal.line >= 0
        assert refusal.reason.isprintable()
        assert all(len(value) <= SHOWN for value in re.findall(r'"([^"]*)"', refusal.reason))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_bytes(data)
    with suppress(RefusedError):
        assert read_text(file).strip()


@given(st.text(max_size=200) | anything.map(json.dumps))
@example('{"a":')
@example("[[]]")
@example('{"services": [{"services": [3]}]}')
def test_any_text_is_a_list_of_services_or_is_refused(text: str) -> None:
    reading = taken(text)
    assert not reading.services
    tidy(reading.refusals)


def paths(value: Any, above: Keys = ()) -> Iterator[Keys]:
    yield above
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(inner, (*above, key))


EVERYWHERE = [path for path in paths(json.loads(GOOD)) if path]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(EVERYWHERE), anything, st.booleans())
def test_a_good_file_with_anything_anywhere_in_it_is_taken_in_or_refused(path: Keys, value: object, out: bool) -> None:
    whole = json.loads(GOOD)
    *above, last = path
    here = whole
    for key in above:
        here = here[key]
    if out:
        del here[last]
    else:
        here[last] = deepcopy(value)
    text = json.dumps(whole, indent=1)
    reading = taken(text)
    assert reading.services or reading.refusals
    tidy(reading.refusals)
    assert all(refusal.line <= text.count("\n") + 1 for refusal in reading.refusals)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.integers(min_value=0, max_value=len(GOOD_CSV)))
def test_a_good_csv_file_with_anything_anywhere_in_it_is_taken_in_or_refused(text: str, at: int) -> None:
    reading = taken(GOOD_CSV[:at] + text + GOOD_CSV[at:], OFFICES)
    assert reading.services or reading.refusals
    tidy(reading.refusals)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.integers(min_value=0, max_value=len(MAPPING)))
@example("\x80", 28)  # a place that cannot be printed
def test_a_good_mapping_with_anything_anywhere_in_it_is_read_or_refused(text: str, at: int) -> None:
    with suppress(RefusedError):
        mapping = read_mapping(Path("m.toml"), MAPPING[:at] + text + MAPPING[at:])
        tidy(taken(GOOD_CSV, mapping).refusals)


numbered = st.recursive(
    st.just(0), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)


@given(numbered, st.sampled_from([None, 0, 1, 4]))
def test_the_line_of_a_value_is_the_line_it_stands_on(value: Any, indent: int | None) -> None:
    whole: list[Any] = [value]
    found: dict[Keys, str] = {}

    def number(inner: Any, above: Keys) -> None:
        for key, entry in list(inner.items()) if isinstance(inner, dict) else list(enumerate(inner)):
            if entry == 0 and not isinstance(entry, (dict, list)):
                inner[key] = 7_000_000 + len(found)
                found[(*above, key)] = str(inner[key])
            else:
                number(entry, (*above, key))

    number(whole, ())
    text = json.dumps(whole, indent=indent, ensure_ascii=False)
    lines = Lines(text)
    for path, wanted in found.items():
        assert lines.line(path) == text.count("\n", 0, text.index(wanted)) + 1
        assert lines.line((*path, "nowhere")) == lines.line(path)


@given(st.text())
def test_an_excerpt_is_short_and_moves_nothing(text: str) -> None:
    shown = excerpt(text)
    assert len(shown) <= SHOWN + 2
    assert shown.isprintable()


def test_every_country_of_ours_has_bounds_and_its_own_postcodes_pass() -> None:
    for country, (south, north, west, east) in BOUNDS.items():
        assert -90 <= south < north <= 90
        assert -180 <= west < east <= 180
        assert PLACES.knows(country)
    assert POSTCODES.keys() <= BOUNDS.keys()


@pytest.mark.parametrize(
    ("number", "where", "fine"),
    [
        ("116 123", ("GB",), True),
        ("016", ("ES",), True),
        ("3919", ("FR",), True),
        ("988", ("US",), True),
        ("*120*7867#", ("ZA",), True),
        ("0808 2000 247", ("GB",), True),
        ("+44 808 2000 247", ("GB",), True),
        ("+1 800 799 7233", ("GB",), False),
        ("1-800-799-7233", ("US", "CA"), True),
        ("01 874 5690", ("GB", "IE"), True),
        ("01 874 5690", ("GB",), False),
        ("+353 1 874 5690", (), True),
        ("01 874 5690", (), False),
        ("12", ("GB",), True),
        ("1", ("GB",), False),
        ("1800 FLOWERS", ("US",), False),
        ("", ("GB",), False),
        ("0808 2000 247; ATDT911", ("GB",), False),
    ],
)
def test_a_number_is_one_of_its_country_or_a_short_code_as_dialled(
    number: str, where: tuple[str, ...], fine: bool
) -> None:
    assert (wrong(number, where) == "") is fine


@pytest.mark.parametrize("tag", ["cy", "pt-BR", "zh-Hant", "ar", "haw"])
def test_a_language_is_one_that_cldr_knows(tag: str) -> None:
    assert values.language(tag) == tag


@pytest.fixture
def two(tmp_path: Path) -> dict[str, Bundle]:
    file = tmp_path / "good.json"
    file.write_text(GOOD, encoding="utf-8")
    return dict(read_file(Ground(file, NONE, PLACES, TODAY)).services)


def test_a_store_that_fails_to_be_written_is_as_it_was(tmp_path: Path, two: dict[str, Bundle]) -> None:
    store = tmp_path / "services.db"
    write_store(store, two)
    before = store.read_bytes()

    def broken(_: object) -> Iterator[Any]:
        yield two["ie-line"]
        raise OSError(28, "No space left on device")

    def stopped(_: object) -> Iterator[Any]:
        yield two["ie-line"]
        raise KeyboardInterrupt

    with pytest.raises(StoreError, match="nothing was changed"):
        write_store(store, {}, broken)
    with pytest.raises(KeyboardInterrupt):
        write_store(store, {}, stopped)
    assert store.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if file.suffix != ".json"] == ["services.db"]
    assert store.stat().st_mode & 0o777 == 0o600


def test_two_imports_at_once_are_one_too_many(tmp_path: Path) -> None:
    store = tmp_path / "services.db"
    with only_one(store), pytest.raises(StoreError, match="another import"), only_one(store):
        pass
    with only_one(store):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_another_version_is_not_read(tmp_path: Path, two: dict[str, Bundle]) -> None:
    store = tmp_path / "services.db"
    write_store(store, two)
    data = bytearray(store.read_bytes())
    data[60:64] = (99).to_bytes(4, "big")  # user_version in the header of SQLite
    store.write_bytes(data)
    with pytest.raises(StoreError, match="of this version"):
        read_store(store)


ids = st.sets(st.sampled_from(["a", "b", "c", "d", "e"]))


@given(ids, ids, ids, ids, st.booleans())
def test_a_plan_accounts_for_every_service(
    shipped: set[str], own: set[str], file: set[str], differs: set[str], whole: bool
) -> None:
    def made(key: str, name: str, source: str) -> Bundle:
        return {"service": [{"id": key, "name": name}], "provenance": [{"service_id": key, "source": source}]}

    mine = {key: made(key, "same", "list") for key in own}
    there = {key: made(key, "same", "ours") for key in shipped} | mine
    source = "list" if whole else ""
    new = {key: made(key, "other" if key in differs else "same", "list") for key in file}
    planned = plan(there, mine, Taken(new, {}, 0), source)
    assert set(planned.adds) == file - there.keys()
    assert set(planned.adds) | set(planned.changes) <= file
    assert len(planned.adds) + len(planned.changes) + planned.same == len(file)
    assert set(planned.drops) == (own - file if whole else set())
    after = {**{key: made(key, "same", "ours") for key in shipped}, **planned.kept}
    assert all(essence(after[key]) == essence(new[key]) for key in file)
    assert plan(after, planned.kept, Taken(new, {}, 0), source).nothing


SEMICOLONS = """name;town;areas;hours;languages;phones
Example Law Centre;Leeds;Leeds,York;09:00;en,cy;0113 496 0000,01904 555 123
"""
PLAIN = """separator = ";"
between = ","
timezone = "Europe/London"
terms = ["kind:legal", "cost:free"]

[columns]
"service.id" = "town"
"service.name" = "name"
"service_area.extent" = "areas"
"schedule.opens_at" = "hours"
"language.code" = "languages"
"phone.number" = "phones"

[constants]
"service.status" = "active"
"schedule.closes_at" = "17:00"
"schedule.byday" = "MO,TU"
"provenance.source" = "https://example.org/"
"provenance.status" = "VERIFIED"
"provenance.checked_on" = "2026-11-01"

[areas]
Leeds = "GB-EAW"
York = "GB-EAW"
"""


def test_a_cell_may_hold_several_and_a_mapping_says_what_a_file_does_not() -> None:
    reading = taken(SEMICOLONS, read_mapping(Path("m.toml"), PLAIN))
    assert reading.refusals == []
    bundle = reading.services["Leeds"]
    assert [row["number"] for row in bundle["phone"]] == ["0113 496 0000", "01904 555 123"]
    assert [row["code"] for row in bundle["language"]] == ["en", "cy"]
    assert {row["extent"] for row in bundle["service_area"]} == {"GB-EAW"}
    [hours] = bundle["schedule"]
    assert (hours["byday"], hours["opens_at"], hours["closes_at"]) == ("MO,TU", "09:00", "17:00")
    assert hours["timezone"] == "Europe/London"
    assert bundle["provenance"][0]["review_by"] == "2027-01-30"


def test_services_inside_an_organization_are_its_own_and_use_its_number() -> None:
    [first, second] = json.loads(GOOD)
    owner = {**first.pop("organization"), "phones": first.pop("phones"), "services": [first]}
    second["organization"]["services"] = [{key: value for key, value in second.items() if key != "organization"}]
    reading = taken(json.dumps({"contents": [owner, second["organization"]]}, indent=1))
    assert reading.refusals == []
    assert [row["number"] for row in reading.services["ie-law-centre"]["phone"]] == ["01 874 5690"]
    assert reading.services["ie-law-centre"]["organization"][0]["name"] == "Example Law Centres"


def test_a_fax_is_not_kept_and_a_mobile_is_a_voice() -> None:
    whole = json.loads(GOOD)
    whole[0]["phones"] = [{"number": "01 874 5691", "type": "Fax"}, {"number": "01 874 5690", "type": "cell"}]
    reading = taken(json.dumps(whole))
    assert [(row["number"], row["type"]) for row in reading.services["ie-law-centre"]["phone"]] == [
        ("01 874 5690", "voice")
    ]
