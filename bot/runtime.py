"""One turn, end to end: what came in is understood, taken one step, kept, shown, and forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.engine.event import Event, Expired, Left, Opened, Pressed, Started
from bot.engine.flows import URGENT, Flows, Known
from bot.engine.screen import Screen, show
from bot.engine.session import Session
from bot.engine.step import EXIT, PICK, Turn, axes, step
from bot.knowledge.knowledge import Knowledge
from bot.language import words
from bot.language.cards import STAY_MINUTES
from bot.language.catalogs import ENGLISH, Catalogs
from bot.language.render import Renderer
from bot.language.understand import Understanding
from bot.ports import Content, Incoming, Messenger, Page, Record, SessionStore
from bot.privacy.logs import fault
from bot.record import BadRecordError, decode, encode

BUTTON = "|"
"""Between the stamp and the key in what a button carries."""

_TRIES = 5
log = logging.getLogger(__name__)


class Runtime:
    """Takes turns. Everything it needs is handed in, so that a test can hand in something else."""

    def __init__(  # noqa: PLR0913 - the parts of the whole
        self,
        *,
        flows: Flows,
        catalogs: Catalogs,
        knowledge: Knowledge,
        renderer: Renderer,
        understanding: Understanding,
        store: SessionStore,
        messenger: Messenger,
        today: Callable[[], date],
        nonce: Callable[[], str],
    ) -> None:
        self.flows = flows
        self.catalogs = catalogs
        self.knowledge = knowledge
        self.renderer = renderer
        self._understanding = understanding
        self._store = store
        self._messenger = messenger
        self._today = today
        self._nonce = nonce
        self._language: str | None = None
        self._place: str | None = None
        self._locks: dict[str, asyncio.Lock] = {}
        self._known: dict[tuple[str | None, str | None], Known] = {}
        self._known_on = date.min

    def begin_with(self, language: str | None, place: str | None) -> None:
        """Give every new session a language and a place; without this it has neither."""
        self._language, self._place = language, place

    async def receive(self, incoming: Incoming) -> None:
        """Take the turn that `incoming` asks for. Never raises for what a person did."""
        # Leaving needs no session and no language: an exit word of any language leaves.
        leaving = self._understanding.leaves(incoming.text, None) or incoming.button.endswith(BUTTON + EXIT)
        lock = self._locks.setdefault(incoming.address, asyncio.Lock())
        try:
            async with lock:
                await self._turn(incoming, Left() if leaving else None)
        finally:
            if not lock.locked():
                self._locks.pop(incoming.address, None)

    async def expire(self, address: str) -> None:
        """Clear the screen and forget: nothing came for as long as the person allowed."""
        await self._turn(Incoming(address), Expired())

    async def stay(self, address: str) -> int:
        """How many minutes the screen of a chat may stay without a turn."""
        session = self._read(await self._store.load(address))
        return STAY_MINUTES[_stay(session)]

    async def _turn(self, incoming: Incoming, event: Event | None) -> None:
        for _ in range(_TRIES):
            record = await self._store.load(incoming.address)
            session = self._read(record)
            try:
                turn, page = self._decide(incoming, session, event)
            except Exception as error:  # noqa: BLE001 - whatever it was, a person is waiting and must not read it
                fault(log, error)
                await self._trouble(incoming.address, session, record)
                return
            if turn.session is None:
                await self._leave(incoming.address, session, record, turn)
                return
            fresh = Record(encode(turn.session), turn.session.turn, record.shown if record else -1, _screen(record))
            if await self._store.save(incoming.address, fresh, record.turn if record else None):
                screen = await self._messenger.show(incoming.address, page, fresh.screen)
                await self._store.shown(incoming.address, fresh.turn, screen)
                return

    def _decide(self, incoming: Incoming, session: Session | None, event: Event | None) -> tuple[Turn, Page]:
        """The turn and its page; pure but for what is looked up."""
        turn = Turn(session)
        for happened in [event] if event else self._events(incoming, session):
            known = self.known(*axes(self.flows, session, happened))
            turn = step(self.flows, session, happened, known)
            session = turn.session
        return turn, self.page(turn.screen, session) if turn.screen and session else _NOTHING

    def _events(self, incoming: Incoming, session: Session | None) -> list[Event]:
        """What happened. The first words of somebody new may name a conversation, or say that they need help now."""
        if incoming.button and session:
            stamp, _, key = incoming.button.partition(BUTTON)
            return [self._narrowed(Pressed(stamp, key), session)]
        if session is None or incoming.text.split(maxsplit=1)[:1] == ["/start"]:
            return self._first(incoming.text)
        page = self.page(show(self.flows, session, self.known(session.language, session.place)), session)
        happened = self._understanding.event(incoming.text, session, page)
        return [self._narrowed(happened, session)]

    def _first(self, text: str) -> list[Event]:
        begun = Started(self._nonce(), self._language, self._place)
        if not text or text.startswith("/"):
            return [begun]
        if self._understanding.distressed(text, begun.language):
            return [begun, Opened(URGENT, "heard")]
        meant = self._understanding.flows_meant(text, begun.language)
        return [replace(begun, later=meant[0]) if meant else begun]

    def _narrowed(self, event: Event, session: Session) -> Event:
        """A picked place that has parts asks which of them."""
        key = event.key if isinstance(event, Pressed) else getattr(event, "keys", ("",))[0]
        if not key.startswith(PICK) or (isinstance(event, Pressed) and event.stamp != session.stamp):
            return event
        screen = show(self.flows, session, self.known(session.language, session.place))
        picked = key.removeprefix(PICK)
        if screen.about != "places" or picked not in screen.offered:
            return event
        return self._understanding.place(picked, session) or event

    def known(self, language: str | None, place: str | None) -> Known:
        """What is looked up for a language and a place today."""
        today = self._today()
        if today != self._known_on:
            self._known, self._known_on = {}, today
        found = self._known.get((language, place))
        if found is None:
            code = language or ENGLISH
            holds = self.knowledge.holds(place, today) | {f"language is {code}"}
            holds |= {f"flow {name}" for name in self.catalogs.whole(code)}
            offers = self.knowledge.offers(place, today) | {"languages": self.catalogs.offered()}
            found = self._known[language, place] = Known(holds, offers)
        return found

    def page(self, screen: Screen, session: Session) -> Page:
        """The page of a screen for this session."""
        return Page(session.stamp, self.renderer.content(screen, session.language, session.place, _stay(session)))

    @staticmethod
    def _read(record: Record | None) -> Session | None:
        """The session in a record; one that cannot be read back is as good as none."""
        if record is None:
            return None
        try:
            return decode(record.session)
        except BadRecordError as error:
            fault(log, error)
            return None

    async def _leave(self, address: str, session: Session | None, record: Record | None, turn: Turn) -> None:
        """Forget first, then erase: what fails after this can leave words on a screen, but nothing with us."""
        await self._store.drop(address)
        dull = self.renderer.dull(session.language if session else None) if turn.erase == "dull" else ""
        if turn.erase:
            await self._messenger.leave(address, _screen(record), dull)

    async def _trouble(self, address: str, session: Session | None, record: Record | None) -> None:
        """Say that something went wrong, and leave the person where they were."""
        page = _NOTHING
        if session:
            try:
                known = self.known(session.language, session.place)
                page = self.page(show(self.flows, session._replace(notice="trouble"), known), session)
            except Exception as error:  # noqa: BLE001 - the same fault again: say it without the screen
                fault(log, error)
        if not page.passages:
            page = Page("", self.renderer.bare(session.language if session else None, words.NOTICES["trouble"]))
        await self._messenger.show(address, page, _screen(record))


_NOTHING = Page("", Content("", (), (), ()))


def _screen(record: Record | None) -> int:
    return record.screen if record else 0


def _stay(session: Session | None) -> str:
    return session.settings.get("stay", ("quarter",))[0] if session else "quarter"
