"""The life of the bot: who it is, what it offers, and how it starts and stops."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress
from typing import Protocol

from telegram import Bot

from bot.messengers.telegram.chat import Telegram
from bot.messengers.telegram.introduction import Introductions, introduce
from bot.messengers.telegram.polling import Polling, Turns
from bot.messengers.telegram.wire import Wire
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
SWEEP = 30
"""Seconds between sweeps: a screen is cleared at most so much later than promised."""

PATIENCE = 1.5
"""Seconds to finish what is in hand when told to stop."""


class Life(Turns, Protocol):
    """What a bot needs of the runtime."""

    async def resume(self) -> None:
        """After a start: finish what was left undone."""

    async def sweep(self) -> None:
        """Clear what expired."""


async def run(wire: Wire, token: str, messenger: Telegram, turns: Life, introductions: Introductions) -> None:
    """Poll until told to stop. Raises `RefusedError` where Telegram will not have us."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    await wire.initialize()
    polling = Polling(wire, messenger, turns)
    bot = Bot(token, base_url=wire.api, request=wire, get_updates_request=wire)
    living = asyncio.create_task(_live(bot, polling, turns, introductions))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({living, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            living.result()
    finally:
        for task in (living, stopped):
            task.cancel()
        await polling.finish(PATIENCE)
        await wire.shutdown()
        log.info("stopped")


async def _live(bot: Bot, polling: Polling, turns: Life, introductions: Introductions) -> None:
    """Begin, finish what was left undone, and then poll and sweep."""
    await introduce(bot, introductions)
    await turns.resume()
    log.info("started")
    sweep = asyncio.create_task(_sweep(turns))
    try:
        await polling.run()
    finally:
        sweep.cancel()


async def _sweep(turns: Life) -> None:
    while True:
        await asyncio.sleep(SWEEP)
        try:
            await turns.sweep()
        except Exception as error:  # noqa: BLE001 - the next sweep may do better; a person's screen depends on it
            fault(log, error)
