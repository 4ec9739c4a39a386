"""The languages there are, each made whole: what is missing in one is said the pseudo way."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from babel.messages import Catalog
from harness import shipped

from bot.language.catalogs import Catalogs
from bot.language.compiled import NAME
from bot.language.tongue import pseudo
from bot.script import catalog as catalogs

ROOT = Path(__file__).parent.parent
LANGUAGES = ("ar", "es", "fr", "uk")


@lru_cache(maxsize=1)
def template() -> Catalog:
    return catalogs.template(ROOT)


@lru_cache(maxsize=1)
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@lru_cache(maxsize=8)
def filled(code: str) -> Path:
    """A folder of catalogs in which every message is there in this language, with a compiled copy beside it."""
    folder = Path(_kept().name) / code
    catalog = catalogs.read_catalog(catalogs.path_of(ROOT, code))
    catalog.update(template(), no_fuzzy_matching=True)
    for message in catalog:
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        if message.id and (message.fuzzy or not all(strings)):
            message.flags.discard("fuzzy")
            english = message.id
            many = catalog.num_plurals
            message.string = pseudo(english) if isinstance(english, str) else (pseudo(english[1]),) * many
    path = folder / code / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(catalogs.as_text(catalog), encoding="utf-8")
    path.with_name(NAME).write_bytes(Catalogs(folder, shipped().by_id).compile(code))
    return folder
