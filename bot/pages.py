"""The screen and the page of a session, and what is looked up for them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date

from bot.engine.flows import Flows, Known
from bot.engine.moves import settle
from bot.engine.screen import Screen, show
from bot.engine.session import REST, Session
from bot.knowledge.finding import ASKED, Finder
from bot.knowledge.knowledge import Knowledge
from bot.language.catalogs import ENGLISH, Catalogs
from bot.language.render import Renderer
from bot.ports import Page
from bot.privacy.logs import fault

log = logging.getLogger(__name__)

NARROWS = "narrows "
"""Begins a guard that asks whether a question would change an answer."""


class _Held(AbstractSet[str]):
    """The guards that hold; those about the directory are worked out when one is asked for, as few ever are."""

    def __init__(self, held: AbstractSet[str], narrows: Callable[[], AbstractSet[str]]) -> None:
        self._held, self._narrows = held, narrows

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str) and name.startswith(NARROWS):
            return name.removeprefix(NARROWS) in self._narrows()
        return name in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


class Pages:
    """What is shown to somebody, as the flows, the facts and the day are now."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of the whole
        self,
        flows: Flows,
        catalogs: Catalogs,
        knowledge: Knowledge,
        finder: Finder,
        renderer: Renderer,
        today: Callable[[], date],
    ) -> None:
        self.renderer = renderer
        self._finder = finder
        self._flows = flows
        self._catalogs = catalogs
        self._knowledge = knowledge
        self._today = today
        self._known: dict[tuple[str | None, str | None], Known] = {}
        self._known_on = date.min

    def known(self, language: str | None, place: str | None) -> Known:
        """What is looked up for a language and a place today."""
        today = self._today()
        if today != self._known_on:
            self._known, self._known_on = {}, today
        found = self._known.get((language, place))
        if found is None:
            code = language or ENGLISH
            holds = self._knowledge.holds(place) | {f"language is {code}"}
            holds |= {f"flow {name}" for name in self._catalogs.whole(code)}
            able = self.renderer.cards.capabilities
            holds |= {f"can {name}" for name, can in (("keep", able.keeps), ("resend", able.resends)) if can}
            offers = self._knowledge.offers(place, today) | {"languages": self._catalogs.offered()}
            for topic in self._knowledge.services.topics:
                if self._finder.near(topic, place, today):
                    holds |= {f"service {topic}"}
                if f"services {topic}" != ASKED:
                    offers[f"services {topic}"] = self._finder.topic(topic, place, today)
            found = self._known[language, place] = Known(
                _Held(holds, lambda: self._finder.narrows(place, today)),
                offers,
                lambda name, answers: self._finder.legal(answers, place, code, today) if name == ASKED else (),
            )
        return found

    def screen(self, session: Session, notice: str = "") -> Screen:
        """The screen of a session as the flows are now."""
        settled = settle(self._flows, session)
        settled = settled._replace(notice=notice) if notice else settled
        return show(self._flows, settled, self.known(settled.language, settled.place))

    def page(self, screen: Screen, session: Session) -> Page:
        """The page of a screen for this session."""
        content = self.renderer.content(screen, session.language, session.place, stay_of(session))
        # A dull page stays for longer than any other, so it begins as a new message, which can be deleted for longer.
        anew = session.aside == REST or session.settings.get("screens") == ("anew",)
        return Page(session.stamp, content, anew)

    def dull(self, session: Session | None) -> str:
        """The line that may be left behind; none where it cannot be said: nothing may keep somebody who leaves."""
        try:
            return self.renderer.dull(session.language if session else None)
        except Exception as error:  # noqa: BLE001 - as it says
            fault(log, error)
            return ""


def stay_of(session: Session) -> str:
    """How long the person lets the screen stay."""
    if session.aside == REST:
        return "kept"
    return session.settings.get("stay", ("quarter",))[0]
