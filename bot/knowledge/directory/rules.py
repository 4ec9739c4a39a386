"""What must hold for a service as a whole: the same rules refuse an import and find what has aged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.knowledge.directory import values
from bot.knowledge.directory.bounds import is_postcode, outside
from bot.knowledge.directory.numbers import countries, wrong
from bot.knowledge.directory.refusal import excerpt
from bot.knowledge.directory.schema import PLACE, Row
from bot.knowledge.facts import STATUSES
from bot.knowledge.places import Places

Bundle = Mapping[str, Sequence[Row]]
"""Every row of one service, by table."""

LONGEST = timedelta(days=366)
"""Nobody is sure of a number for longer; a day further off is a slip, or a way never to be checked again."""

_SHELTER = re.compile(
    r"\bsafe ?houses?\b|\b(?:women'?s|domestic (?:abuse|violence)|dv|emergency|family) (?:shelters?|refuges?)\b"
    r"|\brefuge accommodation\b|\bfrauenh(?:aus|äuser)\b|\bcasas?[- ](?:de acogida|refugio|abrigo|rifugio)\b"
    r"|\bmaisons? d'accueil\b|\bfoyers? d'hébergement\b|\bblijf[- ]van[- ]mijn[- ]lijf"
    r"|\bs\u0131\u011f\u0131nma ?evi\b|\bkvinnojour\b",
    re.IGNORECASE,
)
_POLICE = re.compile(
    r"\b(?:police|policía|polícia|polizei|politie|polizia|policja|gendarmerie|carabinieri|guardia civil)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something wrong with a service: in which row of which table, in which column, and why."""

    table: str
    row: int
    column: str
    reason: str


def doubts(bundle: Bundle, places: Places, today: date) -> Iterator[Doubt]:
    """Everything that is wrong with a service on a day."""
    where = [str(row["extent"]) for row in bundle.get("service_area", ()) if row.get("extent_type") == PLACE]
    yield from _names(bundle)
    yield from _reach(bundle)
    yield from _areas(where, places)
    yield from _terms(bundle)
    yield from _days(bundle, today)
    yield from _addresses(bundle, where)
    yield from _forms(bundle, where)


def terms(bundle: Bundle) -> frozenset[str]:
    """The terms of a service."""
    return frozenset(str(row["taxonomy_term_id"]) for row in bundle.get("attribute", ()))


def _names(bundle: Bundle) -> Iterator[Doubt]:
    """A name without letters is a number of the service itself, or something is in the wrong column."""
    numbers = {str(row["number"]) for row in bundle.get("phone", ())}
    for table in ("service", "organization"):
        for at, row in enumerate(bundle.get(table, ())):
            name = str(row["name"])
            if not any(char.isalpha() for char in name) and name not in numbers:
                yield Doubt(table, at, "name", f"is no name but {excerpt(name)}; are two columns swapped?")


def _reach(bundle: Bundle) -> Iterator[Doubt]:
    service = bundle["service"][0]
    found = bundle.get("phone") or service.get("url") or service.get("email") or bundle.get("address")
    if not found and not any(row.get("website") for row in bundle.get("organization", ())):
        yield Doubt("service", 0, "", "nobody can reach it: it has no number, no web address and no place to go")


def _areas(where: list[str], places: Places) -> Iterator[Doubt]:
    if not where:
        yield Doubt("service", 0, "", "it has no place: say where people can use it, as service area or in `places`")
    for at, place in enumerate(where):
        if not places.knows(place):
            reason = f"is no place: {excerpt(place)}; write a code such as US-CA, GB-EAW or IE"
            yield Doubt("service_area", at, "extent", reason)


def _terms(bundle: Bundle) -> Iterator[Doubt]:
    held, service = terms(bundle), bundle["service"][0]
    if not any(term.startswith("kind:") for term in held):
        yield Doubt("service", 0, "", "it has no term of a kind, such as kind:legal, so that nobody would ever find it")
    said = [str(row.get(column) or "") for table, column in _TOLD for row in bundle.get(table, ())]
    if "safety:police_run" not in held and _POLICE.search(" ".join(said)):
        yield Doubt("service", 0, "", "its name says police: give it the term safety:police_run, or another name")
    if "safety:police_run" in held and not service.get("alert"):
        yield Doubt("service", 0, "alert", "is missing: people must read that the police run it before they call")
    shelter = "kind:shelter" in held or any(map(_SHELTER.search, said))
    if shelter and (
        bundle.get("address") or any(row.get("latitude") is not None for row in bundle.get("location", ()))
    ):
        reason = (
            "it is a shelter, and where a shelter is must not be kept: take out the address, postcode and coordinates"
        )
        yield Doubt("service", 0, "", reason)


_TOLD = (("service", "name"), ("service", "alternate_name"), ("organization", "name"), ("location", "name"))


def _days(bundle: Bundle, today: date) -> Iterator[Doubt]:
    rows = bundle.get("provenance", ())
    if not rows:
        yield Doubt("service", 0, "", "it does not say where it comes from and when it was checked")
        return
    row = rows[0]
    if not row.get("source"):
        yield Doubt("provenance", 0, "source", "is missing: where does it come from?")
    if row.get("status") not in STATUSES:
        yield Doubt("provenance", 0, "status", f"must be one of {', '.join(STATUSES)}")
    try:
        checked, review = (date.fromisoformat(str(row.get(column))) for column in ("checked_on", "review_by"))
    except ValueError:
        yield Doubt(
            "provenance",
            0,
            "checked_on",
            "and review_by must both be there: when was it checked, until when does it hold?",
        )
        return
    if checked > today:
        yield Doubt("provenance", 0, "checked_on", f"lies in the future: {checked}")
    if review <= checked:
        yield Doubt("provenance", 0, "review_by", f"({review}) must come after checked_on ({checked})")
    if review - checked > LONGEST:
        yield Doubt("provenance", 0, "review_by", f"({review}) is more than a year after checked_on ({checked})")


def _addresses(bundle: Bundle, where: list[str]) -> Iterator[Doubt]:
    home = countries(where)
    for at, row in enumerate(bundle.get("location", ())):
        latitude, longitude = row.get("latitude"), row.get("longitude")
        if (latitude is None) != (longitude is None):
            yield Doubt("location", at, "latitude", "and longitude go together")
        elif (
            home
            and isinstance(latitude, (int, float))
            and isinstance(longitude, (int, float))
            and all(outside(country, latitude, longitude) for country in home)
        ):
            swapped = not outside(home[0], longitude, latitude)
            hint = "latitude and longitude are swapped" if swapped else "are two columns swapped?"
            yield Doubt("location", at, "latitude", f"and longitude lie outside {home[0]}: {hint}")
    for at, row in enumerate(bundle.get("address", ())):
        country, postcode = str(row.get("country") or ""), str(row.get("postal_code") or "")
        if home and country and country not in home:
            yield Doubt("address", at, "country", f"is {excerpt(country)}, but the service is for {', '.join(where)}")
        elif postcode and not is_postcode(country, postcode):
            reason = f"is no postcode of {country}: {excerpt(postcode)}; are two columns swapped?"
            yield Doubt("address", at, "postal_code", reason)


def _forms(bundle: Bundle, where: list[str]) -> Iterator[Doubt]:
    home = countries(where)
    for at, row in enumerate(bundle.get("phone", ())):
        reason = wrong(str(row["number"]), home, str(row.get("type") or ""))
        if reason:
            yield Doubt("phone", at, "number", f"{reason}: {excerpt(row['number'])}")
    for table, column, kind in (
        ("service", "url", values.url),
        ("organization", "website", values.url),
        ("language", "code", values.language),
    ):
        for at, row in enumerate(bundle.get(table, ())):
            try:
                kind(row[column]) if row.get(column) else ""
            except ValueError as error:
                yield Doubt(table, at, column, str(error))
