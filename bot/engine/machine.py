"""`transitions`, kept in one file: a machine per flow, and a throw-away cursor per turn."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from transitions import Machine

from bot.engine.flow import Flow
from bot.engine.guard import Guard, View, allows

# Its log lines carry the names of states: where somebody is in a conversation is nobody else's to read.
logging.getLogger("transitions").addHandler(logging.NullHandler())
for _name in ("transitions", "transitions.core"):
    logging.getLogger(_name).disabled = True


class _Cursor:
    """The model of one turn; the machine sees it once and forgets it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _allowed(guard: Guard, view: View) -> bool:
    return allows(guard, view)


def build(flow: Flow) -> Machine:
    """One machine for `flow`, without a model: choices of its states are events, guards are conditions.

    No `add_model` (it keeps sessions alive), no automatic transitions (they jump anywhere), no callbacks by name
    (they would be imported and run).
    """
    machine = Machine(
        model=None,
        states=list(flow.states),
        initial=None,
        auto_transitions=False,
        queued=False,
        ignore_invalid_triggers=True,
    )
    for state in flow.states.values():
        for choice in state.choices:
            machine.add_transition(
                choice.key,
                state.id,
                choice.target.state if choice.target.kind == "state" else None,
                conditions=[partial(_allowed, choice.when)] if choice.when else None,
            )
    return machine


def move(machine: Machine, state: str, key: str, view: View) -> str | None:
    """The state that choice `key` leads to from `state`; None when it is not offered there now.

    A choice that leaves the flow passes its guard here and stays where it is.
    """
    event: Any = machine.events.get(key)
    if event is None:
        return None
    cursor = _Cursor(state)
    return cursor.state if event.trigger(cursor, view) else None
