"""A screen in somebody's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from functools import reduce

from bot.engine.flow import Block, Flow, Paragraph
from bot.engine.flows import URGENT, Flows
from bot.engine.screen import Screen
from bot.engine.session import REST
from bot.engine.step import BACK, EXIT, HELP, KEEP, MORE, PICK, TO_MENU
from bot.knowledge.asking import spot
from bot.knowledge.reviews import Review
from bot.language import words
from bot.language.cards import Cards, said, spans
from bot.language.catalogs import ENGLISH, Catalogs
from bot.language.reviewed import reviewed
from bot.language.tongue import Tongue, fill
from bot.ports import Button, Content, Passage, Span

LABEL_LIMIT = 120
"""The longest short text for a card, in characters."""

_ASIDES = {
    "flows": words.WHICH_FLOW,
    "places": words.WHICH_PLACE,
    "spots": words.WHICH_SPOT,
    "languages": words.WHICH_LANGUAGE,
}
_PROMPTS = {"": words.TYPE_HERE, "place": words.TYPE_PLACE, "postcode": words.TYPE_SPOT}
_SIGNS = frozenset({"advocate", "lawyer"})
"""Who can sign for a translation that somebody may act upon."""

_ECHO = re.compile(r"\{answer\.([a-z0-9_]+)\}")


def _strung(tongue: Tongue, ticked: list[str]) -> str:
    """What was ticked, one after the other; a blank where nothing of it is in the script any more."""
    if not ticked:
        return words.BLANK
    return reduce(lambda before, after: tongue.say(words.AND_ALSO, ticked=before, next=after), ticked)


class Renderer:
    """Makes pages of screens, and keeps those that depend on nothing but the script."""

    def __init__(self, flows: Flows, catalogs: Catalogs, cards: Cards, today: Callable[[], date]) -> None:
        self._flows = flows
        self._catalogs = catalogs
        self.cards = cards
        self._today = today
        self._kept: dict[tuple[Hashable, str], Content] = {}
        self._fixed: dict[str, tuple[Button, ...]] = {}
        self._signed: dict[tuple[str, str], bool] = {}

    def content(self, screen: Screen, language: str | None, place: str | None, stay: str = "quarter") -> Content:
        """The page of `screen`: words for whoever reads `language`, facts for `place`."""
        language = language or ENGLISH
        if screen.aside == REST:
            return self._resting(self._catalogs.tongue(language))
        if screen.variant is None:
            return self._content(screen, self._catalogs.tongue(language), place, stay)
        kept = self._kept.get((screen.variant, language))
        if kept is None:
            tongue = self._catalogs.tongue(language)
            kept = self._kept[screen.variant, language] = self._content(screen, tongue, place, stay)
        return kept

    def bare(self, language: str | None, text: str) -> Content:
        """One line of ours and the fixed row, where there is no screen to show."""
        tongue = self._catalogs.tongue(language)
        fixed = self._fixed_row(tongue)
        return Content(tongue.code, (Passage("notice", spans(tongue.say(text))),), (), fixed)

    @staticmethod
    def _resting(tongue: Tongue) -> Content:
        """One dull line, and one dull button to go on by: not even the row that stands everywhere else."""
        go_on = tongue.say(words.CONTINUE)
        button = Button(KEEP, go_on, go_on)
        return Content(tongue.code, (said(tongue.say(words.DULL)),), (button,), (), right_to_left=tongue.right_to_left)

    def dull(self, language: str | None) -> str:
        """The one line that may be left behind."""
        return self._catalogs.tongue(language).say(words.DULL)

    def _fixed_row(self, tongue: Tongue) -> tuple[Button, ...]:
        labels = ((EXIT, words.LEAVE), (BACK, words.BACK), (HELP, words.HELP))
        row = tuple(Button(key, tongue.say(label), tongue.say(label)) for key, label in labels)
        self._fixed[tongue.code] = row
        return row

    def _content(self, screen: Screen, tongue: Tongue, place: str | None, stay: str) -> Content:
        flow = self._flows[screen.flow]
        passages: list[Passage] = []
        if screen.notice in words.NOTICES:
            passages.append(Passage("notice", spans(tongue.say(words.NOTICES[screen.notice]))))
        elif screen.notice == "fewer":
            passages.append(Passage("notice", spans(tongue.count(words.FEWER, LABEL_LIMIT))))
        if screen.aside:
            passages.append(said(tongue.say(_ASIDES[screen.aside])))
        else:
            passages += self._unreviewed(screen, flow, tongue)
            passages += self._said(screen, flow, tongue, place, stay)
        if screen.pages > 1:
            text = tongue.say(words.PAGE_OF, page=str(screen.page % screen.pages + 1), pages=str(screen.pages))
            passages.append(said(text))
        title = tongue.say(flow.title, flow.id)
        passages.append(Passage("where", spans(tongue.say(words.WHERE, title=title))))
        return Content(
            tongue.code,
            tuple(passages),
            tuple(self._buttons(screen, flow, tongue)),
            self._fixed.get(tongue.code) or self._fixed_row(tongue),
            tongue.say(_PROMPTS.get(screen.asks, words.TYPE_TEXT)),
            screen.asks,
            tongue.right_to_left,
            screen.variant is not None,
        )

    def _unreviewed(self, screen: Screen, flow: Flow, tongue: Tongue) -> list[Passage]:
        """A line above law and above numbers to call, while no lawyer or advocate has read them in this language."""
        if tongue.code == ENGLISH:
            return []
        blocks = [part for part in screen.said if isinstance(part, Block)]
        crisis = any(
            block.kind == "emergency" or (block.kind == "services" and (flow.id == URGENT or block.topic == "crisis"))
            for block in blocks
        )
        if not (crisis or any(block.kind == "law" for block in blocks)) or self._is_signed(flow, tongue):
            return []
        return [said(tongue.say(words.UNREVIEWED_NUMBERS if crisis else words.UNREVIEWED))]

    def _is_signed(self, flow: Flow, tongue: Tongue) -> bool:
        if (flow.id, tongue.code) not in self._signed:
            given = (review for review in self.cards.knowledge.reviews if review.role in _SIGNS)
            self._signed[flow.id, tongue.code] = bool(reviewed(flow, tongue, given))
        return self._signed[flow.id, tongue.code]

    def _said(self, screen: Screen, flow: Flow, tongue: Tongue, place: str | None, stay: str) -> Iterator[Passage]:
        """What the state says; quoted paragraphs that follow each other are one card."""
        card: list[Span] = []
        for part in screen.said:
            if isinstance(part, Paragraph) and part.quoted:
                card += [*([Span("\n")] if card else ()), *self._quoted(part, screen, flow, tongue)]
                continue
            if card:
                yield Passage("copy", tuple(card))
                card = []
            if isinstance(part, Paragraph):
                links = {f"link.{number}": link for number, link in enumerate(part.links, 1)}
                yield said(fill(tongue.say(part.text, flow.id), links))
            else:
                yield from self._block(part, screen, tongue, place, stay)
        if card:
            yield Passage("copy", tuple(card))

    def _quoted(self, part: Paragraph, screen: Screen, flow: Flow, tongue: Tongue) -> Iterator[Span]:
        """Words to copy. What a person gave stands in them as it is: nothing in it is read as a mark of ours."""
        pieces = _ECHO.split(tongue.say(part.text, flow.id))
        for number, piece in enumerate(pieces):
            if number % 2:
                yield Span(self._answer(piece, screen, flow, tongue))
            else:
                yield from spans(piece)

    @staticmethod
    def _answer(key: str, screen: Screen, flow: Flow, tongue: Tongue) -> str:
        """What was ticked, chosen or typed, as its own words; a blank line to fill in by hand where nothing was."""
        values = screen.answers.get(key, ())
        if not values:
            return words.BLANK
        labels: dict[str, str] = {}
        for state in flow.states.values():
            if state.answer == key:
                labels |= {item.id: item.label for item in state.items}
            for choice in state.choices:
                labels |= {value: choice.label for name, value in choice.remember if name == key}
        if labels:
            return _strung(tongue, [tongue.say(labels[value], flow.labels) for value in values if value in labels])
        return tongue.isolated(values[0])

    def _block(self, block: Block, screen: Screen, tongue: Tongue, place: str | None, stay: str) -> list[Passage]:
        today = self._today()
        shown = next(iter(screen.offered), None)
        match block.kind:
            case "law":
                return self.cards.law(tongue, block.topic, shown, place, today)
            case "services":
                return self.cards.service(tongue, block.topic, shown, place, today, screen.answers)
            case "reading":
                return self.cards.reading(tongue, screen.offered, today)
            case "emergency":
                return self.cards.emergency(tongue, place, today)
            case "known":
                return self.cards.known(tongue, stay)
            case "reviews":
                return self._reviews(tongue)
            case _:
                return self.cards.fixed(block.kind, tongue)

    def _reviews(self, tongue: Tongue) -> list[Passage]:
        """Of each conversation whose words are still those that somebody read, the newest review of each role."""
        given, held = self.cards.knowledge.reviews, list[tuple[str, Review]]()
        unread = 0
        for flow in self._flows.by_id.values():
            newest = {review.role: review for review in reversed(reviewed(flow, tongue, given))}
            held += [(tongue.say(flow.title, flow.id), review) for review in newest.values()]
            unread += not newest
        return self.cards.reviews(tongue, held, every=not unread)

    def _buttons(self, screen: Screen, flow: Flow, tongue: Tongue) -> Iterator[Button]:
        """Everything to choose, numbered from 1 in the order shown."""
        rows: list[tuple[str, str, bool | None]] = [
            (f"{'-' if ticked else '+'}{item.id}", tongue.say(item.label, flow.labels), ticked)
            for item, ticked in screen.items
        ]
        offered: list[tuple[str, str, bool | None]] = [
            (PICK + each, self._offered(each, screen, tongue), None) for each in screen.offered
        ]
        chosen: list[tuple[str, str, bool | None]] = [
            (choice.key, tongue.say(choice.label, flow.labels), None) for choice in screen.choices
        ]
        if screen.about == "languages" and not screen.aside:
            rows, chosen = [*rows, *chosen], offered  # the names of languages stand below what is said in one of them
        elif screen.about in _ASIDES:
            rows += offered
        for number, (key, label, ticked) in enumerate(rows, 1):
            yield Button(key, label, str(number), ticked)
        if screen.pages > 1:
            yield Button(MORE, tongue.say(words.MORE), tongue.lines(words.MORE_WORDS)[0])
        if screen.aside:
            chosen = [(KEEP, tongue.say(words.KEEP), None)]
        elif not screen.choices:
            # All that leads on is a conversation that is not whole in this language: nobody is left without a way.
            chosen = [(TO_MENU, tongue.say(words.COMMANDS["menu"]), None)]
        for number, (key, label, _) in enumerate(chosen, len(rows) + 1):
            yield Button(key, label, str(number))

    def _offered(self, offered: str, screen: Screen, tongue: Tongue) -> str:
        """The name of something to pick."""
        if screen.about == "flows":
            flow = self._flows[offered]
            return tongue.say(flow.title, flow.id)
        if screen.about == "languages":
            return self._catalogs.tongue(offered).name
        if screen.about == "spots":
            near = spot(offered)
            return tongue.isolated(self.cards.finder.spot_name(near)) if near else ""
        places = self.cards.knowledge.places
        name = places.name(offered, tongue.code)
        among_its_parts = (set(places.narrow(offered)) - {offered}) & set(screen.offered)
        if among_its_parts:
            return tongue.say(words.ELSEWHERE, place=name)
        twins = [code for code in screen.offered if places.name(code, tongue.code) == name]
        country = offered.partition("-")[0]
        return f"{name} ({places.name(country, tongue.code)})" if len(twins) > 1 and country != offered else name
