"""What every peer says: twelve states, a checklist, a typed answer, two languages."""

from __future__ import annotations

STATES = 12
TICKS, LABEL = 5, 8
ITEMS = ("one", "two", "three", "four")
WORDS = {
    "en": {
        "said": "This is screen {} of the dialogue. It says one thing.",
        "where": "You are in: talk",
        "go": "{}. Go {}",
        "line": "{}{}. Line {}",
        "fixed": ("Leave", "Back", "Help"),
        "hello": "Hello.",
        "in": "1. In",
    },
    "en-XA": {
        "said": "[Ŧħīş īş şȼřḗḗƞ {} ǿƒ ŧħḗ ḓīȧŀǿɠŭḗ. Īŧ şȧẏş ǿƞḗ ŧħīƞɠ.]",
        "where": "[Ẏǿŭ ȧřḗ īƞ: talk]",
        "go": "{}. [Ɠǿ {}]",
        "line": "{}{}. [Ŀīƞḗ {}]",
        "fixed": ("[Ŀḗȧṽḗ]", "[Ɓȧȼķ]", "[Ħḗŀƥ]"),
        "hello": "[Ħḗŀŀǿ.]",
        "in": "1. [Īƞ]",
    },
}
Row = list[tuple[str, str]]


def arrival(language: str) -> tuple[str, list[Row]]:
    """The first screen: its text, and rows of labels with what they carry."""
    words = WORDS[language]
    return str(words["hello"]), [[(str(words["in"]), "in")], _fixed(language)]


def screen(state: int, ticked: frozenset[str], language: str) -> tuple[str, list[Row]]:
    """A screen: its text, and rows of labels with what they carry."""
    words, rows = WORDS[language], []
    if state == TICKS:
        for number, item in enumerate(ITEMS, 1):
            mark = "[x] " if item in ticked else "[ ] "
            rows.append([(str(words["line"]).format(mark, number, item), f"tick:{item}")])
    before = len(rows)
    rows += [[(str(words["go"]).format(before + choice + 1, "abc"[choice]), f"go:{choice}")] for choice in range(3)]
    text = str(words["said"]).format("abcdefghijkl"[state]) + "\n\n" + str(words["where"])
    return text, [*rows, _fixed(language)]


def _fixed(language: str) -> Row:
    return list(zip(WORDS[language]["fixed"], ("leave", "back", "help"), strict=True))


def after(state: int, choice: int) -> int:
    """Where a choice leads."""
    return (state + choice + 1) % STATES
