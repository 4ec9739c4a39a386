"""Guards: named conditions on a choice or a paragraph, from a closed table."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

Answers = Mapping[str, tuple[str, ...]]
"""What a person chose, ticked or typed, by key; never changed in place."""


@dataclass(frozen=True, slots=True)
class Given:
    """True when the answer `key` is `value`, or has `value` among its ticks."""

    key: str
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """True when `name` (such as ``fact nda`` or ``place in US``) was found to hold for this turn."""

    name: str
    negated: bool = False


Guard = tuple[Given | Looked, ...]
"""Conditions that must all hold; the empty guard always does."""


@dataclass(frozen=True, slots=True)
class View:
    """All that a guard may look at."""

    answers: Answers = field(repr=False)
    settings: Answers
    holds: AbstractSet[str]


def allows(guard: Guard, view: View) -> bool:
    """Whether every condition of `guard` is met."""
    for term in guard:
        if isinstance(term, Looked):
            met = term.name in view.holds
        else:
            met = term.value in view.answers.get(term.key, ()) or term.value in view.settings.get(term.key, ())
        if met is term.negated:
            return False
    return True
