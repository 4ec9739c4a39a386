"""What ends the program, or keeps it from starting: one clear line, and nothing lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram
from fake_telegram_rules import RULES
from real_bot import RealBot, begun

QUICK = "from bot.messengers.telegram import standing\nstanding.EVERY = 0.05"
"""To look every minute whether the webhook is still ours is too seldom for a test."""


@pytest.fixture
def bot(telegram: FakeTelegram, tmp_path: Path) -> Iterator[RealBot]:
    with RealBot(telegram, tmp_path) as running:
        yield running


def test_commands_are_set_once_and_where_they_differ(telegram: FakeTelegram, bot: RealBot) -> None:
    begun(telegram)
    calls = telegram.calls_of("setMyCommands")
    assert [call.params.get("language_code") for call in calls] == [None, "ar", "es", "fr", "uk"]
    call = calls[0]
    names = [command["command"] for command in call.params["commands"]]
    assert names == [
        "start",
        "menu",
        "exit",
        "x",
        "language",
        "place",
        "help",
        "privacy",
        "developer_info",
        "whatyouknow",
    ]
    assert bot.stop() == 0
    bot.start()
    begun(telegram, 2002)
    assert len(telegram.calls_of("setMyCommands")) == len(calls)
    assert bot.stop() == 0


def refused(home: Path, telegram: FakeTelegram | None = None, **environment: str) -> tuple[int, str]:
    whole = RealBot(telegram, home).environment if telegram else {}
    clean = {key: value for key, value in whole.items() if key not in environment}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "telegram"],
        env={"PATH": "", "HOME": str(home), **clean, **{key: value for key, value in environment.items() if value}},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == b""
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"WAYMARK_TOKEN": ""}, "no token: set WAYMARK_TOKEN"),
        ({"WAYMARK_TOKEN": "rubbish"}, "that is not a token"),
        (
            {"WAYMARK_OPERATOR_NAME": "", "WAYMARK_OPERATOR_COUNTRY": ""},
            "set WAYMARK_OPERATOR_NAME, WAYMARK_OPERATOR_COUNTRY:",
        ),
        ({"WAYMARK_TELEGRAM_API": "localhost"}, "must be an address that ends in /bot"),
        ({"WAYMARK_TOKEN": "123:wrong"}, "Telegram refuses the token"),
    ],
)
def test_what_is_missing_is_one_clear_line(
    telegram: FakeTelegram, tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    code, line = refused(tmp_path, telegram, **environment)
    assert code == 2
    assert said in line
    assert "Traceback" not in line
    assert "123:wrong" not in line


def test_a_second_process_on_one_database_is_refused(telegram: FakeTelegram, bot: RealBot, tmp_path: Path) -> None:
    begun(telegram)
    code, line = refused(tmp_path, telegram)
    assert code == 2
    assert "another process uses it" in line
    assert bot.stop() == 0


def test_a_database_without_its_keys_is_not_opened(telegram: FakeTelegram, bot: RealBot, tmp_path: Path) -> None:
    begun(telegram)
    assert bot.stop() == 0
    (tmp_path / "secret" / "keys").rename(tmp_path / "elsewhere")
    code, line = refused(tmp_path, telegram)
    assert code == 2
    assert "the keys to" in line
    assert not (tmp_path / "secret" / "keys").exists()
    (tmp_path / "elsewhere").rename(tmp_path / "secret" / "keys")
    bot.start()
    telegram.person(1001).type("3")
    telegram.wait(lambda: telegram.person(1001).shows("What would you like?"))
    assert bot.stop() == 0


def said_at_its_end(bot: RealBot) -> str:
    """What a bot said that ends of itself."""
    assert bot.process
    assert bot.process.wait(60) == 2
    assert "Traceback" not in bot.said()
    return bot.said()


def test_a_second_poller_ends_with_one_clear_line(telegram: FakeTelegram, bot: RealBot, tmp_path: Path) -> None:
    """F31."""
    begun(telegram)
    with RealBot(telegram, tmp_path / "other") as other:
        assert said_at_its_end(bot).count("another program uses this token") == 1
        assert other.stop() == 0


@pytest.mark.parametrize("meanwhile", ["revoked", "hooked"])
def test_what_cannot_get_better_ends_the_asking_with_one_clear_line(
    telegram: FakeTelegram, bot: RealBot, meanwhile: str
) -> None:
    """F31."""
    begun(telegram)
    asked = len(telegram.calls_of("getUpdates"))
    if meanwhile == "revoked":
        telegram.fail("getUpdates", "unauthorized", times=None)
        telegram.person(3003).type("hello")  # which ends the asking that waits
    else:
        RULES["setWebhook"](telegram.state, {"url": "https://example.org/elsewhere"})
        telegram.changes.tell()
    said = "Telegram refuses the token" if meanwhile == "revoked" else "or a webhook is set"
    assert said_at_its_end(bot).count(said) == 1
    assert len(telegram.calls_of("getUpdates")) <= asked + 2


@pytest.mark.parametrize("meanwhile", ["revoked", "removed", "taken over"])
def test_who_has_updates_brought_hears_of_it_too(telegram: FakeTelegram, tmp_path: Path, meanwhile: str) -> None:
    """F31."""
    with RealBot(telegram, tmp_path, webhook=True, program=QUICK) as bot:
        begun(telegram)
        if meanwhile == "revoked":
            telegram.fail("getWebhookInfo", "unauthorized", times=None)
        else:
            gone = meanwhile == "removed"
            with telegram.changes.lock:
                RULES["deleteWebhook" if gone else "setWebhook"](
                    telegram.state, {} if gone else {"url": "https://example.org/elsewhere"}
                )
                telegram.changes.tell()
        said = "Telegram refuses the token" if meanwhile == "revoked" else "another program uses this token"
        assert said_at_its_end(bot).count(said) == 1
        assert "example.org" not in bot.said()
        assert not telegram.calls_of("deleteWebhook")
        assert len(telegram.calls_of("setWebhook")) == 1, "it does not take it back"


def test_keys_beside_the_database_are_warned_of(telegram: FakeTelegram, tmp_path: Path) -> None:
    with RealBot(telegram, tmp_path, WAYMARK_KEY_FILE="") as running:
        begun(telegram)
        assert "beside what they open" in running.said()
        assert (tmp_path / "data" / "keys" / "waymark.keys").is_file()
        assert running.stop() == 0
