"""Having updates brought: the real process, with a Bot API server that brings them as the real one does."""

from __future__ import annotations

import http.client
import json
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from certificate import self_signed
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from fake_telegram_rules import RULES
from real_bot import RealBot

START = "Is it all right to use this chat now?"
MENU = "What would you like?"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LIMIT = 256 * 1024


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as fake:
        yield fake
        assert fake.violations == []
        assert not [call for call in fake.calls if call.params.get("drop_pending_updates")]


@pytest.fixture
def bot(telegram: FakeTelegram, tmp_path: Path) -> Iterator[RealBot]:
    with RealBot(telegram, tmp_path, webhook=True) as running:
        yield running


def shows(person: Person, text: str) -> bool:
    messages = person.messages
    return len(messages) == 1 and messages[0].ours and text in messages[0].text


def arrive(telegram: FakeTelegram, chat: int = 1001) -> Person:
    person = telegram.person(chat)
    person.type("/start")
    telegram.wait(lambda: shows(person, START))
    return person


def asked(
    bot: RealBot, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> http.client.HTTPResponse:
    """One request to the bot, and its answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", bot.port, timeout=30)) as line:
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        answer.said = answer.read()  # type: ignore[attr-defined]
        return answer


def brought(telegram: FakeTelegram, bot: RealBot, body: str | bytes) -> int:
    """What the bot answers to an update that is brought to it: the status."""
    raw = body.encode() if isinstance(body, str) else body
    return asked(bot, "POST", "/updates", {SECRET: telegram.state.hook.secret}, raw).status


# Setting it


def test_the_webhook_is_set_with_what_we_want_and_a_new_secret_at_each_start(
    telegram: FakeTelegram, bot: RealBot
) -> None:
    arrive(telegram)
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
    person = arrive(telegram)
    assert bot.stop() == 0
    assert telegram.state.webhook == bot.url
    person.type("3")
    telegram.wait(lambda: telegram.deliveries.attempts[-1].status == 0)
    bot.start()
    telegram.wait(lambda: shows(person, MENU))
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
    arrive(telegram)
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
        arrive(telegram)
        [call] = telegram.calls_of("setWebhook")
        assert call.params["certificate"]["content"] == certificate.read_text()
        assert RULES["getWebhookInfo"](telegram.state, {})["has_custom_certificate"]
        assert bot.stop() == 0


def test_a_port_that_is_taken_is_one_clear_line(telegram: FakeTelegram, bot: RealBot, tmp_path: Path) -> None:
    arrive(telegram)
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
    assert "pip install 'waymark[web]'" in done.stderr.decode()
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
        telegram.wait(lambda: shows(person, START))
        assert "removed the webhook at bot.example.org" in bot.said()
        assert "secret-path" not in bot.said()
        assert [call.params for call in telegram.calls_of("deleteWebhook")] == [{}]
        assert bot.stop() == 0


# Who may bring what


def test_only_who_knows_the_secret_is_heard_and_nobody_learns_that_there_is_one(
    telegram: FakeTelegram, bot: RealBot
) -> None:
    """F30."""
    arrive(telegram)
    said, secret = bot.said(), telegram.state.hook.secret
    body = json.dumps({"update_id": 900000000, "message": {"text": "quetzalword"}}).encode()
    answers = [
        asked(bot, "POST", "/updates", {}, body),
        asked(bot, "POST", "/updates", {SECRET: ""}, body),
        asked(bot, "POST", "/updates", {SECRET: "quetzalword"}, body),
        asked(bot, "POST", "/updates", {SECRET: secret[:-1]}, body),
        asked(bot, "POST", "/updates", {SECRET: f"{secret}x"}, body),
        asked(bot, "POST", "/updates", {SECRET: "\u00e9" * 43}, body),
        asked(bot, "POST", "/updates/", {SECRET: secret}, body),
        asked(bot, "POST", f"/{telegram.token}", {SECRET: secret}, body),
        asked(bot, "POST", "/", {SECRET: secret}, body),
        asked(bot, "POST", "//updates", {SECRET: secret}, body),
        asked(bot, "POST", "/quetzalword", {}, body),
        asked(bot, "POST", "/healthz", {SECRET: secret}, body),
        *(
            asked(bot, method, "/updates", {SECRET: secret}, body)
            for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")
        ),
        asked(bot, "GET", "/favicon.ico"),
    ]
    assert {answer.status for answer in answers} == {404}
    assert {answer.said for answer in answers} == {b""}  # type: ignore[attr-defined]
    names = {name.lower() for answer in answers for name, _ in answer.getheaders()}
    assert names == {"content-length", "connection"}
    line = http.client.HTTPConnection("127.0.0.1", bot.port)
    line.putrequest("POST", "/updates")
    line.putheader(SECRET, secret)
    line.putheader(SECRET, secret)
    line.endheaders()
    assert line.getresponse().status == 404
    line.close()
    assert bot.said() == said
    assert brought(telegram, bot, body) == 200
    assert bot.stop() == 0


@pytest.mark.parametrize("length", [LIMIT, LIMIT + 1, LIMIT * 20])
def test_a_body_is_read_up_to_a_limit_whatever_it_says_of_its_length(
    telegram: FakeTelegram, bot: RealBot, length: int
) -> None:
    """F30: with its length said, and without."""
    arrive(telegram)
    answered = {b" 200 "} if length <= LIMIT else {b" 413 ", b""}  # it hangs up on who goes on
    body = b" " * length
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in (body[at : at + 1024] for at in range(0, length, 1024))]
    assert sent(telegram, bot, f"Content-Length: {length}", [body]) in answered
    assert sent(telegram, bot, "Transfer-Encoding: chunked", [*chunks, b"0\r\n\r\n"]) in answered
    assert bot.stop() == 0


def sent(telegram: FakeTelegram, bot: RealBot, how: str, parts: list[bytes]) -> bytes:
    """What is answered to a body sent in parts: the status between spaces, or nothing where the line was cut."""
    with socket.create_connection(("127.0.0.1", bot.port), timeout=30) as line, suppress(OSError):
        head = f"POST /updates HTTP/1.1\r\nHost: x\r\n{SECRET}: {telegram.state.hook.secret}\r\n{how}\r\n\r\n"
        with suppress(OSError):
            for part in (head.encode(), *parts):
                line.sendall(part)
        return line.recv(4096)[8:13]
    return b""


def test_what_cannot_be_read_is_acknowledged_and_counted(telegram: FakeTelegram, bot: RealBot) -> None:
    """F29: or Telegram would bring it for a day, and nothing else of that chat meanwhile."""
    arrive(telegram)
    for body in (
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'{"update_id": 1}',
        b'{"update_id": "x"}',
        b"\xff\xfe",
        b"\x00" * 99,
    ):
        assert brought(telegram, bot, body) == 200
    assert brought(telegram, bot, '{"update_id": 900000001, "message": {"text": 7}}') == 200
    assert brought(telegram, bot, b'{"a":' * 100_000) in {200, 413}
    arrive(telegram, 2002)
    assert bot.stop() == 0
    assert "Traceback" not in bot.said()


def test_it_says_that_it_is_well_and_nothing_else(telegram: FakeTelegram, bot: RealBot) -> None:
    arrive(telegram)
    answer = asked(bot, "GET", "/healthz")
    assert (answer.status, answer.said) == (200, b"ok\n")  # type: ignore[attr-defined]
    assert {name.lower() for name, _ in answer.getheaders()} == {"content-length", "content-type"}
    assert asked(bot, "HEAD", "/healthz").status == 404
    assert bot.stop() == 0
    assert "GET" not in bot.said()


# In which order, and how often


def test_many_are_brought_side_by_side_and_those_of_one_chat_in_order(telegram: FakeTelegram, bot: RealBot) -> None:
    people = [telegram.person(1000 + number) for number in range(40)]
    for person in people:
        for typed in ("/start", "3", "2", "1", "2", "1"):
            person.type(typed)
    telegram.wait(lambda: all(shows(person, "One hard question") for person in people), timeout=60)
    assert telegram.deliveries.most > 10
    assert {attempt.status for attempt in telegram.deliveries.attempts} <= {0, 200}
    assert bot.stop() == 0


def test_an_update_that_is_brought_again_and_again_counts_once(telegram: FakeTelegram, bot: RealBot) -> None:
    """F1: two to five times, mixed up in time, some of them at once."""
    chance = random.Random(20261120)
    people = [telegram.person(1000 + number) for number in range(6)]
    for typed, then in (("/start", START), ("3", MENU), ("2", "a paper that asks"), ("1", "Who sent you")):
        for person in people:
            person.type(typed)
        telegram.wait(lambda then=then: all(shows(person, then) for person in people))  # type: ignore[misc]
    bodies = [update.body for update in telegram.state.past for _ in range(chance.randint(2, 5))]
    chance.shuffle(bodies)
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda body: brought(telegram, bot, body), bodies)) == {200}
    arrive(telegram, 3003)
    assert all(shows(person, "Who sent you") for person in people)
    for person in people:
        person.type("exit")
    telegram.wait(lambda: all(person.messages == [] for person in people))
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda body: brought(telegram, bot, body), bodies)) == {200}
    arrive(telegram, 4004)
    assert all(person.messages == [] for person in people)
    assert bot.stop() == 0


@pytest.mark.parametrize("first", ["message", "press"])
@pytest.mark.parametrize("hooked", [False, True], ids=["polling", "webhook"])
def test_a_message_and_a_press_at_once_are_taken_one_after_the_other(
    telegram: FakeTelegram, tmp_path: Path, *, hooked: bool, first: str
) -> None:
    """F2: a press of a screen that is gone does nothing; what is typed answers the screen that stands there."""
    paper, signed = "a paper that asks", "This is for afterwards"
    ends = {paper, signed} if hooked else {paper if first == "message" else signed}
    with RealBot(telegram, tmp_path, webhook=hooked) as bot:
        for number in range(5):
            person = arrive(telegram, 1001 + number)
            person.type("3")
            telegram.wait(lambda person=person: shows(person, MENU))  # type: ignore[misc]
            with telegram.changes.lock:
                if first == "message":
                    person.type("2")
                person.press("2. I'm asked to sign something")
                if first == "press":
                    person.type("2")
            telegram.wait(lambda: not telegram.state.pending or not hooked)
            telegram.wait(lambda person=person: any(shows(person, end) for end in ends))  # type: ignore[misc]
        if hooked:
            queues = {attempt.queue for attempt in telegram.deliveries.attempts}
            assert {1001, 1001 + (3 << 33)} <= queues
        assert bot.stop() == 0
        for person in (telegram.person(1001 + number) for number in range(5)):
            assert any(shows(person, end) for end in ends)


def test_while_it_was_down_updates_were_brought_less_and_less_often(telegram: FakeTelegram, bot: RealBot) -> None:
    person = arrive(telegram)
    bot.kill()
    person.type("3")
    mine = telegram.state.next_update - 1
    telegram.wait(lambda: len([each for each in telegram.deliveries.attempts if each.update == mine]) >= 5)
    bot.start()
    telegram.wait(lambda: shows(person, MENU))
    delays = [attempt.delay for attempt in telegram.deliveries.attempts if attempt.update == mine]
    assert delays[:5] == [0, 0, 2, 4, 8]
    assert bot.stop() == 0
