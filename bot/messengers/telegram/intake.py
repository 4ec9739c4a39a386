"""What becomes of an update, however it came: read, kept, acknowledged, and finished later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from bot.messengers.telegram import updates
from bot.messengers.telegram.flood import Flood, Sweepings
from bot.messengers.telegram.updates import Group, Notice
from bot.messengers.telegram.wire import Wire
from bot.ports import Incoming, Messenger, Record
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
IN_HAND = 1_000
"""How much may be waiting for Telegram's answers before we ask for no more."""


class Work(Protocol):
    """What is still to be done for a turn: whether it leaves, and whether the store knows."""

    @property
    def leave(self) -> bool:
        """Whether the chat is being emptied."""

    @property
    def kept(self) -> bool:
        """Whether the turn is in the store."""


class Turns(Protocol):
    """What the intake needs of the runtime."""

    def leaves(self, incoming: Incoming) -> bool:
        """Whether this leaves, whatever else is going on."""

    async def take(self, incoming: Incoming) -> Work | None:
        """Take a turn, and return when it is kept."""

    @property
    def lanes(self) -> Any:
        """Where its work is finished."""


class Intake:
    """Takes updates: many chats side by side, those of one chat in the order in which `take` was called.

    An exit word leaves however much came before it. Only where a chat is over its limit, has left, and has had no turn
    since, is one more exit word erased like anything else: there is nothing left to leave.
    """

    def __init__(
        self, wire: Wire, messenger: Messenger, turns: Turns, flood: Flood | None = None, in_hand: int = IN_HAND
    ) -> None:
        self._wire, self._messenger, self._turns = wire, messenger, turns
        self._flood = Flood() if flood is None else flood
        self._sweepings = Sweepings(lambda address, ids: messenger.erase(Record(address, b"", 0, erase=ids)))
        self._groups: set[int] = set()
        self._newest: dict[str, object] = {}  # the turn begun last, of each chat that is having one
        self._left: set[str] = set()  # chats that left, and have had no turn since
        self._in_hand = in_hand
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._room.set()
        self._malformed = 0

    async def take(self, raw: bytes, patience: float | None = None) -> bool:
        """Take one update, and return when it may be acknowledged: nothing about it can raise.

        With `patience`, wait so many seconds where too much is in hand; False, and nothing taken, if it still is.
        """
        try:
            return await self._take(raw, patience)
        except Exception as error:  # noqa: BLE001 - this update is lost; it must not come again, nor end the asking
            fault(log, error)
            return True

    async def _take(self, raw: bytes, patience: float | None) -> bool:
        incoming = self._incoming(raw)
        if incoming is None:
            return True
        leaves = incoming.kind == "gone" or self._leaves(incoming)
        if not self._flood.allows(incoming.address) and (not leaves or incoming.address in self._left):
            self._erase(incoming)
            return True
        if not leaves and patience is not None and not await self.room(patience):
            return False
        await self._turn(incoming)
        return True

    async def room(self, seconds: float | None = None) -> bool:
        """Wait until not too much is in hand; whether that came to pass in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._room.wait()
        except TimeoutError:
            return False
        return True

    def look_back(self) -> None:
        """From time to time: forget who was quiet, and say how many updates could not be read since the last time."""
        self._flood.forget()
        self._left.clear()
        if self._malformed:
            log.warning("updates that could not be read: %d", self._malformed)
            self._malformed = 0

    async def finish(self, seconds: float) -> None:
        """Let what is being shown be shown, and what is being erased be erased, but not for longer than this."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()

    def _incoming(self, raw: bytes) -> Incoming | None:
        """What a person did; anything else is done with here."""
        try:
            found = updates.read(raw)
        except ValueError:
            self._malformed += 1  # acknowledged all the same, or Telegram would send it for a day
            return None
        except Exception as error:  # noqa: BLE001 - the same, and a fault of ours
            fault(log, error)
            self._malformed += 1
            return None
        if isinstance(found, Group):
            self._leave_group(found.chat)
            return None
        if isinstance(found, Notice):
            self._sweep(found.address, found.message)
            return None
        return found

    def _leaves(self, incoming: Incoming) -> bool:
        try:
            return self._turns.leaves(incoming)
        except Exception as error:  # noqa: BLE001 - then it is a turn like any other
            fault(log, error)
            return False

    async def _turn(self, incoming: Incoming) -> None:
        if incoming.press:
            self._later(self._quietly(lambda: self._messenger.pressed(incoming.press)))
        mine = self._newest[incoming.address] = object()
        self._left.discard(incoming.address)
        work: Work | None = None
        try:
            work = await self._turns.take(incoming)
        except Exception as error:  # noqa: BLE001 - this update is lost; those of everybody else must not be
            fault(log, error)
            self._erase(incoming)
        if self._newest.get(incoming.address) is mine:
            del self._newest[incoming.address]
            if work and work.leave and work.kept:
                self._left.add(incoming.address)
        if work:
            self._later(self._turns.lanes.finish(work))

    def _leave_group(self, chat: int) -> None:
        """Leave a group, once however much is said in it. There is no leaving a chat that is nobody's group."""
        if chat >= 0 or chat in self._groups or not self._flood.allows(str(chat)):
            return
        self._groups.add(chat)

        async def leave() -> None:
            await self._quietly(lambda: self._wire.call("leaveChat", chat_id=chat))
            self._groups.discard(chat)

        self._later(leave())

    def _erase(self, incoming: Incoming) -> None:
        """Erase what was sent, in time, without an answer; a button is pressed on a message of ours."""
        if incoming.message and incoming.kind != "button":
            self._sweep(incoming.address, incoming.message)

    def _sweep(self, address: str, message: int) -> None:
        if self._sweepings.add(address, message):
            self._later(self._quietly(lambda: self._sweepings.clear(address)))

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
        task.add_done_callback(self._done)
        if len(self._tasks) >= self._in_hand:
            self._room.clear()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if len(self._tasks) < self._in_hand:
            self._room.set()
