"""Where one person is. Values only: a turn makes the next session and never changes one."""

from __future__ import annotations

from typing import NamedTuple

from bot.engine.guard import Answers

DEPTH = 6
"""How many flows a session may hold open; one more replaces the newest, but urgent help never does."""

TRAIL = 24
"""How many steps *back* remembers."""

PAGE = 6
"""How many lines of a checklist or a list one screen shows."""

REST = "rest"
"""Laid over a place that is kept until tomorrow: a dull page, and nothing but *Continue* on it."""

NONE: Answers = {}
"""No answers; shared, and never changed in place."""


class Frame(NamedTuple):
    """A flow that is open, the state it is in, and the answers it has been given."""

    flow: str
    state: str
    edition: str
    answers: Answers = NONE

    def __repr__(self) -> str:
        """Where it is, without the answers: some were typed."""
        return f"Frame({self.flow!r}, {self.state!r})"


class Session(NamedTuple):
    """One person's place in the conversation: nothing they typed, but for labels they chose to put on a card.

    A tuple, because a turn makes a new one: cheaper to make than a frozen dataclass, and as unchangeable.
    """

    nonce: str
    stack: tuple[Frame, ...]
    trail: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    place: str | None = None
    settings: Answers = NONE
    visit: int = 0
    turn: int = 0
    offered: tuple[str, ...] = ()
    aside: str = ""
    page: int = 0
    notice: str = ""
    later: str = ""

    @property
    def top(self) -> Frame:
        """The flow the person is in now."""
        return self.stack[-1]

    @property
    def stamp(self) -> str:
        """What a button must carry to count: this session and this visit to the state."""
        return f"{self.nonce}.{self.visit}"
