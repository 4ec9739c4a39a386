"""What is shipped in `content/helplines/`, as rows of the directory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from babel.core import get_global

from bot.knowledge.directory.hours import ALL_DAYS, DAYS
from bot.knowledge.directory.listing import Listing, Phone
from bot.knowledge.directory.schema import PLACE, Row
from bot.knowledge.services import Service

_WEEK = re.compile(r"(?:([A-Z][a-z])-([A-Z][a-z]) )?(\d{1,2}:\d{2})-(\d{1,2}:\d{2})")
_ANSWERED = frozenset({"abuse", "sexual", "crisis", "stalking", "trafficking", "images", "young"})
"""Topics under which somebody listens."""


def rows_of(services: Iterable[Service]) -> dict[str, list[Row]]:
    """The rows of services, by table."""
    tables: dict[str, list[Row]] = {}
    for service in services:
        for table, row in _rows(service):
            tables.setdefault(table, []).append(row)
    return tables


def terms_of(service: Service) -> tuple[str, ...]:
    """The codes of a service: those written for it, and those that follow from what else is."""
    ways = {
        "way:phone": service.phone or service.tty,
        "way:text": service.sms_to or service.whatsapp,
        "way:chat": service.chat,
    }
    found = [f"kind:{topic}" for topic in service.topics]
    found += ["kind:helpline"] if _ANSWERED & set(service.topics) and any(ways.values()) else []
    found += [f"people:{people}" for people in service.people]
    found += [way for way, there in ways.items() if there]
    found += service.terms
    found += [] if any(code.startswith("cost:") for code in found) else ["cost:unknown"]
    return tuple(dict.fromkeys(found))


def listing_of(service: Service) -> Listing:
    """A shipped service as it is shown, without a directory: its texts are message ids."""
    return Listing(
        service.id,
        service.name,
        service.name,
        service.offers,
        service.note,
        service.url,
        "",
        tuple(Phone(dialled, kind, word) for kind, dialled, word in _numbers(service)),
        (),
        service.languages,
        # The notes of ours say who runs it, in words of their own: it is not said twice.
        tuple(code for code in terms_of(service) if not code.startswith("safety:")),
        (service.place,),
        tuple(_schedule(service)),
        service.source,
        service.checked_on,
        service.review_by,
    )


def _rows(service: Service) -> Iterator[tuple[str, Row]]:
    own = {"service_id": service.id}
    yield (
        "organization",
        {"id": service.id, "name": service.name, "description": service.offers, "website": service.url},
    )
    yield (
        "service",
        {
            "id": service.id,
            "organization_id": service.id,
            "name": service.name,
            "description": service.offers,
            "url": service.url,
            "status": "active",
            "assured_date": service.checked_on.isoformat(),
            "alert": service.note,
        },
    )
    yield (
        "provenance",
        own
        | {
            "source": service.source,
            "source_date": service.source_date,
            "quality": service.quality,
            "status": service.status,
            "checked_on": service.checked_on.isoformat(),
            "review_by": service.review_by.isoformat(),
        },
    )
    yield "service_area", own | {"id": f"{service.id}:area", "extent": service.place, "extent_type": PLACE}
    for number, code in enumerate(service.languages):
        yield "language", own | {"id": f"{service.id}:language:{number}", "code": code}
    for number, code in enumerate(terms_of(service)):
        yield (
            "attribute",
            {
                "id": f"{service.id}:term:{number}",
                "link_id": service.id,
                "link_entity": "service",
                "taxonomy_term_id": code,
            },
        )
    for number, (kind, dialled, word) in enumerate(_numbers(service)):
        phone: Row = {"id": f"{service.id}:phone:{number}", "number": dialled, "type": kind, "description": word}
        yield "phone", {**own, **phone}
    yield from (("schedule", {**own, "id": f"{service.id}:hours", **row}) for row in _schedule(service))


def _schedule(service: Service) -> Iterator[Row]:
    if service.hours:
        zone: Row = {"timezone": _zone(service.place)} if _zone(service.place) else {}
        yield {"description": service.hours, **_week(service.hours), **zone}


def _zone(place: str) -> str:
    """The time zone of a place whose country has just one; empty where there are several."""
    zones = [zone for zone, country in get_global("zone_territories").items() if country == place.partition("-")[0]]
    return zones[0] if len(zones) == 1 else ""


def _numbers(service: Service) -> Iterator[tuple[str, str, str]]:
    yield from (("voice", number, "") for number in service.phone)
    for kind, number, word in (
        ("tty", service.tty, ""),
        ("text", service.sms_to, service.sms_word),
        ("whatsapp", service.whatsapp, ""),
    ):
        if number:
            yield kind, number, word


def _week(hours: str) -> Row:
    """The columns of a schedule that follow from hours as we write them; none where they are in other words."""
    if hours == "24/7":
        return {"freq": "WEEKLY", "byday": ALL_DAYS, "opens_at": "00:00", "closes_at": "23:59"}
    found = _WEEK.fullmatch(hours)
    if not found:
        return {}
    first, last = (DAYS.index((day or end).upper()) for day, end in ((found[1], "MO"), (found[2], "SU")))
    days = ",".join(DAYS[first : last + 1])
    return {"freq": "WEEKLY", "byday": days, "opens_at": found[3].zfill(5), "closes_at": found[4].zfill(5)}
