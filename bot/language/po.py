"""A catalog as translators keep it, read strictly: what is damaged is refused, never mended by a guess."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from gettext import c2py
from importlib.resources.abc import Traversable

from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from bot.language.catalogs import BadCatalogError, Po

MOST = 8_000_000
"""Bytes of a catalog: ten times what ours take, and far from what would keep a start waiting."""

_QUOTED = re.compile(r'(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)?\s*"(?:[^"\\]|\\.)*"\Z')
_TRIED = 200
"""Plural rules that agree for so many numbers are one rule: none looks at more than the last two digits."""


def read(path: Traversable, code: str) -> Po:
    """The catalog of a language at `path`. Raises `BadCatalogError`."""
    try:
        data = path.read_bytes()
        text = _text(data)
        catalog = read_po(io.BytesIO(data), locale=code.replace("-", "_"), abort_invalid=True)
        c2py(catalog.plural_expr)
        return _of(catalog, text)
    except (PoFileError, OSError, ValueError, LookupError, RecursionError) as error:
        raise BadCatalogError(f"{path}: {error}") from None


def _text(data: bytes) -> str:
    """Every string begins and ends with its quote: Babel drops the last letter of one that does not."""
    if len(data) > MOST:
        raise ValueError(f"{len(data)} bytes, {MOST} at most")
    text = data.decode("utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.startswith("#") and not _QUOTED.match(line.rstrip()):
            raise ValueError(f"line {number}: a text must begin and end with one quote")
    return text


def _of(catalog: Catalog, text: str) -> Po:
    messages: dict[tuple[str, str], str | tuple[str, ...]] = {}
    lines: dict[tuple[str, str], int] = {}
    there = 0
    for message in catalog:
        there += 1
        if not message.id or message.fuzzy or not message.string:
            continue  # fuzzy is missing
        key = (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
        if isinstance(message.id, str):
            messages[key] = str(message.string)
        elif all(message.string):
            messages[key] = tuple(message.string)
        lines[key] = message.lineno or 0
    written = len(re.findall(r"^msgid ", text, re.MULTILINE))
    if written > there:
        raise ValueError(f"{written - there} messages stand twice; each may have one translation")
    return Po(messages, lines, catalog.num_plurals, catalog.plural_expr)


def plural_faults(po: Po, code: str) -> Iterator[str]:
    """How the rule for plurals in a catalog differs from that of its language, in a line; nothing where it does not."""
    right = get_plural(code.replace("-", "_"))
    if po.forms != right.num_plurals:
        yield f"nplurals={po.forms}, where this language has {right.num_plurals} forms: {right.plural_forms}"
        return
    ours, theirs = c2py(right.plural_expr), c2py(po.plural)
    try:
        same = all(ours(number) == theirs(number) for number in range(_TRIED))
    except (ArithmeticError, ValueError):
        same = False
    if not same:
        yield f"its rule is another than that of the language: {right.plural_forms}"
