"""Sessions in memory, gone with the process."""

from __future__ import annotations

from dataclasses import replace

from bot.ports import Record


class MemoryStore:
    """A `SessionStore` that writes nothing."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}

    async def load(self, address: str) -> Record | None:
        """See `SessionStore.load`."""
        return self._records.get(address)

    async def save(self, address: str, record: Record, after: int | None) -> bool:
        """See `SessionStore.save`."""
        held = self._records.get(address)
        if (held.turn if held else None) != after:
            return False
        self._records[address] = record
        return True

    async def shown(self, address: str, turn: int, screen: int) -> None:
        """See `SessionStore.shown`."""
        held = self._records.get(address)
        if held:
            self._records[address] = replace(held, shown=max(held.shown, turn), screen=screen)

    async def drop(self, address: str) -> None:
        """See `SessionStore.drop`."""
        self._records.pop(address, None)
