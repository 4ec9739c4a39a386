"""A flow as the engine sees it: states, what they say, and the choices that leave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from bot.engine.guard import Guard

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "stay": ("quarter", "hour"),  # how long the screen may stay without a turn
    "leaving": ("empty", "dull"),  # what leaving leaves behind
    "screens": ("edited", "anew"),  # whether each screen is a new message, which a screen reader reads out
    "role": ("survivor", "helper", "facilitator", "called_out", "under_18", "unsaid"),
}
"""Answers that outlive a flow, and the values each may take; every other answer belongs to one flow."""

LISTS = ("law", "services", "reading", "places", "languages")
"""Blocks that offer a looked-up list; a state has one of them at most."""

GENERATED = ("emergency", "privacy", "exit", "known", "operator", "sources", "tomorrow", "reviews")
"""Blocks the program writes when they are shown."""


ABILITIES = {"keep": "keep a place until tomorrow", "resend": "send each screen as a new message"}
"""What a messenger may be able to do that a flow may depend on; it is looked up like a fact, as ``can keep``."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a choice leads: a state, another flow, or one of ``done``, ``back``, ``exit`` and ``keep``."""

    kind: Literal["state", "flow", "done", "back", "exit", "keep"]
    flow: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A transition out of a state. `key` is made of its content, never of its position."""

    key: str
    label: str
    target: Target
    when: Guard = ()
    remember: tuple[tuple[str, str], ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Something said. A quoted one is there to be copied."""

    text: str
    when: Guard = ()
    quoted: bool = False
    links: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Block:
    """Something looked up or generated when shown, such as ``law`` with topic ``nda``."""

    kind: str
    topic: str = ""
    when: Guard = ()
    line: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """How the looked-up list is named in `Known.offers`."""
        return f"{self.kind} {self.topic}".strip()


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a checklist."""

    id: str
    label: str
    when: Guard = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Asks:
    """Typed text that a state asks for, and the answer it becomes."""

    kind: Literal["place", "postcode", "label"]
    key: str


@dataclass(frozen=True)
class State:
    """One place in a flow. Not slotted: what depends on nothing else is worked out once."""

    id: str
    said: tuple[Paragraph | Block, ...] = ()
    choices: tuple[Choice, ...] = ()
    items: tuple[Item, ...] = ()
    answer: str = ""
    asks: Asks | None = None
    covers: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    was: tuple[str, ...] = ()
    note: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @cached_property
    def by_key(self) -> Mapping[str, Choice]:
        """The choices by their keys."""
        return {choice.key: choice for choice in self.choices}

    @cached_property
    def list_name(self) -> str:
        """The looked-up list this state offers, or the empty string."""
        if self.asks and self.asks.kind == "place":
            return "places"
        return next((part.name for part in self.said if isinstance(part, Block) and part.kind in LISTS), "")

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        """The distinct guards of everything conditional here; empty when every visit looks the same."""
        parts = (*self.said, *self.items, *self.choices)
        return tuple(dict.fromkeys(part.when for part in parts if part.when))

    @cached_property
    def echoes(self) -> bool:
        """Whether this state shows back what was ticked or typed."""
        return any(isinstance(part, Paragraph) and "{answer." in part.text for part in self.said)

    @cached_property
    def opens(self) -> bool:
        """Whether a choice here leads to another flow, which may not be there in every language."""
        return any(choice.target.kind == "flow" for choice in self.choices)

    @cached_property
    def still(self) -> bool:
        """Whether this state looks the same to everybody, every time."""
        return not (self.guards or self.items or self.opens or self.looks_up or self.echoes)

    @cached_property
    def looks_up(self) -> bool:
        """Whether this state has anything that is looked up or generated when shown."""
        return bool(self.list_name) or any(isinstance(part, Block) for part in self.said)


@dataclass(frozen=True)
class Flow:
    """One scripted conversation."""

    id: str
    title: str
    states: Mapping[str, State]
    phrases: str = ""
    audience: frozenset[str] = frozenset()
    covers: tuple[str, ...] = ()
    edition: str = ""
    note: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)
    phrases_line: int = field(default=0, compare=False)

    @cached_property
    def start(self) -> str:
        """The id of the first state."""
        return next(iter(self.states))

    @cached_property
    def moved(self) -> Mapping[str, str]:
        """Older state ids and the states they became."""
        return {old: state.id for state in self.states.values() for old in state.was}

    @property
    def labels(self) -> str:
        """The `msgctxt` of this flow's labels; that of its prose is its id."""
        return f"{self.id}/button"

    def messages(self) -> Iterator[tuple[str, str]]:
        """Every message there is to translate: its context and its English text."""
        yield self.id, self.title
        if self.phrases:
            yield self.id, self.phrases
        for state in self.states.values():
            for part in state.said:
                if isinstance(part, Paragraph):
                    yield self.id, part.text
            for item in state.items:
                yield self.labels, item.label
            for choice in state.choices:
                yield self.labels, choice.label
