"""The one screen of a chat: edited in place, sent anew when it is old, with what was typed deleted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.messengers.telegram import leaving
from bot.messengers.telegram.pages import Pages
from bot.messengers.telegram.sending import Sending
from bot.messengers.telegram.wire import Wire
from bot.ports import Capabilities, GoneError, Page, Record, UnreachedError

T = TypeVar("T")
RENEW = 12 * 3600
"""Seconds after which the next screen is sent anew: Telegram deletes nothing of ours after 48 hours."""

GAP = 1_000
"""The most ids that are swept after a message that may have been sent."""

TRIES = 4
_HIDDEN = '"disable_notification":true'


class Telegram:
    """A `Messenger` over the Bot API."""

    def __init__(self, wire: Wire, now: Callable[[], float]) -> None:
        self._wire = wire
        self._now = now
        self._pages = Pages()
        self._sending = Sending(wire)

    @property
    def capabilities(self) -> Capabilities:
        """See `Messenger.capabilities`: bot chats are not end-to-end encrypted, and we say so."""
        return Capabilities(
            name="Telegram",
            edits=True,
            erases_ours=True,
            erases_theirs=True,
            buttons=True,
            end_to_end="no",
            resends=True,
            keeps=True,
        )

    async def show(self, record: Record, page: Page, /, *, anew: bool = True) -> Record:
        """See `Messenger.show`."""
        message = self._pages.message(page)

        async def once() -> Record:
            nonlocal record
            try:
                return await self._show(record, message, anew=anew, over=page.anew)
            except TimedOut:  # it may have arrived all the same, under an id we never heard of
                record = record._replace(doubt=record.doubt or max((record.screen, *record.erase)))
                raise

        try:
            return await patient(once)
        except UnreachedError as error:
            error.record = record
            raise

    async def erase(self, record: Record, /) -> tuple[int, ...]:
        """See `Messenger.erase`: what cannot be deleted need not be tried again."""
        await patient(lambda: leaving.delete(self._wire, record.address, list(record.erase)))
        return record.erase

    async def leave(self, record: Record, /) -> None:
        """See `Messenger.leave`."""
        await leaving.leave(self._wire, record)
        strays, unheard = await self._sending.given_up(record.address)
        if strays or unheard:
            doubt = max((record.screen, *record.erase)) if unheard else 0
            await leaving.leave(self._wire, record._replace(erase=tuple(strays), doubt=doubt))

    async def pressed(self, press: str, /) -> None:
        """See `Messenger.pressed`: the button stops turning. A press that is too old has nobody waiting."""
        if press:
            await patient(lambda: self._wire.call("answerCallbackQuery", callback_query_id=press))

    async def _show(self, record: Record, message: bytes, *, anew: bool, over: bool) -> Record:
        old = over or self._now() - record.screen_at > RENEW
        if record.screen and not (old and anew) and await self._edit(record, message):
            return record._replace(shown=record.turn)
        if not anew:
            return record._replace(shown=record.turn)  # too late to send anything: silence is a promise
        return await self._send(record, message)

    async def _edit(self, record: Record, message: bytes) -> bool:
        """Whether the screen now shows the message; not where there is no such message any more."""
        body = b'{"chat_id":%s,"message_id":%d,%s}' % (record.address.encode(), record.screen, message)
        try:
            await self._wire.send("editMessageText", body)
        except BadRequest as error:
            return "not modified" in error.message.lower()
        return True

    async def _send(self, record: Record, message: bytes) -> Record:
        """A new screen. Where one may have been sent before and nobody heard, the ids between are swept."""
        body = b'{"chat_id":%s,%s,%s}' % (record.address.encode(), _HIDDEN.encode(), message)
        number = await self._sending.send(record.address, body)
        gap = range(max(record.doubt + 1, number - GAP), number) if record.doubt else ()
        over = (record.screen,) if record.screen else ()
        return record._replace(
            shown=record.turn,
            screen=number,
            screen_at=int(self._now()),
            erase=(*record.erase, *over, *gap),
            doubt=0,
        )


async def patient(work: Callable[[], Awaitable[T]]) -> T:
    """Do `work`, waiting where Telegram says so and trying again where the network failed.

    Raises `GoneError` where the chat is closed to us, `UnreachedError` where patience ran out. The classes are named
    one by one: the library's `NetworkError` is the parent of errors that trying again does not mend.
    """
    for attempt in range(TRIES):
        try:
            return await work()
        except RetryAfter as error:
            await asyncio.sleep(seconds_of(error))
        except Forbidden:
            raise GoneError from None
        except (BadRequest, InvalidToken) as error:
            raise UnreachedError(type(error).__name__) from None
        except (TimedOut, NetworkError, TelegramError) as error:
            if attempt == TRIES - 1:
                raise UnreachedError(type(error).__name__) from None
            await asyncio.sleep(pause(attempt))
    raise UnreachedError("asked to wait too often")


def pause(attempt: int) -> float:
    """Seconds to wait before trying again: longer each time, never quite the same."""
    return float(min(30, 0.25 * 4**attempt) * random.uniform(0.7, 1.3))  # noqa: S311 - no secret


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait: Any = error.retry_after
    return float(wait.total_seconds() if hasattr(wait, "total_seconds") else wait)
