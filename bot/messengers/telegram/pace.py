"""How fast we write: screens sent and changed a second, in one chat and in all. Deletes and answers never wait."""

from __future__ import annotations

import time
from collections.abc import Callable

CHAT, CHAT_BURST = 1.0, 5
"""Screens a second in one chat in the long run, and at once: one a second is what Telegram asks for."""

BURST = 0.2
"""The part of that which may go at once; the rest is the pace, so that no second sees more than the whole."""

HELD = 4_096
"""How many chats are remembered before those are looked for that need not be."""


class Bucket:
    """So many a second and so many at once, as one number: the time at which nothing will be missing again."""

    __slots__ = ("_each", "_span", "full_at")

    def __init__(self, rate: float, burst: float) -> None:
        """`rate` is a second; 0 for no limit."""
        self._each = 1 / rate if rate else 0.0
        self._span = (max(1.0, burst) - 1) * self._each
        self.full_at = 0.0

    def free_at(self, now: float) -> float:
        """The time from which the next one may go."""
        return max(now, self.full_at - self._span)

    def take(self, now: float) -> float:
        """Take the next one; the time from which it may go."""
        free = self.free_at(now)
        self.full_at = max(self.full_at, now) + self._each
        return free


class _Chat:
    """One chat: what it has used, how long it is left alone, its place among all, and how often trying failed."""

    __slots__ = ("bucket", "failures", "place", "rests")

    def __init__(self, rate: float, burst: float) -> None:
        self.bucket = Bucket(rate, burst)
        self.rests = 0.0
        self.place = 0.0
        self.failures = 0


class Pace:
    """Says when a screen may go. Waiting is left to whoever asks, so that a newer screen can take the place.

    Chats are known by a hash that means nothing outside this process.
    """

    def __init__(self, limit: float, now: Callable[[], float] = time.monotonic) -> None:
        """`limit` is the most screens in any second; with 0 only what Telegram asks for is kept to."""
        self._now = now
        self._all = Bucket(limit * (1 - BURST), limit * BURST)
        self._own = (CHAT, CHAT_BURST) if limit else (0.0, 0.0)
        self._chats: dict[int, _Chat] = {}
        self._enough = HELD

    def wait(self, address: str) -> float:
        """Seconds until a screen may go to this chat: ask again then. 0.0: it may go now, and counts.

        A place among all is taken only when the chat itself may go, so that those who were told to wait until the
        same moment do not all go at it.
        """
        now, chat = self._now(), self._of(address)
        own = max(chat.bucket.free_at(now), chat.rests)
        if own > now:
            return own - now
        chat.place = chat.place or self._all.take(now)
        if chat.place > now:
            return chat.place - now
        chat.place = 0.0
        chat.bucket.take(now)
        return 0.0

    def rest(self, address: str, seconds: float) -> None:
        """Leave this chat alone for so long; every other goes on."""
        chat = self._of(address)
        chat.rests = max(chat.rests, self._now() + seconds)

    def failed(self, address: str) -> int:
        """Note that a screen did not arrive, and how often that was so since one did."""
        chat = self._of(address)
        chat.failures += 1
        return chat.failures

    def arrived(self, address: str) -> None:
        """Note that a screen arrived."""
        self._of(address).failures = 0

    def _of(self, address: str) -> _Chat:
        key = hash(address)
        chat = self._chats.get(key)
        if chat is None:
            if len(self._chats) >= self._enough:
                self._tidy()
            chat = self._chats[key] = _Chat(*self._own)
        return chat

    def _tidy(self) -> None:
        """Forget the chats of which nothing matters any more."""
        now = self._now()
        self._chats = {
            key: chat for key, chat in self._chats.items() if max(chat.bucket.full_at, chat.rests, chat.place) > now
        }
        self._enough = max(HELD, 2 * len(self._chats))
