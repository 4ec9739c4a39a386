"""One value of a file, made clean or refused: what is let in here is shown to people who trust it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale

from bot.knowledge.directory.refusal import excerpt

Value = str | float
Kind = Callable[[object], Value]
"""Makes a value clean. Raises `ValueError` with the reason, which follows the name of its column."""

_HTML = re.compile(r"<[a-z!/?]|&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});", re.IGNORECASE)
_SCRIPT = re.compile(r"\]\s*\(|\b(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
_SQL = re.compile(
    r"""['"`)]\s*(?:;|--|/\*)|;\s*(?:drop|delete|insert|update|alter|create|attach|pragma|select)\b"""
    r"""|['"]\s*(?:or|and)\s+['"\d].*=|\bunion\s+(?:all\s+)?select\b""",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{\{|\{%|\$\{|\{[a-z_.]+\}")
_FORMULA = ("=", "@", "+", "|")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9.-]{3,190})")
_IDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TIME = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)(?::00)?")
_DAYS = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
_JOINERS = "\u200c\u200d"
_MARKS = 4
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
_LONGEST_URL = 300
_LONGEST_NUMBER = 24
_TYPES = {
    "voice": "voice", "phone": "voice", "cell": "voice", "mobile": "voice", "hotline": "voice", "toll-free": "voice",
    "tty": "tty", "textphone": "tty", "text": "text", "sms": "text", "whatsapp": "whatsapp",
    "fax": "fax", "pager": "fax", "video": "fax",
}  # fmt: skip
INTERVAL = timedelta(days=90)
"""Between two checks of a number."""


def plain(value: object) -> str:
    """A text without ends of lines at its ends, in one Unicode form, and with nothing in it that cannot be seen."""
    if not isinstance(value, str):
        raise ValueError(f"must be a text, not {_kind(value)}")  # noqa: TRY004 - one kind of refusal
    for at, char in enumerate(value):
        category = unicodedata.category(char)
        if category == "Cs":
            raise ValueError("has half a character in it: the file was cut or mixed up on its way")
        if category == "Cf" and char in _JOINERS and 0 < at < len(value) - 1 and value[at - 1] > "\u0400":
            continue
        if category[0] == "C" and char not in "\t\r\n":
            what = "turns the direction of the text" if unicodedata.bidirectional(char) in _TURNS else "cannot be seen"
            raise ValueError(f"has a character in it that {what} (U+{ord(char):04X}); take it out")
    return unicodedata.normalize("NFC", value).strip()


_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "L", "R", "AL"})


def text(value: object, longest: int, *, lines: bool = False) -> str:
    """Words to be shown: nothing a browser, a database, a spreadsheet or a template would take for its own."""
    found = plain(value)
    if not found:
        raise ValueError("is empty")
    if len(found) > longest:
        raise ValueError(f"has {len(found)} characters; {longest} fit on a screen")
    if not lines and re.search(r"[\t\r\n\u2028\u2029]", found):
        raise ValueError("goes over more than one line")
    for pattern, what in (
        (_HTML, "HTML in it; write plain words, and & as it is"),
        (_SCRIPT, "a link or a script in it; a link has a column of its own"),
        (_SQL, "what looks like a command to a database in it"),
        (_TEMPLATE, "a placeholder in braces in it"),
    ):
        if pattern.search(found):
            raise ValueError(f"has {what}: {excerpt(found)}")
    if found.startswith(_FORMULA):
        raise ValueError(f"begins like a formula of a spreadsheet: {excerpt(found)}")
    if not found.isascii():
        _readable(found)
    return re.sub(r"\s+", " ", found)


def prose(value: object, longest: int) -> str:
    """Words that may go over several lines; they are shown as one."""
    return text(value, longest, lines=True)


def name(value: object, longest: int = 120) -> str:
    """A name; a number or an address in its place means that columns are swapped."""
    found = title(value, longest)
    if not any(char.isalpha() for char in found):
        raise ValueError(f"is no name but {excerpt(found)}; are two columns swapped?")
    return found


def title(value: object, longest: int = 120) -> str:
    """The name of a service, which may be its number, as 016 is."""
    found = text(value, longest)
    if _ADDRESS.match(found) or found.lower().startswith("www.") or _EMAIL.fullmatch(found):
        raise ValueError(f"is an address, not a name: {excerpt(found)}; are two columns swapped?")
    return found


def code(value: object) -> str:
    """An id: letters, digits, dots and dashes, 64 at most."""
    found = plain(value)
    if not _IDENT.fullmatch(found):
        raise ValueError(f"is no id (letters, digits, dot, dash; 64 at most): {excerpt(found)}")
    return found


def number(value: object, least: float, most: float) -> float:
    """A number within bounds."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"must be a number, not {_kind(value)}")  # noqa: TRY004 - the same
    if not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"must lie between {least:g} and {most:g}")
    return float(value)


def dialled(value: object) -> str:
    """A number as one dials it; whether it is one at all depends on where."""
    found = plain(value)
    if not found or len(found) > _LONGEST_NUMBER:
        raise ValueError(f"is no number: {excerpt(found)}")
    return found


def phone_type(value: object) -> str:
    """What a number is for; those that nobody can talk or write to are `fax`."""
    found = _TYPES.get(plain(value).casefold())
    if not found:
        raise ValueError(f"is none of {', '.join(_TYPES)}: {excerpt(value)}")
    return found


def country(value: object) -> str:
    """A country by its two letters."""
    found = plain(value).upper()
    if found not in Locale("en").territories or not found.isalpha():
        raise ValueError(f"is no country; write two letters, such as GB, not {excerpt(value)}")
    return found


def url(value: object) -> str:
    """An address on the web: nobody's login, no bare machine, no letters that only look alike."""
    found = plain(value)
    if len(found) > _LONGEST_URL:
        raise ValueError(f"has {len(found)} characters; {_LONGEST_URL} are the most")
    if not _ADDRESS.match(found):
        raise ValueError(f"must begin with https:// or http://, not {excerpt(found)}")
    if not found.isascii() or re.search(r"[\s<>\"'\\^`{|}]", found):
        raise ValueError(f"has letters or signs in it that no web address has: {excerpt(found)}")
    try:
        parts = urlsplit(found)
        port = parts.port
    except ValueError:
        raise ValueError(f"is no web address: {excerpt(found)}") from None
    if "@" in parts.netloc or port is not None or not _HOST.fullmatch((parts.hostname or "").lower()):
        raise ValueError(f"names no site of its own: {excerpt(found)}")
    return found


def email(value: object) -> str:
    """An e-mail address."""
    found = plain(value)
    match = _EMAIL.fullmatch(found)
    if not match or not _HOST.fullmatch(match[1].lower()):
        raise ValueError(f"is no e-mail address: {excerpt(found)}")
    return found


def day(value: object) -> str:
    """A day, such as 2026-11-20; a time after it is left out."""
    found = plain(value)
    try:
        return date.fromisoformat(found[:10] if found[10:11] == "T" else found).isoformat()
    except ValueError:
        raise ValueError(f"must be a day, such as 2026-11-20, not {excerpt(found)}") from None


def later(checked_on: str) -> str:
    """The day by which a number is checked again, where nobody says another."""
    return (date.fromisoformat(checked_on) + INTERVAL).isoformat()


def time(value: object) -> str:
    """A time of day, such as 09:30."""
    found = plain(value)
    match = _TIME.fullmatch(found)
    if not match:
        raise ValueError(f"must be a time, such as 09:30, not {excerpt(found)}")
    return match[1]


def days(value: object) -> str:
    """Days of the week, such as MO,TU."""
    found = plain(value).replace(" ", "")
    if not found or not set(found.split(",")) <= _DAYS:
        raise ValueError(f"must be days such as MO,TU,WE, not {excerpt(found)}")
    return found


def timezone(value: object) -> str:
    """A timezone by its name. Whole hours, which HSDS has, become the name of that offset."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 12 and value == int(value):  # noqa: PLR2004 - hours
        return f"Etc/GMT{-int(value):+d}" if value else "Etc/UTC"
    found = plain(value)
    try:
        ZoneInfo(found)
    except (ValueError, OSError, KeyError):
        raise ValueError(f"is no timezone such as Europe/London: {excerpt(found)}") from None
    return found


def language(value: object) -> str:
    """A language by its code, such as cy or pt-BR, that CLDR knows."""
    found = plain(value).replace("_", "-")
    if not _tongue(found):
        raise ValueError(f"is no language that CLDR knows: {excerpt(found)}")
    return found


@lru_cache(maxsize=512)
def _tongue(tag: str) -> bool:
    base = tag.partition("-")[0].lower()
    try:
        return base in Locale("en").languages and bool(Locale.parse(tag, sep="-") if "-" in tag else base)
    except (ValueError, LookupError):
        return False


def one_of(value: object, allowed: tuple[str, ...]) -> str:
    """A word of a closed list."""
    found = plain(value)
    if found not in allowed:
        raise ValueError(f"is none of {', '.join(allowed)}: {excerpt(found)}")
    return found


def of(kind: Callable[..., Value], *arguments: object) -> Kind:
    """A kind with its bounds: ``of(text, 300)``."""
    return lambda value: kind(value, *arguments)


def _readable(found: str) -> None:
    """No heap of accents, and no word of two alphabets that look alike."""
    marks = 0
    for char in unicodedata.normalize("NFD", found):
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks >= _MARKS:
            raise ValueError("has a heap of accents on one letter")
    for word in re.findall(r"[^\W\d_]+", found):
        alphabets = {unicodedata.name(char, "").partition(" ")[0] for char in word} & _ALPHABETS
        if len(alphabets) > 1:
            raise ValueError(f"has a word in letters of two alphabets that look alike: {excerpt(word)}")


def _kind(value: object) -> str:
    kinds = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
        str: "a text",
    }
    return kinds.get(type(value), "nothing")
