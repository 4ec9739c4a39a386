"""Updates, read by ourselves: seven fields, one at a time, and nothing of names."""

from __future__ import annotations

import re

import msgspec

from bot.ports import Incoming

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")


class _Chat(msgspec.Struct):
    id: int
    type: str


class _From(msgspec.Struct):
    id: int
    is_bot: bool = False


class _Message(msgspec.Struct):
    message_id: int
    chat: _Chat
    date: int = 0
    text: str | None = None
    sender: _From | None = msgspec.field(default=None, name="from")


class _Press(msgspec.Struct):
    id: str
    sender: _From = msgspec.field(name="from")
    data: str = ""
    message: _Message | None = None


class _Status(msgspec.Struct):
    status: str


class _Member(msgspec.Struct):
    chat: _Chat
    new_chat_member: _Status


class _Update(msgspec.Struct):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Press | None = None
    my_chat_member: _Member | None = None


class _Id(msgspec.Struct):
    update_id: int


_update = msgspec.json.Decoder(_Update).decode
_id = msgspec.json.Decoder(_Id).decode


_HIGH, _LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = re.compile(rb"(%s%s)|%s|%s" % (_HIGH, _LOW, _HIGH, _LOW))
"""Half of a character outside the basic plane, alone: valid JSON, and no text."""


def mended(raw: bytes) -> bytes:
    """JSON in which every half character is a mark: it can then be read."""
    return _HALF.sub(lambda found: found[1] or rb"\ufffd", raw)


class Group(Exception):  # noqa: N818 - not an error: somewhere we do not stay
    """An update from anywhere but a private chat; carries the id of the chat to leave."""

    def __init__(self, chat: int) -> None:
        super().__init__()
        self.chat = chat


def update_id(raw: bytes) -> int:
    """The id of an update whatever else is wrong with it; 0 where it has none."""
    try:
        return _id(raw).update_id
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return 0


def read(raw: bytes) -> Incoming | None:
    """What one update says, or None where it is nothing to us. Raises `Group`, and `ValueError` for a malformed one."""
    try:
        update = _update(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ValueError("a malformed update") from None
    if update.callback_query:
        return _pressed(update.callback_query, update.update_id)
    if update.my_chat_member:
        member = update.my_chat_member
        if member.chat.type != "private":
            if member.new_chat_member.status in {"left", "kicked"}:
                return None
            raise Group(member.chat.id)
        gone = member.new_chat_member.status in {"kicked", "left"}
        return Incoming(str(member.chat.id), kind="gone", update=update.update_id) if gone else None
    message = update.message or update.edited_message
    if message is None:
        return None
    _private(message)
    kind = "edited" if update.edited_message else "text" if message.text is not None else "other"
    return Incoming(
        str(message.chat.id),
        message.text or "",
        kind,  # type: ignore[arg-type]  # one of three
        message.message_id,
        update.update_id,
        "",
        message.date,
    )


def _pressed(press: _Press, update: int) -> Incoming | None:
    if press.message is None:
        return Incoming(str(press.sender.id), press.data, "button", 0, update, press.id)
    if press.message.chat.type != "private":
        raise Group(press.message.chat.id)
    return Incoming(str(press.message.chat.id), press.data, "button", press.message.message_id, update, press.id)


def _private(message: _Message) -> None:
    """Only a person in their own chat with us; groups are left."""
    if message.chat.type != "private" or (message.sender and message.sender.id != message.chat.id):
        raise Group(message.chat.id)
