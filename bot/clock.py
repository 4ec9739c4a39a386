"""Time that never goes back: fifteen minutes that were promised must not last a month because a clock was set."""

from __future__ import annotations

import time
from collections.abc import Callable


def since_boot() -> float:
    """Seconds since the machine started, sleep included where the system counts it; nobody can set this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Clock:
    """The wall's time or the boot clock's, whichever is further on."""

    def __init__(self, wall: Callable[[], float] = time.time, boot: Callable[[], float] = since_boot) -> None:
        self._wall, self._boot = wall, boot
        self._ahead = wall() - boot()
        self._told = float("-inf")

    def now(self) -> float:
        """Seconds since the epoch, and never less than what has passed since it was last asked."""
        boot = self._boot()
        self._ahead = max(self._ahead, self._wall() - boot)
        return self._ahead + boot

    def since(self, date: float) -> float:
        """Seconds since a moment that a messenger's clock told.

        By the wall, which may have been set back after it was ahead; or by the messenger's own clock as it was told
        last, where the wall is behind it. So a wrong clock here neither silences us for good nor lets us answer late.
        """
        boot = self._boot()
        self._told = max(self._told, date - boot)
        return max(self._wall(), self._told + boot) - date
