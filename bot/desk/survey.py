"""What a walk through everything finds: what nobody comes to, where somebody is stuck, and what does not fit."""

from __future__ import annotations

import gc
import random
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bot.desk.ground import Ground, known_places, telling_places
from bot.desk.sizes import Kind, sizes
from bot.engine.flow import Block, Choice, Flow, Item, Paragraph, State
from bot.engine.flows import MENU
from bot.engine.guard import Guard, Looked, View, allows
from bot.engine.screen import Screen
from bot.language.catalogs import ENGLISH
from bot.script.conditions import in_words
from bot.script.walk import Step, Visit, Walk, look

NOTES: frozenset[Kind] = frozenset({"always", "nowhere"})
"""What is no mistake: a condition that made no difference, or that waits for a place of which we know nothing yet."""

Part = Paragraph | Block | Item | Choice


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, with where it stands, where it was seen, and the words that lead there."""

    kind: Kind
    flow: str
    state: str
    line: int
    message: str
    language: str = ""
    place: str = ""
    way: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """The fewest and the most steps to something from the screens of a conversation; None where there is no way.

    `farthest` are the words that lead to the screen from which it is the most.
    """

    shortest: int | None
    longest: int | None
    farthest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """How much of one conversation was come to: pairs of how many, and of how many there are.

    `numbers` is the way to emergency numbers and `someone` that to a person, with *Help now*; `by_choices` is the way
    to a person by the choices of the conversations alone.
    """

    flow: str
    title: str
    states: tuple[int, int]
    choices: tuple[int, int]
    conditions: tuple[int, int]
    screens: int
    numbers: Reach
    someone: Reach
    by_choices: Reach


@dataclass(frozen=True, slots=True)
class Result:
    """What was walked, and what came of it. `whole` says that every different screen was followed everywhere."""

    languages: tuple[str, ...]
    places: tuple[str, ...]
    runs: int
    seed: int
    whole: bool
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether anything was found that is more than a note."""
        return any(finding.kind not in NOTES for finding in self.findings)


class Survey:
    """Walks one language and place after another, and keeps what was seen of each conversation."""

    def __init__(self, ground: Ground, *, seed: int = 0) -> None:
        self._ground, self._seed, self._runs = ground, seed, 0
        self._walked: list[tuple[str, str]] = []
        self._walks: list[Walk] = []
        self._whole = True
        self._states: set[tuple[str, str]] = set()
        self._choices: set[tuple[str, str, str]] = set()
        self._held: dict[tuple[str, str, int], set[bool]] = defaultdict(set)
        self._looks: dict[str, set[tuple[object, ...]]] = defaultdict(set)
        self._reaches: dict[tuple[str, str], list[tuple[int | None, tuple[str, ...]]]] = defaultdict(list)
        self._found: dict[tuple[object, ...], Finding] = {}
        self._places = telling_places(ground)

    def take(self, language: str, place: str | None, runs: int = 0, flows: Collection[str] = ()) -> Iterator[Visit]:
        """Walk one language and place, breadth first; then `runs` times by chance through each of `flows`, or all."""
        others = tuple(other for other in self._places if other and other != place)
        walk = Walk(self._ground.flows, self._ground.pages.known, language, place, others)
        looks = set[tuple[object, ...]]()
        with uncollected():
            for visit in self._visits(walk, runs, flows or tuple(self._ground.by_id)):
                self._see(visit, language)
                fresh = look(visit.screen)
                if fresh not in looks or visit.screen.answers:
                    looks.add(fresh)
                    self._measure(visit, language)
                yield visit
        # Conditions are sought in the first language, in every place; those about another language, in that one.
        if language not in {each.language for each in self._walks} - {self._walks[0].language if self._walks else ""}:
            self._walks.append(walk)
        self._looks_of(looks)
        self._ways(walk, language, place)
        self._walked.append((language, place or ""))
        self._whole &= walk.whole

    def _visits(self, walk: Walk, runs: int, flows: Collection[str]) -> Iterator[Visit]:
        yield from walk.explore()
        for _ in range(runs):
            self._runs += 1
            for flow in flows:
                chance = random.Random(f"{self._seed} {self._runs} {flow}")  # noqa: S311 - it can be repeated
                yield from walk.wander(flow, chance)

    def _looks_of(self, looks: Iterable[tuple[object, ...]]) -> None:
        for each in looks:
            self._looks[str(each[0])].add(each)

    def _see(self, visit: Visit, language: str) -> None:
        screen, session = visit.screen, visit.session
        if screen.aside:
            return
        self._states.add((screen.flow, screen.state))
        self._choices.update((screen.flow, screen.state, choice.key) for choice in screen.choices)
        known = self._ground.pages.known(language, session.place)
        view = View(session.top.answers, session.settings, known.holds)
        for part in conditional(self._ground.flows[screen.flow].states[screen.state]):
            self._held[screen.flow, screen.state, part.line].add(allows(part.when, view))

    def seek(self, flows: Collection[str] = ()) -> Iterator[Part]:
        """Look for what was not come to by going everywhere, with every answer that may lead there.

        Of a condition that was always so, for the contrary of each of its terms.
        """
        for flow in (each for name, each in self._ground.by_id.items() if not flows or name in flows):
            for state in flow.states.values():
                for part in conditional(state) if (flow.id, state.id) in self._states else ():
                    yield part
                    held = self._held[flow.id, state.id, part.line]
                    if True not in held:
                        self._sought(flow, state, part.when)
                    for term in part.when:
                        if False not in held:
                            self._sought(flow, state, (replace(term, negated=not term.negated),))

    def _sought(self, flow: Flow, state: State, guard: Guard) -> None:
        for walk in self._likely(guard)[:2]:
            found = walk.seek(flow.id, state.id, guard)
            if found:
                self._see(found, walk.language or ENGLISH)
                self._measure(found, walk.language or ENGLISH)
                return

    def _likely(self, guard: Guard) -> list[Walk]:
        """The walks in which `guard` may come to hold: in their own place, else where another can be named."""
        known = self._ground.pages.known

        def where(walk: Walk, places: Iterable[str | None]) -> bool:
            return any(_may_hold(guard, known(walk.language, place).holds) for place in places)

        return [walk for walk in self._walks if where(walk, (walk.place,))] or [
            walk for walk in self._walks if where(walk, walk.others)
        ]

    # What fits

    def _measure(self, visit: Visit, language: str) -> None:
        screen = visit.screen
        tongue = self._ground.catalogs.tongue(language)
        page = self._ground.pages.page(screen, visit.session)
        flow = self._ground.flows[screen.flow]
        for kind, size, most, what in sizes(flow, screen, page, tongue):
            if size > most:
                line = flow.states[screen.state].line
                message = f"{what}: {size}, {most} at most"
                finding = Finding(
                    kind, screen.flow, screen.state, line, message, language, visit.session.place or "", visit.way
                )
                self._found.setdefault((kind, screen.flow, screen.state, what, language), finding)

    # Ways

    def _ways(self, walk: Walk, language: str, place: str | None) -> None:
        screens = [visit.screen for visit in walk.visits]
        numbers = {visit.at for visit in walk.visits if _shows(visit.screen, "emergency")}
        someone = {visit.at for visit in walk.visits if _shows(visit.screen, "services") and visit.screen.offered}
        chosen = [step for step in walk.steps if step.kind == "choice"]
        tapped = [step for step in walk.steps if step.kind != "typed"]
        for name, ends, steps in (
            ("numbers", numbers, tapped),
            ("someone", someone, tapped),
            ("by_choices", someone, chosen),
        ):
            far = _distances(ends, steps)
            for visit in walk.visits:
                if not visit.screen.aside:  # what is laid over a screen is left as it came
                    self._reaches[name, visit.screen.flow].append((far.get(visit.at), visit.way))
        out = {at for at, screen in enumerate(screens) if screen.flow == MENU and not screen.aside}
        out |= {step.before for step in chosen if step.after is None}
        free = _distances(out, chosen)
        for visit in walk.visits:
            screen = visit.screen
            if visit.at not in free and not screen.aside:
                line = self._ground.flows[screen.flow].states[screen.state].line
                message = "no choices lead from here to the menu, or to leaving"
                finding = Finding("trap", screen.flow, screen.state, line, message, language, place or "", visit.way)
                self._found.setdefault(("trap", screen.flow, screen.state), finding)

    # The sum

    def result(self, flows: Collection[str] = ()) -> Result:
        """What was found in these conversations, or in all."""
        chosen = [flow for name, flow in self._ground.by_id.items() if not flows or name in flows]
        ids = {flow.id for flow in chosen}
        found = [*(each for flow in chosen for each in self._never(flow)), *self._found.values()]
        return Result(
            tuple(dict.fromkeys(language for language, _ in self._walked)),
            tuple(dict.fromkeys(place for _, place in self._walked)),
            self._runs,
            self._seed,
            self._whole,
            tuple(self._row(flow) for flow in chosen),
            tuple(
                sorted((each for each in found if each.flow in ids), key=lambda each: (each.flow, each.line, each.kind))
            ),
        )

    def _never(self, flow: Flow) -> Iterator[Finding]:
        for state in flow.states.values():
            if (flow.id, state.id) not in self._states:
                leading = [
                    each for one in flow.states.values() for each in one.choices if each.target.state == state.id
                ]
                nowhere = leading and all(self._kind("choice", each) == "nowhere" for each in leading)
                message = f"nobody comes to `{state.id}`"
                yield Finding("nowhere" if nowhere else "state", flow.id, state.id, state.line, message)
                continue
            for choice in state.choices:
                if (flow.id, state.id, choice.key) not in self._choices:
                    message = f"“{choice.label}” is never offered"
                    yield Finding(self._kind("choice", choice), flow.id, state.id, choice.line, message)
            for part in conditional(state):
                held = self._held[flow.id, state.id, part.line]
                when = in_words(part.when, flow)
                if True not in held and not isinstance(part, Choice):
                    yield Finding(self._kind("condition", part), flow.id, state.id, part.line, f"never so: {when}")
                elif held == {True}:
                    yield Finding("always", flow.id, state.id, part.line, f"always so: {when}")

    def _kind(self, kind: Kind, part: Part) -> Kind:
        """What it is that this was never seen: a mistake, or that no place is such a place yet."""
        places, known = known_places(self._ground.knowledge), self._ground.pages.known
        return kind if any(_may_hold(part.when, known(ENGLISH, place).holds) for place in places) else "nowhere"

    def _row(self, flow: Flow) -> Row:
        states = [state for state in flow.states.values() if (flow.id, state.id) in self._states]
        choices = [(flow.id, state.id, choice.key) for state in flow.states.values() for choice in state.choices]
        parts = [(flow.id, state.id, part.line) for state in flow.states.values() for part in conditional(state)]
        return Row(
            flow.id,
            flow.title,
            (len(states), len(flow.states)),
            (sum(choice in self._choices for choice in choices), len(choices)),
            (sum(True in self._held[part] for part in parts), len(parts)),
            len(self._looks[flow.id]),
            *(_reach(self._reaches[name, flow.id]) for name in ("numbers", "someone", "by_choices")),
        )


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing made here is circular and all of it is kept: looking for garbage in it would take half of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _may_hold(guard: Guard, holds: Collection[str]) -> bool:
    """Whether `guard` can hold in a place, as far as its conditions about the place say."""
    return all((term.name in holds) is not term.negated for term in guard if isinstance(term, Looked))


def conditional(state: State) -> list[Part]:
    """The parts of a state that are shown only under a condition."""
    return [part for part in (*state.said, *state.items, *state.choices) if part.when]


def _shows(screen: Screen, kind: str) -> bool:
    return not screen.aside and any(isinstance(part, Block) and part.kind == kind for part in screen.said)


def _distances(ends: Collection[int], steps: Iterable[Step]) -> dict[int, int]:
    """How many steps it is from each visit to the nearest of `ends`; nothing for those without a way."""
    before: dict[int, list[int]] = defaultdict(list)
    for step in steps:
        if step.after is not None:
            before[step.after].append(step.before)
    far, waiting = dict.fromkeys(ends, 0), deque(ends)
    while waiting:
        at = waiting.popleft()
        for each in before[at]:
            if each not in far:
                far[each] = far[at] + 1
                waiting.append(each)
    return far


def _reach(ways: list[tuple[int | None, tuple[str, ...]]]) -> Reach:
    there = [(far, way) for far, way in ways if far is not None]
    if not there:
        return Reach(None, None)
    longest, way = max(there, key=lambda each: each[0])
    without = next((way for far, way in ways if far is None), None)
    return Reach(min(far for far, _ in there), None if without else longest, without or way)
