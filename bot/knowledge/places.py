"""Places: countries by their CLDR names in any language, regions by `content/places/`, and never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources.abc import Traversable

from babel import Locale, UnknownLocaleError

from bot.knowledge.entries import Reader
from bot.plain import fold, slips

UNIONS = frozenset({"EU", "COE"})
"""Wider than a country: the European Union and the Council of Europe."""


ANYWHERE = "INT"
"""Every place lies in it: for guides and directories that are of use anywhere."""

WIDELY = (
    "ar", "bg", "bn", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko",
    "lt", "nl", "no", "pl", "ps", "pt", "ro", "ru", "so", "sq", "sr", "sv", "sw", "th", "ti", "tr", "uk", "ur", "vi",
    "zh",
)  # fmt: skip
"""Languages in which the name of a country is known too, to somebody who talks with us in another."""

_BEGINNING = 3
"""So many letters are enough to offer the names that begin with them."""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of `content/places/`."""

    code: str
    parent: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    typed: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    split: bool = False
    button: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What typed text may mean: one place, or several to choose from, or nothing."""

    codes: tuple[str, ...] = ()
    sure: bool = True

    @property
    def one(self) -> str:
        """The place, where there is just one and it was named without a slip: the rest is asked, never guessed."""
        return self.codes[0] if self.sure and len(self.codes) == 1 else ""


class Places:
    """Names of places, what lies in what, and what somebody may have typed for them."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_code = {place.code: place for place in places}
        self._index = lru_cache(maxsize=32)(self._make_index)

    def knows(self, code: str) -> bool:
        """Whether `code` is a place of ours, a union, or a country."""
        return code in self._by_code or code in UNIONS or code in _territories("en")

    def chain(self, code: str | None) -> tuple[str, ...]:
        """The place, what it lies in, and the unions it belongs to; empty for no place."""
        chain: list[str] = []
        while code:
            chain.append(code)
            code = self._by_code[code].parent if code in self._by_code else code.partition("-")[0] * ("-" in code)
        unions = [union for step in chain if step in self._by_code for union in self._by_code[step].within]
        return tuple(dict.fromkeys((*chain, *unions, ANYWHERE))) if chain else ()

    def name(self, code: str, language: str) -> str:
        """The name of a place in a language, in English where that language has none for it."""
        place = self._by_code.get(code)
        if place and place.names:
            return (
                place.names.get(language) or place.names.get(language.partition("-")[0]) or place.names.get("en", code)
            )
        return _territories(language).get(code) or _territories("en").get(code, code)

    def buttons(self) -> tuple[str, ...]:
        """The places offered before anything is typed."""
        offered = [place for place in self._by_code.values() if place.button and not place.parent]
        return tuple(place.code for place in sorted(offered, key=lambda place: int(place.button)))

    def narrow(self, code: str) -> tuple[str, ...]:
        """The parts of a place to choose from, and the place itself last where it may be chosen whole.

        Where some parts have a button, the others are there to be typed.
        """
        parts = [place for place in self._by_code.values() if place.parent == code]
        offered = tuple(place.code for place in parts if place.button) or tuple(place.code for place in parts)
        return offered if not parts or self._by_code[code].split else (*offered, code)

    def find(self, text: str, language: str) -> Found:
        """What `text` may mean: an exact name, a name within a slip or two, or the beginning of several."""
        wanted = fold(text)
        index = self._index(language)
        exact = index.get(wanted)
        if exact:
            return Found(exact)
        near: dict[str, int] = {}
        for name, codes in index.items():
            distance = slips(wanted, name)
            if distance is not None:
                for code in codes:
                    near[code] = min(distance, near.get(code, distance))
        if near:
            return Found(tuple(sorted(near, key=lambda code: (near[code], code))), sure=False)
        elsewhere = tuple(dict.fromkeys(code for tongue in WIDELY for code in _named(tongue).get(wanted, ())))
        if elsewhere:
            return Found(elsewhere)
        begun = (codes for name, codes in index.items() if len(wanted) >= _BEGINNING and name.startswith(wanted))
        return Found(tuple(dict.fromkeys(code for codes in begun for code in codes)), sure=False)

    def _make_index(self, language: str) -> dict[str, tuple[str, ...]]:
        """Every typed name and the places it may mean."""
        index: dict[str, tuple[str, ...]] = {}

        def add(name: str, code: str) -> None:
            word = fold(name)
            if word and code not in index.get(word, ()):
                index[word] = (*index.get(word, ()), code)

        for place in self._by_code.values():
            for name in (*place.names.values(), *place.typed):
                add(name, place.code)
            if "-" in place.code:
                add(place.code, place.code)
        for tongue in dict.fromkeys((language, "en")):
            for code, name in _territories(tongue).items():
                add(name, code)
        return index


@lru_cache(maxsize=64)
def _named(language: str) -> Mapping[str, tuple[str, ...]]:
    """Countries by their folded names in a language."""
    found: dict[str, tuple[str, ...]] = {}
    for code, name in _territories(language).items():
        found[fold(name)] = (*found.get(fold(name), ()), code)
    return found


@lru_cache(maxsize=64)
def _territories(language: str) -> Mapping[str, str]:
    """Countries by ISO code, in a language; English where CLDR does not know it."""
    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale.parse("en")
    return {code: name for code, name in locale.territories.items() if len(code) == 2 and code not in _NOT_COUNTRIES}  # noqa: PLR2004 - ISO 3166-1


_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def read_places(folder: Traversable, reader: Reader) -> Places:
    """The places in `folder`; a parent that is not there is a problem."""
    places: dict[str, Place] = {}
    for fields in reader.entries(folder, "place"):
        place = Place(
            code=fields.text("code"),
            parent=fields.text("parent", optional=True),
            names=fields.table("name"),
            typed=fields.texts("typed"),
            within=fields.texts("within"),
            split=fields.text("split", optional=True) == "yes",
            button=fields.text("button", optional=True),
        )
        if ("-" in place.code or place.names) and "en" not in place.names:
            fields.problem("a region, or a place with names, has its English one: [place.name] en = …", missing=True)
        if place.code in places:
            fields.problem("the code stands somewhere already")
        if place.parent and place.parent not in places:
            fields.problem(f"its parent `{place.parent}` must stand before it")
        if place.button and not place.button.isdecimal():
            fields.problem("`button` is its number in the list")
        fields.done()
        places[place.code] = place
    return Places(places.values())
