"""What goes out: one lane a chat, in which the newest screen wins and leaving comes before everything."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from bot.ports import GoneError, Messenger, Page, Record, SessionStore, StoreError, UnreachedError
from bot.privacy.logs import fault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What a turn asks of the messenger: show a page, or leave, or only erase what was typed."""

    record: Record
    page: Page | None = None
    leave: bool = False
    anew: bool = True
    kept: bool = True  # False where the store could not be written: then nothing is noted either


class Lanes:
    """Does the work of each chat, one thing at a time, and of many chats side by side."""

    def __init__(self, messenger: Messenger, store: SessionStore) -> None:
        self._messenger = messenger
        self._store = store
        self._waiting: dict[str, Work] = {}
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._leaving: dict[str, bool] = {}

    def busy(self, address: str) -> bool:
        """Whether something is being done for a chat."""
        return address in self._busy

    async def finish(self, work: Work) -> None:
        """Do `work`, unless something newer overtakes it. Returns when the lane of the chat is empty.

        Leaving does not wait for a screen that is being shown: whatever that waits for, it is given up.
        """
        address = work.record.address
        waiting = self._waiting.get(address)
        if waiting is None or not waiting.leave or work.record.turn > waiting.record.turn:
            self._waiting[address] = work
        running = self._busy.get(address)
        if running is None:
            running = self._busy[address] = asyncio.create_task(self._empty(address))
        elif work.leave and not self._leaving.get(address):
            running.cancel()
            running = self._busy[address] = asyncio.create_task(self._empty(address, running))
        await asyncio.wait({running})

    async def _empty(self, address: str, before: asyncio.Task[None] | None = None) -> None:
        """Do what waits for a chat until nothing does."""
        if before is not None:
            await asyncio.wait({before})
        try:
            while address in self._waiting:
                work = self._waiting.pop(address)
                self._leaving[address] = work.leave
                await self._do(work)
        finally:
            if self._busy.get(address) is asyncio.current_task():
                del self._busy[address]
                self._leaving.pop(address, None)

    async def _do(self, work: Work) -> None:
        try:
            if work.leave:
                await self._leave(work)
            else:
                await self._show(work)
        except GoneError:
            await self._store.drop(work.record.address)
        except UnreachedError as error:
            fault(log, error)  # the record says what was not done; the next sweep or start tries again
            if error.record and work.kept:
                await self._store.shown(error.record._replace(erase=()))
        except StoreError as error:
            fault(log, error)
        except Exception as error:  # noqa: BLE001 - one chat's trouble must not stop the others
            fault(log, error)

    async def _show(self, work: Work) -> None:
        record = await self._now(work) if work.kept else work.record
        if record is None:
            return
        if work.page:
            if work.kept and work.anew and work.page.anew and record.screen and not record.doubt:
                # A crash after it is sent must not leave a message behind that nobody knows of.
                await self._store.shown(record._replace(erase=(), doubt=max((record.screen, *record.erase))))
            shown = await self._messenger.show(record, work.page, anew=work.anew)
            if work.kept:
                added = tuple(each for each in shown.erase if each not in record.erase)
                same = shown.screen == record.screen and not added
                await self._store.shown(shown._replace(erase=added), soon=same)
            record = shown
        if record.erase:
            erased = await self._messenger.erase(record)
            if work.kept and erased:
                await self._store.shown(record._replace(erase=()), erased)

    async def _now(self, work: Work) -> Record | None:
        """The record as it is by now: what came before may have sent a screen, or erased. None if it was overtaken."""
        held = await self._store.load(work.record.address)
        if held is None or not held.session or held.turn > work.record.turn:
            return None  # whoever overtook it shows what is to be seen
        return held

    async def _leave(self, work: Work) -> None:
        await self._messenger.leave(work.record)
        if work.kept:
            await self._store.drop(work.record.address, work.record.turn)


async def together(lanes: Lanes, works: list[Work], limit: int = 32) -> None:
    """Do the work of several chats side by side, a few at a time."""
    gate = asyncio.Semaphore(limit)

    async def one(work: Work) -> None:
        async with gate:
            await lanes.finish(work)

    await asyncio.gather(*(one(work) for work in works))
