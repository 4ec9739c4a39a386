"""A flood from one chat: it is not answered, it is erased in few calls, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sample_updates as samples
from at_telegram import START
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from harness import Shown
from real_bot import RealBot

from bot.messengers.telegram.flood import BATCH, BURST, CHATS, HELD, RATE, Flood, Sweepings, unlimited
from bot.messengers.telegram.hook import Hook
from bot.messengers.telegram.intake import Intake
from bot.messengers.telegram.polling import Polling
from bot.messengers.telegram.webhook import Webhook
from bot.ports import Incoming, Record

CROWD = int(os.environ.get("WAYMARK_CROWD", "200"))
WAVE = 500
MEMORY = 2.5
"""How many times what the first few take, at most."""


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


# The buckets


def test_a_chat_has_a_burst_and_then_so_much_a_second() -> None:
    """F28."""
    clock = Clock()
    flood = Flood(clock=clock)
    assert [flood.allows("a") for _ in range(BURST + 5)] == [True] * BURST + [False] * 5
    assert flood.allows("b")
    clock.now += 10
    assert sum(flood.allows("a") for _ in range(1_000)) == 10 * RATE


def test_at_a_hundred_a_second_for_an_hour_a_chat_gets_its_rate_and_no_more() -> None:
    """F28."""
    clock, allowed = Clock(), 0
    flood = Flood(clock=clock)
    for _ in range(360_000):
        clock.now += 0.01
        allowed += flood.allows("a")
    assert 3600 * RATE <= allowed <= 3600 * RATE + BURST


def test_a_chat_is_forgotten_when_its_bucket_is_full_again() -> None:
    clock = Clock()
    flood = Flood(clock=clock)
    for number in range(500):
        flood.allows(str(number))
    clock.now += 1 / RATE - 0.1
    flood.forget()
    assert len(flood) == 500
    clock.now += 0.1
    flood.forget()
    assert len(flood) == 0
    assert all(flood.allows("a") for _ in range(BURST))
    clock.now += BURST / RATE - 0.1
    flood.forget()
    assert len(flood) == 1
    clock.now += 0.1
    flood.forget()
    assert len(flood) == 0


def test_so_many_chats_are_remembered_and_those_that_flood_among_them() -> None:
    clock = Clock()
    flood = Flood(clock=clock)
    for number in range(CHATS * 2):
        flood.allows(str(number))
        flood.allows("flooder")
    assert len(flood) == CHATS
    assert not flood.allows("flooder")


def test_what_has_no_limit_remembers_nobody() -> None:
    flood = unlimited()
    assert all(flood.allows("a") for _ in range(10_000))
    assert len(flood) == 0


# What is erased of it


@dataclass
class Erasing:
    """What was erased, call by call."""

    calls: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    fails: bool = False

    async def __call__(self, address: str, ids: tuple[int, ...]) -> None:
        self.calls.append((address, ids))
        await asyncio.sleep(0)
        if self.fails:
            raise ValueError(address)


async def pause() -> None:
    await asyncio.sleep(0)


async def test_ids_are_erased_in_batches_with_a_pause_before_each() -> None:
    """F28."""
    erasing = Erasing()
    sweepings = Sweepings(erasing, pause)
    assert [sweepings.add("a", number) for number in range(1, 251)] == [True] + [False] * 249
    await sweepings.clear("a")
    assert [ids for _, ids in erasing.calls] == [tuple(range(1, 101)), tuple(range(101, 201)), tuple(range(201, 251))]
    assert len(sweepings) == 0
    assert sweepings.add("a", 1)


async def test_no_more_ids_are_held_than_there_is_room_for() -> None:
    """F28."""
    erasing = Erasing()
    sweepings = Sweepings(erasing, pause)
    for number in range(HELD * 10):
        sweepings.add("a", number)
    started = sum(sweepings.add(f"chat {number}", 1) for number in range(1_000))
    assert started < 64
    assert len(sweepings) == HELD + started
    await sweepings.clear("a")
    assert len(erasing.calls) == HELD / BATCH


async def test_what_cannot_be_erased_is_let_go() -> None:
    erasing = Erasing(fails=True)
    sweepings = Sweepings(erasing, pause)
    sweepings.add("a", 1)
    with pytest.raises(ValueError, match="a"):
        await sweepings.clear("a")
    assert len(sweepings) == 0


# The intake


class Lanes:
    """Finishes what it is given when a test says so."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()

    async def finish(self, work: object) -> None:
        assert work
        await self.gate.wait()


@dataclass(frozen=True)
class Work:
    leave: bool
    kept: bool


class Turns:
    """Turns that are counted, and no more."""

    def __init__(self) -> None:
        self.taken: list[Incoming] = []
        self.lanes = Lanes()
        self.fails: set[str] = set()
        self.kept = True

    def leaves(self, incoming: Incoming) -> bool:
        return incoming.text == "exit"

    async def take(self, incoming: Incoming) -> Work:
        self.taken.append(incoming)
        await asyncio.sleep(0)
        if incoming.address in self.fails:
            raise ZeroDivisionError(incoming.text)
        return Work(self.leaves(incoming), self.kept)


class Erased(Shown):
    """A messenger that notes what it was asked to erase, and which buttons it was told of."""

    def __init__(self) -> None:
        super().__init__()
        self.erased: list[tuple[str, tuple[int, ...]]] = []
        self.told: list[str] = []

    async def erase(self, record: Record, /) -> tuple[int, ...]:
        self.erased.append((record.address, record.erase))
        return record.erase

    async def pressed(self, press: str, /) -> None:
        self.told.append(press)


class Groups:
    """A wire over which groups are left."""

    def __init__(self) -> None:
        self.left: list[int] = []

    async def call(self, method: str, **parameters: Any) -> None:
        assert method == "leaveChat"
        await asyncio.sleep(0)
        self.left.append(parameters["chat_id"])


class Asked:
    """A wire over which some updates are asked for, and then no more."""

    def __init__(self, bodies: list[bytes]) -> None:
        self.bodies, self.offsets = bodies, list[int]()

    async def updates(self, _: float, **parameters: Any) -> list[msgspec.Raw]:
        self.offsets.append(parameters["offset"])
        if len(self.offsets) > 1:
            raise asyncio.CancelledError
        return [msgspec.Raw(body) for body in self.bodies]


async def nobody() -> bool:
    raise AssertionError("nobody asked how it is")


async def brought(webhook: Webhook, body: bytes) -> int:
    """What the webhook answers to a request with its secret: the status."""
    said: list[int] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(b"x-telegram-bot-api-secret-token", webhook.secret.encode())],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            said.append(message["status"])

    await webhook(scope, receive, send)
    [status] = said
    return status


class Desk:
    """An intake, and everything around it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, in_hand: int = 1_000) -> None:
        monkeypatch.setattr("bot.messengers.telegram.flood.PAUSE", 0)
        self.turns, self.messenger, self.wire, self.clock = Turns(), Erased(), Groups(), Clock()
        flood = Flood(clock=self.clock)
        self.intake = Intake(self.wire, self.messenger, self.turns, flood, in_hand)  # type: ignore[arg-type]  # a part of one
        self._update = 0

    def body(self, kind: str, told: dict[str, Any]) -> bytes:
        self._update += 1
        return json.dumps({"update_id": self._update, kind: told}).encode()

    def said(self, text: str, chat: int = samples.ME, number: int = 7) -> bytes:
        room, who = {**samples.PRIVATE, "id": chat}, {**samples.USER, "id": chat}
        return self.body("message", {"message_id": number, "date": 1, "chat": room, "from": who, "text": text})

    async def settle(self) -> None:
        await self.intake.finish(20)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


async def test_a_flood_takes_its_burst_of_turns_and_the_rest_is_erased_in_batches(desk: Desk) -> None:
    """F28: an exit word among it leaves, and a stranger is answered."""
    for number in range(1, 1_001):
        assert await desk.intake.take(desk.said("/start", number=number))
    assert len(desk.turns.taken) == BURST
    assert await desk.intake.take(desk.said("exit", number=2_000))
    assert await desk.intake.take(desk.said("hello", chat=2002, number=2_001))
    assert [incoming.text for incoming in desk.turns.taken[BURST:]] == ["exit", "hello"]
    await desk.settle()
    assert [number for _, ids in desk.messenger.erased for number in ids] == list(range(BURST + 1, 1_001))
    assert len(desk.messenger.erased) == (1_000 - BURST + BATCH - 1) // BATCH
    assert {address for address, _ in desk.messenger.erased} == {str(samples.ME)}


async def test_an_exit_word_leaves_however_much_came_before_it(desk: Desk) -> None:
    """F28: also after every `/start` that got through."""
    for number in range(1, 501):
        await desk.intake.take(desk.said("hello", number=number))
    for _ in range(50):
        desk.clock.now += 1 / RATE
        before = len(desk.turns.taken)
        await desk.intake.take(desk.said("/start"))
        await desk.intake.take(desk.said("/start"))
        await desk.intake.take(desk.said("exit"))
        assert [incoming.text for incoming in desk.turns.taken[before:]] == ["/start", "exit"]


async def test_who_has_left_and_goes_on_saying_so_is_erased_in_batches(desk: Desk) -> None:
    """F28: there is nothing left to leave."""
    for number in range(1, 1_001):
        assert await desk.intake.take(desk.said("exit", number=number))
    assert len(desk.turns.taken) == BURST
    await desk.settle()
    assert [number for _, ids in desk.messenger.erased for number in ids] == list(range(BURST + 1, 1_001))


async def test_where_leaving_was_not_kept_each_exit_word_leaves(desk: Desk) -> None:
    """F28: a store that cannot be written may still hold the session."""
    desk.turns.kept = False
    for number in range(1, 201):
        assert await desk.intake.take(desk.said("exit", number=number))
    assert len(desk.turns.taken) == 200
    desk.turns.kept, desk.turns.fails = True, {str(samples.ME)}
    for number in range(1, 201):
        assert await desk.intake.take(desk.said("exit", number=number))
    assert len(desk.turns.taken) == 400


async def test_a_start_that_overlaps_with_leaving_can_be_left(desk: Desk) -> None:
    """F28: whichever of them was kept first."""
    for number in range(1, 501):
        await desk.intake.take(desk.said("hello", number=number))
    desk.clock.now += 1 / RATE
    said = [desk.said("exit"), desk.said("/start")]
    desk.clock.now += 1 / RATE
    await asyncio.gather(*(desk.intake.take(body) for body in said))
    assert await desk.intake.take(desk.said("exit"))
    assert [incoming.text for incoming in desk.turns.taken[BURST:]] == ["exit", "/start", "exit"]


async def test_presses_and_edits_and_everything_else_count(desk: Desk) -> None:
    """F5, F28: and a press over the limit makes no call at all."""
    kinds = (
        ("callback_query", samples.press("a|b")),
        ("edited_message", samples.TAKEN["edited_message"]),
        ("message", samples.message(8, **samples.CONTENTS["photo"])),
    )
    for _ in range(100):
        for kind, told in kinds:
            assert await desk.intake.take(desk.body(kind, told))
    assert len(desk.turns.taken) == BURST
    await desk.settle()
    assert len(desk.messenger.told) == BURST / len(kinds)


async def test_a_flood_writes_no_line(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """F28."""
    caplog.set_level(0)
    for number in range(1, 501):
        await desk.intake.take(desk.said("quetzalword", number=number))
    await desk.settle()
    desk.intake.look_back()
    assert caplog.records == []


async def test_a_group_is_left_once_however_much_is_said_in_it(desk: Desk) -> None:
    """F6, F28."""
    for _ in range(500):
        assert await desk.intake.take(desk.body("message", samples.LEFT["message"]))
    await desk.settle()
    assert desk.wire.left == [samples.GROUP["id"]]
    for _ in range(500):
        await desk.intake.take(desk.body("message", samples.LEFT["message"]))
        await desk.settle()
    assert len(desk.wire.left) <= BURST
    assert desk.turns.taken == []


async def test_a_chat_that_calls_itself_a_group_and_is_none_is_let_be(desk: Desk) -> None:
    """F6."""
    odd = {**samples.message(text="x"), "chat": {"id": 5, "type": "privat"}}
    assert await desk.intake.take(desk.body("message", odd))
    await desk.settle()
    assert not desk.wire.left
    assert not desk.turns.taken


async def test_a_line_of_telegrams_own_is_erased_without_a_turn(desk: Desk) -> None:
    """F7."""
    assert await desk.intake.take(desk.body("message", samples.message(9, **samples.NOTICES["timer"])))
    await desk.settle()
    assert desk.messenger.erased == [(str(samples.ME), (9,))]
    assert desk.turns.taken == []


async def test_a_fault_in_a_turn_costs_that_turn_alone(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """F29: it is acknowledged, logged by its kind, and what was typed is erased."""
    desk.turns.fails = {str(samples.ME)}
    assert await desk.intake.take(desk.said("quetzalword", number=9))
    assert await desk.intake.take(desk.said("hello", chat=2002))
    await desk.settle()
    assert desk.messenger.erased == [(str(samples.ME), (9,))]
    assert [incoming.address for incoming in desk.turns.taken] == [str(samples.ME), "2002"]
    assert "fault: ZeroDivisionError at" in caplog.text
    assert "quetzalword" not in caplog.text


@pytest.mark.parametrize("hooked", [False, True], ids=["polling", "webhook"])
async def test_a_fault_anywhere_costs_one_update_and_it_never_comes_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *, hooked: bool
) -> None:
    """F29: before its turn as well. It is acknowledged, nothing of it is logged, and the others are taken."""
    allows = Flood.allows

    def broken(flood: Flood, address: str) -> bool:
        if address == str(samples.ME):
            raise ZeroDivisionError(address)
        return allows(flood, address)

    monkeypatch.setattr(Flood, "allows", broken)
    bodies = [desk.said("quetzalword"), desk.said("hello", chat=2002), desk.said("hello", chat=3003)]
    if hooked:
        webhook = Webhook(desk.wire, desk.intake, Hook("http://127.0.0.1/", "127.0.0.1", 1), nobody)  # type: ignore[arg-type]  # a part of one
        assert [await brought(webhook, body) for body in bodies] == [200, 200, 200]
    else:
        wire = Asked(bodies)
        with pytest.raises(asyncio.CancelledError):
            await Polling(wire, desk.intake).run()  # type: ignore[arg-type]  # a part of one
        assert wire.offsets == [0, 4]
    await desk.settle()
    assert [incoming.address for incoming in desk.turns.taken] == ["2002", "3003"]
    assert caplog.text.count("fault: ZeroDivisionError at") == 1
    assert "quetzalword" not in caplog.text
    assert str(samples.ME) not in caplog.text


async def test_with_too_much_in_hand_others_wait_and_exit_words_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """F28."""
    desk = Desk(monkeypatch, in_hand=20)
    desk.turns.lanes.gate.clear()
    for number in range(20):
        assert await desk.intake.take(desk.said("hello", chat=2_000 + number), 0)
    assert not await desk.intake.room(0)
    assert not await desk.intake.take(desk.said("hello", chat=3_000), 0)
    assert await desk.intake.take(desk.said("exit", chat=3_000), 0)
    assert [incoming.text for incoming in desk.turns.taken] == ["hello"] * 20 + ["exit"]
    waiting = asyncio.create_task(desk.intake.take(desk.said("hello", chat=3_000), 60))
    await asyncio.sleep(0)
    assert not waiting.done()
    desk.turns.lanes.gate.set()
    assert await waiting
    await desk.settle()


async def test_what_could_not_be_read_is_said_as_a_number_and_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """F29."""
    for body in (b"quetzalword", b'{"update_id": 1, "message": 7}'):
        assert await desk.intake.take(body)
    desk.intake.look_back()
    desk.intake.look_back()
    assert [record.getMessage() for record in caplog.records] == ["updates that could not be read: 2"]


# The whole


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_beside_a_flood_everybody_is_answered_and_the_flooder_costs_little(
    telegram: FakeTelegram, tmp_path: Path, *, webhook: bool
) -> None:
    """F28: six hundred updates at once from one chat, and a way out of it for whoever that is."""
    with RealBot(telegram, tmp_path, webhook=webhook) as bot:
        flooder = telegram.person(666)
        others = [telegram.person(1000 + number) for number in range(20)]
        with telegram.changes.lock:
            for number in range(600):
                flooder.type("/start")
                if number % 30 == 0:
                    others[number // 30].type("/start")
        telegram.wait(lambda: all(person.shows(START) for person in others), timeout=60)
        telegram.wait(lambda: not telegram.state.pending and len(flooder.messages) == 1, timeout=60)
        taken = BURST + 60 * RATE
        assert len([call for call in telegram.calls if call.params.get("chat_id") == 666]) < 2 * taken + 600 / BATCH
        flooder.type("exit")
        telegram.wait(lambda: flooder.messages == [])
        for person in others:
            person.type("3")
        telegram.wait(lambda: all(person.shows("What would you like?") for person in others))
        assert bot.stop() == 0
        assert "fault" not in bot.said()


def peak(bot: RealBot) -> int:
    """The most memory the process ever had, in KiB."""
    assert bot.process
    status = Path(f"/proc/{bot.process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc: the memory of another process is unknown")
def test_a_crowd_that_comes_at_once_is_answered_and_takes_little_memory(telegram: FakeTelegram, tmp_path: Path) -> None:
    """F28: WAYMARK_CROWD people; what they take is held against what the process takes for the first few."""
    with RealBot(telegram, tmp_path) as bot:
        arrived(telegram, range(20))
        before = peak(bot)
        for first in range(1_000, 1_000 + CROWD, WAVE):
            arrived(telegram, range(first, min(first + WAVE, 1_000 + CROWD)))
        telegram.person(101_000).type("exit")
        telegram.wait(lambda: telegram.person(101_000).messages == [])
        print(f"{CROWD} people: {peak(bot)} KiB at most, {before} for the first few")  # noqa: T201 - for a battery
        assert peak(bot) < MEMORY * before
        assert bot.stop() == 0
        assert "fault" not in bot.said()


def arrived(telegram: FakeTelegram, chats: range) -> None:
    """They all come at the same moment, take one step, and see what it led to, before two minutes are over."""
    people = [telegram.person(100_000 + chat) for chat in chats]
    for text, then in (("/start", START), ("3", "What would you like?")):
        with telegram.changes.lock:
            for person in people:
                person.type(text)
        waiting = [*people]

        def all_see(waiting: list[Person] = waiting, then: str = then) -> bool:
            while waiting and waiting[-1].shows(then):
                waiting.pop()
            return not waiting

        telegram.wait(all_see, timeout=120)
