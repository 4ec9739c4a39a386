"""The rounds: what is done unasked, after a start and every half minute. Nothing is ever sent anew after that long."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot.engine.session import Session
from bot.lanes import Lanes, Work, together
from bot.ports import Page, Record, SessionStore

LATE = 120
"""Seconds after which a message is erased and not answered: silence is a promise, and so is not answering late."""

OLDEST = 40 * 3600
"""Seconds after which our message goes whatever else holds: Telegram deletes nothing that is older than 48 hours."""

SETTLED = 10
"""Seconds after a turn in which its screen is still on its way, and a sweep leaves it alone."""


def _is_old(record: Record, now: float) -> bool:
    return bool(record.screen) and now - record.screen_at >= OLDEST


class Rounds:
    """Goes from chat to chat: clears what expired, goes on with what was cut short, mends what was not shown."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it needs of a runtime
        self,
        store: SessionStore,
        lanes: Lanes,
        now: Callable[[], float],
        read: Callable[[Record], Session | None],
        page: Callable[[Session], Page],
        expire: Callable[[str, int], Coroutine[Any, Any, None]],
    ) -> None:
        self._store, self._lanes, self._now = store, lanes, now
        self._read, self._page, self._expire = read, page, expire

    async def first(self, today: date) -> None:
        """After a start. A clock that stands before what was seen last says nothing of how long we were away."""
        await self._go_round(today, settled=0, all_over=self._now() < self._store.seen())

    async def next(self, today: date) -> None:
        """Every half minute."""
        await self._go_round(today, settled=SETTLED)

    async def _go_round(self, today: date, settled: int, *, all_over: bool = False) -> None:
        now = self._now()
        await together([partial(self._lanes.finish, work) for work in self._lanes.unfinished(now)])
        works: list[Callable[[], Coroutine[Any, Any, None]]] = []
        for record in await self._store.all():
            if self._lanes.busy(record.address) or record.address in self._lanes.left:
                continue
            session = self._read(record)
            if session is None:
                works.append(partial(self._lanes.finish, Work(record, leave=True)))
            elif all_over or not 0 <= now - record.at < record.stay * 60 or _is_old(record, now):
                works.append(partial(self._expire, record.address, record.turn))
            elif record.shown < record.turn and now - record.at >= settled:
                works.append(partial(self._mend, record, session, anew=now - record.at < LATE, again=not settled))
            elif record.erase:
                works.append(partial(self._lanes.finish, Work(record)))
        await together(works)
        for address in self._lanes.left - self._lanes.unkept.keys():
            await self._lanes.forget(address)
        await self._store.sweep(today, int(now))

    async def _mend(self, record: Record, session: Session, *, anew: bool, again: bool) -> None:
        """Show it again. In its chat's own work: a page that cannot be made must keep nobody else's screen there."""
        page = replace(self._page(session), again=again)
        await self._lanes.finish(Work(record, page, anew=anew))
