"""Whether the bot does what it is there for: its store can be written, and it lives."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from bot.ports import Record, SessionStore, StoreError
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
NOBODY = "0"
"""An address no chat has. What a crash leaves under it is a tombstone with nothing to erase, which goes of itself."""

HOLDS = 5.0
"""Seconds an answer holds, however often it is asked for: to look is to write to the disk."""


class Health:
    """Looks, and says yes or no: nothing about anybody, and no number."""

    def __init__(
        self, store: SessionStore, alive: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._alive, self._clock = store, alive, clock
        self._lock = asyncio.Lock()
        self._found: tuple[bool, float] | None = None

    async def well(self) -> bool:
        """Whether people can be answered."""
        async with self._lock:
            if self._found is None or self._clock() - self._found[1] >= HOLDS:
                self._found = (await self._writes(), self._clock())
            return self._found[0] and self._alive()

    async def _writes(self) -> bool:
        """Whether something can be kept, and forgotten again."""
        try:
            await self._store.save(Record(NOBODY, b"", 1), None)
            await self._store.drop(NOBODY)
        except StoreError as error:
            fault(log, error)
            return False
        return True
