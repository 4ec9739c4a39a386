"""What is looked up before a step: for the language and the place that the event leads to, and no other."""

from __future__ import annotations

import pytest
from harness import flows_of

from bot.engine.event import Answered, Chose, Event, Pressed, Started, Unsure
from bot.engine.session import Frame, Session
from bot.engine.step import axes

ONE = """# One

- one

## start
Hi.

- [Where](#where)
- [Filed](#filed)
- [Near](#near)
- [Tongue](#tongue)
- [Law](#law)

## where
<!-- asks: place place -->
Where?

- [On](#start)

## filed
<!-- asks: place court -->
Where was it filed?

- [On](#start)

## near
<!-- asks: postcode near -->
Near what?

- [On](#start)

## tongue
{languages}

- [On](#start)

## law
{law.nda}

- [On](#start)
"""
FLOWS = flows_of(one=ONE)
HERE = ("es", "IE")


def at(state: str, aside: str = "", offered: tuple[str, ...] = ("X", "Y")) -> Session:
    """Somebody at a state, perhaps with something laid over it to pick from."""
    frame = Frame("one", state, FLOWS["one"].edition)
    return Session("n", (frame,), language="es", place="IE", aside=aside, offered=offered, visit=3)


PICKED, OTHER, TYPED = Chose(("o:X",)), Chose(("o:Z",)), Answered("X")
CASES: dict[str, tuple[Session, Event, tuple[str, str]]] = {
    "a place picked": (at("where"), PICKED, ("es", "X")),
    "a place picked with others after it": (at("where"), Chose(("o:X", "o:Y")), ("es", "X")),
    "a place picked with a button": (at("where"), Pressed("n.3", "o:Y"), ("es", "Y")),
    "a place picked with an old button": (at("where"), Pressed("n.2", "o:Y"), HERE),
    "a place that was not offered": (at("where"), OTHER, HERE),
    "a button of a place that was not offered": (at("where"), Pressed("n.3", "o:Z"), HERE),
    "a place typed": (at("where"), Answered("Z"), ("es", "Z")),
    "a button that picks nothing": (at("where", offered=("X", "Y", "ck")), Pressed("n.3", "back"), HERE),
    "a choice that picks nothing": (at("where", offered=("X", "Y", "ck")), Chose(("back",)), HERE),
    "no choice": (at("where"), Chose(()), HERE),
    "nothing understood": (at("where"), Unsure(), HERE),
    "a place laid over a question for one": (at("where", "places"), PICKED, ("es", "X")),
    "a place laid over a state that asks nothing": (at("start", "places"), PICKED, ("es", "X")),
    "a place typed where that is laid over": (at("start", "places"), TYPED, ("es", "X")),
    "a place laid over a list of languages": (at("tongue", "places"), PICKED, ("es", "X")),
    "a place that is an answer and not where one is": (at("filed"), PICKED, HERE),
    "the same typed": (at("filed"), TYPED, HERE),
    "the same with its parts laid over": (at("filed", "places"), PICKED, HERE),
    "somewhere near": (at("near"), TYPED, HERE),
    "one of several spots": (at("near", "spots"), PICKED, HERE),
    "a conversation laid over a question for a place": (at("where", "flows"), PICKED, HERE),
    "a language laid over a question for a place": (at("where", "languages"), PICKED, ("X", "IE")),
    "a language picked": (at("tongue"), PICKED, ("X", "IE")),
    "a language that was not offered": (at("tongue"), OTHER, HERE),
    "a language laid over": (at("start", "languages"), PICKED, ("X", "IE")),
    "a language that was not offered, laid over": (at("start", "languages"), OTHER, HERE),
    "an entry of a list that is read": (at("law"), PICKED, HERE),
    "an entry where nothing is offered": (at("start"), PICKED, HERE),
    "somebody new": (at("where"), Started("m", "uk", "US-CA"), ("uk", "US-CA")),
}


@pytest.mark.parametrize("case", CASES)
def test_language_and_place_are_those_after_the_event(case: str) -> None:
    session, event, expected = CASES[case]
    assert axes(FLOWS, session, event) == expected


def test_where_there_is_no_session_there_is_neither_until_somebody_starts() -> None:
    assert axes(FLOWS, None, PICKED) == (None, None)
    assert axes(FLOWS, None, Started("n", "uk", "US-CA")) == ("uk", "US-CA")


@pytest.mark.parametrize("gone", [Frame("nowhere", "start", ""), Frame("one", "nowhere", "")])
def test_where_the_script_is_gone_they_stay_as_they_are(gone: Frame) -> None:
    for event in (PICKED, TYPED):
        assert axes(FLOWS, at("where")._replace(stack=(gone,)), event) == HERE
