"""Everywhere a person can get to: breadth first, every screen that looks different once, and then by chance."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Literal

from bot.engine.event import Answered, Chose, Event, Offered, Opened, Started
from bot.engine.flow import Flow
from bot.engine.flows import Flows, Known
from bot.engine.guard import Answers, Given, Guard, Looked, View, allows
from bot.engine.screen import Screen, show
from bot.engine.session import REST, Session
from bot.engine.step import BACK, HELP, KEEP, MORE, OVER, PICK, TO_MENU, step
from bot.script.nearness import Nearness

VARIANTS = 3
"""So many sets of the answers that decide where one can go are followed from screens that look alike."""

_SELDOM = 12
"""On a walk by chance, one step in so many names another place."""

TYPED = {"label": "w" * 120, "postcode": "52.192,-2.221"}
"""An answer to what may be typed; a postcode is a point by then."""

LookUp = Callable[[str | None, str | None], Known]
"""What is looked up for a language and a place."""

Kind = Literal["choice", "row", "typed"]
"""How something is done: by a choice of the screen, by the row under every screen, or by a word."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done on a screen, and its words."""

    event: Event
    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A session somebody can be in, its screen, and the words of what led there; `at` is -1 on a walk by chance."""

    at: int
    session: Session
    screen: Screen
    way: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """From one visit to another, by number; to None where the conversation is left."""

    before: int
    after: int | None
    kind: Kind


def look(screen: Screen) -> tuple[object, ...]:
    """What makes a screen look different: where it is, what is shown, what can be chosen."""
    return (
        screen.flow,
        screen.state,
        tuple(part.line for part in screen.said),
        tuple(ticked for _, ticked in screen.items),
        tuple(choice.key for choice in screen.choices),
        screen.offered,
        screen.aside,
        screen.page,
    )


def decisive(flow: Flow) -> frozenset[str]:
    """The answers on which choices of a flow depend."""
    choices = (choice for state in flow.states.values() for choice in state.choices)
    terms = (term for choice in choices for term in choice.when)
    return frozenset(term.key for term in terms if isinstance(term, Given))


def acts(screen: Screen) -> Iterator[Act]:
    """Everything that can be done on a screen, and some of what can be typed; of a checklist two lines, and all."""
    for choice in screen.choices:
        yield Act(Chose((choice.key,)), "choice", choice.label)
    for item, ticked in screen.items[:2]:
        yield Act(Chose((f"{'-' if ticked else '+'}{item.id}",)), "choice", f"tick {item.label}")
    if screen.items:
        yield Act(Chose(tuple(f"+{item.id}" for item, _ in screen.items)), "choice", "tick everything")
    if screen.about == "flows":
        for offered in screen.offered:
            yield Act(Chose((PICK + offered,)), "choice", f"pick {offered}")
    if screen.pages > 1:
        yield Act(Chose((MORE,)), "choice", "More")
    yield from _typed(screen)
    for key, words in ((BACK, "Back"), (HELP, "Help now")):
        yield Act(Chose((key,)), "row", words)
    for key, words in ((OVER, "start over"), (TO_MENU, "menu")):
        yield Act(Chose((key,)), "typed", words)
    yield Act(Offered("flows", ("pressure_to_sign",)), "typed", "name another conversation")


def _typed(screen: Screen) -> Iterator[Act]:
    """What is typed as an answer, or chosen on a dull page."""
    if screen.aside == REST:
        yield Act(Chose((KEEP,)), "choice", "Continue")
    if screen.asks in TYPED:
        yield Act(Answered(TYPED[screen.asks]), "choice", "type some words")


class Walk:
    """Everywhere one can get to from arrival on in one language and place, whoever one is; or within `only` one flow.

    `others` are places that somebody may name on the way. `whole` says that nothing was left out: screens that look
    alike are followed with a few sets of answers only.
    """

    def __init__(  # noqa: PLR0913 - where, who, and what of it
        self,
        flows: Flows,
        looked: LookUp,
        language: str | None,
        place: str | None,
        others: tuple[str, ...] = (),
        *,
        only: str = "",
    ) -> None:
        self.flows, self.language, self.place, self.others = flows, language, place, others
        self.visits: list[Visit] = []
        self.steps: list[Step] = []
        self.whole = True
        self._looked = looked
        self._deciding = {name: decisive(flow) for name, flow in flows.by_id.items()}
        self._seen: dict[tuple[object, ...], list[tuple[Answers, int]]] = {}
        self._offered: set[tuple[object, ...]] = set()
        self._times: Counter[tuple[str, str, str]] = Counter()
        self._waiting: deque[tuple[Session, Screen, tuple[str, ...], int | None, Kind]] = deque()
        self._only = only
        begun = self._begun()
        self._waiting.append((begun, self._screen(begun), (), None, "choice"))

    def explore(self, most: int = 100_000) -> Iterator[Visit]:
        """Every visit not made yet, the nearest first; at most so many."""
        while self._waiting:
            session, screen, way, before, kind = self._waiting.popleft()
            at, new = self._place(session, screen)
            if before is not None:
                self.steps.append(Step(before, at, kind))
            if not new:
                continue
            self._offered.add(self._offers(screen))
            visit = Visit(at, session, screen, way)
            self.visits.append(visit)
            yield visit
            if len(self.visits) >= most:
                self.whole = False
                self._waiting.clear()
                return
            for act in acts(screen):
                after, seen = self._turn(session, act.event)
                if after and self._only and after.top.flow != self._only:
                    continue
                if after and seen:
                    self._waiting.append((after, seen, (*way, act.words), at, act.kind))
                else:
                    self.steps.append(Step(at, None, act.kind))

    def wander(self, flow: str, chance: random.Random, length: int = 60) -> Iterator[Visit]:
        """One walk by chance through one conversation, from its beginning or anywhere in it, with any lines ticked.

        What was seldom done comes more often. Where other choices are offered than ever before, all is explored.
        """
        begun = [visit for visit in self.visits if visit.screen.flow == flow and not visit.screen.aside]
        if not begun:
            return
        entered = [visit for visit in begun if visit.screen.state == begun[0].screen.state]
        first = chance.choice(entered if chance.getrandbits(1) else begun)
        session, way = first.session, first.way
        for _ in range(length):
            session, way = self._ticked(*self._moved(session, way, chance), chance)
            screen = self._screen(session)
            if session.place == self.place and self._offers(screen) not in self._offered:
                self._waiting.append((session, screen, way, None, "choice"))
                yield from self.explore()
            yield Visit(-1, session, screen, way)
            after = self._onward(session, screen, chance)
            if not after:
                return
            session, way = after[0], (*way, after[1])

    def seek(self, flow: str, state: str, guard: Guard, most: int = 4_000) -> Visit | None:
        """A visit of a state on which `guard` holds, looked for where its answers are given; None where none is found.

        Sessions are told apart by the answers that matter, and those nearest to what is missing are followed first.
        """
        keys = self._deciding[flow] | {term.key for term in guard if isinstance(term, Given)}
        near = Nearness(self.flows[flow], state, guard)
        begun = (visit for visit in self.visits if visit.screen.flow == flow and not visit.screen.aside)
        waiting: list[tuple[tuple[int, int], int, Session, tuple[str, ...]]] = []
        for number, visit in enumerate(begun):
            heappush(waiting, (near.of(visit.session), number, visit.session, visit.way))
        number, seen = len(waiting), set[tuple[object, ...]]()
        while waiting and len(seen) < most:
            _, _, session, way = heappop(waiting)
            known, top = self._looked(self.language, session.place), session.top
            kept = tuple(sorted((key, value) for key, value in top.answers.items() if key in keys))
            key = (top.state, session.settings.get("role"), session.place, kept)
            if key in seen:
                continue
            seen.add(key)
            screen = self._screen(session)
            if top.state == state and allows(guard, View(top.answers, session.settings, known.holds)):
                return Visit(-1, session, screen, way)
            follow = [(self._after(session, act.event), act.words) for act in self._all(screen, keys)]
            if any(isinstance(term, Looked) for term in guard):
                follow += [(self._named(session, place), f"place: {place}") for place in self.others]
            for after, words in follow:
                if after and after.top.flow == flow and not after.aside:
                    number += 1
                    heappush(waiting, (near.of(after), number, after, (*way, words)))
        return None

    def _all(self, screen: Screen, keys: Container[str]) -> Iterator[Act]:
        """What can be done on a screen by choices, each line to tick by itself where that matters."""
        yield from (act for act in acts(screen) if act.kind == "choice" and not act.words.startswith("tick "))
        state = self.flows[screen.flow].states[screen.state]
        if state.answer in keys:
            for item in state.items:
                yield Act(Chose((f"+{item.id}",)), "choice", f"tick {item.label}")
                yield Act(Chose((f"-{item.id}",)), "choice", f"do not tick {item.label}")
        yield Act(Chose((BACK,)), "row", "Back")

    def _moved(self, session: Session, way: tuple[str, ...], chance: random.Random) -> tuple[Session, tuple[str, ...]]:
        """The session with another place, now and then: one can be given anywhere, by a word."""
        if not self.others or chance.randrange(_SELDOM):
            return session, way
        place = chance.choice(self.others)
        after = self._named(session, place)
        return (after, (*way, f"place: {place}")) if after else (session, way)

    def _named(self, session: Session, place: str) -> Session | None:
        """The session after another place was named, and taken when it was offered."""
        offered = self._after(session, Offered("places", (place,)))
        known = self._looked(self.language, place)
        return step(self.flows, offered, Chose((PICK + place,)), known).session if offered else None

    def _ticked(self, session: Session, way: tuple[str, ...], chance: random.Random) -> tuple[Session, tuple[str, ...]]:
        """The session with some lines of its checklist ticked: none, one, any or all."""
        items = self.flows[session.top.flow].states[session.top.state].items
        if not items or session.aside:
            return session, way
        ticks = chance.choice(
            ((), (chance.choice(items),), tuple(filter(lambda _: chance.getrandbits(1), items)), items)
        )
        after = self._after(session, Chose(tuple(f"{'+' if item in ticks else '-'}{item.id}" for item in items)))
        words = f"tick {', '.join(item.label for item in ticks) or 'nothing'}"
        return (after, (*way, words)) if after else (session, way)

    def _onward(self, session: Session, screen: Screen, chance: random.Random) -> tuple[Session, str] | None:
        """A step by a choice that stays in the conversation, and its words; None where none does."""
        taken = [act for act in acts(screen) if act.kind == "choice" and not act.words.startswith("tick ")]
        chance.shuffle(taken)
        if chance.getrandbits(1):
            taken.sort(key=lambda act: self._times[screen.flow, screen.state, act.words])
        for act in taken:
            self._times[screen.flow, screen.state, act.words] += 1
            after = self._after(session, act.event)
            if after and after.top.flow == session.top.flow and len(after.stack) == len(session.stack):
                return after, act.words
        return None

    @staticmethod
    def _offers(screen: Screen) -> tuple[object, ...]:
        return screen.flow, screen.state, screen.aside, tuple(choice.key for choice in screen.choices)

    def _begun(self) -> Session:
        started = Started("walker", self.language, self.place)
        begun = step(self.flows, None, started, self._looked(self.language, self.place)).session
        assert begun, "a conversation that begins has a session"
        return (self._after(begun, Opened(self._only)) if self._only else None) or begun

    def _screen(self, session: Session) -> Screen:
        return show(self.flows, session, self._looked(self.language, session.place))

    def _after(self, session: Session, event: Event) -> Session | None:
        return step(self.flows, session, event, self._looked(self.language, session.place)).session

    def _turn(self, session: Session, event: Event) -> tuple[Session | None, Screen | None]:
        """The session after an event, and its screen."""
        turn = step(self.flows, session, event, self._looked(self.language, session.place))
        moved = turn.session and turn.session.place != session.place
        return turn.session, self._screen(turn.session) if moved and turn.session else turn.screen

    def _key(self, session: Session, screen: Screen) -> tuple[object, ...]:
        """What makes a difference to what can follow, but for answers.

        What lies under a screen on the stack changes nothing that is seen; there are too many such stacks to walk them.
        """
        return (*look(screen), session.place, session.settings.get("role"))

    def _place(self, session: Session, screen: Screen) -> tuple[int, bool]:
        """The number of the visit this is, and whether it is a new one."""
        answers: Mapping[str, tuple[str, ...]] = {
            key: value for key, value in session.top.answers.items() if key in self._deciding[screen.flow]
        }
        alike = self._seen.setdefault(self._key(session, screen), [])
        for known, at in alike:
            if known == answers:
                return at, False
        if len(alike) >= VARIANTS:
            self.whole = False
            return alike[0][1], False
        alike.append((answers, len(self.visits)))
        return len(self.visits), True
