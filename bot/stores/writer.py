"""Writing: all that waits goes into one transaction, and only the disk is waited for in a thread."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from bot.ports import StoreError
from bot.stores.ballast import Ballast

T = TypeVar("T")
log = logging.getLogger(__name__)


class _Job:
    """Something to do in a transaction, perhaps more than once, and the future of whoever waits for it."""

    __slots__ = ("future", "result", "vital", "work")

    def __init__(self, work: Callable[[], Any], *, vital: bool) -> None:
        self.work, self.vital = work, vital
        self.result: Any = None
        self.future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def done(self) -> None:
        if not self.future.done():
            self.future.set_result(self.result)

    def fail(self, error: StoreError) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Writer:
    """One transaction after the other on one connection.

    Statements run in the loop's thread: they take microseconds, and a thread that needs the interpreter for each of
    them waits for the loop each time. Committing waits for the disk, in a thread of its own.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path, self._db = path, connection
        self._waiting: list[_Job] = []
        self._soon: list[_Job] = []
        self._between: list[tuple[Callable[[], None], asyncio.Future[None]]] = []
        self._working: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "store")
        self._ballast = Ballast(path)
        self._short = False

    async def do(self, work: Callable[[], T], *, vital: bool = False) -> T:
        """Do `work`, which may be done again if something beside it failed; returns when it is on the disk.

        Where the disk is full, what is `vital` has the room that was kept for it; all else is refused.
        Raises `StoreError`.
        """
        job = _Job(work, vital=vital)
        self._waiting.append(job)
        self._wake()
        result: T = await job.future
        return result

    def soon(self, work: Callable[[], None]) -> None:
        """Do `work` with the next transaction; nobody waits for it."""
        job = _Job(work, vital=False)
        job.future.add_done_callback(lambda done: done.exception())
        self._soon.append(job)

    async def between(self, work: Callable[[], None]) -> None:
        """Do something that no transaction may be open for, when none is."""
        done = asyncio.get_running_loop().create_future()
        self._between.append((work, done))
        self._wake()
        await done

    def _wake(self) -> None:
        if self._working is None:
            self._working = asyncio.create_task(self._work())

    async def _work(self) -> None:
        try:
            while self._waiting or self._between:
                jobs, self._soon, self._waiting = [*self._soon, *self._waiting], [], []
                if jobs:
                    await self._all_or_each(jobs)
                between, self._between = self._between, []
                for work, done in between:
                    await self._apart(work)
                    if not done.done():
                        done.set_result(None)
        finally:
            self._working = None

    async def _apart(self, work: Callable[[], None]) -> None:
        """Do what waits for the disk in the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _all_or_each(self, jobs: list[_Job]) -> None:
        """All of them in one transaction; where that fails, each in its own, so that one spoils no other."""
        error = await self._transaction(jobs)
        if error is None:
            for job in jobs:
                job.done()
            if not self._ballast.there:
                await self._apart(self._checkpoint)
            elif self._short and not all(job.vital for job in jobs):
                self._short = False
                log.info("the disk can be written again")
        elif len(jobs) > 1:
            for job in jobs:
                await self._all_or_each([job])
        elif jobs[0].vital and self._ballast.throw_off():
            await self._apart(self._checkpoint)
            await self._all_or_each(jobs)
        else:
            jobs[0].fail(error)
            await self._apart(self._checkpoint)  # the log has room in it that it does not need: the next may fit
            if not self._short:
                self._short = True
                log.error("the disk is full or cannot be written: only leaving goes on")

    async def _transaction(self, jobs: list[_Job]) -> StoreError | None:
        try:
            await self._room(jobs)
            self._db.execute("BEGIN IMMEDIATE")
            for job in jobs:
                job.result = job.work()
            await self._apart(self._commit)
        except Exception as error:  # noqa: BLE001 - whatever it was, everybody who waits must be told
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            if isinstance(error, StoreError):
                return error
            reason = f": {error}" if isinstance(error, sqlite3.Error | OSError) else ""
            return StoreError(f"{self._path}: cannot be written ({type(error).__name__}{reason})")
        return None

    def _commit(self) -> None:
        self._db.execute("COMMIT")

    async def _room(self, jobs: list[_Job]) -> None:
        """Only who leaves may use the room that was kept; everybody else waits until it is kept again."""
        if not self._ballast.there and not all(job.vital for job in jobs):
            await self._apart(self.keep_room)
            if not self._ballast.there:
                raise StoreError(f"{self._path}: there is no room on the disk")

    def keep_room(self) -> None:
        """Take the ballast in again, where there is room for it."""
        self._ballast.take_in()

    def _checkpoint(self) -> None:
        """Move the log into the database, so that the log is used from its beginning and takes no more room."""
        with suppress(sqlite3.Error):
            self._db.execute("PRAGMA wal_checkpoint(RESTART)")

    async def close(self) -> None:
        """Finish what waits."""
        if self._soon:
            with suppress(StoreError):
                await self.do(lambda: None)
        while self._working is not None:
            await asyncio.wait({self._working})
        self._thread.shutdown()
