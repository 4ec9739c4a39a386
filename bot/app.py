"""Wiring: settings to a runtime, every part replaceable."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.engine.flow import Flow
from bot.engine.flows import Flows
from bot.knowledge.finding import Finder, in_memory
from bot.knowledge.knowledge import Knowledge, read_whole
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


def flows_of(texts: Texts) -> dict[str, Flow]:
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


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where an operator's services are, where the directory of all is kept, and whether it may be written there."""

    store: Path | None = None
    file: Path | None = None
    keep: bool = False


def _finder(knowledge: Knowledge, shelf: Shelf, now: Callable[[], float], tell: Callable[[str], None]) -> Finder:
    """What finds services. An operator's own are opened now: what is wrong with them is not for a conversation."""
    if not (shelf.keep or (shelf.store and shelf.store.exists())):
        return Finder(knowledge.services, knowledge.places, now, in_memory, tell)
    # Here and not above: most terminals start without any of it.
    from bot.knowledge.directory.opening import open_directory  # noqa: PLC0415

    opened = partial(open_directory, store=shelf.store, file=shelf.file, keep=shelf.keep)
    finder = Finder(knowledge.services, knowledge.places, now, opened, tell)
    finder.open()
    return finder


def build(  # noqa: PLR0913 - the parts of the whole, each with its default
    messenger: Messenger,
    *,
    store: SessionStore | None = None,
    texts: Texts | None = None,
    operator: Operator | None = None,
    shelf: Shelf | None = None,
    flows: Flows | None = None,
    knowledge: Knowledge | None = None,
    catalogs: Catalogs | None = None,
    tell: Callable[[str], None] = lambda _note: None,
    now: Callable[[], float] = time.time,
    nonce: Callable[[], str] = new_nonce,
    since: Callable[[float], float] | None = None,
) -> Runtime:
    """A runtime around `messenger`, over the shipped texts or those given. `tell` is told what an operator should know.

    `now` never goes back; `since` says how long ago a messenger's date was, and without it `now` does.

    Raises `BadContentError`, `BadEntriesError` or `BadCatalogError` for texts that are broken.
    """
    texts = texts or Texts()
    knowledge = knowledge or read_whole(texts.content)
    flows = flows or Flows(flows_of(texts))
    catalogs = catalogs or Catalogs(texts.locales, flows.by_id)
    catalogs.offered()  # reads them: a catalog that is broken must be known now, not when somebody wants to leave
    finder = _finder(knowledge, shelf or Shelf(), now, tell)
    cards = Cards(knowledge, finder, messenger.capabilities, operator or Operator())
    return Runtime(
        flows=flows,
        catalogs=catalogs,
        knowledge=knowledge,
        finder=finder,
        renderer=Renderer(flows, catalogs, cards, lambda: datetime.fromtimestamp(now(), UTC).date()),
        understanding=Understanding(flows, catalogs, finder),
        store=store or MemoryStore(),
        messenger=messenger,
        now=now,
        nonce=nonce,
        since=since,
    )
