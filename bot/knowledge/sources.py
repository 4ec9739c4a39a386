"""Where the ideas come from: named, credited, and linked."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.knowledge.entries import Reader


@dataclass(frozen=True, slots=True)
class Source:
    """A guide whose ideas are used. `about` is a message id."""

    id: str
    name: str
    by: str
    url: str
    licence: str
    about: str
    path: Path
    line: int


def read_sources(file: Traversable, reader: Reader) -> tuple[Source, ...]:
    """The sources in a file, in the order written."""
    found = []
    for fields in reader.entries(file, "source"):
        found.append(
            Source(
                id=fields.text("id"),
                name=fields.text("name"),
                by=fields.text("by"),
                url=fields.text("url", optional=True),
                licence=fields.text("licence"),
                about=fields.text("about"),
                path=fields.path,
                line=fields.line,
            )
        )
        fields.done()
    return tuple(found)
