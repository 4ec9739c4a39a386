"""A person in a private chat with the bot, as a test plays them."""

from __future__ import annotations

import copy
import itertools
from typing import Any

from fake_telegram_state import BOT, Changes, Message, Press, State

PRESS_IDS = itertools.count(4_000_000_000_000)


class Person:
    """One person, their phone and their chat with the bot."""

    def __init__(self, state: State, changes: Changes, chat: int, name: str, username: str) -> None:
        self.id = chat
        self._state = state
        self._changes = changes
        self.user = {"id": chat, "is_bot": False, "first_name": name, "username": username, "language_code": "en"}
        self.room = {"id": chat, "first_name": name, "username": username, "type": "private"}
        with changes.lock:
            state.open(chat, self.room)

    @property
    def messages(self) -> list[Message]:
        """Everything still visible in the chat, both sides, oldest first."""
        with self._changes.lock:
            return [copy.copy(message) for message in self._state.chats[self.id].values()]

    @property
    def screen(self) -> Message:
        """The newest message of the bot that is still there."""
        ours = [message for message in self.messages if message.ours]
        assert ours, f"the bot has no message in chat {self.id}"
        return ours[-1]

    def shows(self, text: str) -> bool:
        """Whether the chat holds one message, of ours, with this text."""
        messages = self.messages
        return len(messages) == 1 and messages[0].ours and text in messages[0].text

    def type(self, text: str) -> int:
        """Types a text and sends it."""
        command = len(text.split(maxsplit=1)[0]) if text.startswith("/") else 0
        return self._post(
            text=text, entities=[{"type": "bot_command", "offset": 0, "length": command}] if command else []
        )

    def send(self, content: dict[str, Any]) -> int:
        """Sends something other than a text."""
        return self._post(content=content)

    def _post(self, **rest: Any) -> int:
        with self._changes.lock:
            assert self.id not in self._state.blocked, "who blocked the bot cannot write to it"
            message = self._state.add(self.id, ours=False, sender=self.user, **rest)
            self._state.queue("message", message.written())
            self._changes.tell()
            return message.id

    def edit(self, message_id: int, text: str) -> None:
        """Changes a message of theirs."""
        with self._changes.lock:
            message = self._state.chats[self.id][message_id]
            assert not message.ours, f"message {message_id} is the bot's"
            message.text, message.entities, message.edited = text, [], int(self._state.clock())
            self._state.queue("edited_message", message.written())
            self._changes.tell()

    def delete(self, message_id: int) -> None:
        """Deletes a message on both sides, which a bot is not told."""
        with self._changes.lock:
            del self._state.chats[self.id][message_id]
            self._changes.tell()

    def press(self, button: str) -> str:
        """Presses the newest button with this label or this data."""
        with self._changes.lock:
            there = [m for m in self._state.chats[self.id].values() if m.ours]
            for message in reversed(there):
                for label, data in itertools.chain.from_iterable(message.buttons):
                    if data and button in {label, data}:
                        return self.forge(data, message.id)
            raise AssertionError(f"no button {button!r} among {[m.buttons for m in there]}")

    def forge(self, data: str, message_id: int) -> str:
        """Sends any button data as if from a message, there or gone; returns the id of the press."""
        with self._changes.lock:
            query = str(next(PRESS_IDS))
            message = self._state.message(self.id, message_id)
            gone = {"message_id": message_id, "chat": self.room, "date": 0}
            self._state.presses[query] = Press(self.id, self._state.clock())
            body = {
                "id": query,
                "from": self.user,
                "chat_instance": f"-{self.id}",
                "message": message.written() if message else gone,
                "data": data,
            }
            self._state.queue("callback_query", body, press=query)
            self._changes.tell()
            return query

    def block(self) -> None:
        """Blocks the bot."""
        with self._changes.lock:
            self._state.blocked.add(self.id)
            self._member("member", "kicked")

    def unblock(self) -> None:
        """Lets the bot write again."""
        with self._changes.lock:
            self._state.blocked.discard(self.id)
            self._member("kicked", "member")

    def _member(self, before: str, after: str) -> None:
        body = {
            "chat": self.room,
            "from": self.user,
            "date": int(self._state.clock()),
            "old_chat_member": {"user": BOT, "status": before} | ({"until_date": 0} if before == "kicked" else {}),
            "new_chat_member": {"user": BOT, "status": after} | ({"until_date": 0} if after == "kicked" else {}),
        }
        self._state.queue("my_chat_member", body)
        self._changes.tell()

    def group_message(self, text: str, group: int = -1009000000001) -> int:
        """Writes into a group the bot is in."""
        with self._changes.lock:
            self._state.open(group, {"id": group, "title": "A group", "type": "supergroup"})
            message = self._state.add(group, ours=False, sender=self.user, text=text)
            self._state.queue("message", message.written())
            self._changes.tell()
            return message.id
