"""What goes out to Telegram while Telegram refuses, fails or is gone: the newest screen, once, and nothing late."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from at_telegram import START, Bot, Waits, at_once, running, typed
from fake_telegram import FakeTelegram
from fake_telegram_faults import Kind
from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut

from bot import lanes
from bot.messengers.telegram import chat
from bot.messengers.telegram.chat import TRIES, patient, pause
from bot.messengers.telegram.pace import Pace
from bot.messengers.telegram.wire import IN_DOUBT, PASSING, GarbledError, UnconnectedError, UnwellError, Wire
from bot.ports import Incoming, UnreachedError

PASSING_FAULTS: tuple[Kind, ...] = ("server_error", "drop", "drop_after", "garbage", "half", "hang")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "sleep", at_once)
    monkeypatch.setattr(chat, "sleep", at_once)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    found = Waits()
    found.use(monkeypatch)
    return found


def edits(telegram: FakeTelegram, person: int) -> list[str]:
    return [call.params["text"] for call in telegram.calls_of("editMessageText") if call.params["chat_id"] == person]


async def refused_once(telegram: FakeTelegram, bot: Bot, seconds: int) -> asyncio.Task[None]:
    """Somebody's next screen is refused, and waits."""
    person = telegram.person(1001)
    before = len(telegram.calls)
    telegram.fail("editMessageText", "retry_after", chat=1001, seconds=seconds)
    waiting = asyncio.create_task(bot.types(person, "2"))
    await telegram.until(lambda: any(call.fault for call in telegram.calls[before:]))
    await telegram.until(lambda: [message.ours for message in person.messages] == [True])  # what was typed is gone
    return waiting


async def test_a_screen_that_was_overtaken_while_it_waited_is_never_sent(
    telegram: FakeTelegram, waits: Waits, tmp_path: Path
) -> None:
    """F11."""
    person = telegram.person(1001)
    async with running(telegram, tmp_path, pace=Pace(25, waits.clock)) as bot:
        await bot.arrives(person)
        waiting = [await refused_once(telegram, bot, 5)]
        shown = len(edits(telegram, 1001))
        for text in ("1", "2", "1"):
            incoming = typed(person, text)
            work = await bot.runtime.take(incoming)
            assert work
            waiting.append(asyncio.create_task(bot.runtime.lanes.finish(work)))
            await asyncio.sleep(0)
        waits.forward(4.9)
        assert len(edits(telegram, 1001)) == shown
        waits.forward(0.2)
        await asyncio.gather(*waiting)
        assert len(edits(telegram, 1001)) == shown + 1
        assert "One hard question" in person.screen.text
        assert [message.ours for message in person.messages] == [True]


async def test_one_chat_that_must_wait_keeps_no_other_and_no_delete(
    telegram: FakeTelegram, waits: Waits, tmp_path: Path
) -> None:
    """F11."""
    person, other = telegram.person(1001), telegram.person(2002)
    async with running(telegram, tmp_path, pace=Pace(25, waits.clock)) as bot:
        await bot.arrives(person)
        waiting = await refused_once(telegram, bot, 30)
        await bot.arrives(other)
        await bot.types(other, "exit")
        assert other.messages == []
        await bot.types(person, "exit")
        assert person.messages == []
        await waiting


async def test_a_chat_that_must_wait_for_long_keeps_neither_a_start_nor_a_sweep(
    telegram: FakeTelegram, waits: Waits, tmp_path: Path
) -> None:
    """F11: after that long the screen is only mended by an edit."""
    person, late = telegram.person(1001), telegram.person(2002)
    async with running(telegram, tmp_path, pace=Pace(25, waits.clock)) as bot:
        await bot.arrives(person)
        await bot.arrives(late)
        await (await refused_once(telegram, bot, 600))  # given up: the sweep has it now
        assert "What would you like?" in person.screen.text
        telegram.skew = 60
        await bot.runtime.sweep()
        await bot.runtime.resume()
        assert "What would you like?" in person.screen.text
        waits.forward(601)
        telegram.skew = 14 * 60
        sent = len(telegram.calls_of("sendMessage"))
        await bot.runtime.sweep()
        assert "a paper that asks" in person.screen.text
        assert len(telegram.calls_of("sendMessage")) == sent


async def test_no_second_sees_more_screens_than_the_operator_set(
    telegram: FakeTelegram, waits: Waits, tmp_path: Path
) -> None:
    """F13."""
    people = [telegram.person(1000 + number) for number in range(60)]
    went: list[float] = []
    async with running(telegram, tmp_path, pace=Pace(25, waits.clock)) as bot:
        everybody = asyncio.gather(*(bot.types(person, "/start") for person in people))
        while not everybody.done():
            await asyncio.sleep(0.005)  # the calls are real; only the pace is on the test's clock
            went += [waits.now] * (len(telegram.calls_of("sendMessage")) - len(went))
            waits.forward(0.01)
        await everybody
    assert all(START in person.screen.text for person in people)
    assert len(telegram.calls_of("sendMessage")) == 60
    assert waits.now - 1000 >= (60 - 25) / 25
    assert max(went) - min(went) >= (60 - 25) / 25 - 0.1


async def test_after_ten_minutes_without_a_network_nothing_is_lost_and_nothing_is_sent_late(
    telegram: FakeTelegram, waits: Waits, tmp_path: Path
) -> None:
    """F13."""
    people = [telegram.person(1000 + number) for number in range(12)]
    new = telegram.person(5000)
    async with running(telegram, tmp_path, pace=Pace(25, waits.clock)) as bot:
        for person in people:
            await bot.arrives(person)
            waits.forward(10)
        telegram.fail("*", "drop", times=None)
        turns = [asyncio.create_task(bot.types(person, "2")) for person in (*people, new)]
        while not all(turn.done() for turn in turns):
            await asyncio.sleep(0.002)
            waits.forward(1)
        telegram.heal()
        telegram.skew = 600
        calls = len(telegram.calls)
        sweep = asyncio.create_task(bot.runtime.sweep())
        while not sweep.done():
            await asyncio.sleep(0.002)
            waits.forward(0.01)
        await sweep
        assert all("a paper that asks" in person.screen.text for person in people)
        assert all(len(person.messages) == 1 for person in people)
        after = telegram.calls[calls:]
        assert not [call for call in after if call.method == "sendMessage"]
        assert len([call for call in after if call.method == "editMessageText"]) == len(people)
        assert [message for message in new.messages if message.ours] == []
        records = await bot.store.all()
        assert all(record.shown == record.turn for record in records)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("fault", PASSING_FAULTS)
@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_a_fault_on_the_way_costs_no_screen_and_leaves_no_ghost(
    telegram: FakeTelegram, tmp_path: Path, method: str, fault: Kind
) -> None:
    """F12, F35."""
    person = telegram.person(1001)
    async with running(telegram, tmp_path, wire=Wire(telegram.api, telegram.token, 0.3)) as bot:
        if method == "editMessageText":
            await bot.types(person, "/start")
        telegram.fail(method, fault, times=2)
        await bot.types(person, "/start" if method == "sendMessage" else "3")
        assert [message.ours for message in person.messages] == [True]
        assert (START if method == "sendMessage" else "What would you like?") in person.screen.text
        await bot.types(person, "exit")
        assert person.messages == []


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("fault", ["drop_after", "garbage", "half", "hang"])
async def test_a_screen_whose_sending_nobody_heard_of_is_swept_on_leaving(
    telegram: FakeTelegram, tmp_path: Path, fault: Kind
) -> None:
    """F35: each try may have arrived, and none was answered."""
    person = telegram.person(1001)
    async with running(telegram, tmp_path, wire=Wire(telegram.api, telegram.token, 0.3)) as bot:
        telegram.fail("sendMessage", fault, times=None)
        await bot.types(person, "/start")
        assert len([message for message in person.messages if message.ours]) == TRIES
        await bot.types(person, "exit")
        assert person.messages == []


@pytest.mark.usefixtures("hurried")
async def test_no_name_no_certificate_and_nobody_there_are_errors_that_pass(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F12: and after them nothing may have been sent, so nothing is swept."""
    asked = socket.getaddrinfo

    def nowhere(host: str, *rest: object, **more: object) -> object:
        if "nowhere" in str(host):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return asked(host, *rest, **more)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        for api in (
            "http://nowhere.example/bot",
            f"http://127.0.0.1:{port}/bot",
            telegram.api.replace("http", "https"),
        ):
            wire = Wire(api, telegram.token, 2)
            await wire.initialize()
            with pytest.raises(UnconnectedError) as caught:
                await wire.call("getMe")
            assert not isinstance(caught.value, IN_DOUBT)
            assert telegram.token not in repr(caught.value)
            await wire.shutdown()


async def test_what_a_gateway_says_is_in_no_error(telegram: FakeTelegram, tmp_path: Path) -> None:
    """F12: its page echoes the path, and the path holds the token."""
    async with running(telegram, tmp_path) as bot:
        for kind, error in (("server_error", UnwellError), ("garbage", GarbledError)):
            telegram.fail("getMe", kind)  # type: ignore[arg-type]  # one of its kinds
            with pytest.raises(error) as caught:
                await bot.wire.call("getMe")
            said = f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
            assert telegram.token.partition(":")[2] not in said


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("error", "tries"), [(TimedOut, 4), (UnwellError, 4), (BadRequest, 1), (NetworkError, 1)])
async def test_only_what_may_pass_is_tried_again(error: type[NetworkError], tries: int) -> None:
    """F12, P6: the library's `NetworkError` is the parent of refusals."""
    calls = []

    async def work() -> None:
        calls.append(1)
        raise error("as it says")

    with pytest.raises((UnreachedError, BadRequest)):
        await patient(work)
    assert len(calls) == tries


def test_the_named_errors_are_no_parents_of_refusals() -> None:
    """P6."""
    assert not issubclass(BadRequest, PASSING)
    assert not issubclass(Forbidden, PASSING)
    assert NetworkError not in PASSING


def test_pauses_grow_are_never_the_same_and_have_an_end() -> None:
    """F12."""
    for attempt in range(40):
        pauses = {pause(attempt) for _ in range(50)}
        assert len(pauses) > 1
        assert max(pauses) < 60
    assert min(pause(3) for _ in range(50)) > max(pause(1) for _ in range(50))


async def test_a_screen_on_its_way_when_somebody_leaves_is_deleted_as_it_arrives(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    """F35: the server has it, we have not heard of it yet."""
    person = telegram.person(1001)
    async with running(telegram, tmp_path) as bot:
        telegram.latency = 0.4
        coming = asyncio.create_task(bot.types(person, "/start"))
        await telegram.until(lambda: telegram.calls_of("sendMessage"))
        await bot.types(person, "exit")
        await coming
        assert person.messages == []
        assert await bot.store.all() == []


async def test_a_screen_on_its_way_does_not_write_over_the_dull_line(telegram: FakeTelegram, tmp_path: Path) -> None:
    """An edit that was made before leaving may be carried out after it."""
    person = telegram.person(1001)
    async with running(telegram, tmp_path) as bot:
        await bot.types(person, "/start")
        await bot.set(person, leaving="dull")
        telegram.latency = 0.4
        before = len(telegram.calls_of("editMessageText"))
        coming = asyncio.create_task(bot.types(person, "3"))
        await telegram.until(lambda: len(telegram.calls_of("editMessageText")) > before)
        await bot.types(person, "exit")
        await coming
        assert [message.text for message in person.messages] == ["Nothing new."]


async def test_the_oldest_message_of_ours_is_never_older_than_forty_one_hours(
    telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tap every fifty minutes for three days, a sweep in between, and deletes that fail at times."""
    monkeypatch.setattr(chat, "sleep", at_once)
    person, oldest = telegram.person(1001), 0.0
    async with running(telegram, tmp_path) as bot:
        await bot.types(person, "/start")
        await bot.set(person, stay="hour")
        for number in range(int(72 * 60 / 50)):
            telegram.skew += 25 * 60
            await bot.runtime.sweep()
            telegram.skew += 25 * 60
            if number % 7 == 3:
                telegram.fail("deleteMessage", "server_error", times=1)
            pressed = next(data for row in person.screen.buttons for text, data in row if text == "Back")
            await bot.runtime.receive(Incoming("1001", pressed, "button", person.screen.id))
            oldest = max([oldest, *(telegram.clock() - message.date for message in person.messages)])
        assert oldest <= 41 * 3600
        assert len(telegram.calls_of("sendMessage")) == 6  # anew after twelve hours, and fifty minutes at most
        assert [message.ours for message in person.messages] == [True]


async def test_a_delete_that_must_wait_for_long_keeps_no_screen_and_is_done_by_a_sweep(
    telegram: FakeTelegram, waits: Waits, tmp_path: Path
) -> None:
    """F11: the limit is on one method, and the lane is free for the next screen."""
    person = telegram.person(1001)
    async with running(telegram, tmp_path, pace=Pace(25, waits.clock)) as bot:
        await bot.types(person, "/start")
        telegram.fail("deleteMessage", "retry_after", seconds=600, times=3)
        await bot.types(person, "3")
        await bot.types(person, "2")
        assert "a paper that asks" in person.screen.text
        assert len(person.messages) == 3
        await bot.runtime.sweep()
        assert [message.ours for message in person.messages] == [True]


@pytest.mark.usefixtures("hurried")
async def test_leaving_by_the_button_of_a_screen_nobody_knew_of_deletes_it_too(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    """F35."""
    person = telegram.person(1001)
    async with running(telegram, tmp_path) as bot:
        await bot.types(person, "/start")
        with telegram.changes.lock:
            ghost = telegram.state.add(1001, ours=True, sender={"id": 7000000001}, text="a ghost").id
        button = next(data for row in person.messages[0].buttons for text, data in row if text == "Leave now")
        await bot.runtime.receive(Incoming("1001", button, "button", ghost))
        assert person.messages == []
