"""The fake Bot API server keeps the rules of the real one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from fake_telegram import FakeTelegram
from fake_telegram_faults import Kind
from fake_telegram_person import Person
from fake_telegram_rules import RULES
from fake_telegram_schema import METHODS

HOUR = 3600
KEYS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "No", "callback_data": "n"}]]}


class Bot:
    """The barest bot."""

    def __init__(self, telegram: FakeTelegram, http: aiohttp.ClientSession) -> None:
        self.telegram = telegram
        self.http = http

    async def call(self, method: str, **params: Any) -> Any:
        async with self.http.post(f"{self.telegram.api}{self.telegram.token}/{method}", json=params) as answer:
            told = await answer.json()
            assert answer.status == told.get("error_code", 200)
            return told

    async def ok(self, method: str, **params: Any) -> Any:
        told = await self.call(method, **params)
        assert told["ok"], told
        return told["result"]

    async def no(self, method: str, **params: Any) -> str:
        told = await self.call(method, **params)
        assert not told["ok"], told
        return str(told["description"])

    async def updates(self, offset: int = 0, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.ok("getUpdates", offset=offset, **params)
        return found

    async def say(self, text: str = "hello", **params: Any) -> int:
        return int((await self.ok("sendMessage", chat_id=1001, text=text, **params))["message_id"])


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def ann(telegram: FakeTelegram) -> Person:
    return telegram.person(1001)


@pytest.fixture
async def bot(telegram: FakeTelegram, ann: Person) -> AsyncIterator[Bot]:
    assert ann is telegram.person(1001)
    async with aiohttp.ClientSession() as http:
        yield Bot(telegram, http)


def test_every_method_of_the_tables_has_a_rule() -> None:
    assert set(RULES) | {"getUpdates"} == set(METHODS)


async def test_tokens_and_methods(telegram: FakeTelegram, bot: Bot) -> None:
    assert (await bot.ok("getMe"))["is_bot"]
    async with bot.http.get(f"{telegram.api}{telegram.token[:-1]}x/getMe") as answer:
        assert (await answer.json())["error_code"] == 401
    async with bot.http.get(f"{telegram.api}nonsense/getMe") as answer:
        assert (await answer.json())["error_code"] == 404
    assert telegram.violations == []
    assert await bot.no("sendMessages") == "Not Found: method not found"
    assert len(telegram.violations) == 1


@pytest.mark.parametrize(
    ("params", "violation"),
    [
        ({"chat_id": 1001}, "sendMessage: text is missing"),
        ({"chat_id": 1001, "text": "a", "txt": "b"}, "sendMessage: txt is no parameter of it"),
        ({"chat_id": 1001, "text": 5}, "sendMessage.text: String expected, not int"),
        ({"chat_id": True, "text": "a"}, "sendMessage.chat_id: Integer expected, not bool"),
        (
            {"chat_id": 1001, "text": "a", "entities": {}},
            "sendMessage.entities: Array of MessageEntity expected, not dict",
        ),
        (
            {"chat_id": 1001, "text": "a", "entities": [{"type": "bold", "offset": 0}]},
            "sendMessage.entities[0]: length is missing",
        ),
        (
            {"chat_id": 1001, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "A", "data": "x"}]]}},
            "sendMessage.reply_markup.inline_keyboard[0][0]: data is no parameter of it",
        ),
        (
            {"chat_id": 1001, "text": "a", "reply_markup": {"keyboard": [[{"text": "A"}]]}},
            "reply_markup: anything but an inline keyboard makes old messages uneditable",
        ),
        ({"chat_id": 1001, "text": "a", "parse_mode": "HTML"}, "parse_mode: this server reads message entities only"),
    ],
)
async def test_requests_against_the_tables(telegram: FakeTelegram, bot: Bot, params: Any, violation: str) -> None:
    await bot.no("sendMessage", **params)
    assert telegram.violations == [violation]


async def test_queries_and_forms_are_read_by_type(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    sent = {"chat_id": "1001", "text": "5", "disable_notification": "true", "reply_markup": json.dumps(KEYS)}
    url = f"{telegram.api}{telegram.token}/sendMessage"
    async with bot.http.get(url, params=sent) as by_query, bot.http.post(url, data=sent) as by_form:
        assert (by_query.status, by_form.status) == (200, 200)
    assert ann.screen.buttons == [[("Yes", "y"), ("No", "n")]]
    async with bot.http.post(url, data="{", headers={"Content-Type": "application/json"}) as broken:
        assert broken.status == 400
    assert telegram.violations == ["sendMessage: Bad Request: can't parse the body as JSON"]


async def test_updates_stay_until_confirmed(ann: Person, bot: Bot) -> None:
    ids = [ann.type(text) for text in "abc"]
    first = await bot.updates()
    assert [update["message"]["message_id"] for update in first] == ids
    assert await bot.updates() == first
    start = first[0]["update_id"]
    assert [update["update_id"] for update in first] == [start, start + 1, start + 2]
    assert await bot.updates(start + 1) == first[1:]
    assert await bot.updates(limit=1) == first[1:2]
    assert await bot.updates(-1) == first[2:]
    assert await bot.updates(start + 3) == []


async def test_a_long_poll_ends_with_an_update(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    poll = asyncio.create_task(bot.updates(timeout=50))
    await telegram.until(lambda: telegram.calls_of("getUpdates"))
    ann.type("hello")
    assert (await poll)[0]["message"]["text"] == "hello"


async def test_a_second_poller_ends_the_first(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    first = asyncio.create_task(bot.no("getUpdates", timeout=50))
    await telegram.until(lambda: telegram.calls_of("getUpdates"))
    second = asyncio.create_task(bot.updates(timeout=50))
    assert (await first).startswith("Conflict: terminated by other getUpdates request")
    ann.type("hello")
    assert len(await second) == 1


async def test_allowed_updates(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    await bot.updates(allowed_updates=["message"])
    mine = ann.type("a")
    ann.edit(mine, "b")
    pushed = telegram.push({"poll": {}})
    assert [set(update) - {"update_id"} for update in await bot.updates()] == [{"message"}, {"poll"}]
    await bot.updates(pushed + 1, allowed_updates=["edited_message"])
    ann.edit(mine, "c")
    edited = [update["edited_message"] for update in await bot.updates()]
    assert [(each["text"], "edit_date" in each) for each in edited] == [("c", True)]


async def test_polling_and_webhooks_exclude_each_other(ann: Person, bot: Bot) -> None:
    ann.type("a")
    await bot.ok("setWebhook", url="https://example.org/hook")
    assert (await bot.no("getUpdates")).startswith("Conflict: can't use getUpdates method while webhook is active")
    assert (await bot.ok("getWebhookInfo"))["pending_update_count"] == 1
    await bot.ok("deleteWebhook", drop_pending_updates=True)
    assert await bot.updates() == []


async def test_redelivery_and_raw_updates(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    ann.type("a")
    ann.type("b")
    first = await bot.updates()
    after = first[-1]["update_id"] + 1
    assert await bot.updates(after) == []
    telegram.redeliver(1)
    assert await bot.updates(after) == first[1:]
    assert await bot.updates(after) == []
    telegram.push('{"update_id": UPDATE_ID, "message": 7}')
    telegram.push("[]")
    assert await bot.updates(after) == [{"update_id": after, "message": 7}, []]
    assert await bot.updates(after) == [{"update_id": after, "message": 7}]
    telegram.push(first[0])
    assert await bot.updates(after + 1) == first[:1]


async def test_ids_are_shared_by_all_chats(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    other = telegram.person(1002)
    assert [ann.type("a"), other.type("b"), await bot.say(), other.send({"photo": []})] == [1, 2, 3, 4]
    assert await bot.ok("deleteMessages", chat_id=1001, message_ids=[1, 2, 3])
    assert (ann.messages, [message.id for message in other.messages]) == ([], [2, 4])


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
        ({"text": "a", "entities": [{"type": "bold", "offset": 1, "length": 1}]}, "entity begins after the end"),
        (
            {"text": "ab", "entities": [{"type": "bold", "offset": 1, "length": 2}]},
            "entity beginning at UTF-16 offset 1",
        ),
        ({"text": "😀", "entities": [{"type": "bold", "offset": 1, "length": 1}]}, "entity begins in a middle"),
        ({"text": "a", "entities": [{"type": "loud", "offset": 0, "length": 1}]}, "can't parse MessageEntity"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "A"}]]}}, "can't parse inline keyboard button"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "", "callback_data": "x"}]]}},
            "can't parse inline keyboard button",
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "é" * 32 + "x"}]]}},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": ""}]]}},
            "BUTTON_DATA_INVALID",
        ),
        ({"chat_id": 9, "text": "a"}, "chat not found"),
    ],
)
async def test_what_cannot_be_sent(telegram: FakeTelegram, bot: Bot, params: dict[str, Any], refusal: str) -> None:
    assert (await bot.no("sendMessage", **({"chat_id": 1001} | params))).startswith(f"Bad Request: {refusal}")
    assert telegram.violations == []


async def test_what_just_fits_can_be_sent(ann: Person, bot: Bot) -> None:
    bold = {"type": "bold", "offset": 2, "length": 8190}
    button = {"text": "A", "callback_data": "é" * 32}
    await bot.say("😀" * 4096, entities=[bold], reply_markup={"inline_keyboard": [[button]]})
    assert (len(ann.screen.text), ann.screen.entities) == (4096, [bold])
    await bot.say(" a ", entities=[{"type": "bold", "offset": 1, "length": 2}])
    assert (ann.screen.text, ann.screen.entities) == ("a", [{"type": "bold", "offset": 0, "length": 1}])


async def test_editing(ann: Person, bot: Bot) -> None:
    theirs, ours = ann.type("a"), await bot.say("a", reply_markup=KEYS)
    here = {"chat_id": 1001, "message_id": ours}
    assert "message is not modified" in await bot.no("editMessageText", **here, text="a", reply_markup=KEYS)
    await bot.ok("editMessageText", **here, text="a")
    assert (ann.screen.text, ann.screen.buttons) == ("a", [])
    refusal = await bot.no("editMessageText", chat_id=1001, message_id=theirs, text="b")
    assert refusal == "Bad Request: message can't be edited"
    ann.delete(ours)
    assert await bot.no("editMessageText", **here, text="b") == "Bad Request: message to edit not found"


async def test_one_old_message_refuses_its_batch(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    old = ann.type("old")
    telegram.skew = 48 * HOUR + 2
    new = await bot.say("new")
    refusal = "Bad Request: message can't be deleted for everyone"
    assert await bot.no("deleteMessages", chat_id=1001, message_ids=[new, old]) == refusal
    assert await bot.no("deleteMessage", chat_id=1001, message_id=old) == refusal
    assert [message.id for message in ann.messages] == [old, new]
    telegram.undeletable.add(new)
    assert await bot.no("deleteMessage", chat_id=1001, message_id=new) == refusal
    telegram.undeletable.clear()
    assert await bot.ok("deleteMessage", chat_id=1001, message_id=new)
    assert await bot.no("deleteMessage", chat_id=1001, message_id=new) == "Bad Request: message to delete not found"


async def test_a_young_dice_cannot_be_deleted(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    dice = ann.send({"dice": {"emoji": "🎲", "value": 3}})
    telegram.skew = 23 * HOUR
    assert "can't be deleted" in await bot.no("deleteMessages", chat_id=1001, message_ids=[dice])
    telegram.skew = 24 * HOUR + 2
    assert await bot.ok("deleteMessages", chat_id=1001, message_ids=[dice])


async def test_the_lists_that_can_be_deleted(bot: Bot) -> None:
    assert await bot.ok("deleteMessages", chat_id=1001, message_ids=list(range(1, 101)))
    for ids in ([], list(range(1, 102)), [0]):
        assert (await bot.no("deleteMessages", chat_id=1001, message_ids=ids)).startswith("Bad Request: ")


async def test_presses(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    sent = await bot.say(reply_markup=KEYS)
    query = ann.press("Yes")
    pressed = (await bot.updates())[0]["callback_query"]
    assert (pressed["id"], pressed["data"], pressed["message"]["message_id"]) == (query, "y", sent)
    telegram.skew = 16
    assert await bot.ok("answerCallbackQuery", callback_query_id=query)
    assert "query is too old" in await bot.no("answerCallbackQuery", callback_query_id="5")
    with pytest.raises(AssertionError, match="no button"):
        ann.press("Maybe")


async def test_presses_die_after_150_seconds(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    sent = await bot.say(reply_markup=KEYS)
    query = ann.press("n")
    ann.type("a")
    telegram.skew = 151
    assert [set(update) & {"message", "callback_query"} for update in await bot.updates()] == [{"message"}]
    assert "query is too old" in await bot.no("answerCallbackQuery", callback_query_id=query)
    ann.delete(sent)
    ann.forge("n", sent)
    assert (await bot.updates())[-1]["callback_query"]["message"]["date"] == 0
    telegram.skew = 151 + 24 * HOUR + 2
    assert await bot.updates() == []


async def test_blocking(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    sent = await bot.say()
    ann.block()
    refusal = "Forbidden: bot was blocked by the user"
    assert await bot.no("sendMessage", chat_id=1001, text="a") == refusal
    assert await bot.no("editMessageText", chat_id=1001, message_id=sent, text="a") == refusal
    ann.unblock()
    await bot.say()
    changes = [update["my_chat_member"]["new_chat_member"]["status"] for update in await bot.updates()]
    assert (changes, telegram.violations) == (["kicked", "member"], [])


async def test_groups(ann: Person, bot: Bot) -> None:
    ann.group_message("hello")
    group = (await bot.updates())[0]["message"]["chat"]["id"]
    await bot.ok("leaveChat", chat_id=group)
    assert (await bot.no("sendMessage", chat_id=group, text="a")).startswith("Forbidden: bot is not a member")
    assert "private chats" in await bot.no("leaveChat", chat_id=1001)


async def test_commands_and_names(bot: Bot) -> None:
    commands = [{"command": "x", "description": "Leave"}]
    await bot.ok("setMyCommands", commands=commands, language_code="es")
    assert await bot.ok("getMyCommands", language_code="es") == commands
    assert await bot.ok("getMyCommands") == []
    await bot.ok("deleteMyCommands", language_code="es")
    assert await bot.ok("getMyCommands", language_code="es") == []
    assert "language code" in await bot.no("setMyCommands", commands=commands, language_code="pt-br")
    assert "BOT_COMMAND" in await bot.no("setMyCommands", commands=[{"command": "X", "description": "Leave"}])
    await bot.ok("setMyName", name="Notas", language_code="es")
    assert (await bot.ok("getMyName", language_code="es"), await bot.ok("getMyName")) == (
        {"name": "Notas"},
        {"name": "Notebook"},
    )
    assert "too long" in await bot.no("setMyShortDescription", short_description="x" * 121)


async def test_the_pace_of_one_chat(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.person(1002)
    telegram.limits = True
    told = await asyncio.gather(*[bot.call("sendMessage", chat_id=1001, text="a") for _ in range(40)])
    refused = [each for each in told if not each["ok"]]
    assert (len(refused), refused[0]["parameters"]) == (20, {"retry_after": 3})
    await bot.ok("sendMessage", chat_id=1002, text="a")


@pytest.mark.parametrize(
    ("kind", "code"), [("retry_after", 429), ("forbidden", 403), ("unauthorized", 401), ("bad_request", 400)]
)
async def test_faults_that_refuse(telegram: FakeTelegram, bot: Bot, kind: Kind, code: int) -> None:
    telegram.fail("sendMessage", kind, times=2, chat=1001, skip=1)
    telegram.person(1002)
    await bot.ok("sendMessage", chat_id=1002, text="a")
    await bot.say("first")
    codes = [(await bot.call("sendMessage", chat_id=1001, text="a")).get("error_code") for _ in range(3)]
    assert codes == [code, code, None]


async def test_faults_of_a_gateway(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    url = f"{telegram.api}{telegram.token}/sendMessage"
    for kind, status in (("server_error", 502), ("garbage", 200)):
        telegram.fail("*", "server_error" if kind == "server_error" else "garbage")
        async with bot.http.post(url, json={"chat_id": 1001, "text": kind}) as answer:
            page = await answer.text()
            assert (answer.status, page[:1], telegram.token in page) == (status, "<", status == 502)
    assert [message.text for message in ann.messages] == ["garbage"]


@pytest.mark.parametrize(("kind", "done"), [("drop", 0), ("drop_after", 1)])
async def test_faults_of_the_line(telegram: FakeTelegram, ann: Person, bot: Bot, kind: Kind, done: int) -> None:
    telegram.fail("sendMessage", kind)
    with pytest.raises(aiohttp.ClientError):
        await bot.say()
    assert (len(ann.messages), telegram.calls_of("sendMessage")[0].fault) == (done, kind)
    await bot.say()


async def test_a_call_that_hangs_has_done_its_work(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    telegram.fail("sendMessage", "hang", times=None)
    sending = asyncio.create_task(bot.say("hello"))
    await telegram.until(lambda: ann.screen.text == "hello")
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    telegram.heal()
    await bot.say()


async def test_a_lie_deletes_nothing(telegram: FakeTelegram, ann: Person, bot: Bot) -> None:
    sent = await bot.say()
    telegram.fail("deleteMessages", "lie")
    assert await bot.ok("deleteMessages", chat_id=1001, message_ids=[sent])
    assert len(ann.messages) == 1
    assert await bot.ok("deleteMessages", chat_id=1001, message_ids=[sent])
    assert ann.messages == []


async def test_an_idle_poll_ends_when_its_fault_comes(telegram: FakeTelegram, bot: Bot) -> None:
    poll = asyncio.create_task(bot.updates(timeout=50))
    await telegram.until(lambda: telegram.calls_of("getUpdates"))
    telegram.fail("getUpdates", "unauthorized")
    assert await poll == []
    assert await bot.no("getUpdates") == "Unauthorized"


async def test_latency_changes_nothing_else(ann: Person, bot: Bot) -> None:
    bot.telegram.latency = 0.001
    await bot.say("hello")
    assert ann.screen.text == "hello"


def test_waiting_in_vain_tells_the_calls(telegram: FakeTelegram, ann: Person) -> None:
    with pytest.raises(AssertionError, match="waited in vain"):
        telegram.wait(lambda: ann.screen, timeout=0)


def test_a_thread_may_wait_for_another(telegram: FakeTelegram, ann: Person) -> None:
    async def talk() -> None:
        async with aiohttp.ClientSession() as http:
            await asyncio.gather(*[Bot(telegram, http).say(str(number)) for number in range(10)])

    asyncio.run(talk())
    telegram.wait(lambda: len(ann.messages) == 10)
    assert sorted(int(message.text) for message in ann.messages if message.ours) == list(range(10))
