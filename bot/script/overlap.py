"""Words that are not ours: runs shared with the guides we draw on, known by hashes only, so that the guides stay out.

The guides' authors keep their rights (one licence allows no derivatives), so ideas are retold, never sentences.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2b
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.plain import fold
from bot.script import form
from bot.script.diagnostic import Report
from bot.script.wording import visible

RUN = 8
"""So many words in a row are somebody's sentence."""

_BYTES = 6
_SAMPLE = "It's a plain sentence, with nothing of anybody's in it at all."


def shingles(text: str) -> Iterator[tuple[str, str]]:
    """Every run of words in `text`: its hash, and its words."""
    words = fold(text).split()
    for start in range(len(words) - RUN + 1):
        run = " ".join(words[start : start + RUN])
        yield blake2b(run.encode(), digest_size=_BYTES).hexdigest(), run


def mark() -> str:
    """Names the way of hashing: where it changes, hashes made before are worth nothing."""
    return blake2b("".join(found for found, _ in shingles(_SAMPLE)).encode(), digest_size=_BYTES).hexdigest()


def as_text(documents: Iterable[str]) -> str:
    """The file of hashes for some documents: the mark, then a hash a line."""
    found = {found for document in documents for found, _ in shingles(document)}
    return "\n".join((mark(), *sorted(found), ""))


def read_hashes(file: Traversable) -> frozenset[str]:
    """The hashes in a file. Raises `ValueError` where they were made in another way."""
    first, *rest = file.read_text(encoding="ascii").split()
    if first != mark():
        raise ValueError(f"{file}: made in another way; `waymark shingles` makes it anew from the guides")
    if not rest:
        raise ValueError(f"{file}: no hashes in it; `waymark shingles` makes them from the guides")
    return frozenset(rest)


def check_overlap(text: str, path: Path, line: int, hashes: Collection[str], report: Report) -> None:
    """No run of words in `text` stands in a guide."""
    for found, run in shingles(visible(form.PLACEHOLDER.sub(" ", text))):
        if found in hashes:
            report.say("W315", path, line, f"`{run}`: say it in our own words")
            return
