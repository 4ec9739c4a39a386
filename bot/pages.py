"""The screen and the page of a session, and what is looked up for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.engine.flows import Flows, Known
from bot.engine.moves import settle
from bot.engine.screen import Screen, show
from bot.engine.session import Session
from bot.knowledge.knowledge import Knowledge
from bot.language.catalogs import ENGLISH, Catalogs
from bot.language.render import Renderer
from bot.ports import Page


class Pages:
    """What is shown to somebody, as the flows, the facts and the day are now."""

    def __init__(
        self, flows: Flows, catalogs: Catalogs, knowledge: Knowledge, renderer: Renderer, today: Callable[[], date]
    ) -> None:
        self.renderer = renderer
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
            holds = self._knowledge.holds(place, today) | {f"language is {code}"}
            holds |= {f"flow {name}" for name in self._catalogs.whole(code)}
            offers = self._knowledge.offers(place, today) | {"languages": self._catalogs.offered()}
            found = self._known[language, place] = Known(holds, offers)
        return found

    def screen(self, session: Session, notice: str = "") -> Screen:
        """The screen of a session as the flows are now."""
        settled = settle(self._flows, session)
        settled = settled._replace(notice=notice) if notice else settled
        return show(self._flows, settled, self.known(settled.language, settled.place))

    def page(self, screen: Screen, session: Session) -> Page:
        """The page of a screen for this session."""
        return Page(session.stamp, self.renderer.content(screen, session.language, session.place, stay_of(session)))


def stay_of(session: Session) -> str:
    """How long the person lets the screen stay."""
    return session.settings.get("stay", ("quarter",))[0]
