"""The one screen of a chat: edited in place, sent anew when it is old, with what was typed deleted."""

from __future__ import annotations

import asyncio
import random
from asyncio import sleep
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.messengers.telegram import leaving
from bot.messengers.telegram.pace import Pace
from bot.messengers.telegram.pages import Pages
from bot.messengers.telegram.wire import IN_DOUBT, PASSING, Wire
from bot.ports import RENEW, Capabilities, GoneError, NotNowError, Page, Record, UnreachedError

T = TypeVar("T")
GAP = 1_000
"""The most ids that are swept after a message that may have been sent."""

LOOKED_AT = 16
"""How many ids are looked at where a screen may have been sent: all of them at once, in case it was sent twice."""

TRIES = 4
ASKED = 60.0
"""The most seconds that are waited where Telegram asks for it; after that a sweep tries again, and the lane is free."""

LONGEST = 30.0
"""The most seconds between two tries, give or take a third."""

_HIDDEN = '"disable_notification":true'


class Telegram:
    """A `Messenger` over the Bot API."""

    def __init__(self, wire: Wire, now: Callable[[], float], pace: Pace | None = None) -> None:
        """`pace` says when a screen may go; without one, whenever Telegram does not refuse it."""
        self._wire = wire
        self._now = now
        self._pace = pace or Pace(0)
        self._pages = Pages()
        self._flying: dict[str, asyncio.Task[Any]] = {}

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
        address = record.address
        seconds = self._pace.wait(address)
        if seconds > 0:
            raise NotNowError(seconds)
        try:
            shown = await self._show(record, page, anew=anew)
        except RetryAfter as error:
            self._pace.rest(address, seconds_of(error))
            raise NotNowError(seconds_of(error), "asked to wait") from None
        except Forbidden:
            raise GoneError from None
        except PASSING as error:
            raise self._again(record, error) from None
        except TelegramError as error:
            raise UnreachedError(type(error).__name__) from None
        self._pace.arrived(address)
        return shown

    def _again(self, record: Record, error: TelegramError) -> UnreachedError:
        """Whether to try once more, and what is known of the chat by now."""
        failures = self._pace.failed(record.address)
        why = type(error).__name__
        again = NotNowError(pause(failures - 1), why) if failures < TRIES else UnreachedError(why)
        if failures >= TRIES:
            self._pace.arrived(record.address)  # whoever tries after this has as many tries again
        again.record = record
        return again

    async def erase(self, record: Record, /) -> tuple[int, ...]:
        """See `Messenger.erase`: what cannot be deleted need not be tried again."""
        await leaving.erase(self._wire, record.address, record.erase)
        return record.erase

    async def leave(self, record: Record, /) -> None:
        """See `Messenger.leave`. A screen that was on its way may arrive behind our back: then all is done again."""
        flying = self._flying.pop(record.address, None)
        await leaving.leave(self._wire, record)
        if flying is None:
            return
        await asyncio.wait({flying})
        error = flying.exception()
        if isinstance(error, IN_DOUBT):
            record = record._replace(doubt=record.doubt or max((record.screen, *record.erase)))
        elif error is None and int(flying.result()["message_id"]) != record.screen:
            record = record._replace(erase=(*record.erase, int(flying.result()["message_id"])))
        await leaving.leave(self._wire, record)

    async def pressed(self, press: str, /) -> None:
        """See `Messenger.pressed`: the button stops turning. A press that is too old has nobody waiting."""
        if press:
            await patient(lambda: self._wire.call("answerCallbackQuery", callback_query_id=press))

    async def _show(self, record: Record, page: Page, *, anew: bool) -> Record:
        message = self._pages.message(page)
        old = page.anew or self._now() - record.screen_at > RENEW
        if record.screen and not (old and anew) and await self._edit(record, message):
            return record._replace(shown=record.turn)
        if page.again and record.doubt and (found := await self._found(record, message)):
            return found
        if not anew:
            return record._replace(shown=record.turn)  # too late to send anything: silence is a promise
        return await self._send(record, message)

    async def _found(self, record: Record, message: bytes) -> Record | None:
        """The screen that was sent and never noted, if it is found; to look is to change it: there is no other way.

        It stays in doubt what stands after it, until something is sent or the chat is left.
        """
        after = max(record.doubt, record.screen)  # the screen itself is known, and is not what is looked for
        ids = range(after + 1, after + 1 + LOOKED_AT)
        edits = (self._wire.send("editMessageText", _over(record, each, message)) for each in ids)
        ours = await asyncio.gather(*map(_changed, edits))
        found = [each for each, changed in zip(ids, ours, strict=True) if changed]
        return _standing(record, found[-1], record.at, tuple(found[:-1]), doubt=found[-1]) if found else None

    async def _edit(self, record: Record, message: bytes) -> bool:
        """Whether the screen now shows the message; not where there is no such message any more."""
        return await _changed(self._write(record.address, "editMessageText", _over(record, record.screen, message)))

    async def _write(self, address: str, method: str, body: bytes) -> Any:
        """A call that goes on where its caller is cancelled: leaving must know what became of it."""
        flying = self._flying[address] = asyncio.create_task(self._wire.send(method, body))
        flying.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait({flying})  # where this is cancelled it stays there, arrived or not: nobody has noted it
        self._flying.pop(address, None)
        return flying.result()

    async def _send(self, record: Record, message: bytes) -> Record:
        """A new screen. Where one may have been sent before and nobody heard, the ids between are swept."""
        body = b'{"chat_id":%s,%s,%s}' % (record.address.encode(), _HIDDEN.encode(), message)
        try:
            sent = await self._write(record.address, "sendMessage", body)
        except IN_DOUBT as error:  # it may have arrived all the same, under an id we never heard of
            doubt = record.doubt or max((record.screen, *record.erase))
            raise self._again(record._replace(doubt=doubt), error) from None
        number = int(sent["message_id"])
        gap = range(max(record.doubt + 1, number - GAP), number) if record.doubt else ()
        return _standing(record, number, int(self._now()), tuple(gap))


def _over(record: Record, number: int, message: bytes) -> bytes:
    """The body of a call that writes a message over the one with this id."""
    return b'{"chat_id":%s,"message_id":%d,%s}' % (record.address.encode(), number, message)


async def _changed(edit: Awaitable[Any]) -> bool:
    """Whether a message of ours stood there to be edited."""
    try:
        await edit
    except BadRequest as error:
        return "not modified" in error.message.lower()
    return True


def _standing(record: Record, number: int, at: int, more: tuple[int, ...], doubt: int = 0) -> Record:
    """The record with this screen since then: the one before it is in the way, and so are `more`."""
    over = (record.screen,) if record.screen else ()
    erase = (*record.erase, *over, *more)
    return record._replace(shown=record.turn, screen=number, screen_at=at, erase=erase, doubt=doubt)


async def patient(work: Callable[[], Awaitable[T]], tries: int = TRIES) -> T:
    """Do `work`, waiting where Telegram says so and trying again where what went wrong may pass.

    Raises `BadRequest` as it is, because only the caller knows what a refusal means; `GoneError` where the chat is
    closed to us; `UnreachedError` where patience ran out.
    """
    for attempt in range(tries):
        try:
            return await work()
        except RetryAfter as error:
            if seconds_of(error) > ASKED:
                raise UnreachedError("asked to wait for long") from None
            await sleep(seconds_of(error))
        except BadRequest:
            raise
        except Forbidden:
            raise GoneError from None
        except PASSING as error:
            if attempt == tries - 1:
                raise UnreachedError(type(error).__name__) from None
            await sleep(pause(attempt))
        except TelegramError as error:
            raise UnreachedError(type(error).__name__) from None
    raise UnreachedError("asked to wait too often")


def pause(attempt: int) -> float:
    """Seconds to wait before trying again: longer each time, never quite the same."""
    return float(min(LONGEST, 0.25 * 4**attempt) * random.uniform(0.7, 1.3))  # noqa: S311 - no secret


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait: Any = error.retry_after
    return float(wait.total_seconds() if hasattr(wait, "total_seconds") else wait)
