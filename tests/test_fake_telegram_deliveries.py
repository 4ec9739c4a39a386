"""The fake Bot API server brings updates as the real one does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from fake_telegram import FakeTelegram
from fake_telegram_rules import RULES
from fake_telegram_state import RefusedError

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


class Bot:
    """A webhook that answers what a test says, when it says so."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self.telegram = telegram
        self.came: list[dict[str, Any]] = []
        self.secrets: set[str | None] = set()
        self.answers: list[tuple[int, str]] = []
        self.now, self.most = 0, 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.came.append(await request.json())
        self.secrets.add(request.headers.get(SECRET))
        self.now += 1
        self.most = max(self.most, self.now)
        self.telegram.changes.tell()
        await self.gate.wait()
        self.now -= 1
        status, wait = self.answers.pop(0) if self.answers else (200, "")
        return web.Response(status=status, headers={"Retry-After": wait} if wait else {})


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    bot = Bot(telegram)
    app = web.Application()
    app.router.add_post("/", bot.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    hook(telegram, url=bot.url, secret_token="s3cret")  # noqa: S106 - nobody's
    yield bot
    hook(telegram, "deleteWebhook")
    await runner.cleanup()


def hook(telegram: FakeTelegram, method: str = "setWebhook", **params: Any) -> None:
    with telegram.changes.lock:
        RULES[method](telegram.state, params)
        telegram.changes.tell()


async def test_one_of_a_chat_is_on_its_way_at_a_time_and_in_order(telegram: FakeTelegram, bot: Bot) -> None:
    bot.gate.clear()
    with telegram.changes.lock:
        for text in "abc":
            telegram.person(1001).type(text)
    await telegram.until(lambda: bot.came)
    bot.gate.set()
    await telegram.until(lambda: not telegram.state.pending)
    assert [told["message"]["text"] for told in bot.came] == ["a", "b", "c"]
    assert bot.most == 1
    assert bot.secrets == {"s3cret"}


async def test_chats_come_side_by_side_and_a_press_beside_a_message_of_the_same_chat(
    telegram: FakeTelegram, bot: Bot
) -> None:
    bot.gate.clear()
    with telegram.changes.lock:
        telegram.person(1001).type("a")
        telegram.person(1001).forge("b", 1)
        telegram.person(2002).type("c")
    await telegram.until(lambda: bot.now == 3)
    bot.gate.set()
    await telegram.until(lambda: not telegram.state.pending)


async def test_no_more_come_at_a_time_than_were_asked_for(telegram: FakeTelegram, bot: Bot) -> None:
    hook(telegram, url=bot.url, max_connections=2)
    with telegram.changes.lock:
        for chat in range(20):
            telegram.person(1000 + chat).type("a")
    await telegram.until(lambda: not telegram.state.pending)
    assert telegram.deliveries.most == 2
    assert bot.secrets == {None}


async def test_what_is_not_taken_comes_again_at_once_and_then_less_and_less_often(
    telegram: FakeTelegram, bot: Bot
) -> None:
    bot.answers = [(404, ""), (500, ""), (302, ""), (503, "7"), (429, "")]
    telegram.person(1001).type("a")
    await telegram.until(lambda: not telegram.state.pending)
    assert [(attempt.status, attempt.delay) for attempt in telegram.deliveries.attempts] == [
        *((404, 0), (500, 0), (302, 2), (503, 4), (429, 7), (200, 8)),
    ]
    assert len({told["update_id"] for told in bot.came}) == 1
    info = RULES["getWebhookInfo"](telegram.state, {})
    assert info["last_error_message"] == "Wrong response from the webhook: 429 Too Many Requests"


async def test_a_new_webhook_is_brought_what_the_old_one_did_not_take(telegram: FakeTelegram, bot: Bot) -> None:
    hook(telegram, url="http://127.0.0.1:9/")
    telegram.person(1001).type("a")
    await telegram.until(lambda: telegram.deliveries.attempts)
    assert telegram.deliveries.attempts[0].status == 0
    hook(telegram, url=bot.url)
    await telegram.until(lambda: not telegram.state.pending)
    assert len(bot.came) == 1


@pytest.mark.parametrize(
    "params",
    [
        {"url": "http://bot.example.org/"},
        {"url": "https://bot.example.org:8080/"},
        {"url": "https://bot.example.org/", "secret_token": "x" * 257},
        {"url": "https://bot.example.org/", "secret_token": "not this!"},
        {"url": "https://bot.example.org/", "certificate": {"content": json.dumps({})}},
    ],
)
def test_what_the_real_one_does_not_take_is_refused(telegram: FakeTelegram, params: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        RULES["setWebhook"](telegram.state, params)
    assert telegram.state.webhook == ""
