"""Moves between states and flows: entering, opening, finishing, going back, and what an edited script asks for."""

from __future__ import annotations

from bot.engine.flow import Flow, State
from bot.engine.flows import MENU, URGENT, Flows, Known
from bot.engine.guard import Answers
from bot.engine.screen import at_once
from bot.engine.session import DEPTH, REST, TRAIL, Frame, Session


def frame_of(flow: Flow, state: str) -> Frame:
    """A flow newly opened at a state."""
    return Frame(flow.id, state, flow.edition)


def settle(flows: Flows, session: Session) -> Session:
    """The session fitted to the flows as they are now; the very same object where nothing was edited."""
    if session.aside == REST:
        return session  # not before somebody goes on: a dull page shows nothing else
    top = session.top
    flow = flows.by_id.get(top.flow)
    if flow is not None and top.edition == flow.edition and top.state in flow.states:
        return session
    if flow is None:
        rest = tuple(frame for frame in session.stack if frame.flow in flows)
        rest = rest or (frame_of(flows[MENU], flows[MENU].start),)
        return settle(flows, session._replace(stack=rest))._replace(notice="moved", aside="", offered=())
    state, notice = flow.moved.get(top.state, top.state), "stale"
    if state not in flow.states:
        state, notice = flow.start, "moved"
    fresh = Frame(flow.id, state, flow.edition, top.answers)
    return session._replace(stack=(*session.stack[:-1], fresh), notice=notice, aside="", offered=())


def enter(  # noqa: PLR0913, PLR0917 - the parts of the next session, named by the caller
    flows: Flows,
    session: Session,
    stack: tuple[Frame, ...],
    known: Known,
    trail: tuple[tuple[str, str], ...] | None = None,
    notice: str = "",
    settings: Answers | None = None,
    place: str | None = None,
) -> Session:
    """The session in a new state: a new visit, a fresh list to pick from, nothing laid over it."""
    top = stack[-1]
    state = flows.by_id[top.flow].states[top.state]
    offered = known.listed(state.list_name, top.answers)[: at_once(state.list_name)] if state.list_name else ()
    if settings is None:
        settings = session.settings
    aside, later = "", session.later
    if later and top.flow == MENU:
        if later in flows and f"flow {later}" in known.holds and welcomes(flows[later], settings):
            aside, offered = "flows", (later,)
        later = ""
    return Session(
        session.nonce,
        stack,
        session.trail if trail is None else trail,
        session.language,
        session.place if place is None else place,
        settings,
        session.visit + 1,
        session.turn + 1,
        offered,
        aside,
        0,
        notice,
        later,
    )


def onward(session: Session) -> tuple[tuple[str, str], ...]:
    """The trail with the present state on it."""
    return (*session.trail[-TRAIL + 1 :], (session.top.flow, session.top.state))


def state_of(flows: Flows, session: Session) -> State:
    """The state the person is in."""
    top = session.stack[-1]
    return flows.by_id[top.flow].states[top.state]


def say(session: Session, notice: str) -> Session:
    """The same screen with a line about what just happened."""
    return session._replace(turn=session.turn + 1, notice=notice)


def keep(flows: Flows, session: Session, known: Known) -> Session:
    """The state itself again, without what was laid over it."""
    name = state_of(flows, session).list_name
    listed = known.listed(name, session.top.answers)[: at_once(name)] if name else ()
    return session._replace(turn=session.turn + 1, notice="", aside="", offered=listed)


def open_flow(flows: Flows, session: Session, flow: str, state: str, known: Known) -> Session:
    """Open a flow on top of the stack, or return to it where it is open already."""
    if flow not in flows or (state and state not in flows[flow].states):
        return say(session, "moved")
    stack = session.stack
    if flow == URGENT:  # nobody loses a conversation for asking for help
        rest = tuple(frame for frame in stack if frame.flow != URGENT)
        return enter(flows, session, (*rest, frame_of(flows[flow], state or flows[flow].start)), known, onward(session))
    for depth, frame in enumerate(stack):
        if frame.flow == flow:
            kept = frame._replace(state=state or frame.state)
            settled = settle(flows, session._replace(stack=(*stack[:depth], kept)))
            return enter(flows, session, settled.stack, known, onward(session))
    fresh = frame_of(flows[flow], state or flows[flow].start)
    base = stack[: DEPTH - 1]
    return enter(flows, session, (*base, fresh), known, onward(session))


def finish(flows: Flows, session: Session, known: Known) -> Session:
    """Finish the newest flow: its answers are gone, and the flow that opened it is where it was."""
    rest = session.stack[:-1] or (frame_of(flows[MENU], flows[MENU].start),)
    settled = settle(flows, session._replace(stack=rest, notice=""))
    trail = tuple(spot for spot in session.trail if spot[0] != session.top.flow)
    return enter(flows, session, settled.stack, known, trail, settled.notice)


def rest(flows: Flows, session: Session, known: Known) -> Session:
    """Finish the newest flow, and keep the place come back to behind a dull page."""
    return finish(flows, session, known)._replace(aside=REST, offered=(), notice="")


def back(flows: Flows, session: Session, known: Known) -> Session:
    """The screen before, if its flow is still open. It restores the place, not the answers."""
    if session.aside:
        return keep(flows, session, known)
    trail = list(session.trail)
    while trail:
        flow, state = trail.pop()
        if (flow, state) == (session.top.flow, session.top.state):
            continue
        for depth, frame in enumerate(session.stack):
            if frame.flow == flow and flow in flows and state in flows[flow].states:
                restored = frame._replace(state=state, edition=flows[flow].edition)
                return enter(flows, session, (*session.stack[:depth], restored), known, tuple(trail))
    return say(session, "first")


def welcomes(flow: Flow, settings: Answers) -> bool:
    """Whether `flow` may be offered to somebody with these settings.

    People under 18 and people called out for harm are offered only what was written for them: see `risks` on
    audiences. Somebody who helps may read what a survivor reads.
    """
    role = settings.get("role", ("unsaid",))[0]
    if "all" in flow.audience or role in flow.audience:
        return True
    if role in {"under_18", "called_out"}:
        return False
    return role == "unsaid" or "survivor" in flow.audience or not flow.audience
