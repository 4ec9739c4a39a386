"""Everything that `waymark check` looks at, brought together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.check_languages import cards_of, check_languages, dull, length_of, lists_of_words
from bot.coverage import check_coverage, check_shelves, table
from bot.engine.flows import ARRIVAL, MENU, URGENT
from bot.knowledge.entries import Reader
from bot.knowledge.facts import Fact
from bot.knowledge.knowledge import Knowledge, read_knowledge
from bot.knowledge.reading import Reading
from bot.knowledge.review import due
from bot.knowledge.services import Service
from bot.language import words
from bot.language.catalogs import ENGLISH, BadCatalogError, Catalogs
from bot.language.reviewed import reviewed
from bot.overlay import lay
from bot.plain import fold
from bot.ports import Passage
from bot.script import overlap
from bot.script.audience import check_audience
from bot.script.contested import check_contested
from bot.script.diagnostic import BadContentError, Report
from bot.script.glimpse import check_glimpse, check_glimpses
from bot.script.load import load
from bot.script.paths import Source, check_paths
from bot.script.plainness import check_plainness, grade
from bot.script.wording import check_collisions, check_text, check_words
from bot.settings import Texts

LOOKED_UP = 900
"""The longest card of a fact or a service in English, with the names of law and site; two of them fit a page."""

Text = tuple[str, Path, int]
"""A text of ours, with the file and the line it stands in."""


def check(
    path: Path | None = None, texts: Texts | None = None, *, today: date | None = None, ours: bool = True
) -> Report:
    """Every diagnostic of the shipped texts, or of those given; with `today`, also of what has expired by then.

    With `path`, those of that flow or folder of flows alone. A single flow is read with those beside it, so that links
    resolve, and only its own diagnostics are given. An operator's texts, which are not `ours`, need not deliver every
    item of guidance, and are held to nothing that depends on what is installed.
    """
    texts, report = texts or Texts(), Report()
    if path is not None and not path.exists():
        report.say("W113", path, 0, "there is no such file or folder")
        return report
    if path is not None:
        texts = replace(texts, flows=path if path.is_dir() else path.parent)
    sources = load(texts.flows, report)
    if path is not None and not (sources if path.is_dir() else any(source.path == path for source in sources.values())):
        report.say("W113", path, 0, "no flow here; a flow is a file that ends in .md")
    knowledge, reader = read_knowledge(texts.content)
    catalogs = Catalogs(texts.locales, {name: source.flow for name, source in sources.items()}, fast=False)
    _conversations(sources, knowledge, catalogs, report, whole=path is None)
    measure = grade() if ours else None
    if measure:
        check_plainness(sources, measure, report)
    said = list(_of_flows(sources))
    if path is None:
        _content(knowledge, reader, report)
        _cards(knowledge, catalogs, report)
        _own_words(report)
        check_languages(sources, knowledge, catalogs, report)
        check_shelves(sources, knowledge, report)
        if ours and {ARRIVAL, MENU, URGENT} <= sources.keys():  # else it is said that one is missing
            check_coverage(sources, knowledge, report)
        if today:
            _expired(knowledge, today, report)
            _reviews(knowledge, sources, catalogs, report)
        said += [*_of_content(knowledge), *_of_program()]
        said += ((item.about, item.path, item.line) for item in knowledge.guidance)
    _ours(said, texts.content, report)
    if path is not None and path.is_file():
        report.found = [found for found in report.found if found.path == path]
    return report


def covered() -> Iterator[str]:
    """Where each item of guidance is said, a line each, and the sum."""
    texts = Texts()
    report = Report()
    sources = load(texts.flows, report)
    if report:
        raise BadContentError(report)
    return table(sources, read_knowledge(texts.content)[0])


def _conversations(
    sources: Mapping[str, Source], knowledge: Knowledge, catalogs: Catalogs, report: Report, *, whole: bool
) -> None:
    """Every rule about flows and what they say."""
    check_paths(sources, knowledge.topics(), report, whole=whole)
    check_words(sources, report)
    check_collisions(sources, _exit_words(catalogs, report), report)
    check_contested(sources, report)
    check_audience(sources, report)
    check_glimpses(sources, catalogs.tongue(ENGLISH).folded(words.SENSITIVE_WORDS), report)


def overlaid(home: Path, *, today: date | None = None) -> tuple[Texts, Report]:
    """The shipped texts with those of an operator over them, and every diagnostic of the whole."""
    report = Report()
    texts = lay(home, report)
    try:
        report.found += check(texts=texts, today=today, ours=False).found
    except Exception as error:  # noqa: BLE001 - whatever somebody's files hold, it must not keep the bot from starting
        report.say("W113", home, 0, f"{type(error).__name__} while reading what is in here; undo the newest change")
    return texts, report


def accepted(home: Path) -> Texts:
    """The shipped texts with those of an operator over them. Raises `BadContentError` unless all of it passes."""
    texts, report = overlaid(home)
    if report:
        raise BadContentError(report)
    return texts


def _exit_words(catalogs: Catalogs, report: Report) -> dict[str, str]:
    """The exit words of every language, folded, with a language that has them."""
    found = {fold("/x"): "every language", fold("/exit"): "every language"}
    for code in catalogs.there():
        try:
            for word in catalogs.tongue(code).folded(words.EXIT_WORDS):
                found.setdefault(word, code)
        except BadCatalogError as error:
            report.say("W502", _catalog(catalogs, code), 0, str(error).removeprefix(f"{catalogs.path(code)}: "))
    return found


def _catalog(catalogs: Catalogs, code: str) -> Path:
    return Path(str(catalogs.path(code)))


def _content(knowledge: Knowledge, reader: Reader, report: Report) -> None:
    for problem in reader.problems:
        report.say("W401" if problem.missing else "W402", problem.path, problem.line, problem.message)
    for text, path, line in _of_content(knowledge):
        check_text(text, path, line, report)


def _cards(knowledge: Knowledge, catalogs: Catalogs, report: Report) -> None:
    """Every card can be made: a day or an address that cannot be would fail only when somebody asks for it."""
    cards, english = cards_of(knowledge), catalogs.tongue(ENGLISH)
    for fact in knowledge.facts:
        try:
            _fits(cards.law(english, fact.topic, fact.id, fact.place, fact.review_by), LOOKED_UP, fact, report)
        except (ValueError, LookupError) as error:
            report.say("W402", fact.path, fact.line, f"{fact.id}: it cannot be shown: {error}")
    for service in knowledge.services:
        shown = cards.service(english, service.topics[0], service.id, service.place, service.review_by, {})
        _fits(shown, LOOKED_UP, service, report)
    for reading in knowledge.readings:
        _fits(cards.reading(english, (reading.id,), reading.review_by), LOOKED_UP // 2, reading, report)


def _fits(shown: list[Passage], limit: int, entry: Fact | Service | Reading, report: Report) -> None:
    """What is looked up stays readable on a phone, and leaves room on a page for what is said around it."""
    if length_of(shown) > limit:
        report.say("W304", entry.path, entry.line, f"{length_of(shown)} characters when it is shown, {limit} at most")


def _expired(knowledge: Knowledge, today: date, report: Report) -> None:
    for entry in due(knowledge, today, within=-1):
        shown = "still" if entry.shown else "no longer"
        message = f"{entry.kind} {entry.id} is {entry.left} and {shown} shown; check it, then renew both of its days"
        report.say("W403", entry.path, entry.line, message)


def _reviews(knowledge: Knowledge, sources: Mapping[str, Source], catalogs: Catalogs, report: Report) -> None:
    """Every review was given for words that are still said."""
    for review in knowledge.reviews:
        source = sources.get(review.flow)
        if source is None or review.language not in catalogs.there():
            message = f"there is no `{review.flow}.md` in {review.language}"
        elif reviewed(source.flow, catalogs.tongue(review.language), (review,)):
            continue
        else:
            message = f"`{review.flow}` in {review.language} has changed since {review.on}"
        told = f"{message}; ask the {review.role} again, then sign anew, or take the entry out"
        report.say("W404", review.path, review.line, told)


def read_by(texts: Texts) -> Iterator[str]:
    """A line for each conversation and language that somebody has reviewed as it is now, and how many have none."""
    report = Report()
    flows = {name: source.flow for name, source in load(texts.flows, report).items()}
    knowledge, catalogs = read_knowledge(texts.content)[0], Catalogs(texts.locales, flows)
    unread = len(flows)
    for code in catalogs.there() if knowledge.reviews else ():
        for name, flow in flows.items():
            held = reviewed(flow, catalogs.tongue(code), knowledge.reviews)
            if held:
                unread -= code == ENGLISH
                yield f"{name} ({code}): read by {', '.join(f'{review.role} {review.on}' for review in held)}"
    yield f"{unread} of {len(flows)} conversations in English have been reviewed by nobody"


def _own_words(report: Report) -> None:
    path = _program()
    for text, path, _ in _of_program():
        check_text(text, path, 0, report)
    sensitive = [fold(word) for word in words.SENSITIVE_WORDS.split("\n")]
    for text in dull():
        check_glimpse(text, path, 0, sensitive, report)


def _program() -> Path:
    return Path(words.__file__ or "words.py")


def _of_flows(sources: Mapping[str, Source]) -> Iterator[Text]:
    for source in sources.values():
        yield from ((text, source.path, 0) for _, text in source.flow.messages())


def _of_content(knowledge: Knowledge) -> Iterator[Text]:
    """Every text of what we know that is translated and shown."""
    for fact in knowledge.facts:
        yield from ((text, fact.path, fact.line) for text in (fact.text, fact.caveat))
    for service in knowledge.services:
        yield from ((text, service.path, service.line) for text in (service.offers, service.note))
    for reading in knowledge.readings:
        yield from ((text, reading.path, reading.line) for text in (reading.about, reading.caution))
    for source in knowledge.sources:
        yield source.about, source.path, source.line
    for emergency in knowledge.services.emergencies():
        yield emergency.silent_how, emergency.path, emergency.line


def _of_program() -> Iterator[Text]:
    """The program's own sentences, without its lists of words."""
    lists = lists_of_words()
    yield from ((text, _program(), 0) for text in words.every() if text not in lists)


def _ours(texts: list[Text], content: Traversable, report: Report) -> None:
    """No text has a sentence of a guide's author in it."""
    file = content / "shingles.txt"
    try:
        hashes = overlap.read_hashes(file)
    except (OSError, ValueError) as error:
        report.say("W402", Path(str(file)), 0, str(error))
        return
    for text, path, line in texts:
        overlap.check_overlap(text, path, line, hashes, report)
