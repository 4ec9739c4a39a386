"""Everything that `waymark check` looks at, brought together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.knowledge.entries import Reader
from bot.knowledge.knowledge import Knowledge, read_knowledge
from bot.knowledge.review import due
from bot.language import words
from bot.language.cards import Cards
from bot.language.catalogs import ENGLISH, BadCatalogError, Catalogs
from bot.overlay import lay
from bot.plain import fold
from bot.ports import Capabilities, Operator
from bot.script.diagnostic import BadContentError, Report
from bot.script.form import PLACEHOLDER
from bot.script.load import load
from bot.script.paths import check_paths
from bot.script.wording import check_collisions, check_text, check_words
from bot.settings import Texts


def check(path: Path | None = None, texts: Texts | None = None, *, today: date | None = None) -> Report:
    """Every diagnostic of the shipped texts, or of those given; with `today`, also of what has expired by then.

    With `path`, those of that flow or folder of flows alone. A single flow is read with those beside it, so that links
    resolve, and only its own diagnostics are given.
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
    catalogs = Catalogs(texts.locales, {name: source.flow for name, source in sources.items()})
    check_paths(sources, knowledge.topics(), report, whole=path is None)
    check_words(sources, report)
    check_collisions(sources, _exit_words(catalogs, report), report)
    if path is None:
        _content(knowledge, reader, report)
        _cards(knowledge, catalogs, report)
        _own_words(report)
        _placeholders(catalogs, report)
        if today:
            _expired(knowledge, today, report)
    elif path.is_file():
        report.found = [found for found in report.found if found.path == path]
    return report


def overlaid(home: Path, *, today: date | None = None) -> tuple[Texts, Report]:
    """The shipped texts with those of an operator over them, and every diagnostic of the whole."""
    report = Report()
    texts = lay(home, report)
    try:
        report.found += check(texts=texts, today=today).found
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
    for fact in knowledge.facts:
        check_text(fact.text, fact.path, fact.line, report)
        check_text(fact.caveat, fact.path, fact.line, report)
    for service in knowledge.services:
        check_text(service.offers, service.path, service.line, report)
        check_text(service.note, service.path, service.line, report)
    for source in knowledge.sources:
        check_text(source.about, source.path, source.line, report)
    for emergency in knowledge.services.emergencies():
        check_text(emergency.silent_how, emergency.path, emergency.line, report)


def _cards(knowledge: Knowledge, catalogs: Catalogs, report: Report) -> None:
    """Every card can be made: a day or an address that cannot be would fail only when somebody asks for it."""
    nowhere = Capabilities("check", edits=False, erases_ours=False, erases_theirs=False, buttons=False, end_to_end="no")
    cards, english = Cards(knowledge, nowhere, Operator()), catalogs.tongue(ENGLISH)
    for fact in knowledge.facts:
        try:
            cards.law(english, fact.topic, fact.id, fact.place, fact.review_by)
        except (ValueError, LookupError) as error:
            report.say("W402", fact.path, fact.line, f"{fact.id}: it cannot be shown: {error}")


def _expired(knowledge: Knowledge, today: date, report: Report) -> None:
    for entry in due(knowledge, today, within=-1):
        shown = "still" if entry.shown else "no longer"
        message = f"{entry.kind} {entry.id} is {entry.left} and {shown} shown; check it, then renew both of its days"
        report.say("W403", entry.path, entry.line, message)


def _own_words(report: Report) -> None:
    path = Path(words.__file__ or "words.py")
    lists = {text for name, text in vars(words).items() if name.endswith(("_WORDS", "_PHRASES"))}
    for text in words.every():
        if text not in lists:
            check_text(text, path, 0, report)


def _placeholders(catalogs: Catalogs, report: Report) -> None:
    """A translation has the placeholders of its English: Babel does not compare them."""
    for code in catalogs.there()[1:]:
        try:
            messages = catalogs.tongue(code).messages
        except BadCatalogError:
            continue  # said already
        for (context, text), translation in messages.items():
            for said in (translation,) if isinstance(translation, str) else translation:
                if set(PLACEHOLDER.findall(text)) - {"count"} != set(PLACEHOLDER.findall(said)) - {"count"}:
                    report.say("W501", _catalog(catalogs, code), 0, f"{context}: {text[:40]}")
