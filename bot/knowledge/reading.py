"""Something to read: zines, books, films and sites, on shelves that are each for some readers only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.knowledge.entries import Fields, Reader

KINDS = ("zine", "book", "film", "guide", "site", "speaker", "organisation")


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing on one or more shelves. `about` and `caution` are message ids; `name` and `by` are as printed."""

    id: str
    topics: tuple[str, ...]
    readers: tuple[str, ...]
    name: str
    by: str
    kind: str
    url: str
    checked: bool
    about: str
    caution: str
    heavy: bool
    covers: tuple[str, ...]
    checked_on: date
    review_by: date
    path: Path
    line: int

    def overdue(self, today: date) -> bool:
        """Whether the day to look at it again has passed."""
        return today > self.review_by


class Readings:
    """Everything there is to read, by shelf."""

    def __init__(self, readings: tuple[Reading, ...]) -> None:
        self._by_id = {reading.id: reading for reading in readings}
        self.topics = frozenset(topic for reading in readings for topic in reading.topics)

    def __getitem__(self, reading: str) -> Reading:
        return self._by_id[reading]

    def __iter__(self) -> Iterator[Reading]:
        return iter(self._by_id.values())

    def find(self, topic: str) -> tuple[str, ...]:
        """Ids on a shelf: the lighter first, else in the order written."""
        found = [reading for reading in self if topic in reading.topics]
        return tuple(reading.id for reading in sorted(found, key=lambda reading: reading.heavy))


def read_readings(file: Traversable, reader: Reader) -> Readings:
    """The entries of a file."""
    found: dict[str, Reading] = {}
    for fields in reader.entries(file, "reading"):
        before = len(reader.problems)
        reading = _reading(fields)
        if reading.id in found:
            fields.problem("the id stands here already")
        if len(reader.problems) == before:
            found[reading.id] = reading
    return Readings(tuple(found.values()))


def _reading(fields: Fields) -> Reading:
    fields.text("named_in", optional=True)
    url = fields.text("url", optional=True)
    address = fields.one_of("address", ("as given", "checked")) if url else ""
    checked, review = fields.days()
    reading = Reading(
        id=fields.text("id"),
        topics=fields.texts("topics"),
        readers=fields.texts("for"),
        name=fields.text("name"),
        by=fields.text("by", optional=True),
        kind=fields.one_of("kind", KINDS),
        url=url,
        checked=address == "checked",
        about=fields.text("about"),
        caution=fields.text("caution", optional=True),
        heavy=fields.text("heavy", optional=True) == "yes",
        covers=fields.texts("covers"),
        checked_on=checked,
        review_by=review,
        path=fields.path,
        line=fields.line,
    )
    for key, held in (("topics", reading.topics), ("for", reading.readers)):
        if not held:
            fields.problem(f"`{key}` is missing: the shelves it stands on, and the roles it is for", missing=True)
    fields.done()
    return reading
