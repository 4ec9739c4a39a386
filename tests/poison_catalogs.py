"""Bad catalogs: each is a good one with one thing wrong in it."""

# ruff: noqa: E501 - one poison a line

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog

from bot.engine.flow import Flow
from bot.language import words
from bot.language.tongue import pseudo
from bot.script.catalog import as_text

FLOWS = {
    "arrival": '# Hello\n\n## start\nHello there.\n\n- [In](done: "remember role=survivor")\n',
    "menu": "# The list\n\n## start\nWhat would you like?\n\n- [A paper](paper.md)\n- [About this](about.md)\n",
    "urgent_danger": "# Help\n\n- i need help today\n\n## start\nHere is what can help.\n\n"
    "- [I can talk](#talk)\n- [I cannot talk](#talk)\n\n## talk\nHere they are.\n\n{services.crisis}\n\n- [Done](done:)\n\n"
    "## danger\nHere is what can help.\n\n- [Done](done:)\n\n## alive\nHere is what can help.\n\n- [Done](done:)\n",
    "about": "# About\n\n- who made this\n\n## start\nThis is a **small** program.\n\n- [Done](done:)\n",
    "paper": "# A paper\n\n- they gave me a paper\n- a paper to read\n\n## start\nThere is **time**. "
    "Somebody has written about it [on a page](https://example.org/a).\n\nThey can answer. {when asked=yes}\n\n"
    '- [I have read it](#read "remember asked=yes")\n- [I have not](#read)\n\n## read\nYou could ask for more days.\n\n'
    "- [Start over](#start)\n- [Done](done:)\n",
}


def good(flows: Mapping[str, Flow], language: str = "es", leave_out: str = "") -> str:
    """A catalog with nothing wrong in it, in which every message is there, but for those of the context `leave_out`."""
    catalog = Catalog(locale=language, fuzzy=False)
    for flow in flows.values():
        for context, text in flow.messages():
            catalog.add(text, pseudo(text) if context != leave_out else "", context=context)
    plural = {text for pair in vars(words).values() if isinstance(pair, tuple) and len(pair) == 2 for text in pair}
    pairs = {pair[0]: pair for pair in vars(words).values() if isinstance(pair, tuple) and pair and pair[0] in plural}
    for text in words.every():
        if text in pairs:
            catalog.add(pairs[text], (pseudo(pairs[text][1]),) * catalog.num_plurals, context=words.CONTEXT)
        else:
            catalog.add(text, pseudo(text) if leave_out != words.CONTEXT else "", context=words.CONTEXT)
    return as_text(catalog)


@dataclass(frozen=True)
class Poison:
    """One bad catalog: what is done to the good one, and what is said of it; or that it counts as missing."""

    name: str
    spoil: Callable[[str], str | bytes]
    found: str

    def write(self, text: str, path: Path) -> None:
        spoilt = self.spoil(text)
        data = spoilt if isinstance(spoilt, bytes) else spoilt.encode("utf-8", "surrogatepass")
        assert data != text.encode(), self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def said(context: str, english: str, other: str) -> Callable[[str], str]:
    """The good catalog with another translation of one message."""

    def spoil(text: str) -> str:
        quoted = english.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        entry = re.compile(
            rf'(msgctxt "{re.escape(context)}"\nmsgid (?:""\n)?((?:"[^\n]*"\n)+)msgstr )((?:"[^\n]*"\n)+)'
        )

        def one(found: re.Match[str]) -> str:
            msgid = "".join(line[1:-1] for line in found[2].split("\n"))
            if msgid != quoted:
                return found[0]
            written = other.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
            return f'{found[1]}"{written}"\n'

        return entry.sub(one, text)

    return spoil


def swap(old: str, new: str) -> Callable[[str], str]:
    def spoil(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return spoil


def _fuzzy(start: str) -> Callable[[str], str]:
    def spoil(text: str) -> str:
        entry = re.search(rf'msgctxt "waymark"\nmsgid (?:""\n)?"{start}', text)
        assert entry
        return text[: entry.start()] + "#, fuzzy\n" + text[entry.start() :]

    return spoil


OWN, PHONE, PROSE, CARD = words.CONTEXT, "Call: {number}", "You could ask for more days.", "I have read it"
PAPER = "There is **time**. Somebody has written about it [on a page]({link.1})."
PLURALS = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"'
MISSING = "missing"

POISONS = (
    # placeholders
    Poison("a renamed placeholder", said(OWN, PHONE, "Ll\u00e1mese: {numero}"), "W501"),
    Poison("a missing placeholder", said(OWN, PHONE, "Ll\u00e1mese"), "W501"),
    Poison("one placeholder more", said(OWN, PHONE, "Ll\u00e1mese: {number} {token}"), "W501"),
    Poison("a placeholder by position", said(OWN, PHONE, "Ll\u00e1mese: {0}"), "W501"),
    Poison("a format string that attacks", said(OWN, PHONE, "{number.__class__.__init__.__globals__}"), "W501"),
    Poison("a format of its own", said(OWN, PHONE, "Ll\u00e1mese: {number!r:>9999}"), "W501"),
    Poison("an answer echoed where none is", said("paper", PROSE, "D\u00edas: {answer.name}"), "W501"),
    Poison("a block that is looked up", said("paper", PROSE, "{emergency}"), "W501"),
    # plurals
    Poison("a plural header of another count", swap("nplurals=2", "nplurals=3"), "W503"),
    Poison("a plural rule of another language", swap("plural=(n != 1)", "plural=(n > 1)"), "W503"),
    Poison("a plural rule that divides by nothing", swap("plural=(n != 1)", "plural=(n % 0)"), "W503"),
    Poison("a plural rule that is a program", swap("plural=(n != 1)", "plural=__import__('os')"), "W502"),
    Poison("one plural form too many", lambda text: re.sub(r'(msgstr\[1\] "[^\n]*\n(?:"[^\n]*\n)*)', r'\1msgstr[2] "x"\n', text, count=1), "W502"),
    Poison("one plural form too few", lambda text: re.sub(r'msgstr\[1\] "[^\n]*\n(?:"[^\n]*\n)*', "", text, count=1), MISSING),
    # numbers and addresses
    Poison("an address", said("paper", PROSE, "Vea https://evil.example/x"), "W504"),
    Poison("an address without its beginning", said("paper", PROSE, "Vea evil.org ya"), "W504"),
    Poison("an address of the messenger", said("paper", PROSE, "Vea tg://resolve"), "W504"),
    Poison("a name to write to", said("paper", PROSE, "Escriba a @helper_bot"), "W504"),
    Poison("an e-mail address", said("paper", PROSE, "Escriba a yo@ejemplo.example"), "W504"),
    Poison("a phone number", said("paper", PROSE, "Llame al 016 016"), "W504"),
    Poison("digits of another script", said("paper", PROSE, "Llame al \u0660\u0661\u0666"), "W504"),
    Poison("a phone number among the words for leaving", said(OWN, words.EXIT_WORDS, "salir\n016016"), "W504"),
    # what cannot be seen
    Poison("a turn of direction", said("paper", PROSE, "Puede \u202eyqer pedir"), "W506"),
    Poison("a joiner of no width", said("paper", PROSE, "Puede pe\u200bdir"), "W506"),
    Poison("a joiner in a word that leaves", said(OWN, words.EXIT_WORDS, "sa\u200dlir"), "W506"),
    Poison("a control character", said("paper", PROSE, "Puede\x1b[2J pedir"), "W506"),
    Poison("a nought", said("paper", PROSE, "Puede\x00 pedir"), "W506"),
    Poison("a return inside", said("paper", PROSE, "Puede\rpedir"), "W506"),
    Poison("a letter of another alphabet in a word", said("paper", PROSE, "Puede ped\u0456r m\u0430s"), "W506"),
    Poison("a word of another alphabet", said("paper", PROSE, "Puede \u043f\u043e\u043f\u0440\u043e\u0441"), "W506"),
    # marks
    Poison("bold that is gone", said("about", "This is a **small** program.", "Programa"), "W505"),
    Poison("bold that does not end", said("about", "This is a **small** program.", "Un ** programa"), "W505"),
    Poison("HTML", said("paper", PROSE, "Puede <b>pedir</b>"), "W505"),
    Poison("a script", said("paper", PROSE, "<script>alert()</script>"), "W505"),
    Poison("a link of its own", said("paper", PROSE, "Puede [pedir](tel:x)"), "W505"),
    Poison("a link that is gone", said("paper", PAPER, "Hay **tiempo** {link.1}"), "W505"),
    Poison("a line break in a label", said("paper/button", CARD, "Ya\nle\u00ed"), "W505"),
    Poison("a picture", said("paper", PROSE, "Puede pedir \u2764"), "W516"),
    Poison("shouting", said("paper", PROSE, "\u00a1Puede pedir!"), "W516"),
    # lengths
    Poison("a label that is too long", said("paper/button", CARD, "Ya " * 13), "W507"),
    Poison("a title that is too long", said("paper", "A paper", "Un papel " * 6), "W507"),
    Poison("a screen that is too long", said("paper", PROSE, "Puede pedir algo. " * 23), "W508"),
    Poison("a sentence that is too long", said("paper", PROSE, "puede " * 26), "W509"),
    Poison("ten megabytes", said("paper", PROSE, "x" * 10_000_000), "W502"),
    # words that leave, and words for a crisis
    Poison("no word that leaves", said(OWN, words.EXIT_WORDS, ""), MISSING),
    Poison("words that leave which are none", said(OWN, words.EXIT_WORDS, " \n.\n"), "W510"),
    Poison("a word that leaves on a button", said(OWN, words.EXIT_WORDS, "salir\ni have read it"), "W510"),
    Poison("a button that leaves in English", said("paper/button", CARD, "Exit"), "W510"),
    Poison("a phrase that leaves", said("paper", "they gave me a paper\na paper to read", "quit"), "W510"),
    Poison("a word that leaves and tells", said(OWN, words.EXIT_WORDS, "violence\nsalir"), "W510"),
    Poison("one phrase for a crisis", said(OWN, words.DANGER_PHRASES, "tengo miedo de morir"), "W511"),
    Poison("a fuzzy list for a crisis", _fuzzy("want to die"), MISSING),
    # what means two things, or shows too much
    Poison("a phrase of two conversations", said("about", "who made this", "they gave me a paper"), "W512"),
    Poison("two choices that are one", said("paper/button", "I have not", pseudo(CARD)), "W513"),
    Poison("a choice like the row below", said("paper/button", CARD, pseudo(words.BACK)), "W513"),
    Poison("a first word that tells", said("paper", PROSE, "Violence: puede pedir"), "W514"),
    Poison("English left standing", said("paper", PROSE, PROSE), "W515"),
    # files that are damaged
    Poison("not UTF-8", lambda text: text.encode("utf-16"), "W502"),
    Poison("one letter that is not UTF-8", lambda text: text.encode().replace(b"\xc3\xa1", b"\xe1", 1), "W502"),
    Poison("a mark at the beginning", lambda text: "\ufeff" + text, "W502"),
    Poison("a quote that does not end", swap('msgctxt "paper"', 'msgctxt "paper'), "W502"),
    Poison("a quote inside", lambda text: re.sub(r'msgstr "\[([^\n"]+)"', r'msgstr "[a"b\1"', text, count=1), "W502"),
    Poison("a charset there is not", swap("charset=utf-8", "charset=utf-99"), "W502"),
    Poison("a message that stands twice", lambda text: text + f'\nmsgctxt "paper"\nmsgid "{PROSE}"\nmsgstr "Otra"\n', "W502"),
    Poison("a context of another flow", swap(f'msgctxt "paper"\nmsgid "{PROSE}"', f'msgctxt "about"\nmsgid "{PROSE}"'), MISSING),
    Poison("cut in the middle", lambda text: text[: len(text) // 2].rsplit("\n\n", 1)[0], MISSING),
    Poison("empty", lambda _: "", MISSING),
)  # fmt: skip
