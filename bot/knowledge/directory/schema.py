"""The tables, with the names and columns of Open Referral HSDS 3.0, and our own `provenance` beside them.

Days are written 2026-11-20. A service has its places in `service_area` (extent, with extent_type `place`) and its terms
in `attribute` (link_entity `service`). `schedule.timezone` is an IANA name here: an offset is wrong half of the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bot.knowledge.directory.taxonomy import TERMS

if TYPE_CHECKING:  # who only looks something up need not wait for what builds
    import sqlite_utils

VERSION = 1
"""Of the tables here; kept as `user_version`. A file of another version is built anew, or refused."""

PLACE = "place"
"""The `extent_type` of a service area that is one of our places."""

Row = Mapping[str, str | int | float | None]
Tables = Mapping[str, Iterable[Row]]
"""Rows by table."""


def _columns(text: str, numbers: str = "") -> Mapping[str, type]:
    numeric = numbers.split()
    return {name: float if name in numeric else str for name in text.split()}


TABLES: Mapping[str, Mapping[str, type]] = {
    "organization": _columns(
        "id name alternate_name description email website year_incorporated legal_status logo uri "
        "parent_organization_id",
        "year_incorporated",
    ),
    "service": _columns(
        "id organization_id program_id name alternate_name description url email status interpretation_services "
        "application_process fees_description accreditations eligibility_description minimum_age maximum_age "
        "assured_date assurer_email alert last_modified",
        "minimum_age maximum_age",
    ),
    "location": _columns(
        "id location_type url organization_id name alternate_name description transportation latitude longitude "
        "external_identifier external_identifier_type",
        "latitude longitude",
    ),
    "service_at_location": _columns("id service_id location_id description"),
    "address": _columns(
        "id location_id attention address_1 address_2 city region state_province postal_code country address_type"
    ),
    "phone": _columns(
        "id location_id service_id organization_id contact_id service_at_location_id number extension type description",
        "extension",
    ),
    "schedule": _columns(
        "id service_id location_id service_at_location_id valid_from valid_to dtstart timezone until count wkst freq "
        "interval byday byweekno bymonthday byyearday description opens_at closes_at schedule_link attending_type "
        "notes",
        "count interval",
    ),
    "service_area": _columns("id service_id name description extent extent_type uri"),
    "language": _columns("id service_id location_id phone_id name code note"),
    "taxonomy_term": _columns("id code name description parent_id taxonomy language taxonomy_id term_uri"),
    "attribute": _columns("id link_id taxonomy_term_id link_type link_entity value"),
    "provenance": _columns("service_id source source_date quality status checked_on review_by"),
}
"""Columns and their types, by table."""

REQUIRED: Mapping[str, frozenset[str]] = {
    "organization": frozenset({"id", "name", "description"}),
    "service": frozenset({"id", "organization_id", "name", "status"}),
    "location": frozenset({"id", "location_type"}),
    "service_at_location": frozenset({"id", "service_id", "location_id"}),
    "address": frozenset(
        {"id", "location_id", "address_1", "city", "state_province", "postal_code", "country", "address_type"}
    ),
    "phone": frozenset({"id", "number"}),
    "schedule": frozenset({"id"}),
    "service_area": frozenset({"id", "service_id", "extent", "extent_type"}),
    "language": frozenset({"id", "code"}),
    "taxonomy_term": frozenset({"id", "name", "description"}),
    "attribute": frozenset({"id", "link_id", "taxonomy_term_id", "link_entity"}),
    "provenance": frozenset({"service_id", "source", "status", "checked_on", "review_by"}),
}
"""Columns that are never null; a value may be the empty string."""

LOOKED_UP = (
    ("service_at_location", "service_id"),
    ("service_at_location", "location_id"),
    ("address", "location_id"),
    ("phone", "service_id"),
    ("schedule", "service_id"),
    ("service_area", "service_id"),
    ("language", "service_id"),
    ("attribute", "link_id"),
)
"""Columns by which rows are found."""


def key(table: str) -> str:
    """The primary key of a table."""
    return next(iter(TABLES[table]))


def create(database: sqlite_utils.Database) -> None:
    """Make every table, empty but for the terms, in a database that holds none of them."""
    for name, columns in TABLES.items():
        database.table(name).create(dict(columns), pk=key(name), not_null=set(REQUIRED[name]))
    for name, column in LOOKED_UP:
        database.table(name).create_index([column])
    insert(
        database,
        {
            "taxonomy_term": [
                {
                    "id": term.code,
                    "code": term.code,
                    "name": term.name,
                    "description": term.about,
                    "taxonomy": "waymark",
                }
                for term in TERMS
            ]
        },
    )
    database.conn.execute(f"PRAGMA user_version={VERSION}")


def insert(database: sqlite_utils.Database, tables: Tables) -> None:
    """Put rows in. Raises `sqlite3.IntegrityError` where an id is there already or a required value is missing."""
    for name in TABLES:
        database.table(name).insert_all(map(dict, tables.get(name, ())))
