"""What the fake Bot API server remembers: chats, messages, updates, presses, and who waits for a change."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

HOUR = 3600
PRESS_LIVES = 150
TEXT_LIVES = 24 * HOUR
NOT_SENT_UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
BOT = {"id": 7000000001, "is_bot": True, "first_name": "Notebook", "username": "quiet_notebook_bot"}
ABOUT_BOT = BOT | {
    "can_join_groups": False,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


class RefusedError(Exception):
    """An answer that says no."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def refuse(description: str) -> RefusedError:
    """A plain no."""
    return RefusedError(400, f"Bad Request: {description}")


@dataclass(slots=True)
class Message:
    """One message in a chat, either side's."""

    id: int
    chat: int
    ours: bool
    date: int
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    markup: dict[str, Any] | None = None
    content: dict[str, Any] = field(default_factory=dict)
    sender: dict[str, Any] = field(default_factory=dict)
    room: dict[str, Any] = field(default_factory=dict)
    edited: int = 0

    @property
    def buttons(self) -> list[list[tuple[str, str]]]:
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [[(button["text"], button.get("callback_data", "")) for button in row] for row in rows]

    def written(self) -> dict[str, Any]:
        """The message as the Bot API writes it."""
        told: dict[str, Any] = {"message_id": self.id, "from": self.sender, "chat": self.room, "date": self.date}
        if self.edited:
            told["edit_date"] = self.edited
        if self.text:
            told["text"] = self.text
        if self.entities:
            told["entities"] = self.entities
        if self.markup:
            told["reply_markup"] = self.markup
        return told | self.content


@dataclass(slots=True)
class Update:
    """One update that waits to be fetched and confirmed."""

    id: int
    body: str
    born: float
    press: str = ""
    again: bool = False
    once: bool = False


@dataclass(slots=True)
class Press:
    """One press on a button."""

    chat: int
    born: float
    answered: bool = False


@dataclass(slots=True)
class Hook:
    """What was said with a webhook, and how it goes; `generation` grows each time it is set or deleted."""

    secret: str = ""
    certificate: str = ""
    connections: int = 40
    generation: int = 0
    failed: int = 0
    failure: str = ""


class Changes:
    """Tells threads and loops that something changed, under one lock."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def tell(self) -> None:
        with self.lock:
            self.lock.notify_all()
            for loop, event in self._waiting:
                loop.call_soon_threadsafe(event.set)

    def wait(self, condition: Callable[[], object], timeout: float) -> bool:
        with self.lock:
            return bool(self.lock.wait_for(lambda: self.met(condition), timeout))

    def met(self, condition: Callable[[], object]) -> bool:
        """Whether a condition holds; one that asserts in vain does not."""
        with self.lock:
            try:
                return bool(condition())
            except AssertionError:
                return False

    async def until(self, condition: Callable[[], object], within: float) -> bool:
        """Waits in any loop, without keeping the loop."""
        event = asyncio.Event()
        waiting = (asyncio.get_running_loop(), event)
        with self.lock:
            self._waiting.add(waiting)
        try:
            async with asyncio.timeout(within):
                while not self.met(condition):
                    await event.wait()
                    event.clear()
        except TimeoutError:
            return self.met(condition)
        finally:
            with self.lock:
                self._waiting.discard(waiting)
        return True


class State:
    """Everything one bot's server knows."""

    def __init__(self) -> None:
        self.skew = 0.0
        self.limits = False
        self.undeletable: set[int] = set()
        self.blocked: set[int] = set()
        self.left: set[int] = set()
        self.rooms: dict[int, dict[str, Any]] = {}
        self.chats: dict[int, dict[int, Message]] = {}
        self.presses: dict[str, Press] = {}
        self.sends: dict[int, deque[float]] = {}
        self.quiet_until: dict[int, float] = {}
        self.commands: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.webhook = ""
        self.hook = Hook()
        self.allowed: set[str] = set()
        self.pending: list[Update] = []
        self.past: list[Update] = []
        self.next_update = 500_000_001
        self.next_message = 1
        self.violations: list[str] = []

    def clock(self) -> float:
        return time.time() + self.skew

    def open(self, chat: int, room: dict[str, Any]) -> None:
        """Makes a chat known to the bot."""
        self.rooms.setdefault(chat, room)
        self.chats.setdefault(chat, {})

    def add(self, chat: int, *, ours: bool, sender: dict[str, Any], **rest: Any) -> Message:
        """Puts a message into a chat, under the next id of the whole bot."""
        message = Message(
            self.next_message, chat, ours, int(self.clock()), sender=sender, room=self.rooms[chat], **rest
        )
        self.next_message += 1
        self.chats[chat][message.id] = message
        return message

    def queue(self, kind: str, body: dict[str, Any], press: str = "") -> int:
        """Queues an update of a kind, unless the bot did not ask for that kind."""
        if kind not in self.allowed if self.allowed else kind in NOT_SENT_UNASKED:
            return 0
        update = self.next_update
        return self.queue_raw(json.dumps({"update_id": update, kind: body}), update, press)

    def queue_raw(self, text: str, update: int, press: str = "", **flags: bool) -> int:
        """Queues an update exactly as given."""
        self.next_update = max(self.next_update, update + 1)
        waiting = Update(update, text, self.clock(), press, **flags)
        self.pending.append(waiting)
        self.past.append(waiting)
        return update

    def requeue(self, count: int) -> None:
        """Queues the last updates again, under the ids they had."""
        again = [Update(u.id, u.body, u.born, u.press, again=True) for u in self.past[-count:]] if count else []
        self.pending.extend(again)

    def confirm(self, offset: int) -> None:
        """Forgets what lies below an offset; a negative one leaves that many of the newest."""
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [u for u in self.pending if u.id >= offset or u.again]

    def live(self) -> list[Update]:
        """What still can be delivered; a press or a text that waited too long is gone for good."""
        now = self.clock()
        self.pending = [u for u in self.pending if now - u.born <= (PRESS_LIVES if u.press else TEXT_LIVES)]
        return self.pending

    def offer(self, limit: int) -> list[Update]:
        """The updates to deliver now; one whose id nobody can read is delivered this once."""
        offered = self.live()[:limit]
        for update in offered:
            update.again = False
        self.pending = [update for update in self.pending if not (update.once and update in offered)]
        return offered

    def message(self, chat: int, message_id: int) -> Message | None:
        return self.chats[chat].get(message_id)
