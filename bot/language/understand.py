"""What typed text means, by rules and reviewed phrases only: the same words give the same answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.engine.event import Answered, Chose, Event, Left, Offered, Opened, Unsure
from bot.engine.flows import URGENT, Flows
from bot.engine.moves import welcomes
from bot.engine.session import PAGE, Session
from bot.engine.step import BACK, EXIT, HELP, MORE, OVER, TO_MENU
from bot.knowledge.asking import spot_id
from bot.knowledge.finding import Finder
from bot.language import words
from bot.language.catalogs import Catalogs
from bot.language.render import LABEL_LIMIT
from bot.language.telling import Telling
from bot.language.tongue import Tongue
from bot.plain import Phrases, fold, folded, slips, swapped
from bot.ports import Button, Page

LONG = 200
"""Characters past which somebody is telling their story."""

LABELS, LABEL_BYTES = 6, 700
"""How many short texts a session keeps for cards, and how long they may be together."""

COMMANDS = {"/menu": TO_MENU, "/help": HELP, "/back": BACK}
ABOUT = {"/privacy": "privacy", "/developer_info": "sources", "/whatyouknow": "known"}
"""Commands that open a state of *About*."""

_LONG_WORD = 8
"""Words of ours of so many letters forgive any slip, shorter ones only a swapped or doubled letter: exti, not quiet."""

_MOST_FLOWS = 4

_BEGINNING = 3
"""So many letters are enough where just one choice begins with them."""


def clean(text: str) -> str:
    """Typed text as it may be kept on a card: composed, on one line, without controls or direction marks."""
    composed = unicodedata.normalize("NFC", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    kept = (" " if character.isspace() else character for character in composed)
    return " ".join("".join(each for each in kept if unicodedata.category(each)[0] != "C").split())


class Understanding:
    """Turns typed text into an event. Nothing typed is kept here, or put into any message or name."""

    def __init__(self, flows: Flows, catalogs: Catalogs, finder: Finder) -> None:
        self._flows = flows
        self._finder = finder
        self._catalogs = catalogs
        self._places = finder.places
        self._telling: dict[str, Telling] = {}
        self._languages = {folded(catalogs.tongue(code).name): code for code in catalogs.offered()}

    def leaves(self, text: str, language: str | None) -> bool:
        """Whether the whole message is an exit word. Needs no session; before a language is chosen, of any language."""
        typed = fold(text)
        return typed in {"/x", "/exit"} or typed in self._catalogs.core_words(words.EXIT_WORDS, language)

    def distress(self, text: str, language: str | None) -> Opened | None:
        """Where to meet somebody whose message holds a phrase of danger or despair."""
        typed = fold(text)
        lists = ((words.DANGER_PHRASES, "danger"), (words.DESPAIR_PHRASES, "alive"))
        # What stands there to the letter comes before what may be a slip: in Spanish one letter parts the two.
        for meant in (Phrases.stand_in, Phrases.within):
            for listed, state in lists:
                if meant(self._catalogs.phrases(listed, language), typed):
                    return Opened(URGENT, "heard", state)
        return None

    def urgent(self, text: str, language: str | None) -> Event | None:
        """What cannot wait in a message: distress, or a word for help."""
        helps = self._catalogs.tongue(language).folded(words.HELP_WORDS)
        return self.distress(text, language) or (Chose((HELP,)) if fold(text) in {*helps, "/help"} else None)

    def flows_meant(self, text: str, language: str | None) -> tuple[str, ...]:
        """Ids of conversations whose title or example phrases tell what the message tells, the nearest first; four."""
        code = self._catalogs.tongue(language).code
        if code not in self._telling:
            self._telling[code] = self._told_in(code)
        return self._telling[code].meant(fold(text), _MOST_FLOWS)

    def _told_in(self, code: str) -> Telling:
        tongue, whole = self._catalogs.tongue(code), self._catalogs.whole(code)
        phrases = {
            name: [fold(each) for each in (*tongue.say(flow.phrases, name).split("\n"), tongue.say(flow.title, name))]
            for name, flow in self._flows.by_id.items()
            if flow.phrases and name in whole
        }
        return Telling(phrases, tongue.folded(words.SMALL_WORDS))

    def event(self, text: str, session: Session, page: Page) -> Event:
        """What `text` means to somebody who sees `page`."""
        tongue = self._catalogs.tongue(session.language)
        typed = fold(text)
        keys = self._chosen(text, typed, page, tongue)
        if keys:
            return Chose(keys)
        distress = self.distress(text, session.language)
        if distress:
            return Unsure("urgent") if session.top.flow == URGENT else distress
        command = self._command(typed, page, tongue)
        if command:
            return command
        if page.asks:
            return self._answer(clean(text), page.asks, session, tongue)
        near = self._near(typed, page, tongue)
        if near:
            return near
        if len(text) > LONG:
            return Unsure("long")
        meant = self.flows_meant(text, session.language)
        welcome = tuple(name for name in meant if welcomes(self._flows[name], session.settings))
        if meant:
            return Offered("flows", welcome) if welcome else Unsure("not_here")
        place = self._places.find(text, tongue.code).one
        return Offered("places", (place,)) if place else Unsure()

    def place(self, code: str, session: Session) -> Event | None:
        """The parts of a picked place to choose from, where it has any and they are not what was offered."""
        parts = self._places.narrow(code)
        return Offered("places", parts) if parts and not set(parts[:-1]) & set(session.offered) else None

    # Choices

    def _chosen(self, text: str, typed: str, page: Page, tongue: Tongue) -> tuple[str, ...]:
        """Keys of what was named exactly: by number, by its words, by yes or no; several numbers where those tick."""
        numbers = _numbers(text)
        by_number = {int(button.typed): button for button in page.buttons if button.typed.isdecimal()}
        if numbers and all(number in by_number for number in numbers):
            buttons = [by_number[number] for number in numbers]
            if len(buttons) == 1 or all(button.ticked is not None for button in buttons):
                return tuple(button.key for button in buttons)
        for button in page.buttons:
            if _called(button, page) == typed:
                return (button.key,)
        skipped = self._skipped(typed, page, tongue)
        if skipped:
            return skipped
        for listed in (words.YES_WORDS, words.NO_WORDS):
            alike = tongue.folded(listed)
            meant = [button.key for button in page.buttons if _called(button, page) in alike]
            if typed in alike and len(meant) == 1:
                return tuple(meant)
        return ()

    @staticmethod
    def _skipped(typed: str, page: Page, tongue: Tongue) -> tuple[str, ...]:
        """The choice that skips: one that says so, or the way on where a short text is asked."""
        skips = tongue.folded(words.SKIP_WORDS)
        if typed not in skips:
            return ()
        saying = [button.key for button in page.buttons if any(_ends_in(_called(button, page), skip) for skip in skips)]
        if page.asks == "label":
            return (page.buttons[0].key,)
        return tuple(saying) if len(saying) == 1 else ()

    def _command(self, typed: str, page: Page, tongue: Tongue) -> Event | None:
        """The program's own choices, by their words and commands."""
        if typed in COMMANDS:
            return Chose((COMMANDS[typed],))
        if typed in ABOUT and "about" in self._flows:
            return Opened("about", state=ABOUT[typed])
        said = "" if page.asks == "label" else typed  # a card may hold any word
        named = self._languages.get(said)
        if named or typed == "/language" or said in tongue.folded(words.LANGUAGE_WORDS):
            offered = sorted(self._catalogs.offered(), key=lambda code: code != named)
            return Offered("languages", tuple(offered[:PAGE]))
        if typed == "/place" or said in tongue.folded(words.PLACE_WORDS):
            return Offered("places", self._places.buttons()[:PAGE])
        if said in tongue.folded(words.KEEP_WORDS) and "about" in self._flows:
            return Opened("about", state="tomorrow")
        for key, listed in _OWN if page.asks != "label" else _ALWAYS:
            if typed in tongue.folded(listed) and (key != MORE or any(button.key == MORE for button in page.buttons)):
                return Chose((key,))
        return None

    def _near(self, typed: str, page: Page, tongue: Tongue) -> Event | None:
        """What was meant but for a slip or two, or begun and not ended, where only one thing can be."""
        found: dict[str, int] = {}
        for key, label, ours in self._names(page, tongue):
            distance = slips(typed, label)
            if distance is not None and (not ours or len(label) >= _LONG_WORD or swapped(typed, label)):
                found[key] = min(distance, found.get(key, distance))
        best = [key for key, distance in found.items() if distance == min(found.values())]
        if not best and len(typed) >= _BEGINNING:
            best = [button.key for button in page.buttons if _called(button, page).startswith(f"{typed} ")]
        if len(best) != 1:
            return None
        return Left() if best[0] == EXIT else Chose((best[0],))

    @staticmethod
    def _names(page: Page, tongue: Tongue) -> Iterator[tuple[str, str, bool]]:
        """Keys, what they are called, and whether they are words of the program's own, which must not be guessed."""
        for button in page.buttons:
            yield button.key, _called(button, page), False
        for key, listed in (*_OWN, (EXIT, words.EXIT_WORDS)):
            if key != MORE:
                for name in tongue.folded(listed):
                    yield key, name, True

    # Answers

    def _answer(self, text: str, kind: str, session: Session, tongue: Tongue) -> Event:
        """The text a state asked for."""
        if not text:
            return Unsure()
        if kind == "place":
            found = self._places.find(text, tongue.code)
            if found.one:
                return self.place(found.one, session) or Answered(found.one)
            return Offered("places", found.codes[:PAGE]) if found.codes else Unsure("no_place")
        if len(text) > LABEL_LIMIT:
            return Unsure("fewer")
        if kind == "postcode":
            return self._spot(text, session)
        labels = tuple(self._labels(session))
        if len(labels) >= LABELS or sum(len(label.encode()) for label in (*labels, text)) > LABEL_BYTES:
            return Unsure("full")
        return Answered(text)

    def _spot(self, text: str, session: Session) -> Event:
        """A postcode or a town: what is kept of it is a point on the map, and not what was typed."""
        found = self._finder.spots(text, session.place)
        ids = tuple(dict.fromkeys(spot_id(each.near) for each in found))
        if len(ids) == 1 and found[0].sure:
            return Answered(ids[0])
        return Offered("spots", ids[:PAGE]) if ids else Unsure("no_spot")

    def _labels(self, session: Session) -> Iterator[str]:
        """What has been typed for cards so far, but for the one about to be replaced."""
        for frame in session.stack:
            flow = self._flows.by_id.get(frame.flow)
            for state in flow.states.values() if flow else ():
                if state.asks and state.asks.kind == "label" and (frame, state.id) != (session.top, session.top.state):
                    yield from frame.answers.get(state.asks.key, ())


_ALWAYS = ((BACK, words.BACK_WORDS), (HELP, words.HELP_WORDS))
"""Words that are the program's own even where any word may be an answer."""

_OWN = (
    (BACK, words.BACK_WORDS),
    (HELP, words.HELP_WORDS),
    (MORE, words.MORE_WORDS),
    (TO_MENU, words.MENU_WORDS),
    (OVER, words.OVER_WORDS),
)


def _called(button: Button, page: Page) -> str:
    """The folded words on a button. They are ours, and kept; but for a spot, which tells where somebody is."""
    return fold(button.label) if page.asks == "postcode" else folded(button.label)


def _ends_in(label: str, skip: str) -> bool:
    """Whether a folded label is a word for skipping, or has one as its last: *No, or skip*, not *Say nothing bad*."""
    return f" {label}".endswith(f" {skip}")


_NUMBERS = re.compile(r"\s*\d{1,3}(?:[\s,;.]+\d{1,3})*[\s.,;)]*\Z")


def _numbers(text: str) -> list[int]:
    """The numbers typed, in any digits; empty where anything else was."""
    return [int(part) for part in re.findall(r"\d{1,3}", text)] if _NUMBERS.match(text) else []
