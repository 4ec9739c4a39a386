"""What an operator can ask for, what is refused, and what Telegram thinks of us."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from certificate import self_signed
from click.testing import CliRunner
from fake_telegram import FakeTelegram
from fake_telegram_rules import RULES
from fake_telegram_state import ABOUT_BOT
from real_bot import RealBot

from bot.cli import main
from bot.messengers.telegram.hook import Hook, hook_of
from bot.messengers.telegram.refusal import RefusedError
from bot.messengers.telegram.standing import watch
from bot.messengers.telegram.wire import Wire

OURS = "https://api.telegram.org/bot"
LOCAL = "http://localhost:8081/bot"
TOKEN = "123456:ABC-DEF"  # noqa: S105 - nobody's
URL = "https://bot.example.org/updates"


def hook(
    url: str = URL, listen: str | None = None, cert: Path | None = None, key: Path | None = None, api: str = OURS
) -> Hook:
    return hook_of(url, listen, cert, key, api=api, token=TOKEN)


# A webhook


@pytest.mark.parametrize(
    ("url", "listen", "api", "host", "port", "path"),
    [
        (URL, None, OURS, "127.0.0.1", 8080, "/updates"),
        ("https://bot.example.org", None, OURS, "127.0.0.1", 8080, "/"),
        ("https://bot.example.org:8443/a/b", "[::1]:99", OURS, "::1", 99, "/a/b"),
        ("https://bot.example.org:88/", "localhost:8080", OURS, "localhost", 8080, "/"),
        ("http://192.168.0.7:5000/x", "127.0.0.2:5000", LOCAL, "127.0.0.2", 5000, "/x"),
    ],
)
def test_behind_a_proxy_it_listens_on_this_machine_alone(  # noqa: PLR0913, PLR0917 - the columns of a table
    url: str, listen: str | None, api: str, host: str, port: int, path: str
) -> None:
    made = hook(url, listen, api=api)
    assert (made.host, made.port, made.path, made.own) == (host, port, path, b"")


def test_with_a_certificate_it_listens_to_everybody_at_the_port_of_its_address(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    made = hook("https://bot.example.org:8443/x", None, certificate, key)
    assert (made.host, made.port) == ("0.0.0.0", 8443)  # noqa: S104 - with TLS
    assert made.own == certificate.read_bytes()


def test_a_certificate_that_somebody_else_vouches_for_is_not_given_to_telegram(tmp_path: Path) -> None:
    assert hook(URL, None, *self_signed(tmp_path, issuer="somebody else")).own == b""


@pytest.mark.parametrize(
    ("url", "listen", "said"),
    [
        ("bot.example.org", None, "that is no address"),
        ("ftp://bot.example.org/", None, "that is no address"),
        ("https://", None, "that is no address"),
        ("https://bot.example.org:x/", None, "that is no address"),
        ("http://bot.example.org/", None, "must begin with https://"),
        ("https://bot.example.org:8080/", None, "port 8080: Telegram knows only 443, 80, 88, 8443"),
        ("https://bot.example.org/?secret=1", None, "only a host, a port and a path"),
        ("https://bot.example.org/#x", None, "only a host, a port and a path"),
        ("https://a:b@bot.example.org/", None, "only a host, a port and a path"),
        ("https://bot.example.org/healthz", None, "another path"),
        ("https://bot.example.org/%2e", None, "another path"),
        ("https://bot.example.org/ABC-DEF", None, "the token must not stand in the address"),
        (URL, "8080", "a host and a port"),
        (URL, "127.0.0.1", "a host and a port"),
        (URL, "127.0.0.1:99999", "a host and a port"),
        (URL, "127.0.0.1:80/x", "a host and a port"),
        (URL, "0.0.0.0:8080", "without --cert anybody on the network could read along"),
        (URL, "[::]:8080", "without --cert anybody on the network could read along"),
        (URL, "bot.example.org:8080", "without --cert anybody on the network could read along"),
    ],
)
def test_what_cannot_be_a_webhook_is_one_clear_line(url: str, listen: str | None, said: str) -> None:
    with pytest.raises(RefusedError) as caught:
        hook(url, listen)
    assert said in str(caught.value)
    assert TOKEN.partition(":")[2] not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_certificate_and_a_key_that_are_none_are_one_clear_line(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    _, other = self_signed(tmp_path, issuer="other")
    rubbish = tmp_path / "rubbish"
    rubbish.write_text("rubbish")
    rubbish.chmod(0o600)
    for half in ((certificate, None), (None, key)):
        with pytest.raises(RefusedError, match="go together"):
            hook(URL, None, *half)
    for pair in ((certificate, other), (rubbish, key), (certificate, rubbish), (tmp_path / "gone", key)):
        with pytest.raises(RefusedError, match="not a certificate and its own key"):
            hook(URL, None, *pair)
    key.chmod(0o644)
    with pytest.raises(RefusedError, match="anybody may read it"):
        hook(URL, None, certificate, key)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--listen", "127.0.0.1:1"), "are for --webhook"),
        (("--cert", "x"), "are for --webhook"),
        (("--webhook", URL, "--poll"), "one of"),
        (("--check", "--poll"), "one of"),
    ],
)
def test_options_that_do_not_go_together_are_refused(words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(main, ["telegram", *words])
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--webhook", "https://bot.example.org/%00"), "--webhook: another path"),
        (("--webhook", "http://bot.example.org/", "--listen", "0.0.0.0:1"), "without --cert"),
    ],
)
def test_what_is_refused_is_one_clear_line_and_nothing_is_asked_of_telegram(
    telegram: FakeTelegram, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    with RealBot(telegram, tmp_path, options=words) as bot:
        assert bot.process
        assert bot.process.wait(30) == 2
        assert said in bot.said()
        assert bot.said().count("\n") == 1
    assert telegram.calls == []


def test_every_option_is_explained_to_who_runs_it() -> None:
    explained = (Path(__file__).parent.parent / "docs" / "operating.md").read_text(encoding="utf-8")
    for option in main.commands["telegram"].params:
        assert f"{option.opts[0]}" in explained, option.opts


# While it runs


async def steps(count: int) -> None:
    """Let others have their turn."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_who_removes_the_webhook_or_takes_it_over_ends_the_bot(telegram: FakeTelegram, wire: Wire) -> None:
    """F31."""
    mine = Hook("https://bot.example.org/mine", "127.0.0.1", 8080)
    for url in ("", "https://bot.example.org/theirs"):
        telegram.state.webhook = url
        with pytest.raises(RefusedError, match="another program uses this token") as caught:
            await watch(wire, mine, lambda: steps(1))
        assert "example.org" not in str(caught.value)


async def test_a_token_that_is_revoked_ends_the_bot_and_what_may_get_better_does_not(
    telegram: FakeTelegram, wire: Wire
) -> None:
    """F31."""
    telegram.state.webhook = "https://bot.example.org/mine"
    for kind in ("server_error", "garbage", "drop", "retry_after"):
        telegram.fail("getWebhookInfo", kind)
    telegram.fail("getWebhookInfo", "unauthorized")
    with pytest.raises(RefusedError, match="Telegram refuses the token"):
        await watch(wire, Hook("https://bot.example.org/mine", "127.0.0.1", 8080), lambda: steps(1))
    assert len(telegram.calls_of("getWebhookInfo")) == 5


async def test_what_went_wrong_on_the_way_to_us_is_said_once(
    telegram: FakeTelegram, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.state.webhook = "https://bot.example.org/mine"
    telegram.state.hook.failed, telegram.state.hook.failure = 1_700_000_000, "Connection refused"
    telegram.fail("getWebhookInfo", "unauthorized", skip=3)
    with pytest.raises(RefusedError):
        await watch(wire, Hook("https://bot.example.org/mine", "127.0.0.1", 8080), lambda: steps(1))
    assert caplog.text.count("could not bring an update: Connection refused") == 1


# What Telegram thinks of us


def checked(telegram: FakeTelegram, home: Path) -> tuple[int, str]:
    bare = RealBot(telegram, home).environment
    environment = {key: value for key, value in bare.items() if not key.startswith("WAYMARK_OPERATOR")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "telegram", "--check"],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
        cwd=home,
    )
    assert b"Traceback" not in done.stderr
    assert telegram.token.partition(":")[2] not in (done.stdout + done.stderr).decode()
    return done.returncode, (done.stdout or done.stderr).decode()


def test_a_check_says_what_telegram_thinks_of_us_and_changes_nothing(telegram: FakeTelegram, tmp_path: Path) -> None:
    code, said = checked(telegram, tmp_path)
    assert code == 0
    lines = said.splitlines()
    assert lines[:8] == [
        "the bot: 7000000001, @quiet_notebook_bot",
        "groups: off",
        "reading along in groups: off",
        "inline mode: off",
        "updates: asked for; no webhook is set",
        "kinds asked for: not said yet",
        "updates that wait: 0",
        "last error: none",
    ]
    assert lines[8].startswith("commands, ")
    RULES["setWebhook"](telegram.state, {"url": "https://bot.example.org/secret-path", "allowed_updates": ["message"]})
    telegram.state.hook.failed, telegram.state.hook.failure = 1_700_000_000, "Connection refused"
    telegram.person(1001).type("hello")
    before = repr((telegram.state.webhook, telegram.state.hook, telegram.state.pending, telegram.state.commands))
    code, said = checked(telegram, tmp_path)
    assert code == 0
    assert "updates: brought to a webhook at bot.example.org, 40 at a time" in said
    assert "kinds asked for: message\nupdates that wait: 1\n" in said
    assert "last error: Connection refused, 2023-11-14 22:13 UTC" in said
    assert "secret-path" not in said
    assert before == repr(
        (telegram.state.webhook, telegram.state.hook, telegram.state.pending, telegram.state.commands)
    )
    assert all(call.method.startswith("get") and call.method != "getUpdates" for call in telegram.calls)
    assert list(tmp_path.iterdir()) == []


def test_a_check_says_what_is_to_be_turned_off_and_whether_commands_are_ours(
    telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fake_telegram_rules.ABOUT_BOT", {**ABOUT_BOT, "can_join_groups": True})
    with RealBot(telegram, tmp_path) as bot:
        telegram.wait(lambda: telegram.calls_of("getUpdates"))
        assert bot.stop() == 0
    assert "groups: on; turn it off with /setjoingroups at @BotFather" in checked(telegram, tmp_path)[1]
    assert "at the next start" not in checked(telegram, tmp_path)[1]
    RULES["setMyCommands"](telegram.state, {"commands": [{"command": "x", "description": "y"}]})
    assert "commands, every other language: x; others are set at the next start" in checked(telegram, tmp_path)[1]


@pytest.mark.parametrize(
    ("kind", "said"), [("unauthorized", "Telegram refuses the token"), ("drop", "Telegram does not answer")]
)
def test_a_check_that_cannot_be_made_is_one_clear_line(
    telegram: FakeTelegram, tmp_path: Path, kind: str, said: str
) -> None:
    telegram.fail("getWebhookInfo", kind)  # type: ignore[arg-type]  # each is one
    code, line = checked(telegram, tmp_path)
    assert code == 2
    assert said in line
