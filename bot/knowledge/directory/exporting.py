"""Services as Open Referral HSDS 3 JSON, so that a partner can read them, mend them and send them back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.knowledge.directory.ids import uuid_of
from bot.knowledge.directory.rules import Bundle
from bot.knowledge.directory.schema import Row
from bot.knowledge.directory.taxonomy import BY_CODE

Json = dict[str, object]

LISTS = (("phone", "phones"), ("schedule", "schedules"), ("language", "languages"))
"""What may stand both under a service and under a place to go."""

_LINKS = frozenset({"service_id", "location_id", "organization_id", "link_id", "service_at_location_id", "contact_id"})
_ADDRESS = ("address_1", "city", "state_province", "postal_code", "country", "address_type")
_HOUR = 3600


def as_json(services: Iterable[Bundle], moment: datetime) -> str:
    """A list of HSDS services, with offsets of timezones as they are at a moment."""
    return json.dumps([document(bundle, moment) for bundle in services], ensure_ascii=False, indent=1) + "\n"


def document(bundle: Bundle, moment: datetime) -> Json:
    """One service with everything of it inside.

    Ids are UUIDs, as HSDS asks. Two things are ours, which HSDS lets a profile add: `provenance`, with our own id as
    `service_id`, and `timezone_name`, since an offset is wrong half of the year.
    """
    service = bundle["service"][0]
    places = {str(row["id"]): row for row in bundle.get("location", ())}
    found = _plain("service", service)
    for row in bundle.get("organization", ()):
        found["organization"] = _owner(row)
    found |= _lists(bundle, "", places, moment)
    found["service_areas"] = [_plain("service_area", row) for row in bundle.get("service_area", ())]
    found["attributes"] = [_attribute(row) for row in bundle.get("attribute", ())]
    found["service_at_locations"] = [
        _plain("service_at_location", row) | {"location": _location(bundle, str(row["location_id"]), places, moment)}
        for row in bundle.get("service_at_location", ())
    ]
    for row in bundle.get("provenance", ()):
        found["provenance"] = _filled(row)
    return {name: value for name, value in found.items() if value != []}


def _filled(row: Row) -> Json:
    return {name: value for name, value in row.items() if value is not None and value != ""}


def _plain(table: str, row: Row) -> Json:
    """A row without what is empty, and without what being inside another says."""
    return {name: value for name, value in _filled(row).items() if name not in _LINKS} | {
        "id": uuid_of(table, row["id"])
    }


def _owner(row: Row) -> Json:
    return _plain("organization", row) | {"description": row.get("description") or ""}


def _lists(bundle: Bundle, location: str, places: dict[str, Row], moment: datetime) -> Json:
    """Numbers, opening times and languages of a place to go, or, with none, of the service itself."""
    found: Json = {}
    for table, name in LISTS:
        own = [row for row in bundle.get(table, ()) if _stands(row, places) == location]
        if own:
            found[name] = [_plain(table, row) | (_offset(row, moment) if table == "schedule" else {}) for row in own]
    return found


def _stands(row: Row, places: dict[str, Row]) -> str:
    location = str(row.get("location_id") or "")
    return location if location in places else ""


def _offset(row: Row, moment: datetime) -> Json:
    name = row.get("timezone")
    if not name:
        return {}
    offset = moment.astimezone(ZoneInfo(str(name))).utcoffset()
    return {"timezone": offset.total_seconds() / _HOUR if offset else 0, "timezone_name": name}


def _location(bundle: Bundle, own: str, places: dict[str, Row], moment: datetime) -> Json:
    addresses = [
        dict.fromkeys(_ADDRESS, "") | _plain("address", row)
        for row in bundle.get("address", ())
        if row["location_id"] == own
    ]
    found = _plain("location", places[own]) | _lists(bundle, own, places, moment)
    return found | ({"addresses": addresses} if addresses else {})


def _attribute(row: Row) -> Json:
    code = str(row["taxonomy_term_id"])
    term = {"id": uuid_of("term", code), "code": code, "name": BY_CODE[code].name, "description": BY_CODE[code].about}
    return _plain("attribute", row) | {"taxonomy_term_id": uuid_of("term", code), "taxonomy_term": term}
