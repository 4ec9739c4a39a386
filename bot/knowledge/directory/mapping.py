"""A mapping file: which column of a list is which of ours, what holds for all of it, and what its codes mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from bot.knowledge.directory.documents import Document, Keys, csv_rows
from bot.knowledge.directory.refusal import Refusal, RefusedError, excerpt
from bot.knowledge.directory.schema import TABLES
from bot.knowledge.directory.taxonomy import BY_CODE

TERM = "term"
"""The column of ours that holds terms, in codes of theirs or of ours."""

_LOCATION: Keys = ("service_at_locations", 0, "location")
_STANDS: Mapping[str, Keys] = {
    "service": (),
    "organization": ("organization",),
    "location": _LOCATION,
    "address": (*_LOCATION, "addresses", 0),
    "phone": ("phones", 0),
    "schedule": ("schedules", 0),
    "language": ("languages", 0),
    "service_area": ("service_areas", 0),
    "provenance": ("provenance",),
}
"""Where a row of each table stands in a service."""

_NUMBERS = frozenset({"latitude", "longitude", "minimum_age", "maximum_age", "extension"})
_KNOWN = frozenset(
    {"name", "places", "prefix", "separator", "between", "unread", "skip", "columns", "constants", "before",
     "codes", "areas", "terms", "timezone", "bounds"}
)  # fmt: skip
_BOUNDS = ("south", "north", "west", "east")


@dataclass(frozen=True, slots=True)
class MappingFile:
    """What a mapping file says; everything empty where there is none."""

    path: Path | None = None
    name: str = ""
    places: tuple[str, ...] = ()
    prefix: str = ""
    separator: str = ","
    between: str = "|"
    timezone: str = ""
    terms: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)


NONE = MappingFile()


def read_mapping(path: Path, text: str) -> MappingFile:
    """A mapping file. Raises `RefusedError` with everything that is wrong in it."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = re.search(r"at line (\d+)", str(error))
        raise RefusedError([Refusal(path, int(at[1]) if at else 1, f"not readable as TOML: {error}")]) from None
    refusals: list[Refusal] = []
    parts = _Parts(path, text, tables, refusals)
    mapping = MappingFile(
        path=path,
        name=parts.text("name"),
        places=parts.texts("places"),
        prefix=parts.text("prefix"),
        separator=parts.text("separator") or ",",
        between=parts.text("between") or "|",
        timezone=parts.text("timezone"),
        terms=parts.texts("terms"),
        unread=parts.texts("unread"),
        bounds=parts.bounds(),
        skip=parts.lists("skip"),
        columns=parts.table("columns"),
        constants=parts.table("constants"),
        before=parts.table("before"),
        codes=parts.lists("codes"),
        areas=parts.table("areas"),
    )
    parts.unknown()
    for ours in (*mapping.columns, *mapping.constants, *mapping.before):
        if not _is_ours(ours):
            parts.refuse(ours, f"{excerpt(ours)} is none of our columns, such as service.name or phone.number")
    for code in (*mapping.terms, *(code for codes in mapping.codes.values() for code in codes)):
        if code not in BY_CODE:
            parts.refuse(code, f"{excerpt(code)} is none of our terms; docs/services.md lists them")
    if len(mapping.separator) != 1:
        parts.refuse("separator", "`separator` is one character")
    if refusals:
        raise RefusedError(sorted(refusals))
    return mapping


def _is_ours(column: str) -> bool:
    table, _, name = column.partition(".")
    return column == TERM or (table in _STANDS and name in TABLES[table])


class _Parts:
    """The tables of a mapping, read key by key; whatever cannot be becomes a refusal."""

    def __init__(self, path: Path, text: str, tables: Mapping[str, object], refusals: list[Refusal]) -> None:
        self._path, self._lines, self._tables, self._refusals = path, text.split("\n"), tables, refusals

    def refuse(self, name: str, reason: str) -> None:
        """Say what is wrong, at the first line on which `name` stands."""
        found = (number for number, line in enumerate(self._lines, 1) if name and name in line.partition("#")[0])
        self._refusals.append(Refusal(self._path, next(found, 1), reason))

    def text(self, key: str) -> str:
        """A quoted text, empty where it is missing."""
        value = self._tables.get(key, "")
        if isinstance(value, str):
            return value
        self.refuse(key, f"`{key}` must be a quoted text")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of quoted texts, empty where it is missing."""
        return self._list(key, self._tables.get(key, []))

    def _list(self, key: str, value: object) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.refuse(key, f"{excerpt(key)} must be a list of quoted texts")
        return ()

    def table(self, key: str) -> dict[str, str]:
        """A table of quoted texts, empty where it is missing."""
        value = self._tables.get(key, {})
        if not isinstance(value, dict):
            self.refuse(key, f"[{key}] is a table of quoted texts")
            return {}
        for name, item in value.items():
            if not isinstance(item, str):
                self.refuse(name, f"{excerpt(name)} must be a quoted text")
        return {name: item for name, item in value.items() if isinstance(item, str)}

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A table of lists of quoted texts, empty where it is missing."""
        value = self._tables.get(key, {})
        if isinstance(value, dict):
            return {name: self._list(name, items) for name, items in value.items()}
        self.refuse(f"[{key}]", f"[{key}] is a table of lists")
        return {}

    def bounds(self) -> tuple[float, ...]:
        """South, north, west and east, in degrees; empty where they are missing."""
        table = self.table("bounds")
        try:
            south, north, west, east = (float(table[name]) for name in _BOUNDS) if table else (0.0, 0.0, 0.0, 0.0)
        except (KeyError, ValueError):
            self.refuse("[bounds]", "[bounds] holds south, north, west and east, in quoted degrees")
            return ()
        return (south, north, west, east) if table else ()

    def unknown(self) -> None:
        """Say what nobody reads: a misspelt key would else be lost in silence."""
        for name in self._tables:
            if name not in _KNOWN:
                self.refuse(name, f"{excerpt(name)} is nothing that a mapping says")


def csv_documents(path: Path, text: str, mapping: MappingFile) -> tuple[list[Document], int]:
    """The services of a CSV file, and how many rows the mapping says to skip. Raises `RefusedError`."""
    rows = csv_rows(path, text, mapping.separator)
    _, header = next(rows)
    _check_header(path, [name.strip() for name in header], mapping)
    names, refusals, found, skipped = [name.strip() for name in header], [], [], 0
    for line, row in rows:
        if len(row) != len(names):
            refusals.append(Refusal(path, line, f"{len(row)} values where there are {len(names)} columns"))
            continue
        values = dict(zip(names, row, strict=True))
        if any(values.get(column, "").strip() in skip for column, skip in mapping.skip.items()):
            skipped += 1
        else:
            found.append(_document(values, line, mapping))
    if refusals:
        raise RefusedError(refusals)
    if not found:
        raise RefusedError([Refusal(path, 1, "there is no service in it")])
    return found, skipped


def _check_header(path: Path, header: list[str], mapping: MappingFile) -> None:
    wanted, unread = set(mapping.columns.values()), set(mapping.unread)
    refusals = [
        *(f"the column {excerpt(name)} is missing, which the mapping reads" for name in sorted(wanted - set(header))),
        *(
            f"the column {excerpt(name)} is not in the mapping; put it under [columns] or in `unread`"
            for name in dict.fromkeys(header)
            if name not in wanted | unread
        ),
        *(f"the column {excerpt(name)} stands twice" for name in dict.fromkeys(header) if header.count(name) > 1),
    ]
    if refusals:
        raise RefusedError([Refusal(path, 1, reason) for reason in refusals])


def _document(values: Mapping[str, str], line: int, mapping: MappingFile) -> Document:
    fields: dict[str, object] = {}
    labels: dict[Keys, str] = {}
    for ours, theirs in mapping.columns.items():
        for at, value in enumerate(_values(ours, values[theirs], mapping)):
            keys = _keys(ours, at)
            labels[keys] = theirs
            _put(fields, keys, _number(value) if ours.partition(".")[2] in _NUMBERS else value)
    return Document(fields, lambda _: line, lambda keys: labels.get(keys) or _ours(keys))


def _ours(keys: Keys) -> str:
    return ", ".join(key for key in keys if isinstance(key, str))


def _keys(ours: str, at: int) -> Keys:
    if ours == TERM:
        return ("attributes", at, "taxonomy_term", "code")
    table, _, column = ours.partition(".")
    above = _STANDS[table]
    return (*above[:-1], at, column) if above[-1:] == (0,) and table != "address" else (*above, column)


def _values(ours: str, value: str, mapping: MappingFile) -> Iterator[str]:
    """The values of a cell: several where a list may stand there, none where it is empty."""
    many = ours == TERM or ours in {"phone.number", "language.code", "service_area.extent"}
    for part in value.split(mapping.between) if many else [value]:
        if part.strip():
            before = mapping.before.get(ours, "")
            yield part.strip() if part.strip().startswith(before) else before + part.strip()


def _number(value: str) -> str | float:
    try:
        return float(value)
    except ValueError:
        return value


def _put(fields: dict[str, object], keys: Keys, value: object) -> None:
    """Set what `keys` lead to, making what is not there on the way."""
    here: object = fields
    for key, following in pairwise(keys):
        empty: object = [] if isinstance(following, int) else {}
        if isinstance(here, list) and isinstance(key, int):
            here.extend({} for _ in range(key + 1 - len(here)))
            here = here[key]
        elif isinstance(here, dict):
            here = here.setdefault(key, empty)
    if isinstance(here, dict):
        here[keys[-1]] = value
