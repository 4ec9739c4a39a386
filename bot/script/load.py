"""Every flow in a folder, parsed."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

from bot.script.diagnostic import Report
from bot.script.parse import read
from bot.script.paths import Source


def load(folder: Traversable, report: Report) -> dict[str, Source]:
    """The flows of the Markdown files in `folder`, by id."""
    sources: dict[str, Source] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".md"):
            path = Path(str(file))
            flow = read(path, report)
            if flow:
                sources[flow.id] = Source(flow, path)
    return sources
