"""One turn, end to end: what came in is understood, taken one step, kept, shown, and forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from weakref import WeakValueDictionary

from bot.engine.event import Event, Left, Pressed, Started, Unsure
from bot.engine.flows import Flows
from bot.engine.moves import settle
from bot.engine.session import Session
from bot.engine.step import EXIT, PICK, Turn, axes, step
from bot.knowledge.finding import Finder
from bot.knowledge.knowledge import Knowledge
from bot.lanes import Lanes, Work
from bot.language import words
from bot.language.cards import STAY_MINUTES
from bot.language.catalogs import Catalogs
from bot.language.render import Renderer
from bot.language.understand import Understanding
from bot.pages import Pages, stay_of
from bot.ports import RENEW, Content, Incoming, Messenger, Page, Record, Saved, SessionStore, StoreError
from bot.privacy.logs import fault
from bot.privacy.seal import TooLargeError
from bot.record import BadRecordError, decode, encode
from bot.rounds import LATE, Rounds

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
        finder: Finder,
        renderer: Renderer,
        understanding: Understanding,
        store: SessionStore,
        messenger: Messenger,
        now: Callable[[], float],
        nonce: Callable[[], str],
        since: Callable[[float], float] | None = None,
    ) -> None:
        self.flows = flows
        self.catalogs = catalogs
        self.knowledge = knowledge
        self.finder = finder
        self.pages = Pages(flows, catalogs, knowledge, finder, renderer, self.today)
        self.store = store
        self.messenger = messenger
        self.lanes = Lanes(messenger, store)
        self._understanding = understanding
        self._now = now
        self._since = since or (lambda date: now() - date)
        self._nonce = nonce
        self._rounds = Rounds(store, self.lanes, now, self._read, self._again, self.expire)
        self._language: str | None = None
        self._place: str | None = None
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def begin_with(self, language: str | None, place: str | None) -> None:
        """Give every new session a language and a place; without this it has neither."""
        self._language, self._place = language, place

    async def receive(self, incoming: Incoming) -> None:
        """Take the turn that `incoming` asks for, and show what it leads to. Never raises for what a person did."""
        work = await self.take(incoming)
        if work:
            await self.lanes.finish(work)

    async def take(self, incoming: Incoming) -> Work | None:
        """Take the turn, and return when it is kept: from then on a crash loses nothing, and it may be acknowledged."""
        async with self._locks.setdefault(incoming.address, asyncio.Lock()):
            try:
                if self.lanes.leaving(incoming.address) and not (incoming.starts or self.leaves(incoming)):
                    return Work(self._unkept(incoming, None), kept=False)
                await self.lanes.forget(incoming.address)
                return await self._take(incoming)
            except (StoreError, TooLargeError) as error:
                self.lanes.cannot_keep(error)
                return await self._without_store(incoming)

    async def expire(self, address: str, turn: int | None = None) -> None:
        """Clear the screen and forget: nothing came for as long as the person allowed. Only at `turn`, if given."""
        async with self._locks.setdefault(address, asyncio.Lock()):
            record = await self.store.load(address)
            if not record or not record.session or turn not in {None, record.turn}:
                return
            _, work = await self._leave(Incoming(address), record, None, Turn(None, None, "expired"))
        if work:
            await self.lanes.finish(work)

    async def stay(self, address: str) -> int:
        """How many minutes the screen of a chat may stay without a turn."""
        record = await self.store.load(address)
        return record.stay if record else STAY_MINUTES["quarter"]

    async def resume(self) -> None:
        """After a start: finish what was being left, clear what expired, and mend screens that were not shown."""
        await self._rounds.first(self.today())

    async def sweep(self) -> None:
        """Clear what expired, go on with what could not be shown or erased, and let the store forget."""
        await self._rounds.next(self.today())

    def today(self) -> date:
        """The day, everywhere the same."""
        return datetime.fromtimestamp(self._now(), UTC).date()

    # A turn

    async def _take(self, incoming: Incoming) -> Work | None:
        for _ in range(_TRIES):
            record = await self.store.load(incoming.address)
            if incoming.kind == "gone":
                await self.store.drop(incoming.address)
                return None
            leaving = self.leaves(incoming)
            if not leaving and self._only_erased(incoming, record):
                return await self._erase(incoming, record)
            session = self._read(record)
            try:
                turn, page = self._leaving(incoming, session) if leaving else self._decide(incoming, session)
            except Exception as error:  # noqa: BLE001 - whatever it was, a person is waiting and must not read it
                fault(log, error)
                return self._trouble(incoming, session, record)
            if turn.session is session and not turn.erase:  # a button of nothing, or a dull page and not its button
                return await self._erase(incoming, record)
            if turn.session is None:
                saved, work = await self._leave(incoming, record, session, turn)
                if saved is Saved.OVERTAKEN:
                    continue
                return work
            fresh = self._record(incoming, record, turn.session)
            saved, fresh = await self._save(fresh, turn.session, record, incoming.update)
            if saved is Saved.KEPT:
                self.lanes.refused = False
                self.lanes.unkept.pop(incoming.address, None)
                self.lanes.unread.discard(incoming.address)
                return Work(fresh, page)
            if saved is Saved.DUPLICATE:
                return None
        return None

    def leaves(self, incoming: Incoming) -> bool:
        """Whether this leaves: it needs no session, no language and no store, and comes before any of them."""
        if incoming.kind == "button":
            return incoming.text.endswith(BUTTON + EXIT)
        return incoming.kind == "text" and self._understanding.leaves(incoming.text, None)

    def _only_erased(self, incoming: Incoming, record: Record | None) -> bool:
        """Whether this is erased and answered with nothing: it is late, an edit, or came after leaving."""
        if incoming.kind == "edited" or (incoming.date and self._since(incoming.date) > LATE):
            return True
        return bool(record and not record.session) and not incoming.starts

    async def _erase(self, incoming: Incoming, record: Record | None) -> Work | None:
        if not incoming.message or incoming.kind == "button":
            return None
        if record is None:
            return Work(Record(incoming.address, b"", 0, erase=(incoming.message,)), kept=False)
        fresh = record._replace(turn=record.turn + 1, shown=record.shown + 1, erase=(incoming.message,))
        saved = await self.store.save(fresh, record.turn, incoming.update)
        whole = fresh._replace(erase=(*record.erase, incoming.message))
        return Work(whole, leave=not fresh.session) if saved is Saved.KEPT else None

    def _record(self, incoming: Incoming, record: Record | None, session: Session) -> Record:
        """The record after a turn: what was typed goes on the list of what to erase."""
        unkept = self.lanes.unkept.get(incoming.address)
        stands = self.lanes.stands(record) if record else unkept
        doubt = stands.doubt if stands else 0
        if not stands or not stands.screen or self._now() - stands.screen_at > RENEW:
            # This turn's screen is sent, not edited: should we be killed then, it is looked for after this id.
            doubt = doubt or incoming.message
        return Record(
            incoming.address,
            b"",
            session.turn if record is None else record.turn + 1,
            -1 if record is None else record.shown,
            stands.screen if stands else 0,
            stands.screen_at if stands else 0,
            (*(stands.erase if stands and unkept else ()), *incoming.typed),
            int(self._now()),
            STAY_MINUTES[stay_of(session)],
            doubt=doubt,
        )

    async def _save(self, fresh: Record, session: Session, record: Record | None, update: int) -> tuple[Saved, Record]:
        """Keep the session; where it does not fit, the oldest of its trail goes first."""
        while True:
            fresh = fresh._replace(session=encode(session))
            try:
                return await self.store.save(fresh, record.turn if record else None, update), fresh
            except TooLargeError:
                if not session.trail:
                    raise
                session = session._replace(trail=session.trail[len(session.trail) // 2 + 1 :])

    def _leaving(self, incoming: Incoming, session: Session | None) -> tuple[Turn, Page]:
        """The turn of somebody who leaves: no fault of ours keeps them."""
        try:
            return self._decide(incoming, session, Left())
        except Exception as error:  # noqa: BLE001 - as it says
            fault(log, error)
            return Turn(None, None, "empty"), _NOTHING

    def _decide(self, incoming: Incoming, session: Session | None, event: Event | None = None) -> tuple[Turn, Page]:
        """The turn and its page; pure but for what is looked up."""
        turn = Turn(session)
        for happened in [event] if event else self._events(incoming, session):
            known = self.pages.known(*axes(self.flows, session, happened))
            turn = step(self.flows, session, happened, known)
            session = turn.session
        page = self.pages.page(turn.screen, session) if turn.screen and session else _NOTHING
        return turn, replace(page, anew=False) if _ticks(incoming) else page

    def _events(self, incoming: Incoming, session: Session | None) -> list[Event]:
        """What happened. The first words of somebody new may name a conversation, or say that they need help now."""
        if incoming.kind == "button" and session is None:
            return []
        if session is None or incoming.starts:
            return self._first(incoming.text)
        if settle(self.flows, session) is not session:
            # The script was edited under them: nothing counts but what cannot wait, and the screen is shown again.
            return [self._understanding.urgent(incoming.text, session.language) or Unsure("stale")]
        if incoming.kind == "button":
            stamp, _, key = incoming.text.partition(BUTTON)
            return [self._narrowed(Pressed(stamp, key), session)]
        if incoming.kind in {"other", "long"}:
            return [Unsure(incoming.kind)]
        page = self.pages.page(self.pages.screen(session), session)
        happened = self._understanding.event(incoming.text, session, page)
        return [self._narrowed(happened, session)]

    def _first(self, text: str) -> list[Event]:
        begun = Started(self._nonce(), self._language, self._place)
        if not text or text.startswith("/"):
            return [begun]
        distress = self._understanding.distress(text, begun.language)
        if distress:
            return [begun, distress]
        meant = self._understanding.flows_meant(text, begun.language)
        return [replace(begun, later=meant[0]) if meant else begun]

    def _narrowed(self, event: Event, session: Session) -> Event:
        """A picked place that has parts asks which of them."""
        key = event.key if isinstance(event, Pressed) else getattr(event, "keys", ("",))[0]
        if not key.startswith(PICK) or (isinstance(event, Pressed) and event.stamp != session.stamp):
            return event
        screen = self.pages.screen(session)
        picked = key.removeprefix(PICK)
        if screen.about != "places" or picked not in screen.offered:
            return event
        return self._understanding.place(picked, session) or event

    def _again(self, session: Session) -> Page:
        """The page of the screen a session stands at."""
        return self.pages.page(self.pages.screen(session), session)

    @staticmethod
    def _read(record: Record | None) -> Session | None:
        """The session in a record; one that cannot be read back is as good as none."""
        if record is None or not record.session:
            return None
        try:
            return decode(record.session)
        except BadRecordError as error:
            fault(log, error)
            return None

    # Leaving, and trouble

    async def _leave(
        self, incoming: Incoming, record: Record | None, session: Session | None, turn: Turn
    ) -> tuple[Saved, Work | None]:
        """Forget first, keeping only what is to be erased; then erase."""
        session = session or self._read(record)
        stone = self._tombstone(incoming, record, self.pages.dull(session) if turn.erase == "dull" else "")
        try:
            saved = await self.store.save(stone, record.turn if record else None, incoming.update)
        except StoreError as error:
            self.lanes.cannot_keep(error)
            return Saved.KEPT, Work(stone, leave=True, kept=False)
        return saved, Work(stone, leave=True) if saved is Saved.KEPT else None

    def _tombstone(self, incoming: Incoming, record: Record | None, dull: str) -> Record:
        held = self.lanes.standing(incoming, record)
        pressed = (incoming.message,) if incoming.kind == "button" and incoming.message not in {0, held.screen} else ()
        return held._replace(
            session=b"",
            turn=held.turn + 1,
            erase=(*held.erase, *incoming.typed, *pressed),
            at=int(self._now()),
            dull=dull,
        )

    def _trouble(self, incoming: Incoming, session: Session | None, record: Record | None) -> Work:
        """Say that something went wrong, and leave the person where they were."""
        page = _NOTHING
        if session:
            try:
                page = self.pages.page(self.pages.screen(session, "trouble"), session)
            except Exception as error:  # noqa: BLE001 - the same fault again: say it without the screen
                fault(log, error)
        if not page.passages:
            page = Page("", self.pages.renderer.bare(session.language if session else None, words.NOTICES["trouble"]))
        return Work(self._unkept(incoming, record), replace(page, anew=False), kept=False)  # its id would not be kept

    def _unkept(self, incoming: Incoming, record: Record | None) -> Record:
        held = self.lanes.standing(incoming, record)
        return held._replace(erase=(*held.erase, *incoming.typed), at=int(self._now()))

    async def _without_store(self, incoming: Incoming) -> Work | None:
        """Where nothing can be kept, leaving works from what is known, and anything else gets one neutral line."""
        left = incoming.address in self.lanes.left
        try:
            record = None if left else await self.store.load(incoming.address)
        except StoreError:
            record = None
            if incoming.kind != "gone" and (self.leaves(incoming) or not self._only_erased(incoming, None)):
                self.lanes.unread.add(incoming.address)
        if incoming.kind == "gone":
            self.lanes.left.add(incoming.address)
            return None
        if self.leaves(incoming):
            return Work(self._tombstone(incoming, record, ""), leave=True, kept=False)
        if (left and not incoming.starts) or self._only_erased(incoming, record):
            return Work(self._unkept(incoming, record), kept=False)
        return self._trouble(incoming, self._read(record), record)


_NOTHING = Page("", Content("", (), (), ()))


def _ticks(incoming: Incoming) -> bool:
    """Whether a line of a checklist was pressed: that button says so itself, and a screen reader stays on it."""
    return incoming.kind == "button" and incoming.text.partition(BUTTON)[2][:1] in {"+", "-"}
