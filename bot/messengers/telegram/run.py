"""The life of the bot: who it is, what it offers, and how it starts and stops."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from telegram import Bot

from bot.messengers.telegram.chat import Telegram
from bot.messengers.telegram.flood import Flood
from bot.messengers.telegram.health import Health
from bot.messengers.telegram.hook import Hook
from bot.messengers.telegram.intake import Intake, Turns
from bot.messengers.telegram.introduction import Introductions, introduce
from bot.messengers.telegram.polling import Polling
from bot.messengers.telegram.refusal import RefusedError
from bot.messengers.telegram.wire import Wire
from bot.ports import SessionStore
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
SWEEP = 30
"""Seconds between sweeps: a screen is cleared at most so much later than promised."""

PATIENCE = 1.5
"""Seconds to finish what is in hand when told to stop."""

LAST = 0.3
"""Seconds of them that are left for what is being shown, however long it took to answer who brings updates."""


class Life(Turns, Protocol):
    """What a bot needs of the runtime."""

    store: SessionStore

    async def resume(self) -> None:
        """After a start: finish what was left undone."""

    async def sweep(self) -> None:
        """Clear what expired."""


async def run(  # noqa: PLR0913 - the parts of the whole, and how updates come
    wire: Wire,
    token: str,
    messenger: Telegram,
    turns: Life,
    introductions: Introductions,
    *,
    hook: Hook | None = None,
    unhook: bool = False,
    flood: Flood | None = None,
) -> None:
    """Take updates until told to stop: those that are brought to `hook`, or those asked for.

    `unhook` removes a webhook that is set where none is wanted. Raises `RefusedError` where Telegram will not have us.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    intake = Intake(wire, messenger, turns, flood)
    bot = Bot(token, base_url=wire.api, request=wire, get_updates_request=wire)
    source: _Source = Polling(wire, intake, unhook=unhook)
    if hook:
        source = _brought(wire, intake, hook, Health(turns.store, lambda: not sweep.done()).well)
    await wire.initialize()
    sweep = asyncio.create_task(_sweep(turns, intake))
    living = asyncio.create_task(_live(bot, source, turns, introductions))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({living, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            living.result()
    finally:
        for task in (living, stopped, sweep):
            task.cancel()
        await asyncio.wait({living, stopped, sweep})
        by = loop.time() + PATIENCE
        await source.close()
        await intake.finish(max(by - loop.time(), LAST))
        await wire.shutdown()
        log.info("stopped")


class _Source(Protocol):
    """Where updates come from."""

    async def open(self) -> None:
        """Make sure that they can come, before anything is done for anybody."""

    async def run(self) -> None:
        """Take them until cancelled."""

    async def close(self) -> None:
        """Finish what is being taken, and take no more."""


def _brought(wire: Wire, intake: Intake, hook: Hook, well: Callable[[], Awaitable[bool]]) -> _Source:
    """The web server, where it is installed: who polls needs none."""
    try:
        from bot.messengers.telegram.webhook import Webhook  # noqa: PLC0415 - as it says
    except ImportError:
        how = "run `pip install -e '.[web]'` in the folder of Waymark"
        raise RefusedError(f"--webhook needs a web server: {how}") from None
    return Webhook(wire, intake, hook, well)


async def _live(bot: Bot, source: _Source, turns: Life, introductions: Introductions) -> None:
    """Begin, finish what was left undone, and then take updates."""
    await source.open()
    await introduce(bot, introductions)
    await turns.resume()
    log.info("started")
    await source.run()


async def _sweep(turns: Life, intake: Intake) -> None:
    while True:
        await asyncio.sleep(SWEEP)
        intake.look_back()
        try:
            await turns.sweep()
        except Exception as error:  # noqa: BLE001 - the next sweep may do better; a person's screen depends on it
            fault(log, error)
