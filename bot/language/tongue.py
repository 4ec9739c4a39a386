"""One language: its messages, and how it writes dates, lists and names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.language.direction import apart, isolated
from bot.language.words import CONTEXT
from bot.plain import fold

_FIELD = re.compile(r"\{([a-z_.0-9]+)\}")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+\Z")
_ISO_MONTH = re.compile(r"\d{4}-\d\d\Z")
_SOUNDS_I = re.compile(r"(?:h?[i\u00ed])(?![aeou\u00e1\u00e9\u00f3\u00fa])", re.IGNORECASE)
"""Before such a word Spanish says *e* for *and*: *español e inglés*, but *agua y hielo*."""

Messages = Mapping[tuple[str, str], str | tuple[str, ...]]
"""Translations by context and English text; a plural has one per form."""


class Tongue:
    """A language to speak. English is the text itself; anything missing falls back to it."""

    def __init__(self, code: str, messages: Messages, plural: Callable[[int], int], name: str = "") -> None:
        self.code = code
        self._name = name
        self.messages = messages
        self._folded: dict[str, tuple[str, ...]] = {}
        self._plural = plural
        try:
            self.locale = Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            self.locale = Locale.parse("en")
        # English of no country: the day before the month, so that nobody reads one for the other.
        self._days = Locale.parse("en_001") if self.locale.language == "en" else self.locale

    @cached_property
    def right_to_left(self) -> bool:
        """Whether it is written from right to left. Asked only where it is spoken: CLDR takes 5 ms to tell."""
        return self.locale.text_direction == "rtl"

    @property
    def name(self) -> str:
        """Its own name, in itself."""
        return self._name or self.locale.get_display_name(self.locale) or self.code

    def say(self, text: str, context: str = CONTEXT, /, **values: str) -> str:
        """The message in this language, with the named values put in; those of another direction are isolated."""
        found = self.messages.get((context, text), text) if text else ""
        said = found if isinstance(found, str) else found[0]
        return self._filled(said, values) if values else said

    def count(self, forms: tuple[str, str], number: int, **values: str) -> str:
        """A message that depends on a number, in the form the language has for it."""
        found = self.messages.get((CONTEXT, forms[0]))
        if isinstance(found, tuple):
            said = found[min(self._plural(number), len(found) - 1)]
        else:
            said = forms[0] if number == 1 else forms[1]
        return self._filled(said, {"count": str(number), **values})

    def _filled(self, said: str, values: Mapping[str, str]) -> str:
        return fill(said, {name: self.apart(value) for name, value in values.items()})

    def lines(self, text: str) -> tuple[str, ...]:
        """A message of ours with a word or phrase a line."""
        return tuple(line for line in self.say(text).split("\n") if line)

    def folded(self, text: str) -> tuple[str, ...]:
        """The same, as typed text is compared."""
        if text not in self._folded:
            self._folded[text] = tuple(filter(None, map(fold, self.lines(text))))
        return self._folded[text]

    def day(self, day: date) -> str:
        """A date, written out."""
        return str(format_date(day, "long", locale=self._days))

    def value(self, text: str) -> str:
        """A value of a fact: an ISO day or month is written out, a number as the language groups it, all else stays."""
        if _ISO_DAY.match(text):
            return self.day(date.fromisoformat(text))
        if _ISO_MONTH.match(text):
            return str(format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=self.locale))
        if _GROUPED.match(text):
            return str(format_decimal(int(text.replace(",", "")), locale=self.locale))
        return text

    def listed(self, items: tuple[str, ...]) -> str:
        """Several things in one sentence."""
        said = str(format_list(items, locale=self.locale)) if items else ""
        if self.locale.language == "es" and len(items) > 1 and _SOUNDS_I.match(items[-1]):
            return f"{said.removesuffix(f' y {items[-1]}')} e {items[-1]}"  # CLDR knows it, Babel does not
        return said

    def language_name(self, code: str) -> str:
        """What another language is called in this one."""
        return str(self.locale.languages.get(code.partition("-")[0], code))

    def apart(self, text: str) -> str:
        """A name, a number or an address, isolated where it runs the other way than this language."""
        return apart(text, right_to_left=self.right_to_left)

    @staticmethod
    def isolated(text: str) -> str:
        """Text from elsewhere, unable to turn the direction of what is around it."""
        return isolated(text)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put known ``{name}``s in, and nothing else: a translation is never a format string."""
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)


def pseudo(text: str) -> str:
    """English as no language writes it: accented, longer, in brackets, with its placeholders and marks untouched."""
    return "\n".join(_pseudo_line(line) for line in text.split("\n"))


_ACCENTS = str.maketrans("aceinosuyACEINOSUY", "\u00e1\u00e7\u00e9\u00ed\u00f1\u00f3\u0161\u00fa\u00fd\u00c1\u00c7\u00c9\u00cd\u00d1\u00d3\u0160\u00da\u00dd")  # fmt: skip  # noqa: E501
_PARTS = re.compile(r"(\{[^{}]*\}|\]\([^)]*\))")
_STRETCH = 6


def _pseudo_line(line: str) -> str:
    if not line:
        return line
    accented = "".join(part if part[:1] in "{]" and part else part.translate(_ACCENTS) for part in _PARTS.split(line))
    return f"[{accented}{'~' * (len(line) // _STRETCH)}]"


class PseudoTongue(Tongue):
    """The pseudo-locale: shows what was never marked for translation, and what a longer language does to a page."""

    CODE = "en-XA"

    def __init__(self) -> None:
        super().__init__(self.CODE, {}, lambda number: int(number != 1))

    def say(self, text: str, context: str = CONTEXT, /, **values: str) -> str:
        """See `Tongue.say`."""
        del context
        return fill(pseudo(text), values)

    def count(self, forms: tuple[str, str], number: int, **values: str) -> str:
        """See `Tongue.count`."""
        return fill(pseudo(forms[int(number != 1)]), {"count": str(number), **values})
