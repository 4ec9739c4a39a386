"""What somebody is looking for; nothing of it shows in a repr, a log or a message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.directory.taxonomy import BY_CODE

NONE: frozenset[str] = frozenset()
MOST = 6
"""The services offered at once."""

LEGAL, MEDIATION = "kind:legal", "kind:mediation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A question to the directory. `near` is latitude and longitude in degrees; terms are codes of the taxonomy."""

    today: date
    place: str | None = field(default=None, repr=False)
    near: tuple[float, float] | None = field(default=None, repr=False)
    needs: frozenset[str] = field(default=NONE, repr=False)
    people: frozenset[str] = field(default=NONE, repr=False)
    ways: frozenset[str] = field(default=NONE, repr=False)
    languages: frozenset[str] = field(default=NONE, repr=False)

    def __post_init__(self) -> None:
        groups = ((self.needs, ("need", "field", "kind", "cost")), (self.people, ("people",)), (self.ways, ("way",)))
        for codes, allowed in groups:
            if any(code not in BY_CODE or BY_CODE[code].group not in allowed for code in codes):
                raise ValueError("a wanted term is not in the taxonomy, or stands in the wrong place")

    def of(self, group: str) -> frozenset[str]:
        """The needs of one group."""
        return frozenset(code for code in self.needs if BY_CODE[code].group == group)

    @property
    def lawyer(self) -> bool:
        """Whether legal help is asked for: by its kind, by a need, or by a field of law."""
        return LEGAL in self.needs or bool(self.of("need") or self.of("field"))

    @property
    def terms(self) -> tuple[str, ...]:
        """Every wanted term but the languages, in one order."""
        return tuple(code for code in BY_CODE if code in self.needs | self.people | self.ways)


def spoken(language: str) -> str:
    """A language as it is compared: `pt` for `pt-BR`."""
    return language.replace("_", "-").partition("-")[0].casefold()
