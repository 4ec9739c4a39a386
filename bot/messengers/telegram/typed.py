"""What somebody typed, without what they cannot see: in one form, and without tricks of direction."""

from __future__ import annotations

import unicodedata

LIMIT = 4_096
"""The most characters a message of Telegram holds, by its own words."""

MARKS = 10
"""The most accents on one letter that are kept: no script has more, and thousands take long to put in order."""

_KEPT = {"\n", "\t"}
_HALF = "\ufffd"
"""What stands for half a character once its update could be read."""

_JOINERS = {"\u200c", "\u200d"}
_JOINED_SCRIPTS = range(0x0590, 0x1E00)
"""From Hebrew to the last of the scripts before Latin goes on: in those, a joiner changes what a word says."""

_PICTURE = "\ufe0f"


def cleaned(text: str) -> str:
    """The text in NFC, without controls, halves of characters, and invisible marks.

    Joiners stay between letters of scripts that need them, and within one picture made of several.
    """
    if text.isascii():
        return "".join(character for character in text if character.isprintable() or character in _KEPT)
    found: list[str] = []
    marks = 0
    for at, character in enumerate(text):
        category = unicodedata.category(character)
        if category[0] == "M":
            marks += 1
            if marks > MARKS:
                continue
        else:
            marks = 0
        if character in _JOINERS:
            if not _joins(text[at - 1 : at], text[at + 1 : at + 2]):
                continue
        elif (category in {"Cc", "Cf", "Cs"} and character not in _KEPT) or character == _HALF:
            continue
        found.append(character)
    return unicodedata.normalize("NFC", "".join(found))


def _joins(before: str, after: str) -> bool:
    """Whether a joiner between these two is part of how something is written."""
    if not before or not after:
        return False
    if ord(before) in _JOINED_SCRIPTS and ord(after) in _JOINED_SCRIPTS:
        return unicodedata.category(before)[0] in "LM" and unicodedata.category(after)[0] in "LM"
    return (before == _PICTURE or unicodedata.category(before)[0] == "S") and unicodedata.category(after) == "So"
