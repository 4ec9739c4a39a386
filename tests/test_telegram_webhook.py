"""Having updates brought: the real process, with a Bot API server that brings them as the real one does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from at_telegram import START
from certificate import self_signed
from fake_telegram import FakeTelegram
from fake_telegram_rules import RULES
from real_bot import RealBot, begun

MENU = "What would you like?"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LIMIT = 256 * 1024


@pytest.fixture
def bot(telegram: FakeTelegram, tmp_path: Path) -> Iterator[RealBot]:
    with RealBot(telegram, tmp_path, webhook=True) as running:
        yield running


# Setting it


def test_the_webhook_is_set_with_what_we_want_and_a_new_secret_at_each_start(
    telegram: FakeTelegram, bot: RealBot
) -> None:
    begun(telegram)
    assert bot.stop() == 0
    bot.start()
    telegram.wait(lambda: len(telegram.calls_of("setWebhook")) == 2)
    first, second = (call.params for call in telegram.calls_of("setWebhook"))
    assert first["url"] == bot.url
    assert first["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert first["max_connections"] == 100
    assert set(first) == {"url", "secret_token", "allowed_updates", "max_connections"}
    assert len(first["secret_token"]) >= 40
    assert first["secret_token"] != second["secret_token"]
    assert not telegram.calls_of("getUpdates")
    assert telegram.token.partition(":")[2] not in bot.url
    assert bot.stop() == 0
    assert first["secret_token"] not in bot.said()


def test_it_stays_set_at_a_stop_and_what_waits_is_taken_at_the_next_start(telegram: FakeTelegram, bot: RealBot) -> None:
    person = begun(telegram)
    assert bot.stop() == 0
    assert telegram.state.webhook == bot.url
    person.type("3")
    telegram.wait(lambda: telegram.deliveries.attempts[-1].status == 0)
    bot.start()
    telegram.wait(lambda: person.shows(MENU))
    assert not telegram.calls_of("deleteWebhook")
    assert bot.stop() == 0


def test_setting_it_waits_where_telegram_says_so_and_tries_again_where_it_is_silent(
    telegram: FakeTelegram, bot: RealBot
) -> None:
    """F31: what may get better is tried again, and nothing else."""
    bot.kill()
    telegram.fail("setWebhook", "retry_after", seconds=0)
    telegram.fail("setWebhook", "server_error")
    bot.start()
    begun(telegram)
    assert bot.stop() == 0


def test_an_address_that_telegram_does_not_take_is_one_clear_line(telegram: FakeTelegram, bot: RealBot) -> None:
    bot.kill()
    telegram.fail("setWebhook", "bad_request", description="bad webhook: Failed to resolve host")
    bot.start()
    assert bot.process
    assert bot.process.wait(30) == 2
    assert "--webhook: Telegram does not take it: Bad webhook: failed to resolve host" in bot.said()
    assert "Traceback" not in bot.said()


def test_it_can_have_a_certificate_of_its_own_which_telegram_is_given(telegram: FakeTelegram, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    bot = RealBot(telegram, tmp_path, webhook=True, options=("--cert", str(certificate), "--key", str(key)))
    bot.secure()
    with bot:
        begun(telegram)
        [call] = telegram.calls_of("setWebhook")
        assert call.params["certificate"]["content"] == certificate.read_text()
        assert RULES["getWebhookInfo"](telegram.state, {})["has_custom_certificate"]
        assert bot.stop() == 0


def test_a_port_that_is_taken_is_one_clear_line(telegram: FakeTelegram, bot: RealBot, tmp_path: Path) -> None:
    begun(telegram)
    other = RealBot(telegram, tmp_path / "other", options=bot.options)
    other.start()
    assert other.process
    assert other.process.wait(30) == 2
    assert f"cannot listen at 127.0.0.1:{bot.port}" in other.said()
    assert len(telegram.calls_of("setWebhook")) == 1
    assert bot.stop() == 0


def test_without_a_web_server_it_says_what_to_install(telegram: FakeTelegram, tmp_path: Path) -> None:
    bot = RealBot(telegram, tmp_path, webhook=True)
    program = "import sys; sys.modules['uvicorn'] = None\nfrom bot import cli\nsys.argv[0] = 'waymark'\ncli.main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "telegram", *bot.options],
        env=bot.environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "pip install -e '.[web]'" in done.stderr.decode()
    assert done.stderr.decode().count("\n") == 1


# Polling where a webhook is set


def test_who_polls_is_told_of_a_webhook_and_nothing_is_removed(telegram: FakeTelegram, tmp_path: Path) -> None:
    RULES["setWebhook"](telegram.state, {"url": "https://bot.example.org/secret-path"})
    with RealBot(telegram, tmp_path) as bot:
        assert bot.process
        assert bot.process.wait(30) == 2
        assert "a webhook at bot.example.org: run with --webhook to go on so, or with --poll" in bot.said()
        assert "secret-path" not in bot.said()
        assert not telegram.calls_of("deleteWebhook")


def test_poll_removes_it_says_so_and_takes_what_waited(telegram: FakeTelegram, tmp_path: Path) -> None:
    RULES["setWebhook"](telegram.state, {"url": "https://bot.example.org/secret-path"})
    person = telegram.person(1001)
    person.type("/start")
    with RealBot(telegram, tmp_path, options=("--poll",)) as bot:
        telegram.wait(lambda: person.shows(START))
        assert "removed the webhook at bot.example.org" in bot.said()
        assert "secret-path" not in bot.said()
        assert [call.params for call in telegram.calls_of("deleteWebhook")] == [{}]
        assert bot.stop() == 0


# While it was down


def test_while_it_was_down_updates_were_brought_less_and_less_often(telegram: FakeTelegram, bot: RealBot) -> None:
    person = begun(telegram)
    bot.kill()
    person.type("3")
    mine = telegram.state.next_update - 1
    telegram.wait(lambda: len([each for each in telegram.deliveries.attempts if each.update == mine]) >= 5)
    bot.start()
    telegram.wait(lambda: person.shows(MENU))
    delays = [attempt.delay for attempt in telegram.deliveries.attempts if attempt.update == mine]
    assert delays[:5] == [0, 0, 2, 4, 8]
    assert bot.stop() == 0
