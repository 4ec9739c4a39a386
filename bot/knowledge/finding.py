"""Finding services: the shipped ones, and an operator's beside and before them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from bot.knowledge.asking import OPEN, Answers, Asked, asked
from bot.knowledge.directory.hours import open_now
from bot.knowledge.directory.listing import Listing
from bot.knowledge.directory.shipped import listing_of
from bot.knowledge.directory.wanted import LEGAL, MOST, NONE, Wanted
from bot.knowledge.places import ANYWHERE, Places
from bot.knowledge.services import QUIET, Services

if TYPE_CHECKING:  # most conversations never look in it, and none should wait for what it needs
    from bot.knowledge.directory.opening import Chain, Opened
    from bot.knowledge.directory.search import Directory
    from bot.knowledge.directory.spots import Spot

ASKED = "services legal"
"""The list that depends on what was answered."""

BEST = 3
"""So many services answer a question: more is a list to read, not an answer."""

CLOSED_TOO = 24
"""Where somebody is wanted who is there now, so many of those who fit are looked at."""

ANYTHING = "anything"
"""Stands for any of the questions that can be put."""

_QUESTIONS = {"field", "way", "language", "cost", "near", OPEN}
_WRITTEN = frozenset({"way:text", "way:chat"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a service was found: which of what was asked for it has, what was asked in vain, how many km it is away."""

    met: tuple[str, ...] = ()
    no_way: bool = False
    away: float | None = field(default=None, repr=False)
    near: tuple[float, float] | None = field(default=None, repr=False)


def in_memory(services: Services, chain: Chain) -> Opened:
    """A directory of the shipped services alone, which is written nowhere."""
    from bot.knowledge.directory.opening import open_directory  # noqa: PLC0415 - see above

    return open_directory(services, chain)


class Finder:
    """Looks services up. The directory is opened when it is first needed, and again in memory if it fails."""

    def __init__(
        self,
        services: Services,
        places: Places,
        now: Callable[[], float],
        opened: Callable[[Services, Chain], Opened] = in_memory,
        tell: Callable[[str], None] = lambda _note: None,
    ) -> None:
        """`opened` opens the directory; `tell` is told what an operator should know of it. `now` is in seconds."""
        self.services, self.places = services, places
        self._now, self._opened, self._tell = now, opened, tell
        self._directory: Directory | None = None
        self._narrows: dict[str | None, frozenset[str]] = {}
        self._narrows_on = date.min

    def open(self) -> Directory:
        """The directory, opened now where it was not yet."""
        if self._directory is None:
            there = self._opened(self.services, self._chain)
            self._directory = there.directory
            if there.note:
                self._tell(there.note)
        return self._directory

    def legal(self, answers: Answers, place: str | None, language: str, today: date) -> tuple[str, ...]:
        """The ids of the few who fit best, for somebody who gave these answers."""
        question = asked(answers, place, language, today)
        return self._safely(lambda: self._best(question), lambda: self.services.find("legal", place, today)[:BEST])

    def topic(self, topic: str, place: str | None, today: date) -> tuple[str, ...]:
        """The ids of everybody shipped for a topic, after the operator's own, who know their place better."""
        shipped = self.services.find(topic, place, today)
        return self._safely(lambda: self._with_theirs(topic, place, today, shipped), lambda: shipped)

    def near(self, topic: str, place: str | None, today: date) -> bool:
        """Whether there is somebody for a topic who is nearer than anywhere."""
        if self.services.near(topic, place, today):
            return True
        return any(
            set(listing.places) - {ANYWHERE}
            for listing in map(self.listing, self.topic(topic, place, today))
            if listing is not None
        )

    def narrows(self, place: str | None, today: date) -> frozenset[str]:
        """What can be asked so that the answer changes: ``field_family``, ``language_fr``, ``near``; also ``field``."""
        if self._narrows_on != today:
            self._narrows, self._narrows_on = {}, today
        if place not in self._narrows:
            wanted = Wanted(today=today, place=place, needs=frozenset({LEGAL}))
            told = self._safely(lambda: self.open().tells(wanted), lambda: NONE)
            groups = {code.partition(":")[0] for code in told}
            found = groups | {code.replace(":", "_", 1) for code in told} | self._hours(wanted)
            self._narrows[place] = frozenset(found | ({ANYTHING} if found & _QUESTIONS else set()))
        return self._narrows[place]

    def listing(self, service: str) -> Listing | None:
        """All of a service that can be shown; None where it is there no more."""
        shipped = self.services.get(service)
        if shipped is not None and not self._theirs(service):
            return listing_of(shipped)
        try:
            return self._safely(lambda: self.open()[service], lambda: None)
        except KeyError:
            return None

    def reasons(self, service: str, answers: Answers, place: str | None, language: str, today: date) -> Reasons:
        """Why a service was found for somebody who gave these answers."""
        question = asked(answers, place, language, today)
        wanted = question.wanted if question.named else replace(question.wanted, languages=NONE)
        near = wanted.near
        met: tuple[str, ...] = self._safely(lambda: self.open().why(service, wanted), tuple)
        away = self._safely(lambda: self.open().away(service, near) if near else None, lambda: None)
        met = tuple(code for code in met if code != LEGAL)
        return Reasons(met, bool(wanted.ways) and not wanted.ways & set(met), away, near)

    def open_now(self, listing: Listing) -> bool | None:
        """Whether somebody is there at this hour; None where nobody can tell."""
        return open_now(listing.schedules, datetime.fromtimestamp(self._now(), UTC))

    def spots(self, text: str, place: str | None) -> tuple[Spot, ...]:
        """Where somebody may be who typed this: a postcode, or else the towns it may name."""
        if place is None:
            return ()
        code = self._safely(lambda: self.open().spots.postcode(text, place), lambda: None)
        return (code,) if code else self._safely(lambda: self.open().spots.towns(text, place)[:MOST], tuple)

    def spot_name(self, near: tuple[float, float]) -> str:
        """The name of the town at a spot, with what tells it from others; empty where there is none."""
        return self._safely(lambda: self.open().spots.name(near), str)

    def _hours(self, wanted: Wanted) -> set[str]:
        """``open_now``, where the hours of one and the other are known."""
        found: tuple[str, ...] = self._safely(lambda: self.open().find(wanted, CLOSED_TOO), tuple)
        return {OPEN} if len(found) > 1 and any(self._is_there(each) is not None for each in found) else set()

    def _best(self, question: Asked) -> tuple[str, ...]:
        """Those who fit best. Where nobody can be reached in a wanted way, those who fit in all else."""
        found = self._ordered(question)
        if not found and question.wanted.ways:
            found = self._ordered(replace(question, wanted=replace(question.wanted, ways=NONE)))
        return found

    def _ordered(self, question: Asked) -> tuple[str, ...]:
        if not question.now:
            return self.open().find(question.wanted, BEST)
        found = self.open().find(question.wanted, CLOSED_TOO)
        there = {service: self._is_there(service) for service in found}
        return tuple(sorted(found, key=lambda service: (True, None, False).index(there[service]))[:BEST])

    def _is_there(self, service: str) -> bool | None:
        listing = self.listing(service)
        return None if listing is None else self.open_now(listing)

    def _with_theirs(self, topic: str, place: str | None, today: date, shipped: tuple[str, ...]) -> tuple[str, ...]:
        if self._directory is None or not self.open().imported:
            return shipped
        kind, ways = ("helpline", _WRITTEN) if topic == QUIET else (topic, NONE)
        wanted = Wanted(today=today, place=place, needs=frozenset({f"kind:{kind}"}), ways=ways)
        own = tuple(islice(filter(self.open().theirs, self.open().order(wanted)), MOST))
        return (*own, *(service for service in shipped if not self.open().theirs(service)))

    def _theirs(self, service: str) -> bool:
        if self._directory is None or not self._directory.imported:
            return False
        return self._safely(lambda: self.open().theirs(service), lambda: False)

    def _safely(self, look: Callable[[], T], otherwise: Callable[[], T]) -> T:
        """What `look` gives. Where the file fails it, the shipped services are looked through from then on."""
        try:
            return look()
        except sqlite3.Error as error:
            self._tell(f"the directory: {type(error).__name__}; only the shipped services can be found until a restart")
            self._opened, self._directory = in_memory, None
        try:
            return look()
        except sqlite3.Error:
            return otherwise()

    def _chain(self, place: str | None) -> tuple[str, ...]:
        return self.places.chain(place) or (ANYWHERE,)
