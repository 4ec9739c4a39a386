"""Small conversations for the tests of the engine, and people in the middle of them."""

from __future__ import annotations

from harness import flows_of

from bot.engine.event import Chose, Event
from bot.engine.flows import Flows, Known
from bot.engine.guard import Answers
from bot.engine.screen import Screen, show
from bot.engine.session import Frame, Session
from bot.engine.step import step

LINES = "".join(f"- [ ] Line {letter} <!-- {letter} -->\n" for letter in "abcdefg")
ONE = f"""# One

- one

## start
Said.

Only calm. {{when mood=calm}}

- [Calm](#many "remember mood=calm")
- [Never](#many "when mood=never")
- [Two](two.md)
- [Hour](#start "remember stay=hour; remember mood=calm")
- [Home](done: "remember mood=calm")
- [Kept](keep: "remember mood=calm")

## many
<!-- answer: many -->
Tick.

{LINES}- [ ] Hidden <!-- h --> {{when place-known}}
- [On](#echoed)

## echoed
> You said {{answer.many}} and {{answer.words}}.

- [Words](#words)
- [Law](#law)
- [Reading](#reading)
- [Services](#legal)
- [Where](#where)
- [Tongue](#tongue)
- [Near](#near)

## words
<!-- asks: label words -->
Say.

- [Never](#many "when mood=never")
- [On](#echoed)

## law
{{law.nda}}

- [On](#echoed)

## reading
{{reading.nda}}

- [On](#echoed)

## legal
{{services.legal}}

- [On](#echoed)

## where
<!-- asks: place place -->
Where?

- [On](#echoed)

## tongue
{{languages}}

- [On](#echoed)

## near
<!-- asks: postcode near -->
Near?

- [On](#echoed)
"""
TWO = "# Two\n\n- two\n\n## start\nHi.\n\n- [One](one.md)\n- [Done](done:)\n"
FLOWS = flows_of(one=ONE, two=TWO)
SETTINGS = {"role": ("survivor",)}


def asked(name: str, answers: Answers) -> tuple[str, ...]:
    """A list that depends on what was ticked."""
    return tuple(f"{name} for {tick}" for tick in answers.get("many", ()))


HOLDS = frozenset({*(f"flow {name}" for name in FLOWS.by_id), "can keep"})
KNOWN = Known(
    HOLDS,
    {
        "law nda": ("n0", "n1", "n2"),
        "reading nda": tuple(f"r{number}" for number in range(7)),
        "places": tuple("ABCDEFGHIJKLMN"),
        "languages": tuple(f"l{number}" for number in range(13)),
    },
    asked,
)


def at(state: str, answers: Answers | None = None, **changes: object) -> Session:
    """Somebody at a state of the conversation."""
    frame = Frame("one", state, FLOWS["one"].edition, answers or {})
    home = Frame("menu", "start", FLOWS["menu"].edition)
    return Session("n", (home, frame), settings=SETTINGS, visit=3, turn=5)._replace(**changes)  # type: ignore[arg-type]


def key(label: str, state: str = "start", flows: Flows = FLOWS) -> Chose:
    choices = flows["one"].states[state].choices
    return Chose((next(choice.key for choice in choices if choice.label == label),))


def after(session: Session, *events: Event, known: Known = KNOWN, flows: Flows = FLOWS) -> Session:
    for event in events:
        turn = step(flows, session, event, known)
        assert turn.session
        assert turn.session.turn == session.turn + 1
        session = turn.session
    return session


def shown(session: Session, known: Known = KNOWN) -> Screen:
    return show(FLOWS, session, known)


def labels(screen: Screen) -> list[str]:
    return [choice.label for choice in screen.choices]


def ids(screen: Screen) -> str:
    return "".join(item.id for item, _ in screen.items)
