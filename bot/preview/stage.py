"""The stage: one conversation on the texts as they are now, and everything that can be done to it from the page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

import msgspec

from bot import app
from bot.engine.event import Opened
from bot.engine.flow import SETTINGS
from bot.engine.moves import enter, keep, settle
from bot.engine.session import REST, Session
from bot.engine.step import step
from bot.lanes import Work
from bot.language.tongue import PseudoTongue
from bot.messengers.preview.messenger import ADDRESS, Preview
from bot.ports import Incoming
from bot.preview.draft import Draft, Drafts
from bot.preview.explain import explanation
from bot.preview.view import Spot, found_places, whole
from bot.preview.watch import look, saved
from bot.record import decode, encode
from bot.runtime import Runtime
from bot.script.diagnostic import Report
from bot.stores.memory import MemoryStore

_ENCODER = msgspec.json.Encoder()


class Stage:
    """The `Desk` of the preview. What is done is done one thing after the other; every change is a new view."""

    def __init__(
        self, drafts: Drafts, *, now: Callable[[], float] = time.time, nonce: Callable[[], str] = app.new_nonce
    ) -> None:
        self.messenger, self.store = Preview(), MemoryStore()
        self.draft: Draft | None = None
        self.runtime: Runtime | None = None
        self.report, self.broken, self.checking = Report(), False, False
        self._drafts, self._now, self._nonce = drafts, now, nonce
        self._language: str | None = None
        self._place: str | None = None
        self._lock, self._news = asyncio.Lock(), asyncio.Condition()
        self._number, self._open, self._edition = 0, True, 0
        self._deeds = {
            "say": self._say,
            "press": self._press,
            "jump": self._jump,
            "language": self._speak,
            "place": self._move,
            "role": self._become,
            "able": self._be_able,
        }

    # What the server asks for

    async def after(self, number: int) -> bool:
        """See `Desk.after`."""
        async with self._news:
            await self._news.wait_for(lambda: self._number > number or not self._open)
        return self._open

    async def view(self) -> tuple[int, bytes]:
        """See `Desk.view`."""
        async with self._lock:
            session = await self._session()
            spot = Spot(
                self._language, self._place, self._drafts.folder, self.broken, self.checking, self._drafts.saved
            )
            shown = whole(self.draft, self.runtime, self.messenger, session, self.report, spot)
            return self._number, _ENCODER.encode({"number": self._number, "edition": self._edition, **shown})

    async def act(self, deed: str, fields: Mapping[str, str]) -> bool:
        """See `Desk.act`."""
        do = self._deeds.get(deed)
        if do is None or self.runtime is None:
            return False
        async with self._lock:
            await do(self.runtime, fields)
        await self._tell()
        return True

    def places(self, text: str) -> bytes:
        """See `Desk.places`."""
        return _ENCODER.encode(found_places(self.draft.knowledge, text) if self.draft else [])

    @staticmethod
    def explanation(code: str) -> str:
        """See `Desk.explanation`."""
        return explanation(code)

    def close(self) -> None:
        """See `Desk.close`."""
        self._open = False
        self._closing = asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        async with self._news:
            self._number += 1
            self._news.notify_all()

    # What is saved

    async def open(self) -> None:
        """Read the texts, and begin."""
        await self.reload()

    async def watch(self) -> None:
        """Show what is saved as soon as it is, and then what `check` says of it, until cancelled."""
        before = await asyncio.to_thread(look, self._drafts.folders())
        checking = asyncio.create_task(self.check())
        try:
            while True:
                before = await saved(self._drafts.folders, before)
                await self.reload()
                checking.cancel()
                checking = asyncio.create_task(self.check())
        finally:
            checking.cancel()

    async def reload(self) -> None:
        """The texts as they are now; where they may not be shown, the last that might stay, and it is said why."""
        draft, report = await asyncio.to_thread(self._drafts.read)
        async with self._lock:
            self.report, self.broken, self.checking = report, draft is None, True
            if draft:
                self.draft, self._edition = draft, self._edition + 1
                await self._build(draft)
        await self._tell()

    async def check(self) -> None:
        """Every diagnostic of the texts as they are now."""
        report = await asyncio.to_thread(self._drafts.check)
        async with self._lock:
            if report or not self.broken:
                self.report = report
            self.checking = False
        await self._tell()

    async def _build(self, draft: Draft) -> None:
        """The same runtime as anywhere, over this draft; the conversation goes on in it where it stood."""
        session = await self._session()
        runtime = self.runtime = app.build(
            self.messenger,
            store=self.store,
            texts=draft.texts,
            flows=draft.flows,
            knowledge=draft.knowledge,
            catalogs=draft.catalogs,
            now=self._now,
            nonce=self._nonce,
        )
        runtime.begin_with(self._language, self._place)
        if session:
            settled = settle(runtime.flows, session)
            if settled is not session:
                notice = "" if settled.notice == "stale" else settled.notice
                known = runtime.pages.known(settled.language, settled.place)
                settled = enter(runtime.flows, settled, settled.stack, known, settled.trail, notice)
            await self._put(runtime, settled)
        elif self.messenger.left is None:
            await self._begin(runtime)

    # What is done

    async def _begin(self, runtime: Runtime) -> None:
        await runtime.receive(Incoming(ADDRESS, text="/start"))

    async def _say(self, runtime: Runtime, fields: Mapping[str, str]) -> None:
        await runtime.receive(Incoming(ADDRESS, text=fields.get("text", "")))

    async def _press(self, runtime: Runtime, fields: Mapping[str, str]) -> None:
        await runtime.receive(Incoming(ADDRESS, fields.get("button", ""), "button"))

    async def _jump(self, runtime: Runtime, fields: Mapping[str, str]) -> None:
        """Go to a state with the answers there are; nothing where there is no such state."""
        flow, state = fields.get("flow", ""), fields.get("state", "")
        if flow not in runtime.flows or (state and state not in runtime.flows[flow].states):
            return
        session = await self._talking(runtime)
        known = runtime.pages.known(session.language, session.place)
        after = step(runtime.flows, session, Opened(flow, state=state or runtime.flows[flow].start), known).session
        if after:
            await self._put(runtime, after)

    async def _speak(self, runtime: Runtime, fields: Mapping[str, str]) -> None:
        code = fields.get("code", "")
        if code in {*runtime.catalogs.there(), PseudoTongue.CODE}:
            self._language = code
            await self._anew(runtime, (await self._talking(runtime))._replace(language=code))

    async def _move(self, runtime: Runtime, fields: Mapping[str, str]) -> None:
        code = fields.get("code") or None
        if code is None or runtime.knowledge.places.knows(code):
            self._place = code
            await self._anew(runtime, (await self._talking(runtime))._replace(place=code))

    async def _become(self, runtime: Runtime, fields: Mapping[str, str]) -> None:
        role = fields.get("role", "")
        if role in SETTINGS["role"]:
            session = await self._talking(runtime)
            await self._anew(runtime, session._replace(settings={**session.settings, "role": (role,)}))

    async def _be_able(self, _runtime: Runtime, fields: Mapping[str, str]) -> None:
        self.messenger.able = fields.get("able") == "yes"
        if self.draft:
            await self._build(self.draft)

    # The session

    async def _session(self) -> Session | None:
        record = await self.store.load(ADDRESS)
        return decode(record.session) if record and record.session else None

    async def _talking(self, runtime: Runtime) -> Session:
        """The session, begun where there is none, and without a dull page over it."""
        session = await self._session()
        if session is None:
            runtime.begin_with(self._language, self._place)
            await self._begin(runtime)
            session = await self._session()
        assert session, "whoever begins has a session"
        return session._replace(aside="") if session.aside == REST else session

    async def _anew(self, runtime: Runtime, session: Session) -> None:
        """The same state for another language, place or role."""
        runtime.begin_with(self._language, self._place)
        known = runtime.pages.known(session.language, session.place)
        await self._put(runtime, keep(runtime.flows, session, known))

    async def _put(self, runtime: Runtime, session: Session) -> None:
        """Make `session` the one there is, and show it."""
        record = await self.store.load(ADDRESS)
        assert record, "nobody else leaves meanwhile: the lock is held"
        fresh = record._replace(session=encode(session), turn=record.turn + 1, erase=(), at=int(self._now()))
        await self.store.save(fresh, record.turn)
        page = runtime.pages.page(runtime.pages.screen(session), session)
        await runtime.lanes.finish(Work(fresh, page))
