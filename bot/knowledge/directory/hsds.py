"""A service as Open Referral HSDS 3 writes it, nested, made into rows of ours: every value clean, or a refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.knowledge.directory import values
from bot.knowledge.directory.documents import Document, Keys, Twice
from bot.knowledge.directory.fields import ELSEWHERE, FIELDS, MUST
from bot.knowledge.directory.ids import uuid_of
from bot.knowledge.directory.mapping import MappingFile
from bot.knowledge.directory.refusal import Refusal, excerpt
from bot.knowledge.directory.rules import Bundle, doubts
from bot.knowledge.directory.schema import PLACE
from bot.knowledge.directory.taxonomy import BY_CODE
from bot.knowledge.places import Places


@dataclass(frozen=True, slots=True)
class Ground:
    """What a file is read against: where it lies, its mapping, our places and the day."""

    path: Path
    mapping: MappingFile
    places: Places
    today: date


@dataclass(slots=True)
class Reading:
    """What came of a file: services by id, what is wrong, and how often something was passed over."""

    services: dict[str, Bundle] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    shared: dict[tuple[str, object], tuple[str, object]] = field(default_factory=dict)


def read_service(document: Document, ground: Ground, reading: Reading) -> None:
    """Add the service of a document to what was read, or say what is wrong with it."""
    found = _Service(document, ground, reading.passed)
    rows = found.read()
    if found.id in reading.services:
        found.refuse(("id",), "stands in this file already")
    for table, row, keys in found.sharing():
        other, known = reading.shared.setdefault((table, row["id"]), (found.id, row))
        if known != row:
            found.refuse((*keys, "id"), f"is that of another {table}, of {other}")
    if found.refusals:
        reading.refusals += found.refusals
    else:
        reading.services[found.id] = rows


Row = dict[str, str | int | float | None]

_WAYS = (("voice", "way:phone"), ("tty", "way:phone"), ("text", "way:text"), ("whatsapp", "way:text"))


class _Service:
    """One document on its way into rows."""

    def __init__(self, document: Document, ground: Ground, passed: Counter[str]) -> None:
        self._document, self._ground, self._passed = document, ground, passed
        self._rows: dict[str, list[Row]] = {}
        self._stood: dict[str, list[Keys]] = {}
        self._refused: list[Keys] = []
        self.refusals: list[Refusal] = []
        self.id = ""

    def refuse(self, keys: Keys, reason: str) -> None:
        """Say what is wrong with the value that `keys` lead to."""
        self._refused.append(keys)
        label = self._document.label(keys) if keys else ""
        said = ": ".join(part for part in (self.id or "a service", label) if part)
        joint = " " if label else ": "
        self.refusals.append(Refusal(self._ground.path, self._document.line(keys), f"{said}{joint}{reason}"))

    def read(self) -> Bundle:
        """Every row of it."""
        fields, mapping = self._document.fields, self._ground.mapping
        self._identify(fields)
        service = self._row("service", fields, ())
        service["id"] = self.id
        service["organization_id"] = self._organization(fields, str(service.get("name") or ""))
        self._under(fields, (), {})
        for at, (entry, keys) in enumerate(self._children(fields, "service_at_locations", ())):
            self._location(at, entry, keys)
        owner = fields.get("organization")
        if isinstance(owner, Mapping) and not self._rows.get("phone"):
            self._under({"phones": owner.get("phones")}, ("organization",), {})
        self._areas(fields)
        self._terms(fields)
        self._provenance(fields, service)
        self._judge()
        if mapping.bounds:
            self._within(mapping.bounds)
        return self._rows

    def sharing(self) -> Iterator[tuple[str, Row, Keys]]:
        """The rows that other services may have too, and where they stand."""
        for table in ("organization", "location"):
            for row, keys in zip(self._rows.get(table, ()), self._stood.get(table, ()), strict=True):
                yield table, row, keys

    def _identify(self, fields: Mapping[str, object]) -> None:
        provenance = fields.get("provenance")
        own = provenance.get("service_id") if isinstance(provenance, Mapping) else None
        own = own or fields.get("id")
        if own is None:
            self.refuse(("id",), "is missing")
            return
        try:
            self.id = values.code(f"{self._ground.mapping.prefix}{values.code(own)}")
        except ValueError as error:
            self.refuse(("id",), str(error))

    def _organization(self, fields: Mapping[str, object], name: str) -> str:
        entry = fields.get("organization")
        if isinstance(entry, Mapping):
            row = self._row("organization", entry, ("organization",))
            own = entry.get("id")
        elif entry is None:
            row, own = self._add("organization", {"name": name, "description": ""}, ()), None
        else:
            self.refuse(("organization",), f"must be an object, not {excerpt(entry)}")
            return ""
        row["id"] = self._id(own, "organization", f"{row.get('name')}|{row.get('website', '')}", ("organization",))
        return str(row["id"])

    def _id(self, own: object, table: str, of_what: str, keys: Keys) -> str:
        """Its own id; where it has none, one made of what it is, so that the next import finds the same."""
        if own is None:
            return uuid_of(table, of_what)
        try:
            return uuid_of(table, f"{self._ground.mapping.prefix}{values.code(own)}")
        except ValueError as error:
            self.refuse((*keys, "id"), str(error))
            return ""

    def _location(self, at: int, entry: Mapping[str, object], keys: Keys) -> None:
        place = entry.get("location")
        if not isinstance(place, Mapping):
            self.refuse((*keys, "location"), "is missing: a place to go is an object `location`")
            return
        row = self._row("location", place, (*keys, "location"))
        row["id"] = self._id(place.get("id"), "location", f"{self.id}|{at}", (*keys, "location"))
        link: Row = {"id": f"{self.id}.at.{at}", "service_id": self.id, "location_id": row["id"]}
        self._add("service_at_location", link, keys)
        for address, where in self._children(place, "addresses", (*keys, "location")):
            own = self._row("address", address, where)
            own |= {"id": f"{row['id']}.address.{where[-1]}", "location_id": row["id"]}
        self._under(entry, keys, {"location_id": row["id"]})
        self._under(place, (*keys, "location"), {"location_id": row["id"]})

    def _under(self, fields: Mapping[str, object], keys: Keys, link: Row) -> None:
        """Numbers, opening times and languages, wherever HSDS lets them stand."""
        for table, name in (("phone", "phones"), ("schedule", "schedules"), ("language", "languages")):
            for entry, where in self._children(fields, name, keys):
                named = {"timezone": entry["timezone_name"]} if table == "schedule" and "timezone_name" in entry else {}
                row = self._row(table, {**entry, **named} if named else entry, where)
                row |= {"id": f"{self.id}.{table}.{len(self._rows[table])}", "service_id": self.id, **link}
                if row.get("type") == "fax":
                    self._rows[table].pop()
                    self._stood[table].pop()
                if table == "schedule" and self._ground.mapping.timezone:
                    row.setdefault("timezone", self._ground.mapping.timezone)
                if table == "phone":
                    self._under({"languages": entry.get("languages")}, where, link)

    def _areas(self, fields: Mapping[str, object]) -> None:
        mapping, found = self._ground.mapping, list(self._children(fields, "service_areas", ()))
        for entry, keys in found:
            row = self._row("service_area", entry, keys)
            said = [str(row[column]) for column in ("extent", "name") if row.get(column)]
            known = [mapping.areas.get(text, text) for text in said]
            place = next((text for text in known if self._ground.places.knows(text)), None)
            if place is None:
                reason = (
                    f"is no place of ours: {excerpt(' '.join(said))}; write a code such as GB-EAW, or add it to [areas]"
                )
                self.refuse((*keys, "extent" if "extent" in entry else "name"), reason)
                row["extent_type"] = ""
            else:
                row |= {"extent": place, "extent_type": PLACE}
        for place in () if found else mapping.places:
            self._add("service_area", {"extent": place, "extent_type": PLACE}, ())
        for at, row in enumerate(self._rows.get("service_area", ())):
            row |= {"id": f"{self.id}.area.{at}", "service_id": self.id}

    def _terms(self, fields: Mapping[str, object]) -> None:
        mapping, found = self._ground.mapping, dict.fromkeys(self._ground.mapping.terms)
        for entry, keys in self._children(fields, "attributes", ()):
            term = entry.get("taxonomy_term")
            said = [term.get(name) for name in ("code", "name", "id")] if isinstance(term, Mapping) else [None]
            texts = [text for text in (*said, entry.get("taxonomy_term_id")) if isinstance(text, str)]
            codes = next((mapping.codes[text] for text in texts if text in mapping.codes), None)
            codes = codes if codes is not None else tuple(text for text in texts if text in BY_CODE)[:1]
            if not texts:
                self.refuse(keys, "has no taxonomy term")
            elif not codes and not any(text in mapping.codes for text in texts):
                self._passed[f"the term {excerpt(texts[0])}"] += 1
            found |= dict.fromkeys(codes)
        found |= dict.fromkeys(self._plainly())
        if not any(term.startswith("cost:") for term in found):
            found["cost:unknown"] = None
        for term in found:
            row: Row = {
                "id": f"{self.id}.{term}",
                "link_id": self.id,
                "taxonomy_term_id": term,
                "link_entity": "service",
            }
            self._add("attribute", row, ())

    def _plainly(self) -> Iterator[str]:
        """The ways that its rows show."""
        kinds = {row.get("type") for row in self._rows.get("phone", ())}
        yield from (term for kind, term in _WAYS if kind in kinds)
        if any(row.get("address_type") == "physical" for row in self._rows.get("address", ())):
            yield "way:in_person"

    def _provenance(self, fields: Mapping[str, object], service: Row) -> None:
        entry = fields.get("provenance")
        if entry is not None and not isinstance(entry, Mapping):
            self.refuse(("provenance",), f"must be an object, not {excerpt(entry)}")
        row = self._row("provenance", entry if isinstance(entry, Mapping) else {}, ("provenance",))
        row["service_id"] = self.id
        row.setdefault("checked_on", service.get("assured_date"))
        row.setdefault("source", "")
        row.setdefault("status", "")
        if "review_by" not in row and row["checked_on"]:
            row["review_by"] = values.later(str(row["checked_on"]))

    def _row(self, table: str, fields: Mapping[str, object], keys: Keys) -> Row:
        """A row of what is read of `fields`, with what the mapping says for all of them where they say nothing."""
        kinds, mapping, row = FIELDS[table], self._ground.mapping, Row()
        if isinstance(fields, Twice):
            self.refuse((*keys, fields.name), "stands twice")
        for column in fields:
            if column not in kinds and column not in ELSEWHERE:
                self._passed[f"{table}.{excerpt(column)[1:-1]}"] += 1
        for column, kind in kinds.items():
            value = fields.get(column)
            if value is None or value == "":
                value = mapping.constants.get(f"{table}.{column}")
            if value is not None and value != "":
                try:
                    row[column] = kind(value)
                except ValueError as error:
                    self.refuse((*keys, column), str(error))
                    row[column] = ""
        for column, otherwise in MUST.get(table, {}).items():
            if column not in row and otherwise is None:
                self.refuse((*keys, column), "is missing")
            row.setdefault(column, otherwise)
        return self._add(table, row, keys)

    def _add(self, table: str, row: Row, keys: Keys) -> Row:
        self._rows.setdefault(table, []).append(row)
        self._stood.setdefault(table, []).append(keys)
        return row

    def _children(
        self, fields: Mapping[str, object], name: str, keys: Keys
    ) -> Iterator[tuple[Mapping[str, object], Keys]]:
        """The objects of a list inside `fields`."""
        listed = fields.get(name)
        if listed is not None and not isinstance(listed, list):
            self.refuse((*keys, name), f"must be a list, not {excerpt(listed)}")
            return
        for at, entry in enumerate(listed or ()):
            if isinstance(entry, Mapping):
                yield entry, (*keys, name, at)
            else:
                self.refuse((*keys, name, at), f"must be an object, not {excerpt(entry)}")

    def _judge(self) -> None:
        """Hold the whole of it to the rules, and say where what breaks one stands; not what follows from the rest."""
        known = set(self._refused)
        for doubt in doubts(self._rows, self._ground.places, self._ground.today):
            stood = self._stood.get(doubt.table, [()])
            keys = (*(stood[doubt.row] if doubt.row < len(stood) else ()), doubt.column) if doubt.column else ()
            if not known or (keys and keys not in known):
                self.refuse(keys, doubt.reason)

    def _within(self, bounds: tuple[float, ...]) -> None:
        south, north, west, east = bounds
        for row, keys in zip(self._rows.get("location", ()), self._stood.get("location", ()), strict=True):
            latitude, longitude = row.get("latitude"), row.get("longitude")
            if (
                isinstance(latitude, float)
                and isinstance(longitude, float)
                and not (south <= latitude <= north and west <= longitude <= east)
            ):
                self.refuse((*keys, "latitude"), "and longitude lie outside the [bounds] of the mapping")
