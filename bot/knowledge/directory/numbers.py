"""Whether a number can be dialled where a service is. For an operator's commands: `phonenumbers` is an extra."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NoReturn

from bot.knowledge.places import ANYWHERE, UNIONS

try:
    import phonenumbers
except ImportError:
    phonenumbers = None  # type: ignore[assignment]

_WRITTEN = re.compile(r"\+?[0-9][0-9 ()./-]*|\([0-9][0-9 ()./-]*")
_USSD = re.compile(r"\*[0-9][0-9*]{1,12}#")
_SHORT = range(2, 7)
"""A short code has so many digits, and is dialled as it stands: 016, 988, 116 006."""

WIDE = frozenset({*UNIONS, ANYWHERE})
"""Places that have no numbers of their own: one is written with its plus there."""


class MissingError(Exception):
    """The library that knows the numbers of every country is not installed."""


def needed() -> None:
    """Raises `MissingError` unless numbers can be checked."""
    if phonenumbers is None:
        _missing()


def countries(places: Iterable[str]) -> tuple[str, ...]:
    """The countries that places lie in, each once; none for the European Union, the Council of Europe or anywhere."""
    return tuple(dict.fromkeys(place.partition("-")[0] for place in places if place not in WIDE))


def wrong(number: str, where: Collection[str], kind: str = "voice") -> str:
    """What is wrong with a number in the countries `where`; empty where nothing is.

    A number on WhatsApp need only have a length that is possible: it may be older than the numbering plan.
    """
    if phonenumbers is None:
        _missing()
    digits = re.sub(r"\D", "", number)
    if _USSD.fullmatch(number) or (_WRITTEN.fullmatch(number) and "+" not in number and len(digits) in _SHORT):
        return ""
    if not _WRITTEN.fullmatch(number):
        return "is no number as one dials it: digits, spaces, and a plus before the country"
    if not where and not number.startswith("+"):
        return "must begin with a plus and the country, as its place is more than one country"
    reasons = [_wrong_in(number, country, kind) for country in where] or [_wrong_in(number, None, kind)]
    return "" if "" in reasons else reasons[0]


def _wrong_in(number: str, country: str | None, kind: str) -> str:
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return f"is no number of {country}" if country else "is no number of any country"
    if country and parsed.country_code != phonenumbers.country_code_for_region(country):
        return f"is a number of another country than {country}"
    if kind == "whatsapp" and phonenumbers.is_possible_number(parsed):
        return ""
    if country and phonenumbers.is_valid_number_for_region(parsed, country):
        return ""
    if phonenumbers.is_valid_number(parsed):
        region = phonenumbers.region_code_for_number(parsed)
        return f"is a number of {region}, not of {country}" if country and region not in {None, "001"} else ""
    return f"has too few or too many digits, or a beginning that {country or 'no country'} does not use"


def same(number: str, country: str | None) -> str:
    """A number in the one form in which it can be compared with others."""
    if phonenumbers is None:
        _missing()
    digits = re.sub(r"\D", "", number)
    if len(digits) in _SHORT or _USSD.fullmatch(number):
        return f"{country} {number if '*' in number else digits}"
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(number, country), phonenumbers.PhoneNumberFormat.E164))
    except phonenumbers.NumberParseException:
        return digits


def _missing() -> NoReturn:
    how = "run `pip install -e '.[services]'` in the folder of Waymark"
    raise MissingError(f"the numbers of a country are checked with phonenumbers: {how}")
