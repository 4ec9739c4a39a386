"""The languages there are, each whole: what is missing in one, while somebody writes, is said the pseudo way."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from babel.messages import Catalog
from harness import shipped

from bot.language.catalogs import Catalogs
from bot.language.compiled import NAME
from bot.language.tongue import pseudo
from bot.script import catalog as catalogs
from bot.settings import Texts

ROOT = Path(__file__).parent.parent
LANGUAGES = ("ar", "es", "fr", "uk")


@cache
def template() -> Catalog:
    """Every message there is; its messages are in no other catalog."""
    return catalogs.template(ROOT)


@cache
def whole() -> bool:
    """Whether every language has every message, as it has when the program is shipped."""
    there = Catalogs(Texts().locales, shipped().by_id)
    return set(LANGUAGES) < set(there.offered()) and all(
        there.whole(code) == frozenset(there.flows) for code in LANGUAGES
    )


@cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@cache
def filled() -> Path | None:
    """A folder of catalogs in which every message is there; None where the shipped ones are such."""
    if whole():
        return None
    for code in LANGUAGES:
        catalog = catalogs.read_catalog(catalogs.path_of(ROOT, code))
        catalog.update(template(), no_fuzzy_matching=True)
        for message in catalog:
            strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
            if message.id and (message.fuzzy or not all(strings)):
                message.flags.discard("fuzzy")
                english, many = message.id, catalog.num_plurals
                message.string = pseudo(english) if isinstance(english, str) else (pseudo(english[1]),) * many
        path = Path(_kept().name) / code / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True)
        path.write_text(catalogs.as_text(catalog), encoding="utf-8")
        path.with_name(NAME).write_bytes(Catalogs(Path(_kept().name), shipped().by_id, fast=False).compile(code))
    return Path(_kept().name)


def folder() -> Path:
    """Where catalogs are in which every message is there."""
    return filled() or Path(str(Texts().locales))
