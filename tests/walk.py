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


def walk(  # noqa: PLR0913 - where, who, and how much of it
    runtime: Runtime,
    language: str,
    place: str | None,
    limit: int = 100_000,
    *,
    only: str = "",
    seen: set[tuple[object, ...]] | None = None,
) -> Iterator[Visit]:
    """Every distinct screen from arrival on, for somebody who may choose anything; or those of `only` one flow.

    With `seen`, one visit for each screen that looks different from those in it, which it then has too.
    """
    for visit in Walk(runtime.flows, runtime.pages.known, language, place, only=only).explore(limit):
        if seen is not None:
            looks = look(visit.screen)
            if looks in seen:
                continue
            seen.add(looks)
        page = runtime.pages.page(visit.screen, visit.session)
        yield Visit(visit.session, visit.screen, page, visit.way)
