"""Wiring: settings to a runtime, every part replaceable."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bot.engine.flow import Flow
from bot.engine.flows import Flows
from bot.knowledge.knowledge import read_whole
from bot.language.cards import Cards
from bot.language.catalogs import Catalogs
from bot.language.render import Renderer
from bot.language.understand import Understanding
from bot.ports import Messenger, Operator, SessionStore
from bot.runtime import Runtime
from bot.script.diagnostic import BadContentError, Report
from bot.script.load import load, outlines
from bot.script.paths import check_paths
from bot.settings import Texts
from bot.stores.memory import MemoryStore


def new_nonce() -> str:
    """What tells the buttons of one session from those of another."""
    return secrets.token_urlsafe(6)


def _flows(texts: Texts) -> dict[str, Flow]:
    """The conversations. Ours were checked before they were shipped; any others are read through now."""
    report = Report()
    if texts.flows == Texts().flows:
        flows = outlines(texts.flows, report)
    else:
        sources = load(texts.flows, report)
        if not report:
            check_paths(sources, None, report, whole=True)
        flows = {name: source.flow for name, source in sources.items()}
    if report:
        raise BadContentError(report)
    return flows


def build(  # noqa: PLR0913 - the parts of the whole, each with its default
    messenger: Messenger,
    *,
    store: SessionStore | None = None,
    texts: Texts | None = None,
    operator: Operator | None = None,
    now: Callable[[], float] = time.time,
    nonce: Callable[[], str] = new_nonce,
) -> Runtime:
    """A runtime around `messenger`, over the shipped texts or those given.

    Raises `BadContentError`, `BadEntriesError` or `BadCatalogError` for texts that are broken.
    """
    texts = texts or Texts()
    knowledge = read_whole(texts.content)
    flows = Flows(_flows(texts))
    catalogs = Catalogs(texts.locales, flows.by_id)
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
