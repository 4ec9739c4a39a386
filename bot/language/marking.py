"""Marking the program's own words for translation; their `msgctxt` is ``waymark``."""

from __future__ import annotations

CONTEXT = "waymark"


_every: list[str] = []


def own(text: str) -> str:
    """A text of ours, marked for translation."""
    _every.append(text)
    return text


def own_plural(one: str, many: str) -> tuple[str, str]:
    """A text of ours that depends on a number, marked for translation."""
    _every.append(one)
    return one, many


def every() -> tuple[str, ...]:
    """All of them, plurals by their first form: a language must have each to be offered."""
    return tuple(_every)
