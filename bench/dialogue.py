"""The dialogue of every measurement: twelve states, a checklist, a typed answer, back, two languages."""

from __future__ import annotations

from pathlib import Path

from bot.engine.event import Answered, Chose, Event, Started
from bot.engine.flows import Flows, Known
from bot.engine.session import Session
from bot.engine.step import BACK, Turn, step
from bot.script.diagnostic import Report
from bot.script.parse import parse

STATES = 12
LANGUAGES = ("en", "en-XA")


def source(name: str) -> str:
    """The flow as a writer would write it."""
    lines = [f"# {name}", "<!-- for: all -->", "", f"- {name}", ""]
    for number in range(STATES):
        lines += [f"## s{number}"]
        if number == 5:
            lines += ["<!-- answer: ticks -->"]
        if number == 8:
            lines += ["<!-- asks: label note -->"]
        lines += [f"This is screen {'abcdefghijkl'[number]} of the dialogue. It says **one** thing.", ""]
        if number == 5:
            lines += [f"- [ ] Line {item} <!-- {item} -->" for item in ("one", "two", "three", "four")]
        for choice in range(3):
            lines.append(f"- [Go {'abc'[choice]}](#s{(number + choice + 1) % STATES})")
        lines += [""]
    lines[-2] = "- [Done](done:)"
    return "\n".join(lines)


def texts(count: int = 1) -> dict[str, str]:
    """A bare arrival and menu, and `count` copies of the dialogue, as a writer would write them."""
    return {
        "arrival": "# A\n\n## start\nHello.\n\n- [In](talk.md)\n",
        "menu": "# M\n\n## start\nWhat now?\n\n- [Talk](talk.md)\n",
        "urgent_danger": "# U\n\n## start\nHere.\n\n- [Done](done:)\n",
        "talk": source("talk"),
        **{f"talk{number}": source(f"talk{number}") for number in range(1, count)},
    }


def flows(count: int = 1) -> Flows:
    """The same, read."""
    report = Report()
    found = {name: parse(text, Path(f"{name}.md"), report) for name, text in texts(count).items()}
    assert not report, str(report)
    return Flows(found)


def script(dialogue: Flows, known: Known) -> tuple[Session, list[Event]]:
    """A session at the first state, and the twenty events of the fixed script."""
    session = step(dialogue, None, Started("bench"), known).session
    assert session
    entrance = dialogue["arrival"].states["start"].choices[0].key
    begun = step(dialogue, session, Chose((entrance,)), known).session
    assert begun

    def key(state: int, choice: int) -> Chose:
        return Chose((dialogue["talk"].states[f"s{state}"].choices[choice].key,))

    back = Chose((BACK,))
    events: list[Event] = [
        *(key(0, 0), key(1, 0), back, key(1, 1), key(3, 1), Chose(("+one",)), Chose(("+three",)), Chose(("-one",))),
        *(key(5, 0), key(6, 1), Answered("a short note"), key(9, 0), back, key(9, 1), back, key(9, 0), key(10, 1)),
        *(key(0, 1), key(2, 2), back),
    ]
    assert len(events) == 20
    return begun, events


def walk(dialogue: Flows, begun: Session, events: list[Event], known: Known) -> list[Turn]:
    """Every turn of the script."""
    turns, session = [], begun
    for event in events:
        turn = step(dialogue, session, event, known)
        assert turn.session
        session = turn.session
        turns.append(turn)
    return turns
