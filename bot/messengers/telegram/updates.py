"""Updates, read by ourselves: seven fields, one at a time, and nothing of names."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from bot.messengers.telegram.typed import LIMIT, cleaned
from bot.ports import Incoming

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
DATA_LIMIT = 64
"""The most characters a button of ours carries."""

_Id = Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
"""The ids of people, messages and updates: more than that is no id, and no database holds it."""

_ABSENT = {b"", b"null"}
_NONE = msgspec.Raw(b"")


class _Chat(msgspec.Struct):
    id: Annotated[int, msgspec.Meta(gt=-(2**53), lt=2**53)]
    type: str


class _From(msgspec.Struct):
    id: _Id
    is_bot: bool = False


class _Message(msgspec.Struct):
    message_id: _Id
    chat: _Chat
    date: Annotated[int, msgspec.Meta(ge=0, lt=2**40)] = 0
    text: str | None = None
    sender: _From | None = msgspec.field(default=None, name="from")
    forward_origin: msgspec.Raw = _NONE
    forward_date: msgspec.Raw = _NONE
    via_bot: msgspec.Raw = _NONE
    pinned_message: msgspec.Raw = _NONE
    message_auto_delete_timer_changed: msgspec.Raw = _NONE
    chat_background_set: msgspec.Raw = _NONE
    write_access_allowed: msgspec.Raw = _NONE

    @property
    def theirs(self) -> bool:
        """Whether the words are those of the person who sent them."""
        return {bytes(self.forward_origin), bytes(self.forward_date), bytes(self.via_bot)} <= _ABSENT

    @property
    def notice(self) -> bool:
        """Whether this is a line of Telegram's own about the chat."""
        said = (
            self.pinned_message,
            self.message_auto_delete_timer_changed,
            self.chat_background_set,
            self.write_access_allowed,
        )
        return not {bytes(each) for each in said} <= _ABSENT


class _Old(msgspec.Struct):
    """The message under a button: one that is too old to be told has a chat, an id and no date."""

    message_id: _Id
    chat: _Chat


class _Press(msgspec.Struct):
    id: str
    sender: _From = msgspec.field(name="from")
    data: str = ""
    message: _Old | None = None
    inline_message_id: msgspec.Raw = _NONE


class _Status(msgspec.Struct):
    status: str


class _Member(msgspec.Struct):
    chat: _Chat
    new_chat_member: _Status


class _Post(msgspec.Struct):
    chat: _Chat


class _Update(msgspec.Struct):
    update_id: _Id
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Press | None = None
    my_chat_member: _Member | None = None
    channel_post: _Post | None = None
    edited_channel_post: _Post | None = None


_update = msgspec.json.Decoder(_Update).decode

_HIGH, _LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = re.compile(rb"(%s%s)|%s|%s" % (_HIGH, _LOW, _HIGH, _LOW))
"""Half of a character outside the basic plane, alone: valid JSON, and no text."""

_NUMBER = re.compile(rb'"update_id"\s*:\s*(\d{1,16})\b')


def mended(raw: bytes) -> bytes:
    """JSON in which every half character is a mark: it can then be read."""
    return _HALF.sub(lambda found: found[1] or rb"\ufffd", raw)


@dataclass(frozen=True, slots=True)
class Group:
    """Anywhere but a private chat: somewhere we do not stay."""

    chat: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A line of Telegram's own in somebody's chat, such as that a message was pinned: erased, and not answered."""

    address: str = field(repr=False)
    message: int


def update_id(raw: bytes) -> int:
    """The id of an update whatever else is wrong with it; 0 where it has none."""
    found = _NUMBER.search(raw)
    return int(found[1]) if found and int(found[1]) < 2**53 else 0


def read(raw: bytes) -> Incoming | Group | Notice | None:
    """What one update says, or None where it is nothing to us. Raises `ValueError` for a malformed one."""
    update = _whole(raw)
    if update.callback_query:
        return _pressed(update.callback_query, update.update_id)
    if update.my_chat_member:
        return _member(update.my_chat_member, update.update_id)
    post = update.channel_post or update.edited_channel_post
    if post:
        return Group(post.chat.id)
    message = update.message or update.edited_message
    if message is None:
        return None
    if message.chat.type != "private":
        return Group(message.chat.id)
    if not _person(message.sender, message.chat):
        return None
    if message.notice:
        return Notice(str(message.chat.id), message.message_id)
    return _said(message, update.update_id, edited=update.message is None)


def _whole(raw: bytes) -> _Update:
    """The update, with halves of characters marked where it cannot be read with them."""
    for text in (raw, mended(raw)):
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return _update(text)
    raise ValueError("a malformed update")


def _said(message: _Message, update: int, *, edited: bool) -> Incoming:
    """A message from a person. What is not their own text is not looked into; nor is one of impossible length."""
    text = message.text if message.text is not None and message.theirs else None
    kind = "edited" if edited else "other" if text is None else "long" if len(text) > LIMIT else "text"
    return Incoming(
        str(message.chat.id),
        cleaned(text) if text is not None and kind == "text" else "",
        kind,  # type: ignore[arg-type]  # one of four
        message.message_id,
        update,
        "",
        message.date,
    )


def _pressed(press: _Press, update: int) -> Incoming | Group | None:
    """A button. Old servers leave out a message that is too old; one of an inline message was never ours."""
    if press.message is None:
        if press.sender.is_bot or bytes(press.inline_message_id) not in _ABSENT:
            return None
        return Incoming(str(press.sender.id), press.data[:DATA_LIMIT], "button", 0, update, press.id)
    chat = press.message.chat
    if chat.type != "private":
        return Group(chat.id)
    if not _person(press.sender, chat):
        return None
    return Incoming(str(chat.id), press.data[:DATA_LIMIT], "button", press.message.message_id, update, press.id)


def _member(member: _Member, update: int) -> Incoming | Group | None:
    """What became of us in a chat: a group we are still in is left, a person who blocked us is gone."""
    gone = member.new_chat_member.status in {"left", "kicked"}
    if member.chat.type != "private":
        return None if gone else Group(member.chat.id)
    return Incoming(str(member.chat.id), kind="gone", update=update) if gone else None


def _person(sender: _From | None, chat: _Chat) -> bool:
    """Whether this is a person in their own chat with us."""
    return sender is not None and not sender.is_bot and sender.id == chat.id
