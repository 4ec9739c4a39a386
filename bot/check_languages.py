"""Every language there is but English, brought together for `waymark check` and measured as the English is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.knowledge.finding import Finder
from bot.knowledge.knowledge import Knowledge
from bot.language import words
from bot.language.cards import LAW, READING, Cards
from bot.language.catalogs import BadCatalogError, Catalogs
from bot.language.listings import SERVICES
from bot.language.tongue import Tongue
from bot.ports import Capabilities, Operator, Passage
from bot.script.diagnostic import Report
from bot.script.paths import Source
from bot.script.translated import Lists, Translation, check_translations

LOOKED_UP = 1_200
"""The longest card of a fact or a service in another language than English; two of them fit a page."""

Card = tuple[str, tuple[str, str], int, int]
"""A card: of which entry, the message most of it is, its length, and how long it may be."""


def check_languages(sources: Mapping[str, Source], knowledge: Knowledge, catalogs: Catalogs, report: Report) -> None:
    """Every diagnostic of the catalogs there are. What cannot be read says so and is left aside."""
    lists = Lists(
        words.CONTEXT,
        words.EXIT_WORDS,
        (words.DANGER_PHRASES, words.DESPAIR_PHRASES),
        words.SENSITIVE_WORDS,
        (words.LEAVE, words.BACK, words.HELP),
        dull(),
        lists_of_words(),
    )
    there = list(_readable(catalogs, report))
    check_translations(sources, there, lists, report)
    cards = cards_of(knowledge)
    for each in there:
        try:
            for name, message, length, most in _cards(cards, catalogs.tongue(each.code)):
                if length > most:
                    told = f"{name} has {length} characters when it is shown, {most} at most"
                    report.say("W508", each.path, each.lines.get(message, 0), told)
        except (ValueError, LookupError):
            return  # a fact that cannot be shown has been named for English already


def _readable(catalogs: Catalogs, report: Report) -> Iterator[Translation]:
    # Here and not above: who talks, and has no texts to check, need not wait for what reads catalogs.
    from bot.language.po import plural_faults  # noqa: PLC0415

    for code in catalogs.there()[1:]:
        path = Path(str(catalogs.path(code)))
        try:
            po = catalogs.po(code)
        except BadCatalogError as error:
            report.say("W502", path, 0, str(error).removeprefix(f"{path}: "))
            continue
        for message in plural_faults(po, code):
            report.say("W503", path, 0, message)
        yield Translation(code, path, po.messages, po.lines, catalogs.tongue(code).say, catalogs.whole(code))


def cards_of(knowledge: Knowledge) -> Cards:
    """What makes cards of all that is known, for a messenger that can do nothing."""
    nowhere = Capabilities("check", edits=False, erases_ours=False, erases_theirs=False, buttons=False, end_to_end="no")
    return Cards(knowledge, Finder(knowledge.services, knowledge.places, lambda: 0.0), nowhere, Operator())


def _cards(cards: Cards, tongue: Tongue) -> Iterator[Card]:
    """Every card there is, in one language."""
    known = cards.knowledge
    for fact in known.facts:
        shown = cards.law(tongue, fact.topic, fact.id, fact.place, fact.review_by)
        yield fact.id, (LAW, fact.text), length_of(shown), LOOKED_UP
    for service in known.services:
        shown = cards.service(tongue, service.topics[0], service.id, service.place, service.review_by, {})
        yield service.id, (SERVICES, service.offers), length_of(shown), LOOKED_UP
    for reading in known.readings:
        shown = cards.reading(tongue, (reading.id,), reading.review_by)
        yield reading.id, (READING, reading.about), length_of(shown), LOOKED_UP // 2


def length_of(shown: Iterable[Passage]) -> int:
    """How many characters a card has."""
    return sum(len(span.text) for passage in shown for span in passage.spans)


def dull() -> tuple[str, ...]:
    """Texts that may be the first words of a screen, or all that is left of one."""
    first = (words.WHICH_FLOW, words.WHICH_PLACE, words.WHICH_LANGUAGE, words.WHICH_SPOT)
    unread = (words.UNREVIEWED, words.UNREVIEWED_NUMBERS)
    return (
        *words.NOTICES.values(),
        *first,
        *unread,
        words.DULL,
        words.CONTINUE,
        words.DESCRIPTION,
        words.SHORT_DESCRIPTION,
    )


def lists_of_words() -> frozenset[str]:
    """The program's lists of words and phrases, which are not said to anybody."""
    return frozenset(text for name, text in vars(words).items() if name.endswith(("_WORDS", "_PHRASES")))
