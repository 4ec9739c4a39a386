"""What the bot says of itself before a conversation: set where it differs, in every language, and telling nothing."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from fake_telegram import FakeTelegram
from fake_telegram_faults import Kind
from real_bot import RealBot
from telegram import Bot

from bot.language import words
from bot.messengers.telegram.introduction import Introduction, introduce
from bot.messengers.telegram.refusal import RefusedError
from bot.messengers.telegram.wire import Wire
from bot.plain import fold
from bot.script import catalog as catalogs

PLAIN = Introduction((("start", "Begin"), ("x", "Leave")), "Press Start.", "A small program.")
SPANISH = Introduction((("start", "Empezar"), ("x", "Salir")), "Pulse Iniciar.", "Un programa.")
PORTUGUESE = Introduction((("x", "Sair"),), "Escolha.", "Um programa pequeno.")
ROOT = Path(__file__).parent.parent


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    wire = Wire(telegram.api, telegram.token)
    await wire.initialize()
    yield Bot(telegram.token, base_url=telegram.api, request=wire, get_updates_request=wire)
    await wire.shutdown()


def written(telegram: FakeTelegram) -> list[tuple[str, str]]:
    """What was set, and for which language."""
    return [
        (call.method, call.params.get("language_code", "")) for call in telegram.calls if call.method.startswith("set")
    ]


ALL = ["setMyCommands", "setMyDescription", "setMyShortDescription"]


async def test_everything_is_set_once_for_each_language_and_then_left_alone(telegram: FakeTelegram, bot: Bot) -> None:
    await introduce(bot, {"": PLAIN, "es": SPANISH})
    assert written(telegram) == [(method, code) for code in ("", "es") for method in ALL]
    assert telegram.state.texts["description", ""] == PLAIN.description
    assert telegram.state.texts["short_description", "es"] == SPANISH.short
    await introduce(bot, {"": PLAIN, "es": SPANISH})
    assert len(written(telegram)) == 6


async def test_only_what_differs_is_set(telegram: FakeTelegram, bot: Bot) -> None:
    await introduce(bot, {"": PLAIN})
    telegram.calls.clear()
    await introduce(bot, {"": Introduction(PLAIN.commands, "Press Start", PLAIN.short)})
    assert written(telegram) == [("setMyDescription", "")]
    await introduce(bot, {"": Introduction(PLAIN.commands, "", PLAIN.short)})
    assert telegram.state.texts["description", ""] == "", "and one may be taken away again"


async def test_languages_are_told_as_telegram_knows_them(telegram: FakeTelegram, bot: Bot) -> None:
    """It refuses anything but two letters, and a refusal must not keep the bot from starting."""
    await introduce(bot, {"": PLAIN, "pt-BR": SPANISH, "pt": PORTUGUESE, "zh-Hant": SPANISH, "fil": SPANISH})
    assert {code for _, code in written(telegram)} == {"", "pt", "zh"}
    assert telegram.state.texts["description", "zh"] == SPANISH.description
    assert telegram.state.texts["description", "pt"] == PORTUGUESE.description


@pytest.mark.parametrize("kind", ["retry_after", "server_error", "bad_request", "drop"])
async def test_what_cannot_be_set_now_waits_for_the_next_start(telegram: FakeTelegram, bot: Bot, kind: Kind) -> None:
    """Telegram may ask us to wait for hours; nobody who writes to the bot waits for that."""
    telegram.fail("setMyDescription", kind, seconds=86_400)
    await introduce(bot, {"": PLAIN})
    assert "setMyShortDescription" not in {method for method, _ in written(telegram)}
    await introduce(bot, {"": PLAIN})
    assert telegram.state.texts["short_description", ""] == PLAIN.short


async def test_a_token_that_is_refused_is_said_at_once(telegram: FakeTelegram) -> None:
    wire = Wire(telegram.api, f"{telegram.token[:-1]}x")
    await wire.initialize()
    try:
        with pytest.raises(RefusedError, match="refuses the token"):
            await introduce(Bot(f"{telegram.token[:-1]}x", base_url=telegram.api, request=wire), {"": PLAIN})
    finally:
        await wire.shutdown()


def test_the_real_bot_says_what_is_in_its_words_in_every_language_it_has(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    home = tmp_path / "data"
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "bot", checkout / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    catalogs.add(checkout, "pt-BR")
    path = catalogs.path_of(checkout, "pt-BR")
    with path.open("rb") as file:
        held = read_po(file)
    spanish = catalogs.read_catalog(catalogs.path_of(ROOT, "es"))
    for message in held:
        said = spanish.get(message.id, context=message.context) if message.id else None
        if said and isinstance(message.id, str):
            message.string = said.string
        elif said and said.string:
            message.string = (said.string[0],) * held.num_plurals
        if message.id == words.DESCRIPTION:
            message.string = "Escolha uma linha."
    there = home / "locales" / "pt-BR" / "LC_MESSAGES"
    there.mkdir(parents=True)
    with (there / "messages.po").open("wb") as out:
        write_po(out, held)
    with RealBot(telegram, tmp_path) as bot:
        telegram.wait(lambda: telegram.calls_of("getUpdates"))
        assert telegram.state.texts["description", ""] == words.DESCRIPTION, bot.said()
        assert telegram.state.texts["description", "pt"] == "Escolha uma linha.", bot.said()
        assert telegram.state.texts["short_description", ""] == words.SHORT_DESCRIPTION
        assert bot.stop() == 0


@pytest.mark.parametrize("text", [words.DESCRIPTION, words.SHORT_DESCRIPTION, *words.COMMANDS.values()])
def test_none_of_it_says_what_the_bot_is_about(text: str) -> None:
    said = f" {fold(text)} "
    assert not [word for word in words.SENSITIVE_WORDS.split("\n") if f" {fold(word)}" in said]


def test_each_fits_where_telegram_shows_it() -> None:
    assert len(words.DESCRIPTION) <= 512
    assert len(words.SHORT_DESCRIPTION) <= 120
