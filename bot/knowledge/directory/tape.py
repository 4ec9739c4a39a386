"""Which of many services fit, worked out for all of them at once: a service is one bit of a long integer.

A question costs about sixty operations on whole integers, so that it hardly matters how many services there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from bot.knowledge.directory.taxonomy import codes
from bot.knowledge.directory.wanted import LEGAL, MEDIATION, Wanted, spoken

FIELDS, PEOPLE = codes("field"), codes("people")

ASKED_FOR = frozenset({"field:crime_defence", "field:prison"})
"""Who does only this is not offered unasked: it is not for those who were harmed."""

OPPOSITES = {"people:women": "people:men", "people:men": "people:women"}
"""Who is only for the one is not offered to the other."""

_WORD = 64
"""Bytes that are looked through at once."""


def last_day(day: str) -> str:
    """The key of what may be shown up to a day, and not after it."""
    return f"last:{day}"


def language(tag: str) -> str:
    """The key of what is given in a language."""
    return f"language:{spoken(tag)}"


class Tape:
    """The services of one place in one order. `bits` holds for a term, a language or a last day who has it."""

    def __init__(self, bits: Mapping[str, int]) -> None:
        self._bits = bits
        self._lasting: tuple[date, int] = (date.min, 0)
        self._some_only, self._asked_for = self._any(PEOPLE), self._any(ASKED_FOR)
        self._more = self._any(field for field in FIELDS if field not in ASKED_FOR)

    def __getitem__(self, key: str) -> int:
        return self._bits.get(key, 0)

    def levels(self, wanted: Wanted) -> Iterator[int]:
        """Who fits, best first: one integer for each number of wanted terms met, down to none of them."""
        allowed, met = self._allowed(wanted), self._met(wanted)
        # How many terms are met, in binary: one integer for the lowest digit of everybody's number, and so on.
        planes: list[int] = []
        for bits in met:
            carry = bits & allowed
            for digit, plane in enumerate(planes):
                planes[digit], carry = plane ^ carry, plane & carry
            if carry:
                planes.append(carry)
        for number in range(len(met), -1, -1):
            level = 0 if number >> len(planes) else allowed
            for digit, plane in enumerate(planes):
                level &= plane if number >> digit & 1 else ~plane
            yield level

    def counted(self, wanted: Wanted) -> tuple[int, Counter[str]]:
        """How many may be offered, and how many of them have each term or language."""
        allowed = self._allowed(wanted)
        found = {key: (bits & allowed).bit_count() for key, bits in self._bits.items() if not key.startswith("last:")}
        return allowed.bit_count(), Counter(found)

    def _any(self, keys: Iterable[str]) -> int:
        found = 0
        for key in keys:
            found |= self[key]
        return found

    def _lasts(self, today: date) -> int:
        """What is not too old on a day; kept for the day."""
        if self._lasting[0] != today:
            first = last_day(today.isoformat())
            self._lasting = today, self._any(key for key in self._bits if key.startswith("last:") and key >= first)
        return self._lasting[1]

    def _allowed(self, wanted: Wanted) -> int:
        """Who may be offered at all."""
        allowed, kinds, fields = self._lasts(wanted.today), wanted.of("kind"), wanted.of("field")
        if wanted.lawyer:
            allowed &= self[LEGAL]
        elif kinds:
            allowed &= self._any(kinds)
        if MEDIATION not in kinds:
            allowed &= ~self[MEDIATION] | self[LEGAL]
        if fields:
            allowed &= self._any(fields) | ~(self._asked_for | self._more)
        else:
            mediating = self[MEDIATION] if MEDIATION in kinds and not wanted.lawyer else 0
            allowed &= ~self._asked_for | self._more | mediating
        if wanted.ways:
            allowed &= self._any(wanted.ways)
        for one, other in OPPOSITES.items():
            if one in wanted.people and other not in wanted.people:
                allowed &= ~self[other] | self[one]
        return allowed

    def _met(self, wanted: Wanted) -> list[int]:
        """Who meets each of the wanted terms. To be for everybody counts as one, like to be for those who ask."""
        met = [self[code] for code in wanted.terms]
        if wanted.languages:
            met.append(self._any(map(language, wanted.languages)))
        met.append(~self._some_only | self._any(wanted.people))
        return met


def members(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    data = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    for start in range(0, len(data), _WORD):
        word = int.from_bytes(data[start : start + _WORD], "little")
        while word:
            lowest = word & -word
            yield start * 8 + lowest.bit_length() - 1
            word ^= lowest
