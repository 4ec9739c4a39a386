"""Typed text as it is compared: without case, accents, punctuation or odd spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc\u00b4\u2032`]")
_DOUBLED = re.compile(r"(.)\1")
_NOT_WORDS = re.compile(r"[^\w/]+")

_ONE_SLIP, _TWO_SLIPS = 4, 8
"""Words of at least so many letters forgive one slip, and two."""

_MOST_SLIPS = 2


def fold(text: str) -> str:
    """The text in a form in which two people would say that they typed the same."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold())
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


def closest(typed: str, words: Sequence[str]) -> tuple[str, ...]:
    """Those of folded `words` that lie within the slips we forgive of folded `typed`, the nearest first."""
    found = process.extract(typed, words, scorer=OSA.distance, score_cutoff=_MOST_SLIPS, limit=None)
    near = ((slips(typed, word), word) for word, _, _ in found)
    ranked = [(distance, word[:1] != typed[:1], word) for distance, word in near if distance is not None]
    return tuple(word for _, _, word in sorted(ranked))  # few people miss the first letter


def swapped(typed: str, word: str) -> bool:
    """Whether the letters of folded `typed` are those of `word`, two of them swapped or one of them doubled."""
    if OSA.distance(typed, word, score_cutoff=1) > 1:
        return False
    return sorted(typed) == sorted(word) or _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", word)


def stands_in(phrase: str, typed: str) -> bool:
    """Whether folded `phrase` stands in folded `typed` as whole words, to the letter."""
    return f" {phrase} " in f" {typed} "


def within(phrase: str, typed: str) -> bool:
    """Whether folded `phrase` stands in folded `typed` as whole words, one slip in the whole of it forgiven.

    A short word forgives only swapped letters: *her* is not *here*.
    """
    if stands_in(phrase, typed):
        return True
    wanted, words = phrase.split(), typed.split()
    if len(wanted) == 1:
        return False
    return any(_nearly(wanted, words[start : start + len(wanted)]) for start in range(len(words) - len(wanted) + 1))


def _nearly(wanted: list[str], said: list[str]) -> bool:
    wrong = [(word, other) for word, other in zip(wanted, said, strict=True) if word != other]
    if len(wrong) != 1:
        return False
    [(word, other)] = wrong
    return swapped(other, word) or (len(word) > _ONE_SLIP and OSA.distance(word, other, score_cutoff=1) <= 1)
