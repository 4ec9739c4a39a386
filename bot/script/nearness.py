"""How near somebody is to a screen they should see: the compass of a walk that looks for something."""

from __future__ import annotations

from collections import deque

from bot.engine.flow import Flow
from bot.engine.guard import Given, Guard
from bot.engine.session import Session

_FAR = 1_000


class Nearness:
    """How near a session is to a state on which a guard holds: how many answers are missing, and how far one is."""

    def __init__(self, flow: Flow, state: str, guard: Guard) -> None:
        self._terms = [term for term in guard if isinstance(term, Given)]
        self._home = _steps_to(flow, {state})
        self._given = {term: _steps_to(flow, _giving(flow, term)) for term in self._terms}

    def of(self, session: Session) -> tuple[int, int]:
        """Less is nearer."""
        top = session.top
        missing = [term for term in self._terms if (term.value in top.answers.get(term.key, ())) is term.negated]
        far = min((self._given[term].get(top.state, _FAR) for term in missing), default=self._home.get(top.state, _FAR))
        return len(missing), far


def _giving(flow: Flow, term: Given) -> set[str]:
    """The states where the answer to a condition is given, or changed."""
    return {
        state.id
        for state in flow.states.values()
        if state.answer == term.key
        or any(
            key == term.key and (value == term.value) is not term.negated
            for choice in state.choices
            for key, value in choice.remember
        )
    }


def _steps_to(flow: Flow, ends: set[str]) -> dict[str, int]:
    """How many choices it is from each state to the nearest of `ends`, whatever the conditions."""
    far, waiting = dict.fromkeys(ends, 0), deque(ends)
    while waiting:
        at = waiting.popleft()
        for state in flow.states.values():
            if state.id not in far and any(
                choice.target.state == at for choice in state.choices if not choice.target.flow
            ):
                far[state.id] = far[at] + 1
                waiting.append(state.id)
    return far
