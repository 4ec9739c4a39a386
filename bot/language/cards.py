"""What is looked up or generated when shown: law cards, services, emergency numbers, texts about privacy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bot.engine.guard import Answers
from bot.knowledge.finding import ASKED, Finder
from bot.knowledge.knowledge import Knowledge
from bot.knowledge.places import ANYWHERE
from bot.knowledge.reading import Reading
from bot.knowledge.reviews import Review
from bot.knowledge.services import Emergency
from bot.language import listings, service_words, words
from bot.language.listings import SERVICES
from bot.language.tongue import Tongue
from bot.ports import Capabilities, Operator, Passage, Span

_MARKED = re.compile(r"\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")
LAW, READING, SOURCES = "law", "reading", "sources"
"""The `msgctxt` of texts in `content/`."""

_ROOM = 2_000
"""So many characters of reviews leave a page whole."""

KEPT_HOURS = 36
"""How long a place is kept that somebody asked to keep: over tomorrow, wherever they are. Decision 0059 says why."""

STAY_MINUTES = {"quarter": 15, "hour": 60, "kept": KEPT_HOURS * 60}
MANY = 6
"""So many countries' emergency numbers are listed when no place is known."""


def spans(text: str) -> tuple[Span, ...]:
    """A message with ``**bold**`` and ``[words](address)`` as runs of text."""
    found: list[Span] = []
    at = 0
    for mark in _MARKED.finditer(text):
        if mark.start() > at:
            found.append(Span(text[at : mark.start()]))
        found.append(Span(mark[1], bold=True) if mark[1] else Span(mark[2], link=mark[3]))
        at = mark.end()
    if at < len(text):
        found.append(Span(text[at:]))
    return tuple(found)


def plain(text: str) -> Passage:
    """A paragraph in which nothing is a mark of ours: names stand in it."""
    return Passage("text", (Span(text),))


def said(text: str) -> Passage:
    """A paragraph of ours."""
    return Passage("text", spans(text))


@dataclass(frozen=True, slots=True)
class Cards:
    """Makes the blocks of a screen from what is known, what the messenger can do, and who runs this."""

    knowledge: Knowledge
    finder: Finder
    capabilities: Capabilities
    operator: Operator

    def law(self, tongue: Tongue, topic: str, fact_id: str | None, place: str | None, today: date) -> list[Passage]:
        """One fact, with its law, source, day and place; or why there is none."""
        if fact_id is None:
            if place is None:
                return [said(tongue.say(words.NO_PLACE_YET))]
            expired = self.knowledge.facts.expired(topic, place, today)
            return [said(tongue.say(words.RECHECKING if expired else words.NO_FACTS))]
        fact = self.knowledge.facts[fact_id]
        values = {name: tongue.value(value) for name, value in fact.values.items()}
        source = Span(tongue.apart(_host(fact.source)), link=fact.source.partition(" ")[0])
        closing = tongue.say(
            words.LAW_CARD,
            date=tongue.day(fact.checked_on),
            place=self.knowledge.places.name(fact.place, tongue.code),
        )
        before, _, after = closing.partition("{source}")
        passages = [said(tongue.say(fact.text, LAW, **values))]
        if fact.caveat:
            passages.append(said(tongue.say(fact.caveat, LAW, **values)))
        passages.append(said(tongue.say(words.LAW_NAME, law=tongue.isolated(fact.statute))))
        passages.append(Passage("text", (Span(before), source, Span(after))))
        return passages

    def service(  # noqa: PLR0913, PLR0917 - whom for, and when
        self,
        tongue: Tongue,
        topic: str,
        service_id: str | None,
        place: str | None,
        today: date,
        answers: Answers,
    ) -> list[Passage]:
        """One service: who, how to reach them, and when that was last checked; or why there is none."""
        legal = f"{SERVICES} {topic}" == ASKED
        if service_id is None:
            nobody = service_words.NOBODY_FITS if legal else service_words.NO_SERVICES
            return [said(tongue.say(nobody if place else words.NO_PLACE_YET))]
        if place is None:
            anywhere = self.service(tongue, topic, service_id, ANYWHERE, today, answers)
            return [said(tongue.say(words.ANY_COUNTRY)), *anywhere]
        listing = self.finder.listing(service_id)
        if listing is None:
            return [said(tongue.say(service_words.NO_SERVICES))]
        reasons = self.finder.reasons(service_id, answers, place, tongue.code, today) if legal else None
        name = self.knowledge.places.name(listing.places[0], tongue.code) if listing.places else ""
        there = self.finder.open_now(listing) if legal else None
        return listings.card(tongue, listing, today, place=name, reasons=reasons, open_now=there)

    def reading(self, tongue: Tongue, shown: tuple[str, ...], today: date) -> list[Passage]:
        """A few things to read, each with who made it and what to beware of."""
        if not shown:
            return [said(tongue.say(words.NOTHING_TO_READ))]
        entries = [self.knowledge.readings[entry] for entry in shown]
        passages = [self._entry(tongue, entry) for entry in entries]
        linked = [entry for entry in entries if entry.url]
        if linked:
            stale = not all(entry.checked for entry in linked) or any(entry.overdue(today) for entry in linked)
            notes = (words.AS_GIVEN, words.LINK_TRACE) if stale else (words.LINK_TRACE,)
            passages.append(said(" ".join(map(tongue.say, notes))))
        return passages

    @staticmethod
    def _entry(tongue: Tongue, entry: Reading) -> Passage:
        kind = tongue.say(words.KINDS[entry.kind])
        made = tongue.say(words.MADE_BY, kind=kind, names=tongue.isolated(entry.by)) if entry.by else f"{kind}."
        about = " ".join(tongue.say(text, READING) for text in (entry.about, entry.caution) if text)
        return Passage(
            "text", (Span(tongue.apart(entry.name), bold=not entry.url, link=entry.url), Span(f": {made} {about}"))
        )

    def emergency(self, tongue: Tongue, place: str | None, today: date) -> list[Passage]:
        """The emergency numbers of the place; those of a few countries, where it is not known."""
        numbers = self.knowledge.services.emergency(place)
        if numbers:
            return self._numbers(tongue, numbers, today)
        passages = [said(tongue.say(words.EMERGENCY_UNKNOWN))]
        if place is None:
            passages.append(said("\n".join(self._commonest(tongue))))
        return passages

    def _commonest(self, tongue: Tongue) -> Iterable[str]:
        """A line for each of the places that are offered as buttons: more would not be read in a hurry."""
        for code in self.knowledge.places.buttons()[:MANY]:
            numbers = self.knowledge.services.emergency(code)
            if numbers:
                name = self.knowledge.places.name(code, tongue.code)
                yield tongue.say(words.EMERGENCY_KNOWN, place=name, number=numbers.call)

    def _numbers(self, tongue: Tongue, numbers: Emergency, today: date) -> list[Passage]:
        if numbers.also:
            lines = [tongue.say(words.EMERGENCY_ALSO, number=numbers.call, also=numbers.also)]
        else:
            lines = [tongue.say(words.EMERGENCY, number=numbers.call)]
        if numbers.text:
            lines.append(tongue.say(words.EMERGENCY_TEXT, number=numbers.text))
        passages = [said("\n".join(lines))]
        if numbers.silent_how:
            passages.append(said(tongue.say(numbers.silent_how, SERVICES, silent=numbers.silent)))
        if today > numbers.review_by:
            passages.append(said(tongue.say(service_words.OVERDUE, date=tongue.day(numbers.checked_on))))
        return passages

    def fixed(self, kind: str, tongue: Tongue) -> list[Passage]:
        """A block that is the same for everybody; none for languages, which are buttons only."""
        blocks = {
            "privacy": self.privacy,
            "exit": self.exit,
            "tomorrow": self.tomorrow,
            "sources": self.sources,
            "operator": self.run_by,
        }
        return blocks[kind](tongue) if kind in blocks else []

    def privacy(self, tongue: Tongue) -> list[Passage]:
        """Who can read this, said as it is."""
        able, messenger = self.capabilities, self.capabilities.name
        secret = {"local": words.LOCAL_ENCRYPTION, "no": words.NO_ENCRYPTION, "yes": words.ENCRYPTION}[able.end_to_end]
        seen = words.SEEN_HERE if able.end_to_end == "local" else words.SEEN_ELSEWHERE
        lines = (secret, seen, words.SPYWARE, words.NOT_KEPT)
        return [said(tongue.say(line, messenger=messenger)) for line in lines]

    def exit(self, tongue: Tongue) -> list[Passage]:
        """How to leave, and what that can miss."""
        able, messenger = self.capabilities, self.capabilities.name
        how = tongue.say(words.EXIT_HOW, word=tongue.lines(words.EXIT_WORDS)[0], command="/x")
        if able.end_to_end == "local":
            lines = [words.EXIT_CLEARS_WINDOW, words.EXIT_MISSES_WINDOW, words.EXIT_SUSPECT, words.EXIT_STUCK_WINDOW]
        else:
            clears = words.EXIT_CLEARS_CHAT if able.erases_theirs else words.EXIT_CLEARS_OURS
            lines = [clears, words.EXIT_MISSES_CHAT, words.EXIT_SUSPECT, words.EXIT_STUCK]
        return [said(how), *(said(tongue.say(line, messenger=messenger, command="/x")) for line in lines)]

    def known(self, tongue: Tongue, stay: str) -> list[Passage]:
        """What is held now, and until when; never what it says."""
        until = tongue.count(words.HOLDING_UNTIL, STAY_MINUTES[stay])
        if self.capabilities.keeps:
            until = f"{until} {tongue.count(words.HOLDING_KEPT, KEPT_HOURS)}"
        return [said(tongue.say(words.HOLDING)), said(until)]

    def tomorrow(self, tongue: Tongue) -> list[Passage]:
        """What keeping one's place means and until when; nothing where it cannot be kept."""
        able = self.capabilities
        if not able.keeps:
            return []
        button, leave = tongue.say(words.CONTINUE), tongue.lines(words.EXIT_WORDS)[0]
        until = tongue.count(words.KEPT_UNTIL, KEPT_HOURS, button=button, messenger=able.name)
        lines = (words.KEPT_HOW, words.KEPT_SEEN)
        return [said(until), *(said(tongue.say(line, button=button, word=leave, command="/start")) for line in lines)]

    def sources(self, tongue: Tongue) -> list[Passage]:
        """Where the ideas come from, each with who wrote it and under which licence."""
        return [
            Passage(
                "text",
                (
                    Span(tongue.apart(source.name), bold=not source.url, link=source.url),
                    Span(f" ({tongue.apart(f'{source.by}, {source.licence}')}). {tongue.say(source.about, SOURCES)}"),
                ),
            )
            for source in self.knowledge.sources
        ]

    def reviews(self, tongue: Tongue, held: Iterable[tuple[str, Review]], *, every: bool) -> list[Passage]:
        """Who has read which conversation, by its title; `every` says that there is none that nobody has read.

        A name is shown only where that person wished it.
        """
        lines = []
        for title, review in held:
            told = {"title": title, "role": tongue.say(words.REVIEWERS[review.role]), "date": tongue.day(review.on)}
            if review.shown:
                lines.append(tongue.say(words.REVIEWED_BY, **told, name=tongue.isolated(review.by)))
            else:
                lines.append(tongue.say(words.REVIEWED, **told))
        if not lines:
            return [said(tongue.say(words.NOT_REVIEWED))]
        fit = [line for number, line in enumerate(lines) if sum(map(len, lines[: number + 1])) <= _ROOM]
        rest = words.MORE_REVIEWS if len(fit) < len(lines) else "" if every else words.NOT_THE_REST
        return [plain("\n".join(fit)), *([said(tongue.say(rest))] if rest else [])]

    def run_by(self, tongue: Tongue) -> list[Passage]:
        """Who runs this."""
        who = self.operator
        if not who.name:
            return [said(tongue.say(words.OPERATOR_SELF))]
        return [said(tongue.say(words.OPERATOR, name=who.name, contact=who.contact, country=who.country))]


def _host(address: str) -> str:
    """The name of a site, for somebody deciding whether to trust it."""
    return urlsplit(address).hostname or address
