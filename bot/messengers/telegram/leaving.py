"""Leaving a chat: everything deleted that can be, and proof of it, as fast as the network allows."""

from __future__ import annotations

import asyncio

from telegram.constants import BulkRequestLimit
from telegram.error import BadRequest

from bot.messengers.telegram import chat
from bot.messengers.telegram.wire import Wire
from bot.ports import Record

BATCH = int(BulkRequestLimit.MAX_LIMIT)
VERIFIED, STRIDE = 32, 25
"""The newest messages, looked at one by one, and of older ones each so many: `true` proves nothing of a whole batch."""

ROUNDS = 4
"""How often everything is deleted, where messages that were said to be gone are found."""

AHEAD = 32
"""Ids after the newest we know, in which a message of ours may stand that we never heard of."""

FEW = 4
"""So many are deleted one by one, which proves itself; `deleteMessages` may say that it did, and have done nothing."""

ATTEMPTS = 6
"""Somebody who leaves is worth more tries than a screen."""


async def leave(wire: Wire, record: Record) -> None:
    """Delete everything on the record's list and its screen, or make the screen its dull line.

    Raises `UnreachedError` where Telegram did not answer for long; the tombstone stays, and somebody tries again.
    """
    ids = {*record.erase, *_doubted(record)}
    if record.dull and record.screen:
        # Side by side: an edit may have to wait where a delete need not.
        _, dulled = await asyncio.gather(emptied(wire, record.address, ids), _dulled(wire, record))
        if dulled:
            return
        ids = set()
    if record.screen:
        ids.add(record.screen)
    if record.screen in await emptied(wire, record.address, ids):
        await _overwritten(wire, record)


async def erase(wire: Wire, address: str, ids: tuple[int, ...]) -> None:
    """Delete what was typed or overtaken while the conversation goes on.

    Many ids are most likely a gap of guesses, and stand after those that are known: these prove it one by one.
    """
    if len(ids) > FEW:
        await delete(wire, address, list(ids))
    await asyncio.gather(*(_was_there(wire, address, each) for each in ids[:FEW]))


async def emptied(wire: Wire, address: str, ids: set[int]) -> set[int]:
    """Delete these messages, and again where one that was said to be gone is found; the ids of those that cannot be."""
    newest_first = sorted(ids, reverse=True)
    stuck: set[int] = set()
    for _ in range(ROUNDS):
        stuck = await delete(wire, address, newest_first)
        looked_at = {*newest_first[:VERIFIED], *newest_first[VERIFIED::STRIDE]} - stuck
        if not any(await asyncio.gather(*(_was_there(wire, address, each) for each in looked_at))):
            break
    return stuck


async def delete(wire: Wire, address: str, ids: list[int]) -> set[int]:
    """Delete messages, in batches side by side; the ids of those that cannot be."""
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    stuck = await asyncio.gather(*(_batch(wire, address, batch) for batch in batches))
    return set().union(*stuck)


async def _batch(wire: Wire, address: str, ids: list[int]) -> set[int]:
    """One batch. One message that cannot be deleted refuses them all, so a refused batch is halved."""
    try:
        await chat.patient(lambda: wire.call("deleteMessages", chat_id=int(address), message_ids=ids), ATTEMPTS)
    except BadRequest:
        if len(ids) == 1:
            return set(ids)
        half = len(ids) // 2
        parts = await asyncio.gather(_batch(wire, address, ids[:half]), _batch(wire, address, ids[half:]))
        return parts[0] | parts[1]
    return set()


async def _was_there(wire: Wire, address: str, message: int) -> bool:
    """Delete one message, and whether that was needed: "not found" is the best proof there is."""
    try:
        await chat.patient(lambda: wire.call("deleteMessage", chat_id=int(address), message_id=message), ATTEMPTS)
    except BadRequest:
        return False  # it is not there, or cannot be deleted: in either case nothing more can be done
    return True


async def _dulled(wire: Wire, record: Record) -> bool:
    """Whether the screen is now its dull line."""
    try:
        await chat.patient(
            lambda: wire.call(
                "editMessageText", chat_id=int(record.address), message_id=record.screen, text=record.dull
            ),
            ATTEMPTS,
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
