"""What the desk works on: the conversations and all that is shown with them, on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from bot.engine.flow import Flow
from bot.engine.flows import Flows
from bot.engine.guard import Looked
from bot.knowledge.finding import Finder
from bot.knowledge.knowledge import Knowledge
from bot.knowledge.places import ANYWHERE, UNIONS
from bot.language.cards import Cards
from bot.language.catalogs import ENGLISH, Catalogs
from bot.language.render import Renderer
from bot.pages import Pages
from bot.ports import Capabilities, Operator
from bot.script.diagnostic import BadContentError, Report
from bot.script.load import load
from bot.settings import Texts

_LIKE_TELEGRAM = Capabilities(
    "Telegram",
    edits=True,
    erases_ours=True,
    erases_theirs=True,
    buttons=True,
    end_to_end="no",
    keeps=True,
    resends=True,
)
"""Texts about privacy are shown as people read them there."""

_SOMEBODY = Operator("(who runs it)", "(how to reach them)", "(their country)")

UNKNOWN = "JP"
"""A country of which nothing is known here."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The flows with their files, and what makes pages of them."""

    flows: Flows
    paths: Mapping[str, Path]
    catalogs: Catalogs
    knowledge: Knowledge
    cards: Cards
    pages: Pages
    today: date

    @property
    def by_id(self) -> Mapping[str, Flow]:
        """The flows."""
        return self.flows.by_id


def ground(texts: Texts, knowledge: Knowledge, today: date) -> Ground:
    """Everything read. Raises `BadContentError` where a flow cannot be understood."""
    report = Report()
    sources = load(texts.flows, report)
    if report:
        raise BadContentError(report)
    flows = Flows({name: source.flow for name, source in sources.items()})
    catalogs = Catalogs(texts.locales, flows.by_id)
    finder = Finder(knowledge.services, knowledge.places, lambda: datetime.combine(today, time(12), UTC).timestamp())
    cards = Cards(knowledge, finder, _LIKE_TELEGRAM, _SOMEBODY)
    renderer = Renderer(flows, catalogs, cards, lambda: today)
    pages = Pages(flows, catalogs, knowledge, finder, renderer, lambda: today)
    paths = {name: source.path for name, source in sources.items()}
    return Ground(flows, paths, catalogs, knowledge, cards, pages, today)


def known_places(knowledge: Knowledge) -> tuple[str | None, ...]:
    """No place, every place of which something is known, and one of which nothing is."""
    entries = (*knowledge.facts, *knowledge.services, *knowledge.services.emergencies())
    codes = {entry.place for entry in entries} | set(knowledge.places.buttons())
    return (None, *sorted((codes | {UNKNOWN}) - UNIONS - {ANYWHERE}))


def telling_places(ground: Ground) -> tuple[str | None, ...]:
    """A few places, among which every condition about a place holds once and fails once.

    Every list of law or services is also once empty, once short and once long, as far as there are such places.
    """
    wanted = _features(ground)
    waiting = {code: _told(ground, code, wanted) for code in known_places(ground.knowledge)}
    missing = frozenset[tuple[Feature, int]]().union(*waiting.values())
    chosen: list[str | None] = []
    while missing:
        best = max(waiting, key=lambda code: len(waiting[code] & missing))
        missing -= waiting.pop(best)
        chosen.append(best)
    return tuple(chosen) or (None,)


Feature = tuple[str, ...]
"""The name of a list, or the names of conditions about places that must all hold or, after ``not``, fail."""


def _features(ground: Ground) -> frozenset[Feature]:
    """The conditions about places, each and as they stand together, and the lists that the conversations use."""
    found = set[Feature]()
    for state in (state for flow in ground.by_id.values() for state in flow.states.values()):
        if state.list_name.startswith(("law ", "services ")):
            found.add((state.list_name,))
        for guard in state.guards:
            terms = [term for term in guard if isinstance(term, Looked) and not term.name.startswith("language ")]
            found |= {(term.name,) for term in terms}
            found.add(tuple(f"{'not ' * term.negated}{term.name}" for term in terms))
    return frozenset(found - {()})


def _told(ground: Ground, code: str | None, wanted: frozenset[Feature]) -> frozenset[tuple[Feature, int]]:
    """What a place shows of each: whether conditions hold there, and whether a list has none, one or more."""
    known = ground.pages.known(ENGLISH, code)
    return frozenset(
        (names, min(len(known.offers.get(names[0], ())), 2))
        if names[0].startswith(("law ", "services "))
        else (
            names,
            int(all((name.removeprefix("not ") in known.holds) is not name.startswith("not ") for name in names)),
        )
        for names in wanted
    )
