"""Text of one direction inside text of the other: between isolates, it cannot turn what stands beside it."""

from __future__ import annotations

import re

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
"""Around text of another direction or origin (Unicode, UAX 9)."""

_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_TO_THE_LEFT = re.compile(f"[{_RIGHT}]")
_TO_THE_RIGHT = re.compile(rf"[^\W\d_{_RIGHT}]")

_WORD = rf"[^\W\d_{_RIGHT}][^\s(){{}}\[\]*,;:!?\u00ab\u00bb{_RIGHT}]*(?<![.\"\'\u2019\u201d\u2026\u2013\u2014-])"
_RUN = re.compile(rf"\{{[^{{}}]*\}}|\]\([^)]*\)|({_WORD}(?: +{_WORD})*)")
"""A placeholder, the address of a link, or words of left-to-right letters with what belongs to them: *LGBTQ+*."""


def isolated(text: str) -> str:
    """Text from elsewhere, unable to turn the direction of what is around it."""
    return f"{ISOLATE}{text}{END_ISOLATE}"


def apart(text: str, *, right_to_left: bool) -> str:
    """A name, a number or an address as it can stand in a sentence of that direction: isolated where it needs to be.

    The groups of a phone number change places in a sentence that runs from right to left: that is another number.
    """
    if not right_to_left:
        return text if text.isascii() or not _TO_THE_LEFT.search(text) else isolated(text)
    if _TO_THE_RIGHT.search(text):
        return isolated(text)
    return text if not text or text.isdecimal() or _TO_THE_LEFT.search(text) else isolated(text)


def runs_apart(text: str) -> str:
    """A message that runs from right to left, with each left-to-right run in it isolated, but for what is put in."""
    return text if not _TO_THE_RIGHT.search(text) else _RUN.sub(_run, text)


def _run(found: re.Match[str]) -> str:
    return isolated(found[0]) if found[1] else found[0]
