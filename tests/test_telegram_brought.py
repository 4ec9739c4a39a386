"""What is brought to the webhook: by whom, how much, in which order and how often. One process for all of it."""

from __future__ import annotations

import http.client
import json
import random
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import count

import pytest
from at_telegram import START
from fake_telegram import FakeTelegram
from real_bot import Line, RealBot, begun, undisturbed

MENU = "What would you like?"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LIMIT = 256 * 1024
CHATS = count(1001)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBot]:
    with FakeTelegram() as fake, RealBot(fake, tmp_path_factory.mktemp("bot"), webhook=True) as running:
        yield running
        assert running.stop() == 0
        assert "Traceback" not in running.said()
        assert "GET" not in running.said()


@pytest.fixture
def bot(shared: RealBot) -> Iterator[RealBot]:
    """The bot, which runs before each test and after it."""
    with undisturbed(shared) as running:
        yield running


@pytest.fixture
def telegram(bot: RealBot) -> FakeTelegram:
    """Where it is."""
    return bot.telegram


def asked(
    bot: RealBot, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> http.client.HTTPResponse:
    """One request to the bot, and its answer."""
    with closing(Line("127.0.0.1", bot.port, timeout=30)) as line:
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        answer.said = answer.read()  # type: ignore[attr-defined]
        return answer


def brought(telegram: FakeTelegram, bot: RealBot, body: str | bytes) -> int:
    """What the bot answers to an update that is brought to it: the status."""
    raw = body.encode() if isinstance(body, str) else body
    return asked(bot, "POST", "/updates", {SECRET: telegram.state.hook.secret}, raw).status


# Who may bring what


def test_only_who_knows_the_secret_is_heard_and_nobody_learns_that_there_is_one(
    telegram: FakeTelegram, bot: RealBot
) -> None:
    """F30."""
    begun(telegram, next(CHATS))
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
    line = Line("127.0.0.1", bot.port)
    line.putrequest("POST", "/updates")
    line.putheader(SECRET, secret)
    line.putheader(SECRET, secret)
    line.endheaders()
    assert line.getresponse().status == 404
    line.close()
    assert bot.said() == said
    assert brought(telegram, bot, body) == 200


@pytest.mark.parametrize("length", [LIMIT, LIMIT + 1, LIMIT * 20])
def test_a_body_is_read_up_to_a_limit_whatever_it_says_of_its_length(
    telegram: FakeTelegram, bot: RealBot, length: int
) -> None:
    """F30: with its length said, and without."""
    begun(telegram, next(CHATS))
    answered = {b" 200 "} if length <= LIMIT else {b" 413 ", b""}  # it hangs up on who goes on
    body = b" " * length
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in (body[at : at + 1024] for at in range(0, length, 1024))]
    assert sent(telegram, bot, f"Content-Length: {length}", [body]) in answered
    assert sent(telegram, bot, "Transfer-Encoding: chunked", [*chunks, b"0\r\n\r\n"]) in answered


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
    begun(telegram, next(CHATS))
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
    begun(telegram, next(CHATS))


def test_it_says_that_it_is_well_and_nothing_else(telegram: FakeTelegram, bot: RealBot) -> None:
    begun(telegram, next(CHATS))
    answer = asked(bot, "GET", "/healthz")
    assert (answer.status, answer.said) == (200, b"ok\n")  # type: ignore[attr-defined]
    assert {name.lower() for name, _ in answer.getheaders()} == {"content-length", "content-type"}
    assert asked(bot, "HEAD", "/healthz").status == 404


# In which order, and how often


def test_many_are_brought_side_by_side_and_those_of_one_chat_in_order(telegram: FakeTelegram) -> None:
    people = [telegram.person(next(CHATS)) for _ in range(40)]
    for person in people:
        for typed in ("/start", "3", "2", "1", "2", "1"):
            person.type(typed)
    telegram.wait(lambda: all(person.shows("One hard question") for person in people), timeout=60)
    assert telegram.deliveries.most > 10
    assert {attempt.status for attempt in telegram.deliveries.attempts} <= {0, 200}


def test_an_update_that_is_brought_again_and_again_counts_once(telegram: FakeTelegram, bot: RealBot) -> None:
    """F1: two to five times, mixed up in time, some of them at once."""
    chance = random.Random(20261120)
    people = [telegram.person(next(CHATS)) for _ in range(6)]
    before = len(telegram.state.past)
    for typed, then in (("/start", START), ("3", MENU), ("2", "a paper that asks"), ("1", "Who sent you")):
        for person in people:
            person.type(typed)
        telegram.wait(lambda then=then: all(person.shows(then) for person in people))  # type: ignore[misc]
    bodies = [update.body for update in telegram.state.past[before:] for _ in range(chance.randint(2, 5))]
    chance.shuffle(bodies)
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda body: brought(telegram, bot, body), bodies)) == {200}
    begun(telegram, next(CHATS))
    assert all(person.shows("Who sent you") for person in people)
    for person in people:
        person.type("exit")
    telegram.wait(lambda: all(person.messages == [] for person in people))
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda body: brought(telegram, bot, body), bodies)) == {200}
    begun(telegram, next(CHATS))
    assert all(person.messages == [] for person in people)
