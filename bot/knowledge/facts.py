"""Facts about the law of a place: shown with their source and day, and not at all once they have expired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.knowledge.entries import Fields, Reader
from bot.knowledge.places import ANYWHERE, Places

STATUSES = ("VERIFIED", "CORROBORATED")
"""Anything else is never shown."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A sourced, dated statement about a place. `text` and `caveat` are message ids with named values."""

    id: str
    place: str
    topic: str
    text: str
    caveat: str
    values: Mapping[str, str]
    statute: str
    source: str
    checked_on: date
    review_by: date
    in_regions: bool
    path: Path
    line: int


class Facts:
    """Every fact, found by topic and place."""

    def __init__(self, facts: tuple[Fact, ...], places: Places) -> None:
        self._by_id = {fact.id: fact for fact in facts}
        self._places = places
        self.topics = frozenset(fact.topic for fact in facts)

    def __getitem__(self, fact: str) -> Fact:
        return self._by_id[fact]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._by_id.values())

    def find(self, topic: str, place: str | None, today: date) -> tuple[str, ...]:
        """Ids of what may be shown: of the place itself first, then of what it lies in, where that applies there."""
        return tuple(fact.id for fact in self._applying(topic, place) if today <= fact.review_by)

    def known(self, topic: str, place: str | None) -> bool:
        """Whether there is anything for this place, be it shown today or being checked again."""
        return bool(self._applying(topic, place))

    def expired(self, topic: str, place: str | None, today: date) -> bool:
        """Whether something was known here and is being checked again."""
        return any(today > fact.review_by for fact in self._applying(topic, place))

    def _applying(self, topic: str, place: str | None) -> list[Fact]:
        found = []
        for depth, code in enumerate(self._places.chain(place)):
            found += [
                fact
                for fact in self._by_id.values()
                if fact.topic == topic and fact.place == code and (depth == 0 or fact.in_regions)
            ]
        return found


def read_facts(folder: Traversable, places: Places, reader: Reader) -> Facts:
    """The facts in `folder`; one without place, source or date is a problem and is left out."""
    facts: dict[str, Fact] = {}
    for fields in reader.entries(folder, "fact"):
        before = len(reader.problems)
        fact = _fact(fields, places)
        if fact.id in facts:
            fields.problem(f"the id stands in {facts[fact.id].path.name} already")
        if len(reader.problems) == before:
            facts[fact.id] = fact
    return Facts(tuple(facts.values()), places)


def _fact(fields: Fields, places: Places) -> Fact:
    for kept in ("original", "statute", "source", "source_date", "quality"):
        fields.text(kept)
    fields.text("original_caveat", optional=True)
    fields.one_of("status", STATUSES)
    checked, review = fields.days()
    fact = Fact(
        id=fields.text("id"),
        place=fields.text("place"),
        topic=fields.text("topic"),
        text=fields.text("text"),
        caveat=fields.text("caveat", optional=True),
        values=fields.table("values"),
        statute=fields.text("statute"),
        source=fields.text("source"),
        checked_on=checked,
        review_by=review,
        in_regions=fields.one_of("regions", ("all", "none")) == "all",
        path=fields.path,
        line=fields.line,
    )
    fields.placeholders(fact.text + fact.caveat, fact.values)
    if fact.place == ANYWHERE:
        fields.problem("no law holds everywhere; give a country, EU or COE")
    if fact.place and not places.knows(fact.place):
        fields.problem(f"no place `{fact.place}` in places/")
    fields.done()
    return fact
