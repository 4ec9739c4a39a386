"""Blocks in documents that a command writes: between two comments, and nobody's to edit by hand."""

from __future__ import annotations

import re

_BLOCK = "<!-- {name}: written by `{command}`, not by hand -->"


def between(text: str, name: str, command: str, body: str) -> str | None:
    """`text` with `body` in its block called `name`; None where it has no such block."""
    begin, end = _BLOCK.format(name=name, command=command), f"<!-- end of {name} -->"
    pattern = re.compile(rf"(?<={re.escape(begin)}\n).*?(?={re.escape(end)})", re.DOTALL)
    return pattern.sub(lambda _: body, text, count=1) if pattern.search(text) else None
