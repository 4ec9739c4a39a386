"""All of a service that can be shown, read from the directory."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as dialled. `type` is voice, tty, text or whatsapp; `word` is what to write to it."""

    number: str
    type: str
    word: str


@dataclass(frozen=True, slots=True)
class Door:
    """Where a service can be visited: the address, and latitude and longitude in degrees where they are known."""

    address: str
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A service as it stands in the directory. `schedules` are rows for `open_now`; `places` are where it helps."""

    id: str
    name: str
    organization: str
    description: str
    alert: str
    url: str
    email: str
    phones: tuple[Phone, ...]
    doors: tuple[Door, ...]
    languages: tuple[str, ...]
    terms: tuple[str, ...]
    places: tuple[str, ...]
    schedules: tuple[Mapping[str, object], ...]
    source: str
    checked_on: date
    review_by: date

    @property
    def name_and_body(self) -> str:
        """Its name, with the organisation where that has another."""
        return self.name if self.organization in {"", self.name} else f"{self.name} ({self.organization})"

    @property
    def hours(self) -> str:
        """Its hours in the words they were given in; empty where there are none."""
        return "; ".join(str(row["description"]) for row in self.schedules if row.get("description"))

    def overdue(self, today: date) -> bool:
        """Whether the day to check it again has passed."""
        return today > self.review_by


def read_listing(connection: sqlite3.Connection, service: str) -> Listing:
    """The service with an id. Raises `KeyError` where there is none that may be shown."""

    def rows(query: str) -> list[tuple[str, ...]]:
        return connection.execute(query, (service,)).fetchall()

    found = rows(
        "SELECT s.id, s.name, o.name, coalesce(s.description, ''), coalesce(s.alert, ''), "
        "coalesce(nullif(s.url, ''), o.website, ''), coalesce(nullif(s.email, ''), o.email, ''), "
        "p.source, p.checked_on, p.review_by FROM service s JOIN organization o ON o.id=s.organization_id "
        "JOIN provenance p ON p.service_id=s.id WHERE s.id=? AND s.id IN (SELECT service_id FROM entry)"
    )
    if not found:
        raise KeyError("no such service")
    own, name, organization, description, alert, url, email, source, checked_on, review_by = found[0]
    schedules = connection.execute("SELECT * FROM schedule WHERE service_id=? ORDER BY rowid", (service,))
    names = [column[0] for column in schedules.description]
    doors: list[tuple[Any, ...]] = connection.execute(
        "SELECT l.latitude, l.longitude, a.address_1, coalesce(a.address_2, ''), a.city, a.state_province, "
        "a.postal_code FROM address a JOIN service_at_location sl ON sl.location_id=a.location_id "
        "JOIN location l ON l.id=a.location_id WHERE sl.service_id=? AND a.address_type='physical' ORDER BY a.rowid",
        (service,),
    ).fetchall()
    return Listing(
        own,
        name,
        organization,
        description,
        alert,
        url,
        email,
        phones=tuple(
            Phone(*row)
            for row in rows(
                "SELECT number, coalesce(type, 'voice'), coalesce(description, '') FROM phone WHERE service_id=? "
                "ORDER BY rowid"
            )
        ),
        doors=tuple(
            Door(", ".join(filter(None, door)), None if lat is None or lon is None else (float(lat), float(lon)))
            for lat, lon, *door in doors
        ),
        languages=_firsts(rows("SELECT code FROM language WHERE service_id=? ORDER BY rowid")),
        terms=_firsts(
            rows("SELECT taxonomy_term_id FROM attribute WHERE link_entity='service' AND link_id=? ORDER BY rowid")
        ),
        places=_firsts(
            rows("SELECT extent FROM service_area WHERE service_id=? AND extent_type='place' ORDER BY rowid")
        ),
        schedules=tuple(dict(zip(names, row, strict=True)) for row in schedules),
        source=source,
        checked_on=date.fromisoformat(checked_on),
        review_by=date.fromisoformat(review_by),
    )


def _firsts(rows: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(row[0] for row in rows)
