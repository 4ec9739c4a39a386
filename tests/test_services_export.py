"""Handing the directory on: HSDS 3 that validates, and that comes back as it went."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from harness import TODAY
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator
from poison import GOOD
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.knowledge.directory.documents import json_documents, read_text
from bot.knowledge.directory.exporting import as_json, document
from bot.knowledge.directory.hsds import Ground, Reading, read_service
from bot.knowledge.directory.importing import all_known, essence, plan, read_file, read_store, write_store
from bot.knowledge.directory.mapping import NONE, MappingFile, read_mapping
from bot.knowledge.directory.rules import Bundle
from bot.knowledge.knowledge import read_whole
from bot.settings import Texts

HERE = Path(__file__).parent / "data"
OFFICES = HERE / "laa-2019" / "offices.csv"
MAPPING = Path(str(Texts().content)) / "mappings" / "laa-2019.toml"
MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)
KNOWLEDGE = read_whole(Texts().content)


def ground(path: Path, mapping: MappingFile = NONE) -> Ground:
    return Ground(path, mapping, KNOWLEDGE.places, TODAY)


def read(text: str) -> dict[str, Bundle]:
    reading = Reading()
    for each in json_documents(Path("x.json"), text):
        read_service(each, ground(Path("x.json")), reading)
    assert reading.refusals == []
    return reading.services


@pytest.fixture(scope="module")
def offices() -> dict[str, Bundle]:
    mapping = read_mapping(MAPPING, read_text(MAPPING))
    return dict(read_file(ground(OFFICES, mapping)).services)


@pytest.fixture(scope="module")
def validator() -> Validator:
    schemas = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in (HERE / "hsds").glob("*.json")}
    resources = [(name, Resource.from_contents(schema, DRAFT202012)) for name, schema in schemas.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(
        schemas["service.json"], registry=registry, format_checker=FormatChecker(["uuid", "email"])
    )


def test_everything_known_validates_as_hsds_3(validator: Validator, offices: dict[str, Bundle]) -> None:
    whole = json.loads(as_json(all_known(KNOWLEDGE.services, offices).values(), MOMENT))
    assert len(whole) == len(list(KNOWLEDGE.services)) + len(offices)
    every = len(list(KNOWLEDGE.services))
    for service in (*whole[:every], *whole[every::25]):
        assert list(validator.iter_errors(service)) == [], service["name"]


def test_the_schema_does_refuse(validator: Validator) -> None:
    [service, *_] = json.loads(as_json(read(GOOD).values(), MOMENT))
    assert validator.is_valid(service)
    assert not validator.is_valid({**service, "id": "ie-law-centre"})
    assert not validator.is_valid({**service, "status": "open"})
    assert not validator.is_valid({**service, "phones": [{"id": service["id"]}]})


def test_every_id_is_a_uuid_and_none_stands_twice(offices: dict[str, Bundle]) -> None:
    seen: list[str] = []

    def look(value: object) -> None:
        if isinstance(value, dict):
            if "id" in value and "code" not in value and "website" not in value and "city" not in value:
                seen.append(value["id"])
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look([{**service, "organization": None} for service in json.loads(as_json(list(offices.values())[:200], MOMENT))])
    assert [str(UUID(each)) for each in seen] == seen
    assert len(set(seen)) == len(seen)


def test_what_went_out_comes_back_as_it_was(offices: dict[str, Bundle]) -> None:
    there = all_known(KNOWLEDGE.services, offices)
    back = read(as_json(there.values(), MOMENT))
    assert back.keys() == there.keys()
    for key, bundle in there.items():
        assert essence(back[key]) == essence(bundle), key


def test_through_the_store_and_out_again_nothing_changes(tmp_path: Path, offices: dict[str, Bundle]) -> None:
    store = tmp_path / "services.db"
    write_store(store, {**offices, **read(GOOD)})
    held = read_store(store)
    assert {key: essence(bundle) for key, bundle in held.items()} == {
        key: essence(bundle) for key, bundle in {**offices, **read(GOOD)}.items()
    }
    first = as_json(held.values(), MOMENT)
    again = read(first)
    write_store(store, again)
    assert as_json(read_store(store).values(), MOMENT) == first


def test_an_offset_is_written_for_others_and_the_name_of_the_timezone_for_us() -> None:
    winter = document(read(GOOD)["ie-law-centre"], MOMENT)
    summer = document(read(GOOD)["ie-law-centre"], datetime(2026, 7, 1, tzinfo=UTC))
    offsets = [[row["timezone"] for row in each["schedules"]] for each in (winter, summer)]  # type: ignore[attr-defined]
    assert offsets == [[0], [1]]
    assert read(json.dumps([summer]))["ie-law-centre"]["schedule"][0]["timezone"] == "Europe/Dublin"


def test_the_list_of_2019_is_read_whole_but_for_what_its_mapping_names() -> None:
    mapping = read_mapping(MAPPING, read_text(MAPPING))
    taken = read_file(ground(OFFICES, mapping))
    assert len(taken.services) + taken.skipped == 2904
    assert taken.skipped == 35
    assert not taken.passed
    assert {len(bundle["service_area"]) for bundle in taken.services.values()} == {1}
    found = taken.services["laa-6"]
    assert {str(row["taxonomy_term_id"]) for row in found["attribute"]} >= {"kind:legal", "field:immigration"}
    assert found["address"][0]["postal_code"] == "BS2 8QE"
    mediators = [
        key
        for key, bundle in taken.services.items()
        if {row["taxonomy_term_id"] for row in bundle["attribute"]} >= {"kind:mediation"}
    ]
    assert mediators
    codes = {str(row["taxonomy_term_id"]) for bundle in taken.services.values() for row in bundle["attribute"]}
    assert "field:crime_victim" not in codes


def test_taking_in_the_same_list_twice_changes_nothing(offices: dict[str, Bundle]) -> None:
    mapping = read_mapping(MAPPING, read_text(MAPPING))
    again = read_file(ground(OFFICES, mapping))
    planned = plan(all_known(KNOWLEDGE.services, offices), offices, again, mapping.constants["provenance.source"])
    assert planned.nothing
    assert planned.same == len(offices)
