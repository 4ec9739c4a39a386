"""One translated message beside its English: what no language may add, lose, or hide in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import permutations
from typing import Literal

from babel.core import get_global

from bot.plain import fold
from bot.script import form
from bot.script.wording import LABEL_ELSEWHERE, SENTENCE, addresses, bare, sentences, visible

TITLE = 45
"""The longest title in characters: it stands in the last line of every screen, and on a button."""

FEW_WORDS = 2
"""A translation of so many words may be its English letter by letter."""

MEANT_ALIKE = frozenset({"nda", "sms", "tty", "whatsapp", "telegram", "zine", "podcast", "ok", "e mail"})
"""Loan words, folded, that may stand as they are; names and placeholders may too."""

Found = tuple[str, str]
"""The number of a diagnostic, and its message."""

Kind = Literal["said", "label", "title", "list"]
"""What a message is: a list holds words and phrases that people type, one a line."""

_JOINING = frozenset({"bn", "ckb", "fa", "gu", "hi", "kn", "ku", "ml", "mr", "ne", "pa", "ps", "si", "ta", "te", "ur"})
"""Languages in which a letter that cannot be seen tells others how to join."""

_HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U000e0000-\U0010ffff]"
)
"""What cannot be seen: controls, marks of direction, joiners, fillers, tags, private and half characters."""

_PICTURE = re.compile(
    "[!\xa1\uff01\u203c\u2049\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u2bff\U0001f000-\U0001faff]"
)
_MARKUP = re.compile(r"</?[a-z!]|&#?\w+;|`|__|\] ?\[|!\[", re.IGNORECASE)
_LINK = re.compile(r"\]\s*\(([^)]*)\)?")
_LONG_NUMBER = 3
_SCRIPTS = {
    "Latn": "A-Za-z\xaa\xba\xc0-\xd6\xd8-\xf6\xf8-\u024f\u1e00-\u1eff\uff21-\uff5a",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Cyrl": "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    "Armn": "\u0530-\u058f",
    "Hebr": "\u0590-\u05ff",
    "Arab": "\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06de-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff"
    "\ufb50-\ufdff\ufe70-\ufefe",
}


@cache
def _letters_of(script: str) -> re.Pattern[str]:
    return re.compile(f"[{_SCRIPTS[script]}]")


@cache
def _mixed() -> re.Pattern[str]:
    """A letter of one script beside a letter of another, in one word. Made only where a catalog is checked: 4 ms."""
    return re.compile("|".join(f"[{one}][{other}]" for one, other in permutations(_SCRIPTS.values(), 2)))


def script_of(language: str) -> str:
    """The script a language is written in, as CLDR has it, such as Latn."""
    likely: Mapping[str, str] = get_global("likely_subtags")
    code = language.replace("-", "_")
    full = likely.get(code) or likely.get(code.partition("_")[0], "")
    return next((part for part in (*code.split("_"), *full.split("_")) if len(part) == 4 and part.isalpha()), "Latn")  # noqa: PLR2004 - ISO 15924


def check_message(english: str, said: str, language: str, kind: Kind) -> Iterator[Found]:
    """What is wrong with `said` for `english`."""
    listed = kind == "list"
    if set(form.PLACEHOLDER.findall(english)) - {"count"} != set(form.PLACEHOLDER.findall(said)) - {"count"}:
        yield "W501", f"the English has {_named(english)}; here stands {_named(said)}"
    yield from _number(said, listed=listed)
    yield from _marks(english, said, listed=listed)
    yield from _letters(said, language)
    length = len(visible(said))
    if kind == "label" and length > LABEL_ELSEWHERE:
        yield "W507", f"{length} characters, {LABEL_ELSEWHERE} at most: {_brief(said)}"
    if kind == "title" and length > TITLE:
        yield "W507", f"{length} characters, {TITLE} at most for a title: {_brief(said)}"
    if not listed:
        for sentence in sentences(said):
            if len(sentence.split()) > SENTENCE:
                yield "W509", f"{len(sentence.split())} words, {SENTENCE} at most: {_brief(sentence)}"
        if said == english and _untold(english):
            yield "W515", f"this is the English: {_brief(english)}"


def _named(text: str) -> str:
    return " ".join(f"{{{name}}}" for name in sorted(set(form.PLACEHOLDER.findall(text)))) or "none"


def _brief(text: str) -> str:
    shown = _HIDDEN.sub("\ufffd", text)
    return shown if len(shown) <= 40 else f"{shown[:40]}\u2026"  # noqa: PLR2004 - enough to find it by


def _number(said: str, *, listed: bool) -> Iterator[Found]:
    """Numbers and addresses. In what people type a few digits may be letters: Arabic in Latin letters has them."""
    digits = sum(character.isdigit() for character in bare(said))
    most = max((sum(map(str.isdigit, line)) for line in said.split("\n")), default=0)
    if most >= _LONG_NUMBER or (digits and not listed):
        yield "W504", f"a number: {_brief(said)}"
    elif addresses(said):
        yield "W504", f"an address: {_brief(said)}"


def _marks(english: str, said: str, *, listed: bool) -> Iterator[Found]:
    if english.count("**") != said.count("**"):
        yield "W505", f"`**` stands {english.count('**')} times in the English and {said.count('**')} times here"
    if sorted(_LINK.findall(english)) != sorted(_LINK.findall(said)):
        yield "W505", f"other links than in the English: {_brief(said)}"
    if _MARKUP.search(said) and not _MARKUP.search(english):
        yield "W505", f"a mark that the English has not: {_brief(said)}"
    if "\n" in said and "\n" not in english and not listed:
        yield "W505", f"a line break: {_brief(said)}"
    if _PICTURE.search(said) and not _PICTURE.search(english):
        yield "W516", _brief(said)


def _letters(said: str, language: str) -> Iterator[Found]:
    bare_of_joiners = re.sub(r"(?<=[\u0600-\u0dff])[\u200c\u200d]", "", said) if _base(language) in _JOINING else said
    hidden = _HIDDEN.search(bare_of_joiners)
    if hidden:
        yield "W506", f"U+{ord(hidden[0]):04X} cannot be seen: {_brief(said)}"
    mixed = _mixed().search(said)
    if mixed:
        yield "W506", f"`{mixed[0]}` is of two alphabets: {_brief(said)}"
    own = {"Latn", script_of(language)}
    for name in _SCRIPTS:
        other = _letters_of(name).search(said) if name not in own else None
        if other:
            yield "W506", f"`{other[0]}` is of another alphabet than the language: {_brief(said)}"


def _base(language: str) -> str:
    return language.partition("-")[0]


def _untold(english: str) -> bool:
    """Whether a text has so many words of its own that no language says it in the same."""
    words = [word for word in fold(bare(visible(english))).split() if word not in MEANT_ALIKE]
    return len(words) > FEW_WORDS
