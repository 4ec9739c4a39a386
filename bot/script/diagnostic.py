"""Numbered diagnostics: what is wrong, where, and the page that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CODES: Mapping[str, str] = {
    # The form of one file
    "W101": "a flow has one title, on its first line",
    "W102": "markup outside the format",
    "W103": "unknown comment",
    "W104": "unknown directive",
    "W105": "unknown guard",
    "W106": "not a plain name",
    "W107": "two states with one name",
    "W108": "unknown placeholder",
    "W109": "an answer is echoed outside a quote",
    "W110": "not a place a choice can lead to",
    "W111": "a checklist that does not hold together",
    "W112": "two lists in one state",
    "W113": "a file that cannot be read",
    "W114": "a state or a choice that says nothing",
    # Ways through a conversation
    "W201": "a choice leads to an unknown state",
    "W202": "a choice leads to an unknown flow",
    "W203": "a state that nothing leads to",
    "W204": "a dead end",
    "W205": "every way on depends on a condition",
    "W206": "no way on without typing",
    "W207": "two choices with one label",
    "W208": "an answer that nothing gives",
    "W209": "a value that nothing gives",
    "W210": "a flow that every conversation needs is missing",
    "W211": "a circle without a way out",
    "W212": "an unknown topic",
    "W213": "a phrase that names two flows, or none at all",
    "W214": "an older name that is in use",
    "W215": "an answer that is given in two ways",
    "W216": "a conversation leads into one that is for others",
    "W217": "a person is more than two choices away",
    "W218": "a place is kept where that may not be possible",
    # What is said
    "W301": "a label that is too long",
    "W302": "too much to read on one screen",
    "W303": "too many choices on one screen",
    "W304": "a card that is too long",
    "W305": "a sentence that is too long",
    "W306": "words we do not use",
    "W307": "a number or an address in translatable text",
    "W308": "an exit word that something else uses",
    "W309": "an exclamation mark or a picture",
    "W310": "two views that are not of one weight",
    "W311": "a contested screen without its ways out",
    "W312": "an order on a contested screen",
    "W313": "a screen that begins with a word others must not see",
    "W314": "harder to read than it need be",
    "W315": "a run of words from a guide",
    "W316": "words to copy that speak to somebody",
    "W317": "an item of guidance that nothing delivers, or that is none",
    "W318": "hard words that cannot be passed by",
    # What we know
    "W401": "an entry without something it must have",
    "W402": "an entry with a value that cannot be",
    "W403": "an entry whose day to be checked again has passed",
    "W404": "a review of words that are no longer said",
    # Catalogs
    "W501": "a translation with other placeholders",
    "W502": "a catalog that cannot be read",
    "W503": "plural forms of another language",
    "W504": "a number or an address in a translation",
    "W505": "marks that the English has not",
    "W506": "characters that cannot be seen, or letters of another alphabet",
    "W507": "a translated label or title that is too long",
    "W508": "too much to read on one screen in another language",
    "W509": "a translated sentence that is too long",
    "W510": "words that leave are missing, or something else uses them",
    "W511": "too few words for a crisis",
    "W512": "a translated phrase that names two conversations",
    "W513": "two choices that read the same in a translation",
    "W514": "a translation that begins with a word others must not see",
    "W515": "English where a translation should be",
    "W516": "an exclamation mark or a picture in a translation",
}
"""Every diagnostic by its number. Each has a page of that name in `docs/diagnostics/`."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One thing to mend. `line` counts from 1; 0 stands for the whole file."""

    path: Path
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        path = self.path.relative_to(Path.cwd()) if self.path.is_relative_to(Path.cwd()) else self.path
        name = str(path).encode("utf-8", "backslashreplace").decode()  # a name on a disk need not be text
        where = f"{name}:{self.line}" if self.line else name
        return f"{where}: {self.code} {CODES[self.code]}: {self.message}"


class Report:
    """Diagnostics as they are found; nothing stops at the first."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def say(self, code: str, path: Path, line: int, message: str) -> None:
        """Add one diagnostic; saying the same twice adds nothing."""
        diagnostic = Diagnostic(path, line, code, message)
        if diagnostic not in self.found:
            self.found.append(diagnostic)

    def __bool__(self) -> bool:
        return bool(self.found)

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in sorted(self.found))


class BadContentError(Exception):
    """What is to be shown to people does not pass; carries every diagnostic."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report
