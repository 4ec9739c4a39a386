"""What happened. Typed text arrives here already understood."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody new, or `/start`. `nonce` is fresh and random; `later` is a flow their first words named."""

    nonce: str
    language: str | None = None
    place: str | None = None
    later: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button, with the stamp it carried; a stale stamp shows the present screen again."""

    stamp: str
    key: str


@dataclass(frozen=True, slots=True)
class Chose:
    """Choices of the present screen, typed as numbers or words; several only where they are ticks."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The text a state asked for: a label as typed, or the code of a place."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offered:
    """Something to pick from was found: ``flows``, ``places`` or ``languages``."""

    about: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A flow the program itself opens, such as urgent danger, perhaps at a state; `notice` names a line about why."""

    flow: str
    notice: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Typed text that nothing here answers; `notice` names the kind line to say about it."""

    notice: str = "unsure"


@dataclass(frozen=True, slots=True)
class Left:
    """An exit word."""


@dataclass(frozen=True, slots=True)
class Expired:
    """Nothing came for as long as the person allowed."""


Event = Started | Pressed | Chose | Answered | Offered | Opened | Unsure | Left | Expired
