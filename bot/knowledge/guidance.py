"""The items of guidance that the conversations deliver: for `check`, never shown to people."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.knowledge.entries import Reader


@dataclass(frozen=True, slots=True)
class Item:
    """One item, in our own words. `withheld` is the reason why some readers do not get it."""

    id: str
    about: str
    withheld: str
    path: Path
    line: int


def read_guidance(file: Traversable, reader: Reader) -> tuple[Item, ...]:
    """The items in a file, in the order written."""
    found: dict[str, Item] = {}
    for fields in reader.entries(file, "item"):
        fields.text("flow")
        item = Item(
            fields.text("id"), fields.text("about"), fields.text("withheld", optional=True), fields.path, fields.line
        )
        if item.id in found:
            fields.problem("the id stands here already")
        fields.done()
        found[item.id] = item
    return tuple(found.values())
