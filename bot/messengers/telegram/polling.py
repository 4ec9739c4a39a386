"""Long polling: updates are taken, kept, and only then acknowledged."""

from __future__ import annotations

import asyncio
import logging

import msgspec
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.messengers.telegram import chat, updates
from bot.messengers.telegram.intake import Intake
from bot.messengers.telegram.refusal import TOKEN, RefusedError
from bot.messengers.telegram.standing import make_way
from bot.messengers.telegram.wire import Wire
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
POLL = 50
"""Seconds an empty poll waits at the server."""

LIMIT = 100


class Polling:
    """Asks for updates, a batch at a time, and for no more while too much is in hand."""

    def __init__(self, wire: Wire, intake: Intake, *, unhook: bool = False) -> None:
        """`unhook` removes a webhook that is set; without it, one that is set is a reason not to start."""
        self._wire, self._intake, self._unhook = wire, intake, unhook
        self._offset = 0
        self._taking: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Make sure that there is no webhook. Raises `RefusedError` where there is one."""
        await make_way(self._wire, remove=self._unhook)

    async def run(self) -> None:
        """Poll until cancelled. Raises `RefusedError` where trying again cannot help."""
        failures = 0
        while True:
            await self._intake.room()
            try:
                batch = await self._batch()
            except RetryAfter as error:
                await asyncio.sleep(chat.seconds_of(error))
            except InvalidToken:
                raise RefusedError(TOKEN) from None
            except Conflict:
                raise RefusedError("another program uses this token, or a webhook is set: stop it first") from None
            except TelegramError as error:
                fault(log, error)
                await asyncio.sleep(chat.pause(min(failures, 3)))
                failures += 1
            else:
                failures = 0
                # A batch is taken whole once it is here, also while stopping: only then is its offset moved.
                self._taking = asyncio.create_task(self._take(batch))
                await asyncio.shield(self._taking)

    async def close(self) -> None:
        """Let a batch that is being taken be kept."""
        if self._taking:
            await self._taking

    async def _batch(self) -> list[msgspec.Raw]:
        return await self._wire.updates(POLL, offset=self._offset, limit=LIMIT, allowed_updates=list(updates.ALLOWED))

    async def _take(self, batch: list[msgspec.Raw]) -> None:
        """Take every update of a batch; those of one chat queue up at its lock in the order they came."""
        await asyncio.gather(*(self._intake.take(bytes(raw)) for raw in batch))
        ids = [number for raw in batch if (number := updates.update_id(bytes(raw)))]
        if ids:
            self._offset = max(ids) + 1
        elif batch:
            await asyncio.sleep(chat.pause(1))  # none of them could be acknowledged: they come again
