"""Users who walk the fixed script: each acts again when the screen before has arrived."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

Mode = Literal["walk", "echo"]
NOTE = "a short note"
_GO = ("Go a", "Go b", "Go c")
_A, _B, _C = _GO
SCRIPT = (
    *("/start", "In", _A, _A, "Back", _B, _B, "Line one", "Line three", "Line one", _A, _B),
    *(NOTE, _A, "Back", _B, "Back", _A, _B, _B, _C, "Back"),
)
"""`/start`, the way in, and the twenty turns of `bench.dialogue`: the end of a label, or what is typed; then anew."""

TYPED = frozenset({"/start", NOTE})
FLOODER = 666
WARM = 0.25
"""The part of a phase that is not counted."""

_USER = b'{"id":%d,"is_bot":false,"first_name":"U","language_code":"en"}'
_CHAT = b'{"id":%d,"first_name":"U","type":"private"}'
_SAID = b'{"update_id":%%d,"message":{"message_id":%%d,"from":%b,"chat":%b,"date":%%d,"text":"%%b"%%b}}' % (
    _USER,
    _CHAT,
)
_COMMAND = b',"entities":[{"type":"bot_command","offset":0,"length":6}]'
_BOT = b'{"id":7000000001,"is_bot":true,"first_name":"N","username":"n_bot"}'
_MESSAGE = b'{"message_id":%%d,"from":%b,"chat":%b,"date":%%d,"text":"a screen"}' % (_BOT, _CHAT)
_PRESSED = b'{"update_id":%%d,"callback_query":{"id":"%%d","from":%b,"chat_instance":"1","data":%%b,"message":%b}}' % (
    _USER,
    _MESSAGE,
)


def message(number: int, chat: int) -> bytes:
    """A message of the bot, as the Bot API writes it."""
    return _MESSAGE % (number, chat, int(time.time()))


@dataclass(slots=True)
class User:
    """One user: how far they are, and since when they wait."""

    id: int
    at: int = 0
    acted: float = 0.0
    waits: bool = False


@dataclass
class Phase:
    """What is measured at one time."""

    count: int
    seconds: float
    mode: Mode
    turns: int
    began: float
    pace: float = 0.0
    users: dict[int, User] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    over: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Load:
    """The users, and the updates that wait for the bot."""

    def __init__(self) -> None:
        self.updates: deque[tuple[int, bytes]] = deque()
        self.delivered: deque[tuple[int, bytes]] = deque()
        self.more = asyncio.Event()
        self.polled = asyncio.Event()
        self._phase: Phase | None = None
        self._ids = 1_000
        self._update = 1
        self._message = 1

    async def run(  # noqa: PLR0913, PLR0917 - what a phase is made of
        self, count: int, seconds: float, mode: Mode, turns: int, pace: float = 0.0, flood: str = ""
    ) -> dict[str, Any]:
        """One phase from its start to its end; with `turns`, that many and no longer.

        Users act again after `pace` seconds. With `flood`, somebody else types it a hundred times a second.
        """
        await self.polled.wait()
        phase = self._phase = Phase(count, seconds, mode, turns, time.perf_counter(), pace)
        flooding = asyncio.create_task(self._flood(flood)) if flood else None
        for _ in range(count):
            self._ids += 1
            user = phase.users[self._ids] = User(self._ids)
            self._act(user, b"")
        if turns:
            await phase.done.wait()
        else:
            await asyncio.sleep(seconds * WARM)
            phase.taken.clear()
            phase.calls.clear()
            phase.began = time.perf_counter()
            await asyncio.sleep(seconds * (1 - WARM))
        spent, taken, calls = time.perf_counter() - phase.began, sorted(phase.taken), dict(phase.calls)
        phase.over = True
        if flooding:
            flooding.cancel()
        await self._settle(phase)
        return {
            "rate": len(taken) / spent,
            "p50": taken[len(taken) // 2] * 1000 if taken else 0.0,
            "p95": taken[len(taken) * 95 // 100] * 1000 if taken else 0.0,
            "p99": taken[len(taken) * 99 // 100] * 1000 if taken else 0.0,
            "calls": {name: number / max(1, len(taken)) for name, number in calls.items()},
            "waiting": sum(user.waits for user in phase.users.values()),
        }

    async def _settle(self, phase: Phase) -> None:
        """Let the bot finish what it has, for a while."""
        for _ in range(100):
            if not any(user.waits for user in phase.users.values()):
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        self.updates.clear()

    async def _flood(self, text: str) -> None:
        """A hundred messages a second from one chat."""
        while True:
            self._says(FLOODER, text)
            await asyncio.sleep(0.01)

    def called(self, method: str) -> None:
        """Count a call."""
        if self._phase:
            self._phase.calls[method] += 1

    def next_message(self) -> int:
        """An id for a message."""
        self._message += 1
        return self._message

    def shown(self, chat: int, number: int, markup: bytes | str) -> None:
        """A screen has arrived at a user, who acts again."""
        phase = self._phase
        user = phase.users.get(chat) if phase else None
        if phase is None or user is None or not user.waits:
            return
        user.waits = False
        phase.taken.append(time.perf_counter() - user.acted)
        if len(phase.taken) == phase.turns:
            phase.done.set()
        if phase.over:
            return
        user.at = (user.at + 1) % len(SCRIPT)
        if phase.pace:
            asyncio.get_running_loop().call_later(phase.pace, self._act, user, markup, number)
        else:
            self._act(user, markup, number)

    def _act(self, user: User, markup: bytes | str, number: int = 0) -> None:
        assert self._phase
        step = NOTE if self._phase.mode == "echo" else SCRIPT[user.at]
        user.waits, user.acted = True, time.perf_counter()
        if step in TYPED:
            self._says(user.id, step)
            return
        update, self._update = self._update, self._update + 1
        data = msgspec.json.encode(pressed(markup, step))
        self._queue(update, _PRESSED % (update, update, user.id, data, number, user.id, int(time.time())))

    def _says(self, chat: int, text: str) -> None:
        update, self._update = self._update, self._update + 1
        command = _COMMAND if text == "/start" else b""
        said = (update, self.next_message(), chat, chat, int(time.time()), text.encode(), command)
        self._queue(update, _SAID % said)

    def _queue(self, update: int, body: bytes) -> None:
        self.updates.append((update, body))
        self.more.set()


class _Button(msgspec.Struct):
    text: str
    callback_data: str


class _Markup(msgspec.Struct):
    inline_keyboard: list[list[_Button]]


_markup = msgspec.json.Decoder(_Markup).decode


def pressed(markup: bytes | str, label: str) -> str:
    """What the button with this label carries."""
    for row in _markup(markup).inline_keyboard:
        for button in row:
            if button.text.endswith(label):
                return button.callback_data
    raise LookupError(f"no button {label!r} in {markup!r}")
