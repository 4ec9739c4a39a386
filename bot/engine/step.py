"""One step of a conversation: pure, and total. Nothing a person does raises here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.engine.event import (
    Answered,
    Chose,
    Event,
    Expired,
    Left,
    Offered,
    Opened,
    Pressed,
    Started,
    Unsure,
)
from bot.engine.flow import SETTINGS, Choice, State
from bot.engine.flows import ARRIVAL, MENU, URGENT, Flows, Known
from bot.engine.guard import Answers, View, allows
from bot.engine.moves import back, enter, finish, frame_of, keep, onward, open_flow, rest, say, settle, state_of
from bot.engine.screen import Screen, at_once, is_there, show
from bot.engine.session import PAGE, REST, Frame, Session

EXIT, BACK, HELP, MORE, KEEP, TO_MENU, OVER = "exit", "back", "help", "more", "keep", "menu", "over"
"""Keys of the choices that the program itself offers."""

PICK = "o:"
"""Begins the key of an offered entry."""

Erase = Literal["", "empty", "dull", "expired"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What an event leads to: the next session or none, its screen, and what is to be erased.

    `erase` is empty while the conversation goes on; ``empty`` and ``dull`` are the two ways of leaving.
    """

    session: Session | None
    screen: Screen | None = None
    erase: Erase = ""


def step(flows: Flows, session: Session | None, event: Event, known: Known) -> Turn:
    """The turn that `event` leads to. `known` is what was looked up for the `axes` after the event."""
    if isinstance(event, Left) or _asks_for(EXIT, event):
        return _leave(session)  # however old the button, and whatever was edited under it
    if isinstance(event, Expired):
        return Turn(None, None, "expired")
    if isinstance(event, Started):
        after = _begin(flows, event, known)
    elif session is None:
        return Turn(None)
    else:
        if session.aside == REST:
            if not _wakes(session, event):
                return Turn(session, show(flows, session, known))
            session = session._replace(aside="")
        settled = settle(flows, session)
        edited = settled is not session and not (_asks_for(HELP, event) or isinstance(event, Opened))
        applied = _again(flows, settled, known) if edited else _apply(flows, settled, event, known)
        if applied is None:
            return _leave(session)
        after = applied
    return Turn(after, show(flows, after, known))


def axes(flows: Flows, session: Session | None, event: Event) -> tuple[str | None, str | None]:
    """The language and the place after `event`: what must be looked up before the step is taken."""
    if isinstance(event, Started):
        return event.language, event.place
    if session is None:
        return None, None
    picked, about = "", session.aside
    state = flows[session.top.flow].states.get(session.top.state) if session.top.flow in flows else None
    if state and asks_place(state) and about in {"", "places"}:
        about = "places" if state.asks and state.asks.key == "place" else ""
    elif state and not about:
        about = state.list_name
    if isinstance(event, Answered):
        picked = event.value
    elif isinstance(event, Pressed) and event.stamp == session.stamp and event.key.startswith(PICK):
        picked = event.key[2:]
    elif isinstance(event, Chose) and event.keys and event.keys[0].startswith(PICK):
        picked = event.keys[0][2:]
    if picked and about == "places" and (isinstance(event, Answered) or picked in session.offered):
        return session.language, picked
    if picked and about == "languages" and picked in session.offered:
        return picked, session.place
    return session.language, session.place


def asks_place(state: State) -> bool:
    """Whether typed text names a place here."""
    return bool(state.asks and state.asks.kind == "place")


def _asks_for(key: str, event: Event) -> bool:
    return event.key == key if isinstance(event, Pressed) else isinstance(event, Chose) and event.keys == (key,)


def _wakes(session: Session, event: Event) -> bool:
    """Whether somebody goes on from a dull page, or needs help now; anything else leaves it as it is."""
    if isinstance(event, Pressed):
        return event.key == KEEP and event.stamp == session.stamp
    if isinstance(event, Opened):
        return event.flow == URGENT
    return event in {Chose((KEEP,)), Chose((HELP,)), Unsure("urgent")}


def _leave(session: Session | None) -> Turn:
    dull = session is not None and session.settings.get("leaving") == ("dull",)
    return Turn(None, None, "dull" if dull else "empty")


def _begin(flows: Flows, event: Started, known: Known) -> Session:
    first = flows[ARRIVAL]
    blank = Session(event.nonce, (), language=event.language, place=event.place, later=event.later)
    return enter(flows, blank, (frame_of(first, first.start),), known)


def _again(flows: Flows, session: Session, known: Known) -> Session:
    """The present state entered once more, because the script under it has changed."""
    return enter(flows, session, session.stack, known, notice=session.notice)


def _apply(flows: Flows, session: Session, event: Event, known: Known) -> Session | None:
    if isinstance(event, Pressed):
        if event.stamp != session.stamp and event.key != HELP:
            return say(session, "stale")
        return _choose(flows, session, event.key, known)
    if isinstance(event, Chose):
        turn = session.turn
        for key in event.keys[:-1]:
            session = _tick(flows, session, key, known)._replace(turn=turn)
        return _choose(flows, session, event.keys[-1], known) if event.keys else say(session, "unsure")
    if isinstance(event, Answered):
        return _answer(flows, session, event.value, known)
    if isinstance(event, Offered):
        return _offer(session, event.about, event.ids)
    if isinstance(event, Opened):
        state = event.state
        if event.flow in flows and state not in flows[event.flow].states:
            state = flows[event.flow].start
        return open_flow(flows, session, event.flow, state, known)._replace(notice=event.notice)
    return say(session, event.notice if isinstance(event, Unsure) else "")


def _offer(session: Session, about: str, ids: tuple[str, ...]) -> Session:
    """The same place with something to pick from laid over it; while somebody arrives, kept for when they have."""
    if about == "flows" and "role" not in session.settings:
        return say(session, "later")._replace(later=ids[0] if ids else "")
    return session._replace(turn=session.turn + 1, notice="", aside=about, offered=ids[:PAGE])


def _choose(flows: Flows, session: Session, key: str, known: Known) -> Session | None:
    if key[:1] in {"+", "-"}:
        return _tick(flows, session, key, known)
    if key.startswith(PICK):
        return _pick(flows, session, key[len(PICK) :], known)
    if key == BACK:
        return back(flows, session, known)
    if key == HELP:
        return open_flow(flows, session, URGENT, "", known)
    if key == MORE:
        return _more(flows, session, known)
    if key == TO_MENU:
        home = MENU if "role" in session.settings else ARRIVAL
        return open_flow(flows, session, home, flows[home].start, known)
    if key == OVER:
        # What was passed before is not come back to: a gate answered anew must not be walked around by *back*.
        flow = flows[session.top.flow]
        trail = tuple(spot for spot in session.trail if spot[0] != flow.id)
        return enter(flows, session, (*session.stack[:-1], frame_of(flow, flow.start)), known, trail)
    if key == KEEP:
        return keep(flows, session, known)
    choice = state_of(flows, session).by_key.get(key)
    return _follow(flows, session, choice, known) if choice else say(session, "stale")


def _follow(flows: Flows, session: Session, choice: Choice, known: Known) -> Session | None:
    """Take `choice` if its guard lets us, remembering what it says to remember."""
    frame = session.stack[-1]
    view = View(frame.answers, session.settings, known.holds)
    reached = flows.move(frame.flow, frame.state, choice.key, view) if is_there(choice, known) else None
    if reached is None:
        return say(session, "stale")
    answers, settings = frame.answers, session.settings
    for key, value in choice.remember:
        if key in SETTINGS:
            settings = {**settings, key: (value,)}
        else:
            answers = {**answers, key: (value,)}
    if settings.get("role") != session.settings.get("role") and "role" in session.settings:
        return _as_somebody_else(flows, session, settings, known)
    kind = choice.target.kind
    if kind == "state":
        frame = Frame(frame.flow, reached, frame.edition, answers)
        return enter(flows, session, (*session.stack[:-1], frame), known, onward(session), settings=settings)
    if settings is not session.settings or answers is not frame.answers:
        frame = Frame(frame.flow, frame.state, frame.edition, answers)
        session = session._replace(settings=settings, stack=(*session.stack[:-1], frame))
    if kind == "flow":
        return open_flow(flows, session, choice.target.flow, choice.target.state, known)
    end = {"done": finish, "back": back, "keep": rest}.get(kind)
    return end(flows, session, known) if end else None


def _as_somebody_else(flows: Flows, session: Session, settings: Answers, known: Known) -> Session:
    """The list of conversations for a new role. Nothing of the old one is left to go back to: it may be for others."""
    bare = session._replace(settings=settings, later="")
    return enter(flows, bare, (frame_of(flows[MENU], flows[MENU].start),), known, ())


def _more(flows: Flows, session: Session, known: Known) -> Session:
    """The next page of a checklist or a list, and after the last the first again."""
    screen = show(flows, session, known)
    page = (screen.page + 1) % screen.pages
    offered = session.offered
    if screen.about:
        size = at_once(screen.about)
        listed = known.listed(screen.about, session.top.answers)
        offered = listed[page * size : (page + 1) * size] or offered
    return session._replace(turn=session.turn + 1, notice="", page=page, offered=offered)


def _tick(flows: Flows, session: Session, key: str, known: Known) -> Session:
    """Set one line of the checklist to the wanted value; saying it twice changes nothing."""
    state, frame = state_of(flows, session), session.top
    view = View(frame.answers, session.settings, known.holds)
    item = next((item for item in state.items if item.id == key[1:]), None)
    if item is None or session.aside or not allows(item.when, view):
        return say(session, "stale")
    chosen = set(frame.answers.get(state.answer, ()))
    chosen = chosen | {item.id} if key[0] == "+" else chosen - {item.id}
    ticks = tuple(each.id for each in state.items if each.id in chosen)
    fresh = Frame(frame.flow, frame.state, frame.edition, {**frame.answers, state.answer: ticks})
    return session._replace(turn=session.turn + 1, notice="", stack=(*session.stack[:-1], fresh))


def _pick(flows: Flows, session: Session, picked: str, known: Known) -> Session | None:
    """Take an entry of what was offered."""
    about = session.aside or state_of(flows, session).list_name
    if picked not in session.offered:
        return say(session, "stale")
    if about == "flows":
        return open_flow(flows, session._replace(aside=""), picked, "", known)
    if about == "languages":
        return keep(flows, session, known)._replace(language=picked)
    return _answer(flows, session, picked, known) if about in {"places", "spots"} else say(session, "stale")


def _answer(flows: Flows, session: Session, value: str, known: Known) -> Session | None:
    """Keep the answer a state asked for, and go on by its first choice; to the menu, where no choice is there."""
    state, frame = state_of(flows, session), session.top
    if session.aside == "places" and not asks_place(state):
        return enter(flows, session, session.stack, known, place=value)
    if not state.asks or session.aside not in {"", "places", "spots"}:
        return say(session, "unsure")
    session = session._replace(aside="")
    if state.asks.key == "place":
        session = session._replace(place=value)
    else:
        answers = {**frame.answers, state.asks.key: (value,)}
        fresh = Frame(frame.flow, frame.state, frame.edition, answers)
        session = session._replace(stack=(*session.stack[:-1], fresh))
    view = View(session.top.answers, session.settings, known.holds)
    there = (choice for choice in state.choices if allows(choice.when, view) and is_there(choice, known))
    first = next(there, None)
    return _follow(flows, session, first, known) if first else _choose(flows, session, TO_MENU, known)
