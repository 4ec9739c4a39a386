"""What a state shows, as message ids: a function of the session and of what was looked up."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from bot.engine.flow import Block, Choice, Item, Paragraph, State
from bot.engine.flows import Flows, Known
from bot.engine.guard import Answers, View, allows
from bot.engine.session import PAGE, REST, Frame, Session

_AT_ONCE = {"law": 1, "services": 1, "reading": 3}
"""Lists that are read, and how many entries of each a screen shows; the others show a page of lines to choose from."""


_ASKED_IN = {"places": "place", "spots": "postcode"}
"""What may be typed where something is laid over a state to pick from."""


def at_once(about: str) -> int:
    """How many entries of the list `about` a screen shows."""
    return _AT_ONCE.get(about.partition(" ")[0], PAGE)


def _is_read(about: str) -> bool:
    return about.partition(" ")[0] in _AT_ONCE


def is_there(choice: Choice, known: Known) -> bool:
    """Whether `choice` can be taken in this language: it does not open a conversation that is not whole there."""
    return choice.target.kind != "flow" or f"flow {choice.target.flow}" in known.holds


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything there is to show, in no language yet.

    `variant` names exactly what is shown where that depends on the script and on ticks alone, so that a rendering can
    be kept; it is None where the screen shows what was looked up, offered, typed, or depends on a guard.
    """

    flow: str
    state: str
    said: tuple[Paragraph | Block, ...] = ()
    items: tuple[tuple[Item, bool], ...] = ()
    choices: tuple[Choice, ...] = ()
    offered: tuple[str, ...] = ()
    about: str = ""
    aside: str = ""
    page: int = 0
    pages: int = 1
    asks: str = ""
    notice: str = ""
    answers: Answers = field(default_factory=dict, repr=False)
    variant: Hashable = None


def show(flows: Flows, session: Session, known: Known) -> Screen:
    """The screen of `session`. Showing it again gives the same screen: that is how a crash is mended."""
    frame = session.stack[-1]
    if session.aside == REST:
        return Screen(frame.flow, frame.state, aside=REST)  # whatever was edited under it, it stays dull
    if session.aside:
        return _aside(flows, session, known)
    still: Screen | None = None if session.notice else flows.still.get((frame.flow, frame.state))
    if still is not None:
        return still
    state = flows.by_id[frame.flow].states[frame.state]
    screen = _of_state(flows, session, frame, state, known)
    if state.still and not session.notice:
        flows.still[frame.flow, frame.state] = screen
    return screen


def _aside(flows: Flows, session: Session, known: Known) -> Screen:
    """Something to pick from, laid over the state."""
    pages = _pages("languages", known, {}) if session.aside == "languages" else 1
    return Screen(
        flow=session.top.flow,
        state=session.top.state,
        offered=_there(session.aside, flows, session, known),
        about=session.aside,
        aside=session.aside,
        page=session.page % pages,
        pages=pages,
        asks=_ASKED_IN.get(session.aside, ""),
        notice=session.notice,
    )


def _of_state(flows: Flows, session: Session, frame: Frame, state: State, known: Known) -> Screen:
    said, items, choices = state.said, state.items, state.choices
    if state.guards:
        view = View(frame.answers, session.settings, known.holds)
        held = {guard: allows(guard, view) for guard in state.guards}
        said = tuple(part for part in said if not part.when or held[part.when])
        items = tuple(item for item in items if not item.when or held[item.when])
        choices = tuple(choice for choice in choices if not choice.when or held[choice.when])
    if state.opens:
        choices = tuple(choice for choice in choices if is_there(choice, known))
    about, page, pages = state.list_name, session.page, 1
    chosen = frame.answers.get(state.answer, ())
    ticked: tuple[tuple[Item, bool], ...] = ()
    if items:
        pages = -(-len(items) // PAGE)
        page = min(page, pages - 1)
        ticked = tuple((item, item.id in chosen) for item in items[page * PAGE : (page + 1) * PAGE])
    elif about:
        pages = _pages(about, known, frame.answers)
        page = min(page, pages - 1)  # the list may have become shorter since
    plain = not (state.guards or state.opens or state.looks_up or state.echoes or session.notice)
    return Screen(
        flow=frame.flow,
        state=frame.state,
        said=said,
        items=ticked,
        choices=choices,
        offered=_there(about, flows, session, known) if about else (),
        about=about,
        page=page,
        pages=pages,
        asks=state.asks.kind if state.asks else "",
        notice=session.notice,
        answers=frame.answers if state.echoes or about.startswith("services ") else {},
        variant=(frame.flow, frame.edition, frame.state, chosen, page) if plain else None,
    )


def _pages(about: str, known: Known, answers: Answers) -> int:
    """How many screens the list `about` takes."""
    return max(1, -(-len(known.listed(about, answers)) // at_once(about)))


def _there(about: str, flows: Flows, session: Session, known: Known) -> tuple[str, ...]:
    """What is offered and still exists: the texts may have changed since, and a language alone is no choice."""
    if about == "flows":
        return tuple(name for name in session.offered if name in flows)
    if about in _ASKED_IN:
        return session.offered
    listed = known.listed(about, session.top.answers)
    if about == "languages" and len(listed) == 1 and not session.aside:
        return ()
    if _is_read(about):
        last = max(-(-len(listed) // at_once(about)) - 1, 0)
        first = min(session.page, last) * at_once(about)
        return listed[first : first + at_once(about)]
    return tuple(name for name in session.offered if name in listed)
