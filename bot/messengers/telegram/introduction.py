"""What everybody sees of the bot before a conversation: its commands and what it says of itself, by language."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.messengers.telegram.refusal import TOKEN, RefusedError
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
_LETTERS = 2
"""Telegram knows languages by two letters (ISO 639-1) and nothing else."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """The bot in one language: commands and what they do, the text of an empty chat, and the line of its profile."""

    commands: tuple[tuple[str, str], ...]
    description: str = ""
    short: str = ""


Introductions = Mapping[str, Introduction]
"""By language; the empty language is what everybody else sees."""


async def introduce(bot: Bot, introductions: Introductions) -> None:
    """Make sure of the token, and set what differs. Raises `RefusedError` where Telegram will not have us.

    What could not be set waits for the next start: people must not wait for it, and Telegram may ask for hours.
    """
    try:
        await bot.get_me()
        for language, wanted in _by_letters(introductions):
            await _commands(bot, language, wanted.commands)
            await _differing(bot.get_my_description, bot.set_my_description, language, wanted.description)
            await _differing(bot.get_my_short_description, bot.set_my_short_description, language, wanted.short)
    except InvalidToken:
        raise RefusedError(TOKEN) from None
    except TelegramError as error:
        fault(log, error)  # the network may come back: polling goes on trying


def _by_letters(introductions: Introductions) -> Iterator[tuple[str | None, Introduction]]:
    """Each introduction under a language as Telegram knows it: `pt-BR` speaks for `pt` unless that is there itself."""
    told = {""}
    if "" in introductions:
        yield None, introductions[""]
    for code in sorted(introductions, key=len):
        letters = code.partition("-")[0]
        if letters not in told and len(letters) == _LETTERS:
            told.add(letters)
            yield letters, introductions[code]


async def _commands(bot: Bot, language: str | None, wanted: tuple[tuple[str, str], ...]) -> None:
    held = await bot.get_my_commands(language_code=language)
    if tuple((command.command, command.description) for command in held) != wanted:
        await bot.set_my_commands(wanted, language_code=language)


async def _differing(
    get: Callable[..., Awaitable[object]], put: Callable[..., Awaitable[object]], language: str | None, wanted: str
) -> None:
    """Set one text where another stands there. Each answer holds its one text under its own name."""
    held = await get(language_code=language)
    if wanted != (getattr(held, "description", None) or getattr(held, "short_description", "")):
        await put(wanted, language_code=language)
