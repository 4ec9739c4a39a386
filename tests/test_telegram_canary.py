"""The canary on Telegram: marked words, names, ids and the token, found nowhere but in the chat."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from real_bot import RealBot

CANARY = "quetzalword"
CHAT = 7316259048
NAME = "Quetzalname"

PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from bot.language import understand
work = understand.Understanding.event
def sometimes(self, text, *rest):
    if "fault" in text:
        raise ValueError(text)
    return work(self, text, *rest)
understand.Understanding.event = sometimes
if {opened}:
    from bot.privacy import seal
    seal.seal = lambda row, name, key, pad=True: (len(row).to_bytes(2, "big") + row).ljust(seal.SEALED, b"\\0")
    seal.unseal = lambda sealed, name, key: sealed[2 : 2 + int.from_bytes(sealed[:2], "big")]
from bot import cli
sys.argv = ["waymark", "telegram"]
cli.main()
"""


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake


def found(home: Path, *words: str) -> list[str]:
    """Files that hold one of the words, as text or as a number in any width."""
    wanted = [word.encode() for word in words] + [CHAT.to_bytes(8, "big"), CHAT.to_bytes(8, "little")]
    return [
        path.name
        for path in home.rglob("*")
        if path.is_file() and any(word in path.read_bytes() or word in path.name.encode() for word in wanted)
    ]


def converse(telegram: FakeTelegram, bot: RealBot, program: str, *, leave: bool) -> Person:
    """A conversation with marked words in it, in faults and in a card; then a stop."""
    bot.home.mkdir(exist_ok=True)
    person = telegram.person(CHAT, NAME, NAME.lower())
    with bot.log.open("ab") as log:
        bot.process = subprocess.Popen(
            [sys.executable, "-c", program], stdout=log, stderr=log, env=bot.environment, cwd=bot.home
        )
    for typed, then in (
        (f"hello my name is {CANARY}", "Is it all right"),
        ("3", "What would you like?"),
        (f"fault {CANARY}", "Something went wrong here"),
        ("2", "a paper that asks"),
        *(("1", then) for then in ("Who sent you", "a last day", "One hard question")),
        ("skip", "Which of these"),
        ("done", "what the words mean"),
        *(("1", then) for then in ("what it may cost", "two views", "advocate", "What would help now?")),
        ("a page to take along", "kept private"),
        ("yes", "type a few words"),
        (f"tell {CANARY} first", f"tell {CANARY} first"),
    ):
        person.type(typed)
        telegram.wait(lambda then=then: then in person.screen.text and len(person.messages) == 1)  # type: ignore[misc]
    if leave:
        person.type("exit")
        telegram.wait(lambda: person.messages == [] and telegram.calls_of("deleteMessage"))
    assert bot.stop() == 0
    return person


def test_a_conversation_leaves_nothing_in_any_file_log_or_error(telegram: FakeTelegram, tmp_path: Path) -> None:
    telegram.fail("editMessageText", "server_error", times=2)
    telegram.fail("getUpdates", "server_error", times=1)
    telegram.fail("deleteMessages", "garbage", times=1)
    bot = RealBot(telegram, tmp_path)
    person = converse(telegram, bot, PROGRAM.format(opened=False), leave=True)
    secret = telegram.token.partition(":")[2]
    assert "fault: ValueError at" in bot.said()
    assert found(tmp_path, CANARY, NAME, NAME.lower(), str(CHAT), secret) == []
    assert person.messages == []


def test_while_it_goes_on_the_files_say_nothing_either(telegram: FakeTelegram, tmp_path: Path) -> None:
    bot = RealBot(telegram, tmp_path)
    converse(telegram, bot, PROGRAM.format(opened=False), leave=False)
    assert (tmp_path / "data" / "sessions.db").stat().st_size > 0
    assert found(tmp_path, CANARY, NAME, NAME.lower(), str(CHAT), telegram.token.partition(":")[2]) == []


def test_the_same_search_finds_them_with_the_seal_off(telegram: FakeTelegram, tmp_path: Path) -> None:
    bot = RealBot(telegram, tmp_path)
    converse(telegram, bot, PROGRAM.format(opened=True), leave=False)
    assert found(tmp_path, CANARY) == ["sessions.db"]
    assert found(tmp_path, str(CHAT)) == ["sessions.db"]
