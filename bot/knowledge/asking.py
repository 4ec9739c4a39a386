"""What answers ask of the directory: a value that is one of its terms, with ``_`` for ``:``, asks for that term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.directory.taxonomy import BY_CODE, GROUPS
from bot.knowledge.directory.wanted import LEGAL, Wanted

NEAR = "near"
"""The answer that holds a spot, as two numbers of degrees."""

OPEN = "open_now"
"""The value that asks for whoever is there at this hour."""

LANGUAGE = "language"
_DIGITS = 3
"""Of a degree: about a hundred metres. No finer spot is kept of anybody."""

Answers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the directory; whether it is for this hour, and whether a language was named."""

    wanted: Wanted = field(repr=False)
    now: bool = False
    named: bool = False


def asked(answers: Answers, place: str | None, language: str, today: date) -> Asked:
    """What somebody who gave these answers asks for: help with the law, in their language unless they named others."""
    codes = {code for code in map(code_of, _values(answers)) if code}
    tongues = frozenset(name for group, name in map(_parted, codes) if group == LANGUAGE)

    def of(*groups: str) -> frozenset[str]:
        return frozenset(code for code in codes if code in BY_CODE and BY_CODE[code].group in groups)

    wanted = Wanted(
        today=today,
        place=place,
        near=spot(next(iter(answers.get(NEAR, ())), "")),
        needs=of("need", "field", "kind", "cost") | {LEGAL},
        people=of("people"),
        ways=of("way"),
        languages=tongues or frozenset({language}),
    )
    return Asked(wanted, now=OPEN in set(_values(answers)), named=bool(tongues))


def code_of(value: str) -> str:
    """The term or language a value asks for, such as ``field:family`` or ``language:fr``; else empty."""
    group, _, name = value.partition("_")
    code = f"{group}:{name}"
    return code if code in BY_CODE or (group == LANGUAGE and name) else ""


def mistaken(value: str) -> bool:
    """Whether a value looks like a term and is none."""
    return value.partition("_")[0] in GROUPS and "_" in value and not code_of(value)


def spot_id(near: tuple[float, float]) -> str:
    """A spot as it is kept."""
    return ",".join(f"{degrees:.{_DIGITS}f}" for degrees in near)


def spot(text: str) -> tuple[float, float] | None:
    """A kept spot as latitude and longitude; None for anything else."""
    lat, comma, lon = text.partition(",")
    try:
        found = float(lat), float(lon)
    except ValueError:
        return None
    return found if comma and abs(found[0]) <= 90 and abs(found[1]) <= 180 else None  # noqa: PLR2004 - degrees


def _values(answers: Answers) -> Iterator[str]:
    return (value for values in answers.values() for value in values)


def _parted(code: str) -> tuple[str, str]:
    group, _, name = code.partition(":")
    return group, name
