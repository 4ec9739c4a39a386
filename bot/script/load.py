"""Every flow in a folder: read at once where they have to be checked, else each when somebody first comes to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.engine.flow import Flow, State
from bot.script.diagnostic import BadContentError, Report
from bot.script.parse import edition_of, parse, read, text_of
from bot.script.paths import Source


def load(folder: Traversable, report: Report) -> dict[str, Source]:
    """The flows of the Markdown files in `folder`, by id."""
    sources: dict[str, Source] = {}
    for path in _files(folder):
        flow = read(path, report)
        if flow:
            sources[flow.id] = Source(flow, path)
    return sources


def outlines(folder: Traversable, report: Report) -> dict[str, Flow]:
    """The same flows, of which only what stands before the first state has been understood.

    For texts that passed when they were shipped: understanding all their states takes longer than the rest of a start.
    """
    flows = (_outline(path, report) for path in _files(folder))
    return {flow.id: flow for flow in flows if flow}


def _files(folder: Traversable) -> Iterator[Path]:
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".md"):
            yield Path(str(file))


def _outline(path: Path, report: Report) -> Flow | None:
    source = text_of(path, report)
    if source is None:
        return None
    head = parse(source.partition("\n## ")[0], path, Report())  # that it has no states is no news here
    return replace(head, states=_States(source, path), edition=edition_of(source))


class _States(Mapping[str, State]):
    """The states of a flow, made of its text when the first of them is asked for.

    The text was read at start: what happens to the file while the program runs, as in an upgrade, changes nothing.
    """

    def __init__(self, source: str, path: Path) -> None:
        self._source = source
        self._path = path

    @cached_property
    def _read(self) -> Mapping[str, State]:
        report = Report()
        flow = parse(self._source, self._path, report)
        if report:
            raise BadContentError(report)
        return flow.states

    def __getitem__(self, state: str) -> State:
        return self._read[state]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)
