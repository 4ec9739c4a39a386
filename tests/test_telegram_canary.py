"""The canary on Telegram: marked words, names, ids and the token, found nowhere but in the chat."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from real_bot import Line, RealBot

CANARY = "quetzalword"
CHAT = 7316259048
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
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
if {hooked}:
    import logging
    from bot.messengers.telegram import webhook
    body = webhook._body
    faults = 1
    async def once(request):
        global faults
        found = await body(request)
        if b"webfault" in (found or b"") and faults:
            faults -= 1
            raise ValueError(found)
        return found
    webhook._body = once
from bot import cli
cli.main()
"""


def program(*, opened: bool = False, hooked: bool = False) -> str:
    return PROGRAM.format(opened=opened, hooked=hooked)


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
            [sys.executable, "-c", program, "telegram", *bot.options],
            stdout=log,
            stderr=log,
            env=bot.environment,
            cwd=bot.home,
        )
    for typed, then in (
        (f"hello webfault my name is {CANARY}", "Is it all right"),
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
    if bot.port:
        strange(telegram, bot)
    if leave:
        person.type("exit")
        telegram.wait(lambda: person.messages == [] and telegram.calls_of("deleteMessage"))
    assert bot.stop() == 0
    return person


def strange(telegram: FakeTelegram, bot: RealBot) -> None:
    """Marked words in every part of requests that are none of Telegram's, and in updates of theirs that are broken."""
    with closing(Line("127.0.0.1", bot.port, timeout=30)) as line:
        known, unknown = {SECRET: telegram.state.hook.secret}, {SECRET: CANARY, "User-Agent": CANARY, "Cookie": CANARY}
        for method, path, headers in (
            ("POST", "/updates", unknown),
            ("POST", f"/{CANARY}?{CANARY}={CHAT}", known),
            (CANARY.upper(), f"/updates?{CANARY}", unknown),
            ("POST", "/updates", known),
        ):
            line.request(method, path, f'{{"{CANARY}": {CHAT}'.encode(), headers)
            answer = line.getresponse()
            assert CANARY not in str(answer.headers)
            assert CANARY.encode() not in answer.read()
    for raw in (f"{CANARY} {CHAT}\r\n\r\n", f"GET /{CANARY} HTTP/9.9\r\n\r\n", f"GET / HTTP/1.1\r\n{CANARY}\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", bot.port), timeout=30) as line:
            line.sendall(raw.encode())
            assert CANARY.encode() not in line.recv(4096)


@pytest.mark.parametrize("hooked", [False, True], ids=["polling", "webhook"])
def test_a_conversation_leaves_nothing_in_any_file_log_or_error(
    telegram: FakeTelegram, tmp_path: Path, *, hooked: bool
) -> None:
    """F29, F30."""
    telegram.fail("editMessageText", "server_error", times=2)
    telegram.fail("getUpdates", "server_error", times=1)
    telegram.fail("deleteMessages", "garbage", times=1)
    bot = RealBot(telegram, tmp_path, webhook=hooked)
    person = converse(telegram, bot, program(hooked=hooked), leave=True)
    secrets = telegram.token.partition(":")[2], telegram.state.hook.secret or telegram.token
    assert "fault: ValueError at" in bot.said()
    assert ("webhook.py" in bot.said()) == hooked
    assert found(tmp_path, CANARY, CANARY.upper(), NAME, NAME.lower(), str(CHAT), *secrets) == []
    assert person.messages == []


def test_while_it_goes_on_the_files_say_nothing_either(telegram: FakeTelegram, tmp_path: Path) -> None:
    bot = RealBot(telegram, tmp_path)
    converse(telegram, bot, program(), leave=False)
    assert (tmp_path / "data" / "sessions.db").stat().st_size > 0
    assert found(tmp_path, CANARY, NAME, NAME.lower(), str(CHAT), telegram.token.partition(":")[2]) == []


def test_the_same_search_finds_them_with_the_seal_off(telegram: FakeTelegram, tmp_path: Path) -> None:
    bot = RealBot(telegram, tmp_path)
    converse(telegram, bot, program(opened=True), leave=False)
    assert found(tmp_path, CANARY) == ["sessions.db"]
    assert found(tmp_path, str(CHAT)) == ["sessions.db"]
