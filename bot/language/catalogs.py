"""Catalogs: read when first used, offered only where the core is whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from gettext import c2py
from importlib.resources.abc import Traversable

from babel.core import negotiate_locale
from babel.messages.pofile import PoFileError, read_po

from bot.engine.flow import Flow
from bot.engine.flows import ARRIVAL, MENU, URGENT
from bot.language import words
from bot.language.tongue import Messages, PseudoTongue, Tongue

ENGLISH = "en"
CORE = (ARRIVAL, MENU, URGENT, "about")
"""Flows without which a language is not offered; the program's own words are the rest of the core."""


_QUOTED = re.compile(r'(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)?\s*"(?:[^"\\]|\\.)*"\Z')


class BadCatalogError(Exception):
    """A catalog that cannot be read; the message names the file and the reason."""


class Catalogs:
    """Every language there is, and which conversations are whole in it."""

    def __init__(self, folder: Traversable, flows: Mapping[str, Flow]) -> None:
        self._folder = folder
        self._flows = flows
        self._tongues: dict[str, Tongue] = {ENGLISH: Tongue(ENGLISH, {}, lambda number: int(number != 1))}
        self._whole: dict[str, frozenset[str]] = {}
        self._offered: tuple[str, ...] | None = None

    def there(self) -> tuple[str, ...]:
        """Languages with a catalog, English first, whole or not."""
        found = (
            sorted(entry.name for entry in self._folder.iterdir() if entry.is_dir()) if self._folder.is_dir() else []
        )
        return (ENGLISH, *(code for code in found if (self.path(code)).is_file() and code != ENGLISH))

    def path(self, code: str) -> Traversable:
        """Where the catalog of a language is, or would be."""
        return self._folder / code / "LC_MESSAGES" / "messages.po"

    def offered(self) -> tuple[str, ...]:
        """Languages whose core is whole: nobody gets a half-translated way out."""
        if self._offered is None:
            self._offered = tuple(code for code in self.there() if self._core_is_whole(code))
        return self._offered

    def tongue(self, code: str | None) -> Tongue:
        """The language, or English where there is no such catalog."""
        code = code or ENGLISH
        if code not in self._tongues:
            if code == PseudoTongue.CODE:
                self._tongues[code] = PseudoTongue()
            elif self.path(code).is_file():
                self._tongues[code] = self._read(code)
            else:
                return self._tongues[ENGLISH]
        return self._tongues[code]

    def negotiate(self, wanted: str) -> str | None:
        """The offered language nearest to `wanted`: es for es-MX; None where there is none."""
        if wanted == PseudoTongue.CODE:
            return wanted
        return negotiate_locale([wanted, wanted.partition("-")[0]], self.offered(), sep="-")

    def _read(self, code: str) -> Tongue:
        path = self.path(code)
        try:
            _plain_quotes(path.read_text(encoding="utf-8"))
            with path.open("rb") as file:
                catalog = read_po(file, locale=code.replace("-", "_"), abort_invalid=True)
            plural = c2py(catalog.plural_expr)
        except (PoFileError, OSError, ValueError, LookupError) as error:
            raise BadCatalogError(f"{path}: {error}") from None
        messages: dict[tuple[str, str], str | tuple[str, ...]] = {}
        for message in catalog:
            if not message.id or message.fuzzy or not message.string:
                continue  # fuzzy is missing
            if isinstance(message.id, str):
                messages[message.context or "", message.id] = str(message.string)
            elif all(message.string):
                messages[message.context or "", message.id[0]] = tuple(message.string)
        return Tongue(code, messages, plural)

    def whole(self, code: str) -> frozenset[str]:
        """Ids of the flows that have every message in a language."""
        if code in {ENGLISH, PseudoTongue.CODE}:
            return frozenset(self._flows)
        if code not in self._whole:
            tongue = self.tongue(code)
            self._whole[code] = frozenset(
                name for name, flow in self._flows.items() if _has_all(tongue.messages, flow.messages())
            )
        return self._whole[code]

    def _core_is_whole(self, code: str) -> bool:
        if code == ENGLISH:
            return True
        core = {name for name in CORE if name in self._flows}
        own = ((words.CONTEXT, text) for text in words.every())
        messages = self.tongue(code).messages
        return _has_all(messages, own) and all(_has_all(messages, self._flows[name].messages()) for name in core)

    def core_words(self, text: str, language: str | None) -> Mapping[str, str]:
        """The lines of one of our word lists, folded, with their language; of every language while none is chosen."""
        codes: Iterable[str] = self.offered() if language is None else (language,)
        return {line: code for code in codes for line in self.tongue(code).folded(text)}


def _plain_quotes(text: str) -> None:
    """Every string begins and ends with its quote: Babel drops the last letter of one that does not."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.startswith("#") and not _QUOTED.match(line.rstrip()):
            raise ValueError(f"line {number}: a text must begin and end with one quote")


def _has_all(messages: Messages, wanted: Iterable[tuple[str, str]]) -> bool:
    return all(message in messages for message in wanted)
