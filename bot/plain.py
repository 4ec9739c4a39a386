"""Typed text as it is compared: without case, accents, punctuation or odd spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

_APOSTROPHES = re.compile("['\u2018\u2019\u201b\u02b9\u02bb\u02bc\u00b4\u2032`]|(?<=\\w)[*\"](?=\\w)")
"""What stands for an apostrophe, and is left out as often; a star or a quotation mark inside a word is one too."""

_DOUBLED = re.compile(r"(.)\1")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")

_ALIKE = {
    **dict.fromkeys("\u0649\u06cc\u06d2", "\u064a"),
    **dict.fromkeys("\u0629\u06c1\u06be", "\u0647"),
    "\u0671": "\u0627",
    "\u06a9": "\u0643",
    "\u0640": "",  # drawn out by hand
    "\u0491": "\u0433",
    "\u0142": "l",
    "\u00f8": "o",
    "\u0111": "d",
    "\u0131": "i",
    "\u0127": "h",
    "\u0153": "oe",
    "\u00e6": "ae",
}
"""Letters that people use for each other, or write as two: of Arabic and its neighbours, Ukrainian, Polish, French."""

_MARKED = ((0x0000, 0x08FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))
"""Where marks on a letter may be left out. Those of Indian and East Asian scripts are vowels, and make another word."""

_ONE_SLIP, _TWO_SLIPS = 4, 8
"""Words of at least so many letters forgive one slip, and two."""

_MOST_SLIPS = 2
_PAIR = 2


class _Folding(dict[int, str]):
    """What becomes of each character, worked out when one is met. A table of letters, and of nothing written."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _folded_to(chr(code))
        return found


def _folded_to(character: str) -> str:
    alike = _ALIKE.get(character)
    if alike is not None:
        return alike
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.combining(character) and any(first <= ord(character) <= last for first, last in _MARKED):
        return ""
    kind = unicodedata.category(character)
    if kind == "Cf":
        return ""  # cannot be seen, so it parts no words
    return character if character.isalnum() or character in "_/" or kind in {"Mn", "Mc"} else " "


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text in a form in which two people would say that they typed the same."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold())
    bare = _APOSTROPHES.sub("", decomposed).translate(_FOLDING)
    return " ".join(_DRAWN_OUT.sub(r"\1", bare).split())


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


class Phrases:
    """Phrases to look for in what was typed: as many as there are, it takes no longer."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Of folded phrases."""
        self._words: dict[tuple[str, ...], str] = {tuple(phrase.split()): phrase for phrase in phrases if phrase}
        self._sizes = sorted({len(words) for words in self._words})
        self._but_one: dict[tuple[int, tuple[str, ...]], list[str]] = {}
        for words in self._words:
            if len(words) > 1:
                for at, word in enumerate(words):
                    self._but_one.setdefault((at, _without(words, at)), []).append(word)

    def __bool__(self) -> bool:
        return bool(self._words)

    def stand_in(self, typed: str) -> bool:
        """Whether any of the phrases stands in folded `typed` as whole words, to the letter."""
        return any(window in self._words for window in self._windows(typed))

    def within(self, typed: str) -> bool:
        """Whether any of them stands in folded `typed` as whole words, one slip in the whole of it forgiven.

        A short word forgives only swapped letters: *her* is not *here*. A phrase of one word forgives nothing, and
        one of two words may stand in either order, as many languages have it.
        """
        return any(self._nearly(window) for window in self._windows(typed))

    def _windows(self, typed: str) -> Iterator[tuple[str, ...]]:
        words = tuple(typed.split())
        for size in self._sizes:
            for start in range(len(words) - size + 1):
                yield words[start : start + size]

    def _nearly(self, window: tuple[str, ...]) -> bool:
        if window in self._words or (len(window) == _PAIR and window[::-1] in self._words):
            return True
        return any(
            _is_slip(word, window[at])
            for at in range(len(window) if len(window) > 1 else 0)
            for word in self._but_one.get((at, _without(window, at)), ())
        )


def _without(words: Sequence[str], at: int) -> tuple[str, ...]:
    return (*words[:at], *words[at + 1 :])


def _is_slip(word: str, other: str) -> bool:
    """Whether `other` is `word` with one slip; a short word forgives only swapped letters."""
    return swapped(other, word) or (len(word) > _ONE_SLIP and OSA.distance(word, other, score_cutoff=1) <= 1)
