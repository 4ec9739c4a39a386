"""Catalogs for translators: the template, a new language, an update, and what is missing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError, read_po, write_po

METHODS = [
    ("bot/flows/**.md", "waymark_flow"),
    ("bot/language/words.py", "waymark_words"),
    ("bot/language/service_words.py", "waymark_words"),
    ("bot/content/**.toml", "waymark_content"),
]
_KEYWORDS = {"pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
_VOLATILE = ('"POT-Creation-Date:', '"PO-Revision-Date:', '"Generated-By:')
TEMPLATE = Path("locales/messages.pot")


class CatalogError(Exception):
    """What is wrong with a catalog or a command on one: what, where, and what to do."""


def path_of(root: Path, language: str) -> Path:
    """Where the catalog of a language is, in a checkout."""
    return root / "locales" / language / "LC_MESSAGES" / "messages.po"


def languages(root: Path) -> list[str]:
    """The languages that have a catalog."""
    return sorted(path.parent.parent.name for path in (root / "locales").glob("*/LC_MESSAGES/messages.po"))


def template(root: Path) -> Catalog:
    """Every message there is, in the order in which people meet them."""
    if not (root / "bot" / "flows").is_dir():
        raise CatalogError(f"{root}: no bot/flows here; run this in a checkout of Waymark")
    catalog = Catalog(project="Waymark", copyright_holder="Waymark contributors", charset="utf-8", fuzzy=False)
    catalog.header_comment = "# Every message of Waymark, for translators. Texts are CC BY 4.0.\n#"
    found = extract_from_dir(
        root,
        method_map=METHODS,
        options_map={},
        keywords=_KEYWORDS,
        comment_tags=("translators:",),
        strip_comment_tags=True,
    )
    for filename, line, message, comments, context in found:
        catalog.add(message, None, [(filename, line)], auto_comments=comments, context=context)
    return catalog


def as_text(catalog: Catalog, *, previous: bool = False) -> str:
    """A catalog as it is written: without days and versions that change by themselves."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, include_lineno=False, include_previous=previous)
    lines = out.getvalue().decode("utf-8").split("\n")
    return "\n".join(line for line in lines if not line.startswith(_VOLATILE))


def read_catalog(path: Path) -> Catalog:
    """The catalog at `path`."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=path.parent.parent.name.replace("-", "_"), abort_invalid=True)
    except FileNotFoundError:
        raise CatalogError(f"{path}: there is none; `waymark catalog add {path.parent.parent.name}` makes it") from None
    except (PoFileError, ValueError, LookupError, OSError) as error:
        raise CatalogError(f"{path}: {error}") from None


def add(root: Path, language: str) -> Path:
    """An empty catalog for a language CLDR knows."""
    path = path_of(root, language)
    if path.exists():
        raise CatalogError(f"{path}: it is there already; `waymark catalog update` brings it up to date")
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        raise CatalogError(f"`{language}` is no language CLDR knows; write a code such as es, pt-BR or uk") from None
    if language in {"en", "en-XA"}:
        raise CatalogError("English is in the flows themselves")
    catalog = Catalog(locale=locale, project="Waymark", charset="utf-8", fuzzy=False)
    catalog.header_comment = f"# {locale.english_name} texts of Waymark, for its translators. Texts are CC BY 4.0.\n#"
    catalog.update(template(root), update_header_comment=False)
    _write(path, catalog)
    return path


def update(root: Path) -> list[Path]:
    """Every catalog with the messages there are now; a changed text keeps its translation as fuzzy."""
    wanted, changed = template(root), []
    for language in languages(root):
        catalog = read_catalog(path_of(root, language))
        catalog.update(wanted, update_header_comment=False)
        _write(path_of(root, language), catalog)
        changed.append(path_of(root, language))
    return changed


def _write(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_text(catalog, previous=True), encoding="utf-8")


def message_id(message: Message) -> str:
    """A short name for a message: of its context and its English text."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return blake2b(f"{message.context}\0{text}".encode(), digest_size=4).hexdigest()


@dataclass(slots=True)
class Tally:
    """How much of one conversation is there."""

    translated: int = 0
    fuzzy: int = 0
    missing: int = 0


def tally(catalog: Catalog, wanted: Catalog) -> dict[str, Tally]:
    """Of the messages `wanted`, by conversation (or ``waymark``, ``law``, ``services``): translated, fuzzy, missing."""
    found: dict[str, Tally] = {}
    for message in _real(wanted):
        row = found.setdefault((message.context or "").removesuffix("/button"), Tally())
        held = catalog.get(message.id, context=message.context)
        string = held.string if held else ""
        strings = (string,) if isinstance(string, str) else tuple(string or ("",))
        if held and held.fuzzy:
            row.fuzzy += 1
        elif all(strings):
            row.translated += 1
        else:
            row.missing += 1
    return found


def fuzzy(catalog: Catalog) -> list[tuple[str, Message]]:
    """Messages whose English changed, with their short names."""
    return [(message_id(message), message) for message in _real(catalog) if message.fuzzy]


def keep(root: Path, wanted: str, by: str, on: date) -> list[str]:
    """Carry every translation of the fuzzy message `wanted` over, noting who said that the meaning is the same."""
    kept = []
    for language in languages(root):
        catalog = read_catalog(path_of(root, language))
        for name, message in fuzzy(catalog):
            if name == wanted:
                message.flags.discard("fuzzy")
                message.previous_id = []
                message.user_comments.append(f"kept: {by}, {on.isoformat()}")
                _write(path_of(root, language), catalog)
                kept.append(language)
    if not kept:
        raise CatalogError(f"no catalog has a fuzzy message `{wanted}`; `waymark catalog report` lists them")
    return kept


def _real(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)
