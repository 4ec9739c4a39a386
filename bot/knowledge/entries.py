"""Reading `content/`: TOML in which every value is quoted, so that nothing turns into something else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

_NAME = re.compile(r"\{([a-z_]+)\}")

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an entry: the file, the line it begins on, and what to do."""

    path: Path
    line: int
    message: str
    missing: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class BadEntriesError(Exception):
    """Content that may not be shown; carries every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Reader:
    """Reads one kind of entry from a folder or a file, collecting problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def entries(self, where: Traversable, kind: str) -> Iterator[Fields]:
        """Every ``[[kind]]`` in the TOML files of folder `where`, or in the file `where`."""
        if not (where.is_file() or where.is_dir()):
            self.problems.append(Problem(Path(str(where)), 0, f"there is no such file; it holds every [[{kind}]]"))
            return
        files = [where] if where.is_file() else sorted(where.iterdir(), key=lambda file: file.name)
        for file in files:
            if file.name.endswith(".toml"):
                yield from self._file(file, kind)

    def _file(self, file: Traversable, kind: str) -> Iterator[Fields]:
        path = Path(str(file))
        try:
            text = file.read_text(encoding="utf-8")
            tables = tomllib.loads(text)
        except (OSError, ValueError, RecursionError) as error:
            self.problems.append(Problem(path, 0, f"not readable as TOML: {error}"))
            return
        listed = tables.pop(kind, [])
        for name in tables:
            self.problems.append(Problem(path, 0, f"`{name}` here; this file holds [[{kind}]] only"))
        header = re.compile(rf"\s*\[\[\s*{kind}\s*\]\]")
        starts = [number for number, line in enumerate(text.split("\n"), 1) if header.match(line)]
        if not isinstance(listed, list) or len(starts) != len(listed):
            self.problems.append(Problem(path, 0, f"begin every entry with [[{kind}]] on a line of its own"))
            return
        for line, entry in zip(starts, listed, strict=True):
            yield Fields(entry, path, line, self.problems)


class Fields:
    """One entry, read field by field; what is missing or cannot be becomes a problem."""

    def __init__(self, entry: Entry, path: Path, line: int, problems: list[Problem]) -> None:
        self.entry, self.path, self.line, self.problems = entry, path, line, problems
        self.read: set[str] = set()

    def problem(self, message: str, *, missing: bool = False) -> None:
        """Say what is wrong with this entry."""
        name = self.entry.get("id") or self.entry.get("code") or self.entry.get("place") or "this entry"
        self.problems.append(Problem(self.path, self.line, f"{name}: {message}", missing))

    def text(self, key: str, *, optional: bool = False) -> str:
        """A quoted value; the empty string where an optional one is missing."""
        self.read.add(key)
        value = self.entry.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if value is None:
            if not optional:
                self.problem(f"`{key}` is missing", missing=True)
        else:
            self.problem(f"`{key}` must be a quoted text, and not empty")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of quoted values, empty where it is missing."""
        self.read.add(key)
        value = self.entry.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        self.problem(f"`{key}` must be a list of quoted texts")
        return ()

    def table(self, key: str) -> dict[str, str]:
        """A table of quoted values, empty where it is missing."""
        self.read.add(key)
        value = self.entry.get(key, {})
        if isinstance(value, dict) and all(isinstance(item, str) and item for item in value.values()):
            return dict(value)
        self.problem(f"`{key}` must be a table of quoted texts")
        return {}

    def day(self, key: str) -> date:
        """A quoted ISO date."""
        text = self.text(key)
        try:
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self.problem(f"`{key}` must be a day, such as 2026-11-20")
            return date.min

    def days(self) -> tuple[date, date]:
        """When it was last checked, and by when it is to be checked again."""
        checked, review = self.day("checked_on"), self.day("review_by")
        if date.min < review < checked:
            self.problem("`review_by` cannot come before `checked_on`")
        return checked, review

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        """A value from a closed list."""
        value = self.text(key)
        if value and value not in allowed:
            self.problem(f"`{key}` is none of {', '.join(allowed)}")
        return value

    def placeholders(self, text: str, values: Mapping[str, str]) -> None:
        """Every ``{name}`` of a text has a value, and every value is used."""
        for name in sorted(set(_NAME.findall(text)) ^ set(values)):
            self.problem(f"{{{name}}} must stand both in the text and in [values]")

    def done(self) -> None:
        """Say what nobody reads: a misspelt key would else be lost in silence."""
        for key in self.entry:
            if key not in self.read:
                self.problem(f"`{key}` is not a field of this kind of entry")
