"""Engine only: from an event to a screen in a language, beside bare `transitions` and plain dicts."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from transitions import Machine

from bench import dialogue
from bench.report import Row, rates
from bot import settings
from bot.engine.flows import Known
from bot.engine.step import step
from bot.knowledge.finding import Finder
from bot.knowledge.knowledge import read_knowledge
from bot.language.cards import Cards
from bot.language.catalogs import Catalogs
from bot.language.render import Renderer
from bot.ports import Capabilities, Operator

WALKS = 300


class Cursor:
    """A model for the bare machine."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def bare() -> Callable[[], int]:
    """The same moves on a bare machine: no session, no screen, no language."""
    machine = Machine(
        model=None,
        states=[f"s{number}" for number in range(dialogue.STATES)],
        initial="s0",
        auto_transitions=False,
        ignore_invalid_triggers=True,
    )
    for number in range(dialogue.STATES):
        for choice in range(3):
            machine.add_transition(f"c{choice}", f"s{number}", f"s{(number + choice + 1) % dialogue.STATES}")
    keys = [f"c{number % 3}" for number in range(20)]

    def walk() -> int:
        for _ in range(WALKS):
            state = "s0"
            for key in keys:
                cursor = Cursor(state)
                machine.events[key].trigger(cursor)
                state = cursor.state
        return WALKS * len(keys)

    return walk


def plain() -> Callable[[], int]:
    """A dict of dicts: the least that any engine could do."""
    table = {
        f"s{number}": {f"c{choice}": f"s{(number + choice + 1) % dialogue.STATES}" for choice in range(3)}
        for number in range(dialogue.STATES)
    }
    keys = [f"c{number % 3}" for number in range(20)]

    def walk() -> int:
        for _ in range(WALKS):
            state = "s0"
            for key in keys:
                state = table[state][key]
        return WALKS * len(keys)

    return walk


def ours(flows: int = 1) -> Callable[[], int]:
    """The whole step, and its page in one of two languages by turns."""
    many = dialogue.flows(flows)
    known = Known(frozenset({f"flow {name}" for name in many.by_id}))
    begun, events = dialogue.script(many, known)
    knowledge, _ = read_knowledge(settings.content_folder())
    able = Capabilities("bench", edits=True, erases_ours=True, erases_theirs=True, buttons=True, end_to_end="local")
    catalogs = Catalogs(settings.locales_folder(), many.by_id)
    renderer = Renderer(
        many,
        catalogs,
        Cards(knowledge, Finder(knowledge.services, knowledge.places, lambda: 0.0), able, Operator()),
        lambda: date(2026, 11, 20),
    )

    def walk() -> int:
        for number in range(WALKS):
            session, language = begun, dialogue.LANGUAGES[number % 2]
            for event in events:
                turn = step(many, session, event, known)
                assert turn.session
                assert turn.screen
                session = turn.session
                renderer.content(turn.screen, language, None)
        return WALKS * len(events)

    walk()
    return walk


def timed(walk: Callable[[], int]) -> float:
    """Turns a second."""
    began = time.perf_counter()
    turns = walk()
    return turns / (time.perf_counter() - began)


def report() -> list[Row]:
    """The contenders, interleaved."""
    contenders = {
        "bare transitions": bare(),
        "dict dispatch": plain(),
        "Waymark: event to page": ours(),
        "Waymark, 2,000 flows": ours(2000),
    }
    return rates("engine only, turns a second", contenders, timed, against="bare transitions")
