"""Seeing that a file was saved: by looking, several times a second, which works on every system and every disk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bot.preview.draft import Stamp

OFTEN = 0.1
"""Seconds between two looks: a look at two hundred files takes a hundredth of that."""

READ = (".md", ".toml", ".po", ".txt")
"""Endings of the files that are read."""


def look(folders: Iterable[Path]) -> dict[str, Stamp]:
    """The stamp of every file that is read, in these folders and in those in them."""
    found: dict[str, Stamp] = {}
    for folder in folders:
        for entry in _files(folder):
            try:
                seen = entry.stat()
            except OSError:
                continue  # gone while we looked
            found[entry.path] = seen.st_mtime_ns, seen.st_size
    return found


async def saved(
    folders: Callable[[], Iterable[Path]], before: dict[str, Stamp], often: float = OFTEN
) -> dict[str, Stamp]:
    """Wait until something differs from `before`; what is there then."""
    while (now := await asyncio.to_thread(look, folders())) == before:  # noqa: ASYNC110 - files set no event
        await asyncio.sleep(often)
    return now


def _files(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            held = list(entries)
    except OSError:
        return
    for entry in held:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _files(entry.path)
        elif entry.name.endswith(READ):
            yield entry
