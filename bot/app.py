"""Wiring: settings to a runtime, every part replaceable."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources.abc import Traversable

from bot import settings
from bot.engine.flows import Flows
from bot.knowledge.entries import BadEntriesError
from bot.knowledge.knowledge import read_knowledge
from bot.language.cards import Cards
from bot.language.catalogs import Catalogs
from bot.language.render import Renderer
from bot.language.understand import Understanding
from bot.ports import Messenger, Operator, SessionStore
from bot.runtime import Runtime
from bot.script.diagnostic import BadContentError, Report
from bot.script.load import load
from bot.script.paths import check_paths
from bot.stores.memory import MemoryStore


def new_nonce() -> str:
    """What tells the buttons of one session from those of another."""
    return secrets.token_urlsafe(6)


def build(  # noqa: PLR0913 - the parts of the whole, each with its default
    messenger: Messenger,
    *,
    store: SessionStore | None = None,
    flows_folder: Traversable | None = None,
    content_folder: Traversable | None = None,
    locales_folder: Traversable | None = None,
    operator: Operator | None = None,
    now: Callable[[], float] = time.time,
    nonce: Callable[[], str] = new_nonce,
) -> Runtime:
    """A runtime around `messenger`.

    Raises `BadContentError`, `BadEntriesError` or `BadCatalogError` for texts that are broken.
    """
    report = Report()
    sources = load(flows_folder or settings.flows_folder(), report)
    if report:
        raise BadContentError(report)
    knowledge, reader = read_knowledge(content_folder or settings.content_folder())
    if reader.problems:
        raise BadEntriesError(reader.problems)
    check_paths(sources, None, report, whole=True)
    if report:
        raise BadContentError(report)
    flows = Flows({name: source.flow for name, source in sources.items()})
    catalogs = Catalogs(locales_folder or settings.locales_folder(), flows.by_id)
    catalogs.offered()  # reads them: a catalog that is broken must be known now, not when somebody wants to leave
    cards = Cards(knowledge, messenger.capabilities, operator or Operator())
    return Runtime(
        flows=flows,
        catalogs=catalogs,
        knowledge=knowledge,
        renderer=Renderer(flows, catalogs, cards, lambda: datetime.fromtimestamp(now(), UTC).date()),
        understanding=Understanding(flows, catalogs, knowledge.places),
        store=store or MemoryStore(),
        messenger=messenger,
        now=now,
        nonce=nonce,
    )
