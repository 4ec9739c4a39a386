"""What an operator runs: a messenger over a store on a disk."""

from __future__ import annotations

import logging
import time
from datetime import UTC, date, datetime

from bot.app import Shelf, build
from bot.clock import Clock
from bot.language import words
from bot.language.catalogs import ENGLISH, Catalogs
from bot.messengers.telegram.chat import Telegram
from bot.messengers.telegram.hook import Hook
from bot.messengers.telegram.introduction import Introduction
from bot.messengers.telegram.pace import Pace
from bot.messengers.telegram.run import run
from bot.messengers.telegram.standing import check
from bot.messengers.telegram.wire import Wire
from bot.ports import StoreError
from bot.privacy.keys import Keys
from bot.settings import Account, TelegramSettings, Texts
from bot.stores.sqlite import SqliteStore

log = logging.getLogger(__name__)


async def run_telegram(
    settings: TelegramSettings,
    texts: Texts,
    clock: Clock | None = None,
    *,
    hook: Hook | None = None,
    unhook: bool = False,
) -> None:
    """The bot on Telegram, from start to stop, saying what is in `texts`; see `run` for the rest."""
    clock = clock or Clock()
    store = _open_store(settings, datetime.fromtimestamp(clock.now(), UTC).date())
    try:
        wire = Wire(settings.api, settings.token)
        messenger = Telegram(wire, clock.now, Pace(settings.screens))
        runtime = build(
            messenger,
            store=store,
            texts=texts,
            operator=settings.operator,
            shelf=Shelf(settings.services, settings.directory, keep=True),
            tell=log.warning,
            now=clock.now,
            since=clock.since,
        )
        introductions = _introductions(runtime.catalogs)
        await run(wire, settings.token, messenger, runtime, introductions, hook=hook, unhook=unhook)
    finally:
        await store.close()


async def check_telegram(account: Account, texts: Texts) -> list[str]:
    """What Telegram thinks of the bot, a line each; nothing is changed. Raises `RefusedError` where it does not say."""
    wire = Wire(account.api, account.token)
    introductions = _introductions(build(Telegram(wire, time.time), texts=texts).catalogs)
    commands = {language: each.commands for language, each in introductions.items()}
    await wire.initialize()
    try:
        return await check(wire, commands)
    finally:
        await wire.shutdown()


def _open_store(settings: TelegramSettings, today: date) -> SqliteStore:
    """The database and its keys. A database whose keys are gone is not opened with new ones: it would be lost."""
    if settings.database.exists() and not settings.keys.exists():
        raise StoreError(
            f"{settings.keys}: the keys to {settings.database} are not there; put them back, "
            "or move the database away to begin without sessions"
        )
    keys = Keys.open(settings.keys, today)
    return SqliteStore(settings.database, keys, bot=int(settings.token.partition(":")[0]))


def _introductions(catalogs: Catalogs) -> dict[str, Introduction]:
    """What the bot says of itself in every language there is, and in English for everybody else."""
    found = {}
    for code in catalogs.offered():
        tongue = catalogs.tongue(code)
        found["" if code == ENGLISH else code] = Introduction(
            tuple((name, tongue.say(text)) for name, text in words.COMMANDS.items()),
            tongue.say(words.DESCRIPTION),
            tongue.say(words.SHORT_DESCRIPTION),
        )
    return found
