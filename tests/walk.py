"""Everywhere a person can get to: breadth first, every screen that looks different once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.engine.event import Answered, Chose, Event, Offered, Opened, Started
from bot.engine.flow import Flow
from bot.engine.guard import Given
from bot.engine.screen import Screen, show
from bot.engine.session import REST, Session
from bot.engine.step import BACK, HELP, KEEP, MORE, OVER, PICK, TO_MENU, step
from bot.ports import Page
from bot.runtime import Runtime

PLACES = (None, "US-CA", "GB-EAW", "JP")
"""Nowhere, a place with regions, one that is never whole, and one of which we know nothing."""


TYPED = {"label": "w" * 120, "postcode": "52.192,-2.221"}
"""An answer to what may be typed; a postcode is a point by then."""

VARIANTS = 3
"""So many sets of the answers that decide where one can go are followed from screens that look alike."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A session somebody can be in, its screen and page, and how they got there."""

    session: Session
    screen: Screen
    page: Page
    way: tuple[str, ...] = field(repr=False)


def look(screen: Screen) -> tuple[object, ...]:
    """What makes a screen look different: where it is, what is shown, what can be chosen."""
    return (
        screen.flow,
        screen.state,
        tuple((str(part), getattr(part, "line", 0)) for part in screen.said),
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


def stands(screen: Screen, session: Session) -> tuple[object, ...]:
    """What makes a difference to what can follow, but for answers.

    What lies under a screen on the stack changes nothing that is seen; there are too many such stacks to walk them all.
    """
    return (*look(screen), session.place, session.settings.get("role"))


def walk(
    runtime: Runtime, language: str, place: str | None, limit: int = 100_000, *, only: str = ""
) -> Iterator[Visit]:
    """Every distinct screen from arrival on, for somebody who may choose anything; or those of `only` one flow."""
    known = runtime.pages.known(language, place)
    begun = step(runtime.flows, None, Started("walker", language, place), known).session
    if only:
        begun = step(runtime.flows, begun, Opened(only), known).session
    assert begun
    keys = {name: decisive(flow) for name, flow in runtime.flows.by_id.items()}
    waiting: list[tuple[Session, tuple[str, ...]]] = [(begun, ())]
    seen: dict[tuple[object, ...], list[dict[str, tuple[str, ...]]]] = {}
    while waiting and len(seen) < limit:
        session, way = waiting.pop(0)
        screen = show(runtime.flows, session, runtime.pages.known(language, session.place))
        if only and screen.flow != only:
            continue
        answers = {key: value for key, value in session.top.answers.items() if key in keys[screen.flow]}
        before = seen.setdefault(stands(screen, session), [])
        if answers in before or len(before) == VARIANTS:
            continue
        before.append(answers)
        yield Visit(session, screen, runtime.pages.page(screen, session), way)
        for event in events(screen):
            after = step(runtime.flows, session, event, runtime.pages.known(language, session.place)).session
            if after:
                waiting.append((after, (*way, f"{screen.state}: {event}")))


def events(screen: Screen) -> Iterator[Event]:
    """Everything that can be done on a screen, and some of what can be typed."""
    for choice in screen.choices:
        yield Chose((choice.key,))
    for item, ticked in screen.items[:2]:
        yield Chose((f"{'-' if ticked else '+'}{item.id}",))
    if screen.items:
        yield Chose(tuple(f"+{item.id}" for item, _ in screen.items))
    if screen.about == "flows":
        for offered in screen.offered:
            yield Chose((PICK + offered,))
    if screen.pages > 1:
        yield Chose((MORE,))
    if screen.aside == REST:
        yield Chose((KEEP,))
    if screen.asks in TYPED:
        yield Answered(TYPED[screen.asks])
    for key in (BACK, HELP, OVER, TO_MENU):
        yield Chose((key,))
    yield Offered("flows", ("pressure_to_sign",))
