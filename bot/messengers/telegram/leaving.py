"""Leaving a chat: everything deleted that can be, and proof of it, as fast as the network allows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from telegram.constants import BulkRequestLimit
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.messengers.telegram import chat
from bot.messengers.telegram.wire import Wire
from bot.ports import GoneError, Record, UnreachedError

BATCH = int(BulkRequestLimit.MAX_LIMIT)
VERIFIED = 32
"""The newest messages, looked at one by one: `true` does not prove that anything was deleted."""

AHEAD = 32
"""Ids after the newest we know, in which a message of ours may stand that we never heard of."""

ATTEMPTS = 6


async def leave(wire: Wire, record: Record) -> None:
    """Delete everything on the record's list and its screen, or make the screen its dull line.

    Raises `UnreachedError` where Telegram did not answer for long; the tombstone stays, and somebody tries again.
    """
    ids = {*record.erase, *_doubted(record)}
    if record.screen:
        ids.add(record.screen)
    if record.dull and record.screen and await _dulled(wire, record):
        ids.discard(record.screen)
    newest_first = sorted(ids, reverse=True)
    stuck = await delete(wire, record.address, newest_first)
    checked = [each for each in newest_first[:VERIFIED] if each not in stuck]
    await asyncio.gather(*(_gone(wire, record.address, each) for each in checked))
    if record.screen in stuck:
        await _overwritten(wire, record)


async def delete(wire: Wire, address: str, ids: list[int]) -> set[int]:
    """Delete messages, in batches side by side; the ids of those that cannot be."""
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    stuck = await asyncio.gather(*(_batch(wire, address, batch) for batch in batches))
    return set().union(*stuck)


async def _batch(wire: Wire, address: str, ids: list[int]) -> set[int]:
    """One batch. One message that cannot be deleted refuses them all, so a refused batch is halved."""
    try:
        await _persistent(lambda: wire.call("deleteMessages", chat_id=int(address), message_ids=ids))
    except BadRequest:
        if len(ids) == 1:
            return set(ids)
        half = len(ids) // 2
        parts = await asyncio.gather(_batch(wire, address, ids[:half]), _batch(wire, address, ids[half:]))
        return parts[0] | parts[1]
    return set()


async def _gone(wire: Wire, address: str, message: int) -> None:
    """Make sure of one message: "not found" is the best proof there is."""
    try:
        await _persistent(lambda: wire.call("deleteMessage", chat_id=int(address), message_id=message))
    except BadRequest:
        return  # it is not there, or cannot be deleted: in either case nothing more can be done


async def _dulled(wire: Wire, record: Record) -> bool:
    """Whether the screen is now its dull line."""
    try:
        await _persistent(
            lambda: wire.call(
                "editMessageText", chat_id=int(record.address), message_id=record.screen, text=record.dull
            )
        )
    except BadRequest as error:
        return "not modified" in error.message.lower()
    return True


async def _overwritten(wire: Wire, record: Record) -> None:
    """What cannot be deleted any more can still be made to say nothing."""
    await _dulled(wire, record._replace(dull=record.dull or "\u00b7"))


def _doubted(record: Record) -> range:
    """Ids under which a message of ours may stand that was sent and never confirmed."""
    return range(record.doubt + 1, record.doubt + 1 + AHEAD) if record.doubt else range(0)


async def _persistent(work: Callable[[], Awaitable[object]]) -> None:
    """Do `work`, waiting and trying again for as long as it makes sense; only a refusal is passed on."""
    for attempt in range(ATTEMPTS):
        try:
            await work()
        except RetryAfter as error:
            await asyncio.sleep(chat.seconds_of(error))
        except BadRequest:
            raise
        except Forbidden:
            raise GoneError from None
        except TelegramError as error:
            if attempt == ATTEMPTS - 1:
                raise UnreachedError(type(error).__name__) from None
            await asyncio.sleep(chat.pause(attempt))
        else:
            return
    raise UnreachedError("asked to wait too often")
