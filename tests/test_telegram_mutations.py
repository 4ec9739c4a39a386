"""Updates with something wrong in them, by the ten thousand: none raises, and none is left unacknowledged."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sample_updates as samples
from harness import Talk
from test_telegram_flood import Clock, Erased, Groups, Turns, brought, nobody

from bot.messengers.telegram.flood import Flood, unlimited
from bot.messengers.telegram.hook import Hook
from bot.messengers.telegram.intake import Intake
from bot.messengers.telegram.polling import Polling
from bot.messengers.telegram.webhook import Webhook

COUNT = int(os.environ.get("WAYMARK_MUTATIONS", "50000"))
SEED = 20261120
BATCH = 100
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 2**31, 2**63, 2**64, -(2**63), 10**30, 1e308, "", "x", "\x00", "\ud83d", "\u202e"),
    *("7", [], [[]], {}, {"id": 1}, [1], "x" * 5_000, {"type": "private"}, "private", "group", "kicked", -1001),
)
"""What is put where something else should stand."""

WHOLE = [
    *(pair for table in (samples.TAKEN, samples.LEFT, samples.DROPPED) for pair in table.items()),
    *(pair for pair in samples.TAKEN.items() for _ in range(12)),
    *(("message", samples.message(**more)) for more in (*samples.CONTENTS.values(), *samples.NOTICES.values())),
]
RAW = [json.dumps({kind: told}).encode() for kind, told in WHOLE]


class Mutator:
    """The same updates each time: something is put in, taken out, doubled, cut, or some bits are turned."""

    def __init__(self, seed: int = SEED) -> None:
        self.chance = random.Random(seed)

    def update(self, number: int) -> bytes:
        """One update with something wrong in it; its own id stands before that."""
        chance = self.chance
        if chance.random() < 0.5:
            rest = json.dumps(self._inside(json.loads(chance.choice(RAW)))).encode()
        else:
            rest = self._bytes(bytearray(chance.choice(RAW)))
        return b'{"update_id": %d, %b' % (number, rest[1:])

    def _inside(self, told: Any) -> Any:
        """Something wrong at one place, however deep."""
        at, key = told, next(iter(told))
        while True:
            key = self.chance.choice([*at]) if isinstance(at, dict) else self.chance.randrange(len(at))
            below = at[key]
            if not isinstance(below, dict | list) or not below or self.chance.random() < 0.05:
                break
            at = below
        if self.chance.random() < 0.25:
            del at[key]
        else:
            at[key] = self.chance.choice(ODD)
        return told

    def _bytes(self, raw: bytearray) -> bytes:
        """Something wrong in the bytes themselves."""
        for _ in range(self.chance.choice((1, 1, 2, 5, 20))):
            at = self.chance.randrange(1, len(raw))
            match self.chance.randrange(5):
                case 0:
                    raw[at] ^= 1 << self.chance.randrange(8)
                case 1:
                    raw[at:at] = self.chance.randbytes(self.chance.choice((1, 2, 8)))
                case 2:
                    del raw[at : at + self.chance.choice((1, 2, 40))]
                case 3:
                    raw[at:at] = raw[at : at + 60]
                case _:
                    raw[at:at] = self.chance.choice(
                        (rb"\ud800", rb"\u0000", b'"', b"{", b"]", b",", b"\xc3", b"9" * 40)
                    )
            if len(raw) < 3:
                break
        return bytes(raw)


class Queue(Groups):
    """A wire over which mutated updates are asked for; an update is acknowledged by asking for what comes after it."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.mutator, self.count, self.next, self.offsets = Mutator(), count, 1, [0]
        self.done = asyncio.Event()

    async def updates(self, _: float, **parameters: Any) -> list[msgspec.Raw]:
        assert parameters["offset"] >= self.offsets[-1], "asked again for what was taken"
        if self.next > self.count:
            self.done.set()
            await asyncio.Event().wait()
        batch = [self.mutator.update(number) for number in range(self.next, self.next + BATCH)]
        self.next += BATCH
        self.offsets.append(self.next)
        return [msgspec.Raw(raw) for raw in batch]


def faults(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "fault" in record.getMessage()]


def test_mutations_are_of_every_kind_and_some_can_still_be_read() -> None:
    mutator, kinds = Mutator(), Counter[str]()
    from bot.messengers.telegram import updates  # noqa: PLC0415

    for number in range(1, 5_001):
        raw = mutator.update(number)
        assert updates.update_id(raw) == number
        try:
            kinds[type(updates.read(raw)).__name__] += 1
        except ValueError:
            kinds["malformed"] += 1
    assert {kind for kind, count in kinds.items() if count > 20} == {
        *("Incoming", "Group", "Notice", "NoneType", "malformed")
    }


async def test_by_polling_every_mutation_is_acknowledged_and_none_raises(caplog: pytest.LogCaptureFixture) -> None:
    """F29."""
    wire, turns = Queue(COUNT), Turns()
    intake = Intake(wire, Erased(), turns, unlimited())  # type: ignore[arg-type]  # a part of one
    polling = asyncio.create_task(Polling(wire, intake).run())  # type: ignore[arg-type]  # the same
    done = asyncio.create_task(wire.done.wait())
    await asyncio.wait({polling, done}, return_when=asyncio.FIRST_COMPLETED)
    assert not polling.done()
    polling.cancel()
    await intake.finish(20)
    assert wire.next > COUNT
    assert len(turns.taken) > COUNT / 10
    assert faults(caplog) == []


async def test_by_webhook_every_mutation_is_acknowledged_and_none_raises(caplog: pytest.LogCaptureFixture) -> None:
    """F29."""
    turns, mutator = Turns(), Mutator()
    intake = Intake(Groups(), Erased(), turns, unlimited())  # type: ignore[arg-type]  # a part of one
    webhook = Webhook(Groups(), intake, Hook("http://127.0.0.1/", "127.0.0.1", 1), nobody)  # type: ignore[arg-type]  # the same
    statuses = Counter[int]()
    for number in range(1, COUNT + 1):
        statuses[await brought(webhook, mutator.update(number))] += 1
    await intake.finish(20)
    assert statuses == {200: COUNT}
    assert len(turns.taken) > COUNT / 10
    assert faults(caplog) == []


@pytest.fixture
def few() -> int:
    return min(COUNT, 3_000)


async def test_a_whole_turn_comes_of_what_can_be_read_and_none_faults(
    few: int, caplog: pytest.LogCaptureFixture
) -> None:
    """F29: with the real runtime behind it."""
    talk, mutator, clock = Talk("en"), Mutator(SEED + 1), Clock()
    messenger = Erased()
    talk.runtime.messenger = talk.runtime.lanes._messenger = messenger  # noqa: SLF001 - so that presses are heard
    intake = Intake(Groups(), messenger, talk.runtime, Flood(burst=few, clock=clock))  # type: ignore[arg-type]  # as above
    for number in range(1, few + 1):
        assert await intake.take(mutator.update(number))
        await asyncio.sleep(0)  # or all that is to be shown would wait, and the last overtake the rest
        await asyncio.sleep(0)
    await intake.finish(60)
    assert len(messenger.pages) > 10
    assert faults(caplog) == []


async def test_while_too_much_is_in_hand_no_more_is_asked_for() -> None:
    """F28."""
    wire, turns = Queue(BATCH * 10), Turns()
    turns.lanes.gate.clear()
    intake = Intake(wire, Erased(), turns, unlimited(), in_hand=20)  # type: ignore[arg-type]  # a part of one
    polling = asyncio.create_task(Polling(wire, intake).run())  # type: ignore[arg-type]  # the same
    for _ in range(1_000):
        await asyncio.sleep(0)
    assert len(wire.offsets) == 2
    turns.lanes.gate.set()
    await wire.done.wait()
    polling.cancel()
    await intake.finish(20)
    assert len(wire.offsets) == 11


def test_the_battery_runs_a_million() -> None:
    """F29."""
    assert "WAYMARK_MUTATIONS=1000000" in (Path(__file__).parent.parent / "Makefile").read_text(encoding="utf-8")
