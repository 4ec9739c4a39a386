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
        self._busy: set[str] = set()

    def busy(self, address: str) -> bool:
        """Whether something is being done for a chat."""
        return address in self._busy

    async def finish(self, work: Work) -> None:
        """Do `work`, unless something newer overtakes it. Returns when the lane of the chat is empty."""
        address = work.record.address
        waiting = self._waiting.get(address)
        if waiting is None or not waiting.leave or work.record.turn > waiting.record.turn:
            self._waiting[address] = work
        if address in self._busy:
            return  # whoever is at work there takes this next
        self._busy.add(address)
        try:
            while address in self._waiting:
                await self._do(self._waiting.pop(address))
        finally:
            self._busy.discard(address)

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
        except StoreError as error:
            fault(log, error)
        except Exception as error:  # noqa: BLE001 - one chat's trouble must not stop the others
            fault(log, error)

    async def _show(self, work: Work) -> None:
        record = work.record
        if work.page:
            record = await self._messenger.show(record, work.page, anew=work.anew)
            if work.kept:
                added = tuple(each for each in record.erase if each not in work.record.erase)
                await self._store.shown(record._replace(erase=added))
        if work.kept:  # as the list is now: what came before may have been erased meanwhile
            held = await self._store.load(record.address)
            record = record._replace(erase=held.erase if held and held.session else ())
        if record.erase:
            erased = await self._messenger.erase(record)
            if work.kept and erased:
                await self._store.shown(record._replace(erase=()), erased)

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
