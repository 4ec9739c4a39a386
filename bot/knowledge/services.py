"""Helplines and emergency numbers: shown with the day of the last check, and dropped when that is long ago."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.knowledge.directory.taxonomy import BY_CODE
from bot.knowledge.entries import Fields, Reader
from bot.knowledge.facts import STATUSES
from bot.knowledge.places import ANYWHERE, Places

PEOPLE = ("women", "men", "lgbt", "native", "young", "local")
TOPICS = (
    "abuse", "sexual", "crisis", "stalking", "trafficking", "images", "young", "legal", "work", "accountability",
)  # fmt: skip
QUIET = "quiet"
"""A topic that is not written but worked out: lines to which one can write instead of speaking."""


@dataclass(frozen=True, slots=True)
class Service:
    """Somebody who helps. `offers` and `note` are message ids; numbers are as dialled.

    `terms` are codes of the directory's taxonomy beyond those that follow from the rest.
    """

    id: str
    place: str
    topics: tuple[str, ...]
    people: tuple[str, ...]
    name: str
    offers: str
    phone: tuple[str, ...]
    tty: str
    sms_to: str
    sms_word: str
    whatsapp: str
    url: str
    languages: tuple[str, ...]
    hours: str
    chat: bool
    note: str
    terms: tuple[str, ...]
    source: str
    source_date: str
    quality: str
    status: str
    checked_on: date
    review_by: date
    path: Path
    line: int

    def about(self, topic: str) -> bool:
        """Whether it belongs under a topic."""
        return topic in self.topics or (topic == QUIET and bool(self.sms_to or self.chat))

    def overdue(self, today: date) -> bool:
        """Whether the day to check it again has passed."""
        return today > self.review_by

    def gone(self, today: date) -> bool:
        """Whether that was so long ago that it is not shown: twice the interval between checks."""
        return today - self.review_by > self.review_by - self.checked_on


@dataclass(frozen=True, slots=True)
class Emergency:
    """The emergency numbers of a country; they stay, however old."""

    place: str
    call: str
    also: str
    text: str
    silent: str
    silent_how: str
    checked_on: date
    review_by: date
    path: Path
    line: int


class Services:
    """Every helpline and emergency number, found by topic and place."""

    def __init__(self, services: tuple[Service, ...], emergencies: tuple[Emergency, ...], places: Places) -> None:
        self._by_id = {service.id: service for service in services}
        self._emergencies = {emergency.place: emergency for emergency in emergencies}
        self._places = places
        self.topics = frozenset(topic for service in services for topic in service.topics) | {QUIET}

    def __getitem__(self, service: str) -> Service:
        return self._by_id[service]

    def get(self, service: str) -> Service | None:
        """The service with an id, where there is one."""
        return self._by_id.get(service)

    def __iter__(self) -> Iterator[Service]:
        return iter(self._by_id.values())

    def find(self, topic: str, place: str | None, today: date) -> tuple[str, ...]:
        """Ids for a topic, the likeliest to answer first.

        Open day and night before others, for everybody before for some, the place before what it lies in; where one
        cannot speak, lines to text before chats.
        """
        chain = self._places.chain(place) or (ANYWHERE,)
        found = [
            service
            for service in self._by_id.values()
            if service.about(topic) and service.place in chain and not service.gone(today)
        ]
        found.sort(
            key=lambda service: (
                service.place == ANYWHERE,
                topic == QUIET and not service.sms_to,
                service.hours != "24/7",
                bool(service.people),
                chain.index(service.place),
            )
        )
        return tuple(service.id for service in found)

    def near(self, topic: str, place: str | None, today: date) -> bool:
        """Whether there is somebody for a topic who is nearer than anywhere: a directory of the world is no line."""
        return any(self[service].place != ANYWHERE for service in self.find(topic, place, today))

    def emergency(self, place: str | None) -> Emergency | None:
        """The emergency numbers of the place or the country it lies in."""
        return next((self._emergencies[code] for code in self._places.chain(place) if code in self._emergencies), None)

    def emergencies(self) -> tuple[Emergency, ...]:
        """Every country's, in the order written."""
        return tuple(self._emergencies.values())


def read_services(helplines: Traversable, emergency: Traversable, places: Places, reader: Reader) -> Services:
    """The helplines in a folder and the emergency numbers in a file."""
    services: dict[str, Service] = {}
    for fields in reader.entries(helplines, "service"):
        before = len(reader.problems)
        service = _service(fields, places)
        if service.id in services:
            fields.problem(f"the id stands in {services[service.id].path.name} already")
        if len(reader.problems) == before:
            services[service.id] = service
    emergencies = [_emergency(fields, places) for fields in reader.entries(emergency, "emergency")]
    return Services(tuple(services.values()), tuple(emergencies), places)


def _sourced(fields: Fields, places: Places) -> tuple[str, str, str, str]:
    """What every entry must say of where it comes from: the source, its date and quality, and how well it is known."""
    said = (
        fields.text("source"),
        fields.text("source_date", optional=True),
        fields.text("quality", optional=True),
        fields.one_of("status", STATUSES),
    )
    place = fields.text("place")
    if place and not places.knows(place):
        fields.problem("its place is not in places/ and is no country")
    return said


def _service(fields: Fields, places: Places) -> Service:
    source, source_date, quality, status = _sourced(fields, places)
    for key, allowed in (("topics", TOPICS), ("for", PEOPLE), ("terms", tuple(BY_CODE))):
        for value in fields.texts(key):
            if value not in allowed:
                fields.problem(f"`{key}`: {value} is none of {', '.join(allowed)}")
    checked, review = fields.days()
    service = Service(
        id=fields.text("id"),
        place=fields.text("place"),
        topics=fields.texts("topics"),
        people=fields.texts("for"),
        name=fields.text("name"),
        offers=fields.text("offers"),
        phone=fields.texts("phone"),
        tty=fields.text("tty", optional=True),
        sms_to=fields.text("sms_to", optional=True),
        sms_word=fields.text("sms_word", optional=True),
        whatsapp=fields.text("whatsapp", optional=True),
        url=fields.text("url", optional=True),
        languages=fields.texts("languages"),
        hours=fields.text("hours", optional=True),
        chat=fields.text("chat", optional=True) == "yes",
        note=fields.text("note", optional=True),
        terms=fields.texts("terms"),
        source=source,
        source_date=source_date,
        quality=quality,
        status=status,
        checked_on=checked,
        review_by=review,
        path=fields.path,
        line=fields.line,
    )
    if not (service.phone or service.sms_to or service.url):
        fields.problem("no way to reach it: give phone, sms_to or url", missing=True)
    fields.done()
    return service


def _emergency(fields: Fields, places: Places) -> Emergency:
    _sourced(fields, places)
    checked, review = fields.days()
    emergency = Emergency(
        place=fields.text("place"),
        call=fields.text("call"),
        also=fields.text("also", optional=True),
        text=fields.text("text", optional=True),
        silent=fields.text("silent", optional=True),
        silent_how=fields.text("silent_how", optional=True),
        checked_on=checked,
        review_by=review,
        path=fields.path,
        line=fields.line,
    )
    if emergency.place == ANYWHERE:
        fields.problem("no number is right everywhere; give a country")
    if bool(emergency.silent) != bool(emergency.silent_how):
        fields.problem("`silent` and `silent_how` go together")
    fields.done()
    return emergency
