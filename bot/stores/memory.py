"""Sessions in memory, sealed, and gone with the process."""

from __future__ import annotations

import secrets
from datetime import date

from bot.ports import Record, Saved
from bot.privacy.keys import SIZE, Key
from bot.privacy.seal import name_of, seal, unseal
from bot.stores.records import noted, parts_of, read_part, record_of, with_all

SEEN = 4_096
"""How many updates are remembered."""


class MemoryStore:
    """A `SessionStore` that writes nothing. Records are sealed with a key that nobody else ever has."""

    def __init__(self) -> None:
        self._key = Key.of(date.min, secrets.token_bytes(SIZE))
        self._records: dict[bytes, tuple[bytes, ...]] = {}
        self._seen: dict[int, None] = {}

    def _open(self, name: bytes) -> Record | None:
        rows = self._records.get(name)
        return record_of([read_part(unseal(row, name, self._key)) for row in rows]) if rows else None

    def _keep(self, record: Record) -> None:
        name = name_of(record.address, self._key)
        self._records[name] = tuple(seal(row, name, self._key, pad=False) for row in parts_of(record))

    async def load(self, address: str) -> Record | None:
        """See `SessionStore.load`."""
        return self._open(name_of(address, self._key))

    async def save(self, record: Record, after: int | None, update: int = 0) -> Saved:
        """See `SessionStore.save`."""
        if update and update in self._seen:
            return Saved.DUPLICATE
        held = await self.load(record.address)
        if (held.turn if held else None) != after:
            return Saved.OVERTAKEN
        self._keep(with_all(record, held))
        if update:
            self._seen[update] = None
            while len(self._seen) > SEEN:
                del self._seen[next(iter(self._seen))]
        return Saved.KEPT

    async def shown(self, record: Record, erased: tuple[int, ...] = (), *, soon: bool = False) -> None:
        """See `SessionStore.shown`."""
        del soon
        held = await self.load(record.address)
        if held and held.turn >= record.turn:
            self._keep(noted(held, record, erased))

    async def drop(self, address: str, turn: int | None = None) -> None:
        """See `SessionStore.drop`."""
        held = await self.load(address)
        if turn is not None and held and held.turn != turn:
            return
        self._records.pop(name_of(address, self._key), None)

    async def all(self) -> list[Record]:
        """See `SessionStore.all`."""
        return [record for name in self._records if (record := self._open(name))]

    async def sweep(self, today: date, now: int) -> None:
        """See `SessionStore.sweep`."""

    def seen(self) -> int:
        """See `SessionStore.seen`: nothing outlives the process."""
        return 0

    async def close(self) -> None:
        """See `SessionStore.close`."""
        self._records.clear()
