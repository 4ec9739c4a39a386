"""Typed text as it is compared: without case, accents, punctuation or odd spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import OSA

_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`]")
_NOT_WORDS = re.compile(r"[^\w/]+")

_ONE_SLIP, _TWO_SLIPS = 4, 8
"""Words of at least so many letters forgive one slip, and two."""


def fold(text: str) -> str:
    """The text in a form in which two people would say that they typed the same."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    decomposed = _APOSTROPHES.sub("", decomposed)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(_NOT_WORDS.sub(" ", bare).split())


folded = lru_cache(maxsize=4096)(fold)
"""`fold` for our own words; what a person types is folded without being kept."""


def slips(typed: str, word: str) -> int | None:
    """How many slips lie between folded `typed` and `word`; None where that is more than we forgive.

    A slip is a letter missing, doubled, wrong or swapped with its neighbour.
    """
    length = min(len(typed), len(word))
    allowed = 0 if length < _ONE_SLIP else 1 if length < _TWO_SLIPS else 2
    distance = OSA.distance(typed, word, score_cutoff=allowed)
    return distance if distance <= allowed else None


def within(phrase: str, typed: str) -> bool:
    """Whether folded `phrase` stands in folded `typed` as whole words, each slip forgiven once in the phrase."""
    if f" {phrase} " in f" {typed} ":
        return True
    words, size = typed.split(), phrase.count(" ") + 1
    if size == 1 or len(phrase) < _TWO_SLIPS:
        return False
    windows = (" ".join(words[start : start + size]) for start in range(len(words) - size + 1))
    return any(OSA.distance(phrase, window, score_cutoff=1) <= 1 for window in windows)
