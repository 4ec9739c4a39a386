"""What keeps a file from being taken in: where it stands, and why, in words for an operator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SHOWN = 40
"""So many characters of a value are shown at most: a file may hold what nobody meant to print."""


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """One thing that must be mended: the file, the line (0 for the file as a whole), and what to do."""

    path: Path
    line: int
    reason: str

    def __post_init__(self) -> None:
        """Whatever of a file stands in the reason, no part of it can move or colour a terminal."""
        object.__setattr__(self, "reason", printable(self.reason))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}" if self.line else f"{self.path}: {self.reason}"


class RefusedError(Exception):
    """A file of which nothing is taken in; carries everything that is wrong with it."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("\n".join(map(str, refusals)))
        self.refusals = refusals


def printable(text: str) -> str:
    """The text with whatever cannot be printed written out."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def excerpt(value: object) -> str:
    """The beginning of a value in quotation marks, with whatever could move or colour a terminal written out."""
    text = value if isinstance(value, str) else type(value).__name__
    safe = printable(text[: SHOWN + 1])
    return f'"{safe if len(safe) <= SHOWN else safe[: SHOWN - 1] + "…"}"'
