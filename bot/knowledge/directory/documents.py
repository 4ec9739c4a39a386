"""A file as it is given to us: read once, never more than fits, and every value with the line it stands on."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import stat
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from pathlib import Path

from bot.knowledge.directory.refusal import Refusal, RefusedError, excerpt

MOST_BYTES = 128 * 2**20
MOST_ROWS = 200_000
_DIGITS = 15
_SPACE = " \t\n\r"
_LISTS = ("contents", "services", "service", "organizations", "organization")
"""Where a file that is one object keeps its list; `contents` is what the Open Referral API calls it."""

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One service as written; `line` and `label` say where a value of it stands, and what its author calls it."""

    fields: Mapping[str, object]
    line: Callable[[Keys], int]
    label: Callable[[Keys], str]


class Twice(dict[str, object]):
    """An object in which a name stands twice: nobody can say which was meant."""

    name = ""


def read_text(path: Path) -> str:
    """The text of a file. Raises `RefusedError` for what is no file, is too large, or is no UTF-8."""
    data = _read(path)
    for mark, name in ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"), (b"PK\x03\x04", "a zip")):
        if data.startswith(mark):
            raise _refused(path, 1, f"this is {name} file; save it as UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(
            path, line, f"a byte that is no UTF-8 (0x{data[error.start]:02x}); save the file as UTF-8"
        ) from None
    if "\0" in text:
        raise _refused(path, text.count("\n", 0, text.index("\0")) + 1, "a zero byte: this is no text")
    if not text.strip():
        raise _refused(path, 1, "the file is empty")
    return text


def _read(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise _refused(path, 0, "this is no file")
            data = b"" if status.st_size > MOST_BYTES else file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refused(path, 0, f"it cannot be read: {error.strerror}") from None
    if status.st_size > MOST_BYTES or len(data) > MOST_BYTES:
        raise _refused(path, 0, f"larger than {MOST_BYTES // 2**20} MiB; give it in parts")
    return data


def _refused(path: Path, line: int, reason: str) -> RefusedError:
    return RefusedError([Refusal(path, line, reason)])


def json_documents(path: Path, text: str) -> list[Document]:
    """The services of an HSDS file. Raises `RefusedError`.

    It is a list of them, a single one, an organization with its own, or an object that holds such a list.
    """
    try:
        whole = json.loads(text, object_pairs_hook=_once, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _refused(path, error.lineno, f"this is no JSON: {error.msg}") from None
    except RecursionError:
        raise _refused(path, 1, "lists within lists without an end") from None
    lines = Lines(text)
    found = list(_services(path, whole, lines))
    if not found:
        raise _refused(path, 1, "there is no service in it")
    if len(found) > MOST_ROWS:
        raise _refused(path, lines.line(found[MOST_ROWS][0]), f"more than {MOST_ROWS} services; give it in parts")
    return [_document(service, keys, lines) for keys, service in found]


def _document(service: Mapping[str, object], above: Keys, lines: Lines) -> Document:
    return Document(service, lambda keys: lines.line((*above, *keys)), _spelled)


def _spelled(keys: Keys) -> str:
    """``phones 2, number`` for what stands under ("phones", 1, "number")."""
    said = [f" {key + 1}" if isinstance(key, int) else f", {excerpt(key)[1:-1]}" for key in keys]
    return "".join(said).removeprefix(", ")


def _integer(digits: str) -> float:
    """A whole number; one so long that it can be none of ours is endless, and is refused where it stands."""
    return int(digits) if len(digits) <= _DIGITS else inf


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    twice = Twice(fields)
    names = [name for name, _ in pairs]
    twice.name = next(name for at, name in enumerate(names) if name in names[:at])
    return twice


def _services(path: Path, whole: object, lines: Lines) -> Iterator[tuple[Keys, Mapping[str, object]]]:
    """Every service, with the keys that lead to it; one inside an organization is given that organization."""
    for keys, entry in _entries(whole):
        if not isinstance(entry, dict):
            raise _refused(path, lines.line(keys), f"a service is an object in braces; here stands {excerpt(entry)}")
        within = entry.get("services")
        if not isinstance(within, list):
            yield keys, entry
            continue
        own = {name: value for name, value in entry.items() if name != "services"}
        for at, service in enumerate(within):
            if not isinstance(service, dict):
                raise _refused(path, lines.line((*keys, "services", at)), "a service is an object in braces")
            yield (*keys, "services", at), service if "organization" in service else {**service, "organization": own}


def _entries(whole: object) -> Iterator[tuple[Keys, object]]:
    if isinstance(whole, list):
        yield from (((at,), entry) for at, entry in enumerate(whole))
        return
    lists = [name for name in _LISTS if isinstance(whole, dict) and isinstance(whole.get(name), list)]
    if isinstance(whole, dict) and lists and "name" not in whole:
        yield from (((name, at), entry) for name in lists for at, entry in enumerate(whole[name]))
    else:
        yield (), whole


class Lines:
    """Where in a JSON text a value stands: worked out only once something is wrong with one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._decoder = json.JSONDecoder(parse_int=_integer)
        self._starts: dict[Keys, list[int]] = {}

    @cached_property
    def _ends(self) -> list[int]:
        return [at for at, char in enumerate(self._text) if char == "\n"]

    def line(self, keys: Keys) -> int:
        """The line of the value that `keys` lead to, or of what of the way there exists."""
        above: Keys = ()
        at = self._skip(0)
        for key in keys:
            found = self._item(at, key, above) if isinstance(key, int) else self._member(at, key)
            if found is None:
                break
            at, above = found, (*above, key)
        return bisect_right(self._ends, at) + 1

    def _skip(self, at: int, over: str = _SPACE) -> int:
        while self._text[at] in over:
            at += 1
        return at

    def _item(self, at: int, wanted: int, above: Keys) -> int | None:
        if above not in self._starts:
            starts = self._starts[above] = []
            at = self._skip(at + 1) if self._text[at] == "[" else len(self._text)
            while at < len(self._text) and self._text[at] != "]":
                starts.append(at)
                at = self._skip(self._decoder.raw_decode(self._text, at)[1], _SPACE + ",")
        starts = self._starts[above]
        return starts[wanted] if wanted < len(starts) else None

    def _member(self, at: int, wanted: str) -> int | None:
        if self._text[at] != "{":
            return None
        at, found = self._skip(at + 1), None
        while self._text[at] != "}":
            name, after = self._decoder.raw_decode(self._text, at)
            value = self._skip(after, _SPACE + ":")
            found = value if name == wanted else found
            at = self._skip(self._decoder.raw_decode(self._text, value)[1], _SPACE + ",")
        return found


def csv_rows(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with the line each begins on. Raises `RefusedError` at the first that cannot be one."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins, rows = 1, 0
    try:
        for row in reader:
            if row:
                rows += 1
                if rows > MOST_ROWS + 1:
                    raise _refused(path, begins, f"more than {MOST_ROWS} rows; give it in parts")
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _refused(path, begins, f"this is no CSV: {error}; is a quotation mark missing?") from None
