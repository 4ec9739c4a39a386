"""Everything that can be looked up, and what of it a turn needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable

from bot.knowledge.directory.taxonomy import BY_CODE, GROUPS
from bot.knowledge.entries import BadEntriesError, Reader
from bot.knowledge.facts import Facts, read_facts
from bot.knowledge.guidance import Item, read_guidance
from bot.knowledge.places import Places, read_places
from bot.knowledge.reading import Readings, read_readings
from bot.knowledge.reviews import Review, read_reviews
from bot.knowledge.services import Services, read_services
from bot.knowledge.sources import Source, read_sources


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Facts, services, readings and places, read from `content/`."""

    places: Places
    facts: Facts
    services: Services
    readings: Readings
    sources: tuple[Source, ...]
    guidance: tuple[Item, ...]
    reviews: tuple[Review, ...]

    def topics(self) -> frozenset[str]:
        """The names of every list there is something in, and of every term: ``law nda``, ``narrows field_family``."""
        kinds = (("law", self.facts.topics), ("services", self.services.topics), ("reading", self.readings.topics))
        asked = {"anything", "near", "language", "open_now", *GROUPS, *(code.replace(":", "_", 1) for code in BY_CODE)}
        found = {f"{kind} {topic}" for kind, topics in kinds for topic in topics}
        return frozenset(found | {f"narrows {term}" for term in asked})

    def offers(self, place: str | None, today: date) -> dict[str, tuple[str, ...]]:
        """What each list but those of services holds for a place on a day."""
        found = {f"law {topic}": self.facts.find(topic, place, today) for topic in self.facts.topics}
        found |= {f"reading {topic}": self.readings.find(topic) for topic in self.readings.topics}
        return found | {"places": self.places.buttons()}

    def holds(self, place: str | None) -> frozenset[str]:
        """The guards about place and facts that hold for a place.

        A fact that is being checked again is known all the same: its screen is reached, and says so.
        """
        held = {f"place in {code}" for code in self.places.chain(place)}
        held |= {f"fact {topic}" for topic in self.facts.topics if self.facts.known(topic, place)}
        return frozenset(held | {"place-known"} if place else held)


def read_knowledge(content: Traversable) -> tuple[Knowledge, Reader]:
    """Everything in folder `content`, and the reader with what was wrong in it."""
    reader = Reader()
    places = read_places(content / "places", reader)
    facts = read_facts(content / "law", places, reader)
    services = read_services(content / "helplines", content / "emergency.toml", places, reader)
    readings = read_readings(content / "reading.toml", reader)
    sources = read_sources(content / "sources.toml", reader)
    guidance = read_guidance(content / "guidance.toml", reader)
    reviews = read_reviews(content / "reviews.toml", reader)
    return Knowledge(places, facts, services, readings, sources, guidance, reviews), reader


def read_whole(content: Traversable) -> Knowledge:
    """Everything in folder `content`. Raises `BadEntriesError` where something is wrong in it."""
    knowledge, reader = read_knowledge(content)
    if reader.problems:
        raise BadEntriesError(reader.problems)
    return knowledge
