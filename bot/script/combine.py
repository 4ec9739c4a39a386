"""Every way in which the conditions of a screen can fall together."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from bot.engine.guard import Given, Guard, Looked, View, allows

LANGUAGE = "language is "
"""Begins a condition of which one holds at a time."""

FEW = 12
"""Up to this many conditions, every combination is tried."""


def views(guards: Iterable[Guard], single: Collection[str]) -> Iterator[View] | None:
    """A view for every combination of the terms in `guards`; None where there are too many.

    `single` are the answers that hold one value at a time.
    """
    terms = list(dict.fromkeys(_bare(term) for guard in guards for term in guard))
    return None if len(terms) > FEW else _combined(terms, single)


@lru_cache(maxsize=4096)
def together(guards: tuple[Guard, ...], single: frozenset[str]) -> tuple[tuple[int, ...], ...] | None:
    """The sets of positions in `guards` that can hold at once; None where there are too many conditions to try.

    Kept, as every language asks the same of every screen.
    """
    tried = views(guards, single)
    if tried is None:
        return None
    held = (tuple(at for at, guard in enumerate(guards) if allows(guard, view)) for view in tried)
    return tuple(dict.fromkeys(held))


def _combined(terms: list[Given | Looked], single: Collection[str]) -> Iterator[View]:
    for combination in itertools.product((False, True), repeat=len(terms)):
        true = [term for term, holds in zip(terms, combination, strict=True) if holds]
        keys = [term.key for term in true if isinstance(term, Given) and term.key in single]
        keys += [LANGUAGE for term in true if isinstance(term, Looked) and term.name.startswith(LANGUAGE)]
        if len(keys) == len(set(keys)):  # one answer is never two things at once; the ticks of a checklist may be
            yield _view(true)


def _bare(term: Given | Looked) -> Given | Looked:
    return Given(term.key, term.value) if isinstance(term, Given) else Looked(term.name)


def _view(true: list[Given | Looked]) -> View:
    """A view in which exactly these terms are true."""
    answers: dict[str, tuple[str, ...]] = {}
    for term in true:
        if isinstance(term, Given):
            answers[term.key] = (*answers.get(term.key, ()), term.value)
    return View(answers, {}, {term.name for term in true if isinstance(term, Looked)})
