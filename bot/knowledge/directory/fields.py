"""What is read of each HSDS table, and what each value must be."""

from __future__ import annotations

from collections.abc import Mapping

from bot.knowledge.directory import values
from bot.knowledge.directory.values import Kind, Value, of

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
_KINDS = ("physical", "postal", "virtual")
_LINE, _NOTE, _PROSE = of(values.text, 120), of(values.text, 300), of(values.prose, 700)

FIELDS: Mapping[str, Mapping[str, Kind]] = {
    "service": {
        "name": values.title, "alternate_name": values.title, "description": _PROSE, "url": values.url,
        "email": values.email, "status": of(values.one_of, STATUSES), "interpretation_services": _NOTE,
        "application_process": _NOTE, "fees_description": _NOTE, "accreditations": _NOTE,
        "eligibility_description": _NOTE, "minimum_age": of(values.number, 0, 120),
        "maximum_age": of(values.number, 0, 120), "assured_date": values.day, "alert": _NOTE,
    },
    "organization": {
        "name": values.title, "alternate_name": values.title, "description": _PROSE, "website": values.url,
        "email": values.email,
    },
    "location": {
        "location_type": of(values.one_of, _KINDS), "name": values.name, "description": _NOTE,
        "transportation": _NOTE, "latitude": of(values.number, -90, 90), "longitude": of(values.number, -180, 180),
    },
    "address": {
        "attention": _LINE, "address_1": of(values.name, 200), "address_2": _LINE, "city": of(values.name, 60),
        "region": of(values.name, 60), "state_province": of(values.name, 60), "postal_code": of(values.text, 12),
        "country": values.country, "address_type": of(values.one_of, _KINDS),
    },
    "phone": {
        "number": values.dialled, "extension": of(values.number, 0, 999_999),
        "type": values.phone_type, "description": _LINE,
    },
    "schedule": {
        "valid_from": values.day, "valid_to": values.day, "byday": values.days, "opens_at": values.time,
        "closes_at": values.time, "timezone": values.timezone, "freq": of(values.one_of, ("WEEKLY", "MONTHLY")),
        "description": _NOTE, "notes": _NOTE,
    },
    "service_area": {"name": _LINE, "extent": of(values.text, 120), "extent_type": of(values.text, 40)},
    "language": {"name": _LINE, "code": values.language, "note": _LINE},
    "provenance": {
        "service_id": values.code, "source": _NOTE, "source_date": of(values.text, 40), "quality": of(values.text, 40),
        "status": of(values.text, 20), "checked_on": values.day, "review_by": values.day,
    },
}  # fmt: skip
"""What is read of each table. Whatever else a file holds is counted and said, and not kept."""

MUST: Mapping[str, Mapping[str, Value | None]] = {
    "service": {"name": None, "status": None},
    "organization": {"name": None, "description": ""},
    "location": {"location_type": "physical"},
    "address": {
        "address_1": None, "city": None, "state_province": "", "postal_code": "", "country": None,
        "address_type": "physical",
    },
    "phone": {"number": None, "type": "voice"},
    "schedule": {"freq": "WEEKLY"},
    "language": {"code": None},
}  # fmt: skip
"""What a row must have, and what stands there otherwise; None where nothing can."""

ELSEWHERE = frozenset(
    {"id", "organization", "phones", "schedules", "service_areas", "languages", "attributes", "service_at_locations",
     "location", "addresses", "provenance", "timezone_name", "organization_id", "service_id", "location_id",
     "locations"}
)  # fmt: skip
"""What is read, but not as a column of its own."""
