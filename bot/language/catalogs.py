"""Catalogs: read when first used, offered only where the core is whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from gettext import c2py
from importlib.resources.abc import Traversable

from babel.core import Locale, negotiate_locale

from bot.engine.flow import Flow
from bot.engine.flows import ARRIVAL, MENU, URGENT
from bot.language import compiled, words
from bot.language.direction import runs_apart
from bot.language.tongue import Messages, PseudoTongue, Tongue
from bot.plain import Phrases

ENGLISH = "en"
CORE = (ARRIVAL, MENU, URGENT, "about")
"""Flows without which a language is not offered; the program's own words are the rest of the core."""


class BadCatalogError(Exception):
    """A catalog that cannot be read; the message names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Po:
    """What a catalog says: its messages, but for fuzzy and missing ones, their lines, and its rule for plurals."""

    messages: Messages
    lines: Mapping[tuple[str, str], int]
    forms: int
    plural: str


class Catalogs:
    """Every language there is, and which conversations are whole in it."""

    def __init__(self, folder: Traversable, flows: Mapping[str, Flow], *, fast: bool = True) -> None:
        self._folder = folder
        self.flows = flows
        self._fast = fast
        self._tongues: dict[str, Tongue] = {ENGLISH: Tongue(ENGLISH, {}, lambda number: int(number != 1))}
        self._po: dict[str, Po] = {}
        self._has: dict[tuple[str, str], bool] = {}
        self._whole: dict[str, frozenset[str]] = {}
        self._offered: tuple[str, ...] | None = None
        self._words: dict[tuple[str, str | None], Mapping[str, str]] = {}
        self._phrases: dict[tuple[str, str | None], Phrases] = {}

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

    def po(self, code: str) -> Po:
        """The catalog of a language itself. Raises `BadCatalogError`."""
        if code not in self._po:
            # Here and not above: where there is a compiled copy nobody needs what reads catalogs.
            from bot.language.po import read  # noqa: PLC0415

            self._po[code] = read(self.path(code), code)
        return self._po[code]

    def _read(self, code: str) -> Tongue:
        """A language of its compiled copy where that is good, else of its catalog."""
        beside = self._folder / code / "LC_MESSAGES" / compiled.NAME
        found = compiled.read(self.path(code), beside) if self._fast else None
        if found is None:
            po = self.po(code)
            return Tongue(code, _told_apart(code, po.messages), c2py(po.plural))
        for name, flow in self.flows.items():
            for editions, is_whole in ((found.whole, True), (found.parts, False)):
                if flow.edition and editions.get(name) == flow.edition:
                    self._has[code, name] = is_whole
        return Tongue(code, found.flat(), c2py(found.plural), found.name)

    def compile(self, code: str) -> bytes:
        """The compiled copy of a catalog, for the flows as they are."""
        po = self.po(code)
        editions: dict[bool, dict[str, str]] = {True: {}, False: {}}
        for name, flow in self.flows.items():
            editions[_has_all(po.messages, flow.messages())][name] = flow.edition
        return compiled.written(
            self.path(code).read_bytes(), self.tongue(code), po.plural, editions[True], editions[False]
        )

    def whole(self, code: str) -> frozenset[str]:
        """Ids of the flows that have every message in a language."""
        if code in {ENGLISH, PseudoTongue.CODE}:
            return frozenset(self.flows)
        if code not in self._whole:
            self._whole[code] = frozenset(name for name in self.flows if self._is_whole(code, name))
        return self._whole[code]

    def _is_whole(self, code: str, name: str) -> bool:
        messages = self.tongue(code).messages
        if (code, name) not in self._has:
            self._has[code, name] = _has_all(messages, self.flows[name].messages())
        return self._has[code, name]

    def _core_is_whole(self, code: str) -> bool:
        if code == ENGLISH:
            return True
        own = ((words.CONTEXT, text) for text in words.every())
        return _has_all(self.tongue(code).messages, own) and all(
            self._is_whole(code, name) for name in CORE if name in self.flows
        )

    def core_words(self, text: str, language: str | None) -> Mapping[str, str]:
        """The lines of one of our word lists, folded, with their language; of every language while none is chosen."""
        if (text, language) not in self._words:
            codes: Iterable[str] = self.offered() if language is None else (language,)
            found = {line: code for code in codes for line in self.tongue(code).folded(text)}
            self._words[text, language] = found
        return self._words[text, language]

    def phrases(self, text: str, language: str | None) -> Phrases:
        """The same, to look for in a longer message."""
        if (text, language) not in self._phrases:
            self._phrases[text, language] = Phrases(self.core_words(text, language))
        return self._phrases[text, language]


def _told_apart(code: str, messages: Messages) -> Messages:
    """Messages as they are shown: in one that runs from right to left, what runs the other way is isolated.

    Lists of what people type are left as they are.
    """
    if Locale.parse(code, sep="-").text_direction != "rtl":
        return messages
    return {key: said if "\n" in key[1] else _runs_apart(said) for key, said in messages.items()}


def _runs_apart(said: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return runs_apart(said) if isinstance(said, str) else tuple(map(runs_apart, said))


def _has_all(messages: Messages, wanted: Iterable[tuple[str, str]]) -> bool:
    return all(message in messages for message in wanted)
