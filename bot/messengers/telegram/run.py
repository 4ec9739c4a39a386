"""The life of the bot: who it is, what it offers, and how it starts and stops."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.messengers.telegram.chat import Telegram, patient
from bot.messengers.telegram.polling import Polling, RefusedError, Turns
from bot.messengers.telegram.wire import Wire
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
SWEEP = 30
"""Seconds between sweeps: a screen is cleared at most so much later than promised."""

PATIENCE = 1.5
"""Seconds to finish what is in hand when told to stop."""

Commands = Mapping[str, tuple[tuple[str, str], ...]]
"""Commands and what they do, by language; the empty language is what everybody else sees."""


class Life(Turns, Protocol):
    """What a bot needs of the runtime."""

    async def resume(self) -> None:
        """After a start: finish what was left undone."""

    async def sweep(self) -> None:
        """Clear what expired."""


async def run(wire: Wire, token: str, messenger: Telegram, turns: Life, commands: Commands) -> None:
    """Poll until told to stop. Raises `RefusedError` where Telegram will not have us."""
    await wire.initialize()
    try:
        bot = Bot(token, base_url=wire.api, request=wire, get_updates_request=wire)
        await _introduce(bot, commands)
        await turns.resume()
        polling = Polling(wire, messenger, turns)
        await _until_stopped(polling, turns)
    finally:
        await wire.shutdown()


async def _introduce(bot: Bot, commands: Commands) -> None:
    """Make sure of the token, and set the commands where they differ."""
    try:
        await bot.get_me()
    except InvalidToken:
        raise RefusedError("Telegram refuses the token: is it whole, and has it been revoked?") from None
    except TelegramError as error:
        fault(log, error)  # the network may come back: polling goes on trying
        return
    for language, wanted in commands.items():
        await patient(lambda language=language, wanted=wanted: _set(bot, language, wanted))  # type: ignore[misc]  # bound now


async def _set(bot: Bot, language: str, wanted: tuple[tuple[str, str], ...]) -> None:
    held = await bot.get_my_commands(language_code=language or None)
    if tuple((command.command, command.description) for command in held) != wanted:
        await bot.set_my_commands(wanted, language_code=language or None)


async def _until_stopped(polling: Polling, turns: Life) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    poll = asyncio.create_task(polling.run())
    sweep = asyncio.create_task(_sweep(turns))
    stopped = asyncio.create_task(stop.wait())
    log.info("started")
    try:
        await asyncio.wait({poll, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if poll.done():
            poll.result()
    finally:
        for task in (poll, sweep, stopped):
            task.cancel()
        await polling.finish(PATIENCE)
        log.info("stopped")


async def _sweep(turns: Life) -> None:
    while True:
        await asyncio.sleep(SWEEP)
        try:
            await turns.sweep()
        except Exception as error:  # noqa: BLE001 - the next sweep may do better; a person's screen depends on it
            fault(log, error)
