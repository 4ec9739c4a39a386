"""Long polling: updates are taken, kept, and only then acknowledged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

import msgspec
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.messengers.telegram import chat, updates
from bot.messengers.telegram.wire import Wire
from bot.ports import Incoming, Messenger
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
POLL = 50
"""Seconds an empty poll waits at the server."""

LIMIT = 100


class RefusedError(Exception):
    """Telegram will not have us: the message says why and what to do."""


class Turns(Protocol):
    """What the intake needs of the runtime."""

    async def take(self, incoming: Incoming) -> Any:
        """Take a turn, and return when it is kept."""

    @property
    def lanes(self) -> Any:
        """Where its work is finished."""


class Polling:
    """Takes updates, all chats of a batch side by side, each chat in order."""

    def __init__(self, wire: Wire, messenger: Messenger, turns: Turns) -> None:
        self._wire = wire
        self._messenger = messenger
        self._turns = turns
        self._offset = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._taking: asyncio.Task[None] | None = None
        self.malformed = 0

    async def run(self) -> None:
        """Poll until cancelled. Raises `RefusedError` where trying again cannot help."""
        failures = 0
        while True:
            try:
                batch = await self._batch()
                failures = 0
            except RetryAfter as error:
                await asyncio.sleep(chat.seconds_of(error))
            except InvalidToken:
                raise RefusedError("Telegram refuses the token: is it whole, and has it been revoked?") from None
            except Conflict:
                raise RefusedError("another program uses this token, or a webhook is set: stop it first") from None
            except TelegramError as error:
                fault(log, error)
                await asyncio.sleep(chat.pause(min(failures, 3)))
                failures += 1
            else:
                # A batch is taken whole once it is here, also while stopping: only then is its offset moved.
                self._taking = asyncio.create_task(self._take(batch))
                await asyncio.shield(self._taking)

    async def _batch(self) -> list[msgspec.Raw]:
        return await self._wire.updates(POLL, offset=self._offset, limit=LIMIT, allowed_updates=list(updates.ALLOWED))

    async def _take(self, batch: list[msgspec.Raw]) -> None:
        """Take every update of a batch; those of one chat queue up at its lock in the order they came."""
        await asyncio.gather(*(self._one(bytes(raw)) for raw in batch))
        self._offset = max((updates.update_id(bytes(raw)) + 1 for raw in batch), default=self._offset)

    async def _one(self, raw: bytes) -> None:
        try:
            incoming = updates.read(raw)
        except updates.Group as group:
            chat_id = group.chat
            self._later(self._quietly(lambda: self._wire.call("leaveChat", chat_id=chat_id)))
            return
        except ValueError:
            self.malformed += 1  # acknowledged with the rest, or Telegram would send it for a day
            return
        if incoming is None:
            return
        if incoming.press:
            self._later(self._quietly(lambda: self._messenger.pressed(incoming.press)))
        work = await self._turns.take(incoming)
        if work:
            self._later(self._turns.lanes.finish(work))

    @staticmethod
    async def _quietly(work: Callable[[], Awaitable[object]]) -> None:
        """Something that does not matter enough to fail for."""
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - as it says
            log.debug("not done: %s", type(error).__name__)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> None:
        """Let what is being taken be kept, and what is being shown be shown, but not for longer than this."""
        if self._taking:
            await self._taking
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
