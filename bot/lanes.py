"""What goes out: one lane a chat, in which the newest screen wins and leaving comes before everything."""

from __future__ import annotations

import asyncio
import logging
from asyncio import sleep
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.ports import (
    GoneError,
    Incoming,
    Messenger,
    NotNowError,
    Page,
    Record,
    SessionStore,
    StoreError,
    UnreachedError,
)
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
PATIENCE = 60.0
"""Seconds a screen waits in its lane; what has to wait longer is left to a sweep, which only mends what is there."""

TOGETHER = 10.0
"""Seconds that everybody waits for the work of many chats."""


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
        self.unkept: dict[str, Record] = {}  # what stands in chats whose record could not be written
        self.refused = False
        self.left: set[str] = set()  # who left while it could not be noted: a record of theirs counts for nothing
        self.unread: set[str] = set()  # of these, whose record could not be read: only it knows what stands there

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
        """Do what waits for a chat until nothing does; a newer screen takes the place of one that has to wait."""
        if before is not None:
            await asyncio.wait({before})
        waited = 0.0
        try:
            while address in self._waiting:
                work = self._waiting.pop(address)
                self._leaving[address] = work.leave
                later = await self._do(work)
                if later is None:
                    waited = 0.0
                elif waited + later.seconds <= PATIENCE:
                    waited += later.seconds
                    self._waiting.setdefault(address, replace(work, record=self.unkept.get(address, work.record)))
                    await sleep(later.seconds)
        finally:
            if self._busy.get(address) is asyncio.current_task():
                del self._busy[address]
                self._leaving.pop(address, None)

    async def _do(self, work: Work) -> NotNowError | None:
        """Do one thing; what the messenger said where a screen has to wait."""
        try:
            if work.leave:
                await self._leave(work)
            else:
                await self._show(work)
        except NotNowError as error:
            return error
        except GoneError:
            await self._gone(work.record.address)
        except StoreError as error:
            self.cannot_keep(error)
        except Exception as error:  # noqa: BLE001 - one chat's trouble must not stop the others; a sweep tries again
            fault(log, error)
        return None

    def cannot_keep(self, error: Exception) -> None:
        """Log that the store refused, once until it does not."""
        if not self.refused:
            fault(log, error)
        self.refused = True

    async def _show(self, work: Work) -> None:
        record = await self._now(work) if work.kept else work.record
        if record is None:
            return
        # Side by side: what was typed goes at once, whatever the screen has to wait for.
        shown, erased = await asyncio.gather(self._screen(work, record), self._erase(record), return_exceptions=True)
        known = shown if isinstance(shown, Record) else getattr(shown, "record", None) or self.stands(record)
        added = tuple(each for each in known.erase if each not in record.erase)
        if isinstance(erased, tuple) and erased:
            await self._note(work, record, known._replace(erase=added), erased)
        failures = [each for each in (shown, erased) if isinstance(each, BaseException)]
        if failures:
            raise min(failures, key=lambda failure: not isinstance(failure, GoneError))
        if added:
            known = known._replace(erase=added)
            await self._note(work, record, known._replace(erase=()), await self._messenger.erase(known))

    async def _screen(self, work: Work, record: Record) -> Record:
        """Show, and note at once what stands there: a kill before that costs a second screen."""
        if not work.page:
            return record
        if work.kept and work.anew and work.page.anew and record.screen and not record.doubt:
            # A crash after it is sent must not leave a message behind that nobody knows of.
            await self._store.shown(record._replace(erase=(), doubt=max((record.screen, *record.erase))))
        try:
            known = await self._messenger.show(record, work.page, anew=work.anew)
        except UnreachedError as error:
            if error.record:
                await self._note(work, record, error.record._replace(erase=()), ())
            raise
        added = tuple(each for each in known.erase if each not in record.erase)
        await self._note(work, record, known._replace(erase=added), ())
        return known

    async def _erase(self, record: Record) -> tuple[int, ...]:
        return await self._messenger.erase(record) if record.erase else ()

    async def _note(self, work: Work, before: Record, known: Record, gone: tuple[int, ...]) -> None:
        """Note what stands there now, what is still to be erased and what is gone: in memory where nothing else can."""
        left_over = tuple(each for each in (*before.erase, *known.erase) if each not in gone)
        if not work.kept and not known.screen and not left_over:
            self.unkept.pop(before.address, None)
        elif not work.kept:
            self.unkept[before.address] = known._replace(session=b"", erase=left_over)
        elif known != before._replace(erase=()) or gone:
            same = (known.screen, known.doubt) == (before.screen, before.doubt) and not known.erase and not gone
            try:
                noting = self._store.shown(known, gone, soon=same)
                await (noting if same else _to_the_end(noting))
            except StoreError:
                self.unkept[before.address] = known._replace(session=b"", erase=left_over)
                raise

    async def _now(self, work: Work) -> Record | None:
        """The record as it is by now: what came before may have sent a screen, or erased. None if it was overtaken."""
        held = await self._store.load(work.record.address)
        if held is None or not held.session or held.turn > work.record.turn:
            return None  # whoever overtook it shows what is to be seen
        return held

    async def _leave(self, work: Work) -> None:
        record = self.stands(await self._by_now(work) if work.kept else work.record)
        address = record.address
        if not work.kept:
            self.unkept[address] = record
            self.left.add(address)
        await self._messenger.leave(record)
        self.unkept.pop(address, None)
        if work.kept:
            await self._store.drop(address, work.record.turn)
            self.unread.discard(address)

    async def _by_now(self, work: Work) -> Record:
        """The tombstone with what was noted since: a screen may have arrived while somebody was leaving."""
        with suppress(StoreError):
            held = await self._store.load(work.record.address)
            if held and held.turn == work.record.turn:
                return held
        return work.record

    async def _gone(self, address: str) -> None:
        """Nobody is there any more: nothing is kept of them, as soon as the store can be written."""
        self.unkept.pop(address, None)
        self.left.add(address)
        with suppress(StoreError):
            await self.forget(address)

    def standing(self, incoming: Incoming, record: Record | None) -> Record:
        """What stands in a chat, as far as anything knows: a button is pressed on a message of ours."""
        held = self.stands(record or Record(incoming.address, b"", 0))
        return held._replace(screen=incoming.message) if incoming.kind == "button" and not held.screen else held

    def stands(self, record: Record) -> Record:
        """The record with what stands in the chat besides, because it could not be noted."""
        unkept = self.unkept.get(record.address)
        if unkept is None:
            return record
        over = (record.screen,) if unkept.screen and record.screen not in {0, unkept.screen} else ()
        return record._replace(
            screen=unkept.screen or record.screen,
            screen_at=unkept.screen_at or record.screen_at,
            erase=tuple(dict.fromkeys((*record.erase, *over, *unkept.erase))),
            doubt=unkept.doubt or record.doubt,
        )

    def unfinished(self, now: float) -> list[Work]:
        """What was not kept and is to be cleared: lines of trouble that stood long enough, and leaving cut short."""
        return [
            Work(record, leave=True, kept=False)
            for address, record in self.unkept.items()
            if not self.busy(address) and (address in self.left or not 0 <= now - record.at < record.stay * 60)
        ]

    def leaving(self, address: str) -> bool:
        """Whether somebody left, it could not be noted, and not everything is erased yet."""
        return address in self.left and address in self.unkept

    async def forget(self, address: str) -> None:
        """Drop the record of somebody who left while the store could not be written. Raises `StoreError` still."""
        if address in self.left:
            held = await self._store.load(address) if address in self.unread else None
            if held and held.session:  # only their record knows what stands there: it is erased as any tombstone's is
                await self._store.save(held._replace(session=b"", turn=held.turn + 1), held.turn)
            elif not held:
                await self._store.drop(address)
            self.left.discard(address)
            self.unread.discard(address)


async def _to_the_end(noting: Coroutine[Any, Any, None]) -> None:
    """Note something even where whoever notes it is cancelled: who leaves must know what stands there."""
    task = asyncio.create_task(noting)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        task.exception()
        raise


async def together(works: list[Callable[[], Coroutine[Any, Any, None]]], limit: int = 32) -> None:
    """Do the work of several chats side by side, a few at a time. What takes long goes on when this has returned.

    One chat that must be left alone for minutes keeps nobody waiting, at a start or at a sweep.
    """
    gate = asyncio.Semaphore(limit)

    async def one(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async with gate:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - one chat's trouble must not stop the others
                fault(log, error)

    tasks = {asyncio.create_task(one(work)) for work in works}
    _going_on.update(tasks)
    for task in tasks:
        task.add_done_callback(_going_on.discard)
    if tasks:
        await asyncio.wait(tasks, timeout=TOGETHER)


_going_on: set[asyncio.Task[None]] = set()
