"""Floods: how much one chat may ask at once, and what becomes of the rest. In memory, and forgotten within minutes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.messengers.telegram.pace import Bucket

BURST = 30
"""What a chat may ask without a pause: a long checklist ticked twice over."""

RATE = 2.0
"""What it may ask a second after that, for as long as it likes."""

CHATS = 10_000
"""The most chats that are remembered. Past that, whoever has been quiet the longest is forgotten first."""

BATCH = 100
HELD = 1_000
"""The most ids of one chat that wait to be erased; what comes on top of them stays where it is."""

AT_ONCE = 64
"""The most chats that are erased for at a time."""

PAUSE = 1.0
"""Seconds in which ids are collected, so that a flood is one call a second."""


class Flood:
    """A bucket of turns for each chat, which fills again as time goes by."""

    def __init__(
        self, burst: float = BURST, rate: float = RATE, chats: int = CHATS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._rate, self._chats, self._clock = burst, rate, chats, clock
        self._buckets: dict[str, Bucket] = {}  # the quietest first

    def __len__(self) -> int:
        """How many chats are remembered."""
        return len(self._buckets)

    def allows(self, address: str) -> bool:
        """Whether a chat may have one more turn now; if so, it has been counted."""
        now = self._clock()
        held = self._buckets.pop(address, None)
        bucket = self._buckets[address] = Bucket(self._rate, self._burst) if held is None else held
        allowed = bucket.free_at(now) <= now
        if allowed:
            bucket.take(now)
        self.forget()
        if len(self._buckets) > self._chats:
            del self._buckets[next(iter(self._buckets))]
        return allowed

    def forget(self) -> None:
        """Forget chats whose bucket is full again: each is as one that was never seen."""
        now = self._clock()
        while self._buckets:
            address, bucket = next(iter(self._buckets.items()))
            if bucket.full_at > now:
                return
            del self._buckets[address]


def unlimited() -> Flood:
    """No limit: where the measurements are the only one who writes."""
    return Flood(rate=0, chats=0)


class Sweepings:
    """Ids nobody is answered for, erased in batches: at most one call a second and chat, and so many chats at once."""

    def __init__(
        self,
        erase: Callable[[str, tuple[int, ...]], Awaitable[object]],
        pause: Callable[[], Awaitable[object]] = lambda: asyncio.sleep(PAUSE),
    ) -> None:
        self._erase, self._pause = erase, pause
        self._ids: dict[str, list[int]] = {}

    def __len__(self) -> int:
        """How many ids wait."""
        return sum(map(len, self._ids.values()))

    def add(self, address: str, message: int) -> bool:
        """Note an id; whether `clear` is now to be called for the chat. Where there is no room it is let go."""
        held = self._ids.get(address)
        if held is not None:
            if len(held) < HELD:
                held.append(message)
            return False
        if len(self._ids) >= AT_ONCE:
            return False
        self._ids[address] = [message]
        return True

    async def clear(self, address: str) -> None:
        """Erase what is collected for a chat, until nothing more comes."""
        try:
            while self._ids[address]:
                await self._pause()
                held = self._ids[address]
                batch, held[:BATCH] = tuple(held[:BATCH]), []
                await self._erase(address, batch)
        finally:
            del self._ids[address]
