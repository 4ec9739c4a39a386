"""Sends that are under way: one that is given up may arrive all the same, and must then be erased too."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram.error import TimedOut

from bot.messengers.telegram.wire import Wire


class Sending:
    """Sends messages, and remembers those whose answer nobody waited for."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._given_up: dict[str, list[asyncio.Task[Any]]] = {}

    async def send(self, address: str, body: bytes) -> int:
        """Send a message; its id. Cancelled, the send itself goes on: the server may have it already."""
        task = asyncio.create_task(self._wire.send("sendMessage", body))
        try:
            sent = await asyncio.shield(task)
        except asyncio.CancelledError:
            self._given_up.setdefault(address, []).append(task)
            task.add_done_callback(_heard)
            raise
        return int(sent["message_id"])

    async def given_up(self, address: str) -> tuple[list[int], bool]:
        """Ids of what arrived in a chat after nobody waited any more; and whether something may have, unheard of."""
        tasks = self._given_up.pop(address, [])
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        ids = [int(answer["message_id"]) for answer in answers if isinstance(answer, dict)]
        return ids, any(isinstance(answer, TimedOut) for answer in answers)


def _heard(task: asyncio.Task[Any]) -> None:
    """Take the answer, whatever it is: nobody else may."""
    if not task.cancelled():
        task.exception()
