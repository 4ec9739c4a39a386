"""Messages for translators, from flows, from the program's own words and from content: entry points for Babel."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from babel.messages.extract import extract_python

from bot.engine.flow import Flow, Paragraph
from bot.script.diagnostic import BadContentError, Report
from bot.script.parse import parse

OWN = "waymark"
CONTENT = {
    "fact": ("law", ("text", "caveat")),
    "service": ("services", ("offers", "note")),
    "emergency": ("services", ("silent_how",)),
    "reading": ("reading", ("about", "caution")),
    "source": ("sources", ("about",)),
}
"""For each kind of entry its `msgctxt`, and its fields that are translated."""

Found = tuple[int, str, tuple[str, ...], list[str]]
"""Line, function name, arguments and comments, as Babel wants them."""


def extract_flow(fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """The messages of one flow; its prose has the flow's id as context, its labels ``<id>/button``."""
    del keywords, comment_tags, options
    path, report = Path(fileobj.name), Report()
    flow = parse(fileobj.read().decode("utf-8").replace("\r\n", "\n"), path, report)
    if report:
        raise BadContentError(report)
    for line, context, text, note in _messages(flow):
        yield line, "pgettext", (context, text), [note] if note else []


def _messages(flow: Flow) -> Iterator[tuple[int, str, str, str]]:
    yield flow.line, flow.id, flow.title, flow.note
    if flow.phrases:
        yield (
            flow.phrases_line,
            flow.id,
            flow.phrases,
            "what people type when they mean this, one a line; more or fewer",
        )
    for state in flow.states.values():
        for part in state.said:
            if isinstance(part, Paragraph):
                yield part.line, flow.id, part.text, state.note
        for item in state.items:
            yield item.line, flow.labels, item.label, state.note
        for choice in state.choices:
            yield choice.line, flow.labels, choice.label, state.note


def extract_words(
    fileobj: IO[bytes], keywords: Any, comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """The program's own words: every call of `own` and `own_plural`."""
    del keywords
    found: Iterable[Any] = extract_python(fileobj, {"own": None, "own_plural": (1, 2)}, comment_tags, options)  # type: ignore[arg-type]
    for line, function, arguments, comments in found:
        texts = arguments if isinstance(arguments, (tuple, list)) else (arguments,)
        if function == "own_plural":
            yield line, "npgettext", (OWN, *texts), comments
        elif texts[0]:
            yield line, "pgettext", (OWN, texts[0]), comments


def extract_content(fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """The texts of facts, services and emergency numbers; numbers and names stand beside them, not in them."""
    del keywords, comment_tags, options
    text = fileobj.read().decode("utf-8")
    tables = tomllib.loads(text)
    for kind, (context, fields) in CONTENT.items():
        for entry in tables.get(kind, ()):
            line = text.count("\n", 0, text.find(f'"{entry.get("id", entry.get("place", ""))}"')) + 1
            for field in fields:
                if entry.get(field):
                    yield line, "pgettext", (context, entry[field]), [f"{entry.get('id', entry.get('place'))}"]
