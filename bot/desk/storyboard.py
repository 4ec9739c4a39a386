"""A conversation on paper: every screen with what it can say, where its choices lead, and what a reviewer must know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.desk.ground import Ground
from bot.engine.flow import Block, Choice, Flow, Paragraph, State
from bot.engine.screen import Screen, at_once
from bot.language.catalogs import ENGLISH
from bot.language.tongue import Tongue
from bot.ports import Passage
from bot.script.conditions import in_words
from bot.script.paths import single_valued
from bot.script.plainness import age_of, grade
from bot.script.wording import LABEL, LABEL_ELSEWHERE, PROSE, PROSE_ELSEWHERE, labelled_in, largest, visible

_FEW = 3
"""So many services are printed of a list; facts are all printed."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something said, perhaps under a condition, perhaps with a word about how it is shown."""

    passages: tuple[Passage, ...]
    when: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A choice or a line to tick: its label, where it leads in words, to which screen if it is one, and when."""

    label: str
    leads: str
    screen: int = 0
    when: str = ""
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One screen, by its number in the file; `notes` are pairs of a heading and what a reviewer should know."""

    number: int
    state: str
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Storyboard:
    """One conversation in one language, as it is shown for one place."""

    flow: str
    title: str
    english: str
    phrases: tuple[str, ...]
    language: str
    language_name: str
    right_to_left: bool
    place: str
    day: str
    note: str
    sheets: tuple[Sheet, ...]


def storyboard(ground: Ground, name: str, language: str = ENGLISH, place: str | None = None) -> Storyboard:
    """Every screen of a conversation, in the order in which it was written."""
    flow, tongue = ground.flows[name], ground.catalogs.tongue(language)
    english = ground.catalogs.tongue(ENGLISH)
    numbers = {state: number for number, state in enumerate(flow.states, 1)}
    board = _Board(ground, flow, tongue, place, numbers)
    return Storyboard(
        name,
        tongue.say(flow.title, flow.id),
        flow.title,
        tuple(filter(None, tongue.say(flow.phrases, flow.id).split("\n"))),
        tongue.code,
        english.language_name(tongue.code),
        tongue.right_to_left,
        ground.knowledge.places.name(place, ENGLISH) if place else "",
        english.day(ground.today),
        flow.note,
        tuple(board.sheet(state) for state in flow.states.values()),
    )


class _Board:
    """Makes the sheets of one conversation."""

    def __init__(self, ground: Ground, flow: Flow, tongue: Tongue, place: str | None, numbers: dict[str, int]) -> None:
        self._ground, self._flow, self._tongue, self._place, self._numbers = ground, flow, tongue, place, numbers
        self._offers = ground.pages.known(tongue.code, place).offers

    def sheet(self, state: State) -> Sheet:
        items = (
            Line(self._label(item.label), "", when=in_words(item.when, self._flow), ticked=True) for item in state.items
        )
        return Sheet(
            self._numbers[state.id],
            state.id,
            tuple(part for each in state.said for part in self._parts(state, each)),
            (*items, *map(self._line, state.choices)),
            tuple((name, said) for name, said in self._notes(state) if said),
        )

    def _parts(self, state: State, part: Paragraph | Block) -> Iterator[Part]:
        when = in_words(part.when, self._flow)
        if (
            isinstance(part, Paragraph)
            or part.name not in {*self._offers, part.kind + " " + part.topic}
            or not part.topic
        ):
            yield Part(self._shown(state, part, ()), when)
            return
        listed, size = self._offers.get(part.name, ()), at_once(part.name)
        if not listed:
            yield Part(self._shown(state, part, ()), when, self._missing())
        pages = [listed[at : at + size] for at in range(0, len(listed), size)]
        printed = pages[:_FEW] if part.kind == "services" else pages
        for number, page in enumerate(printed, 1):
            more = f"; {len(pages) - len(printed)} more are not printed" if number == len(printed) < len(pages) else ""
            about = f"{number} of {len(pages)}, one after the other with More{more}" if len(pages) > 1 else ""
            yield Part(self._shown(state, part, page), when, about)

    def _missing(self) -> str:
        return "" if self._place else "Looked up by place: print it with --place XX to see what is said there."

    def _shown(self, state: State, part: Paragraph | Block, offered: tuple[str, ...]) -> tuple[Passage, ...]:
        """What the program itself makes of it; what somebody would have typed is left blank."""
        about = part.name if isinstance(part, Block) and offered else ""
        screen = Screen(self._flow.id, state.id, (part,), offered=offered, about=about)
        content = self._ground.pages.renderer.content(screen, self._tongue.code, self._place)
        return tuple(passage for passage in content.passages if passage.kind != "where")

    def _label(self, text: str) -> str:
        return self._tongue.say(text, self._flow.labels)

    def _line(self, choice: Choice) -> Line:
        target, when = choice.target, in_words(choice.when, self._flow)
        number = self._numbers.get(target.state, 0) if target.kind == "state" else 0
        file = f"{target.flow}.md#{target.state}" if target.state else f"{target.flow}.md"
        leads = {
            "state": f"screen {number}, {target.state}",
            "flow": f"another conversation: {self._title(target.flow)} ({file})",
            "done": "this conversation is finished",
            "back": "the screen before",
            "exit": "leaves at once, and everything is cleared",
            "keep": "keeps the place until tomorrow, behind a dull line",
        }[target.kind]
        return Line(self._label(choice.label), leads, number, when)

    def _title(self, flow: str) -> str:
        return self._ground.by_id[flow].title if flow in self._ground.by_id else flow

    def _notes(self, state: State) -> Iterator[tuple[str, str]]:
        before = [
            str(self._numbers[each.id])
            for each in self._flow.states.values()
            if any(choice.target.kind == "state" and choice.target.state == state.id for choice in each.choices)
        ]
        yield "Comes after", f"screen {', '.join(before)}" if before else ""
        yield "For translators", state.note
        marks = {"heavy": "hard words: there must be a way past", "contested": "contested: views with who holds them"}
        yield "Marked", "; ".join(marks[mark] for mark in sorted(state.marks))
        asks = {"place": "a place", "postcode": "a postcode", "label": "a few words for a card"}
        yield "Can be typed here", asks[state.asks.kind] if state.asks else ""
        about = {item.id: item.about for item in self._ground.knowledge.guidance}
        covers = (*(self._flow.covers if state.id == self._flow.start else ()), *state.covers)
        yield "Guidance said here", "; ".join(f"{name}: {about[name]}" if name in about else name for name in covers)
        yield "Length", self._length(state)
        yield "Reading age", self._age(state)

    def _length(self, state: State) -> str:
        english = self._tongue.code == ENGLISH
        prose, label = (PROSE, LABEL) if english else (PROSE_ELSEWHERE, LABEL_ELSEWHERE)
        said = [
            (part.when, len(visible(self._tongue.say(part.text, self._flow.id))))
            for part in state.said
            if isinstance(part, Paragraph) and not part.quoted
        ]
        longest = max((len(self._label(each.label)) for each in labelled_in(state)), default=0)
        most = largest(said, single_valued(self._flow))
        return f"{most} of {prose} characters at most; longest label {longest} of {label}"

    def _age(self, state: State) -> str:
        measure = grade() if self._tongue.code == ENGLISH else None
        age = age_of(state, measure) if measure else None
        return f"{age:.0f} years" if age else ""
