"""Everywhere a person can get to, with the page that is shown there: see `bot/script/walk.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.engine.screen import Screen
from bot.engine.session import Session
from bot.ports import Page
from bot.runtime import Runtime
from bot.script.walk import Walk, look

__all__ = ["PLACES", "Visit", "look", "walk"]

PLACES = (None, "US-CA", "GB-EAW", "JP")
"""Nowhere, a place with regions, one that is never whole, and one of which we know nothing."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A session somebody can be in, its screen and page, and how they got there."""

    session: Session
    screen: Screen
    page: Page
    way: tuple[str, ...] = field(repr=False)


def walk(
    runtime: Runtime, language: str, place: str | None, limit: int = 100_000, *, only: str = ""
) -> Iterator[Visit]:
    """Every distinct screen from arrival on, for somebody who may choose anything; or those of `only` one flow."""
    for visit in Walk(runtime.flows, runtime.pages.known, language, place, only=only).explore(limit):
        page = runtime.pages.page(visit.screen, visit.session)
        yield Visit(visit.session, visit.screen, page, visit.way)
