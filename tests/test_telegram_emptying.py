"""Emptying a chat, call by call: what is asked for, how often, and what is left where it is refused."""

from __future__ import annotations

import pytest
from at_telegram import at_once
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from fake_telegram_state import BOT

from bot.messengers.telegram import chat, leaving
from bot.messengers.telegram.wire import Wire
from bot.ports import GoneError, Record, UnreachedError

CHAT = "1001"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "sleep", at_once)


@pytest.fixture
def person(telegram: FakeTelegram) -> Person:
    return telegram.person(int(CHAT))


def screen(telegram: FakeTelegram) -> int:
    """A message of ours."""
    with telegram.changes.lock:
        return telegram.state.add(int(CHAT), ours=True, sender=BOT, text="What would you like?").id


def theirs(telegram: FakeTelegram, person: Person, count: int) -> tuple[int, ...]:
    """So many messages of the person."""
    with telegram.changes.lock:
        return tuple(telegram.state.add(int(CHAT), ours=False, sender=person.user, text="x").id for _ in range(count))


def left(person: Person) -> list[tuple[int, str]]:
    return [(message.id, message.text) for message in person.messages]


def asked(telegram: FakeTelegram, method: str = "deleteMessages") -> list[int]:
    """Every id that was asked for, in the order of the ids."""
    calls = telegram.calls_of(method)
    return sorted(each for call in calls for each in call.params.get("message_ids", [call.params.get("message_id")]))


async def test_the_screen_and_everything_on_the_list_are_deleted_and_each_is_looked_at(
    telegram: FakeTelegram, wire: Wire, person: Person
) -> None:
    ids, ours = theirs(telegram, person, 5), screen(telegram)
    await leaving.leave(wire, Record(CHAT, b"", 1, screen=ours, erase=(*ids, ids[0])))
    assert left(person) == []
    assert asked(telegram) == asked(telegram, "deleteMessage") == [*ids, ours], "once each"
    assert {call.method for call in telegram.calls} == {"deleteMessages", "deleteMessage"}


async def test_a_record_of_nothing_asks_for_nothing(telegram: FakeTelegram, wire: Wire, person: Person) -> None:
    await leaving.leave(wire, Record(CHAT, b"", 1))
    await leaving.leave(wire, Record(CHAT, b"", 1, dull="Nothing new."))
    assert (telegram.calls, left(person)) == ([], [])


async def test_a_message_that_was_never_confirmed_is_looked_for_under_the_ids_after_the_last_known(
    telegram: FakeTelegram, wire: Wire, person: Person
) -> None:
    before, *ids = theirs(telegram, person, 3 + leaving.AHEAD)
    known = ids[0]
    await leaving.leave(wire, Record(CHAT, b"", 1, doubt=known))
    assert asked(telegram) == list(range(known + 1, known + 1 + leaving.AHEAD))
    assert [number for number, _ in left(person)] == [before, known, ids[-1]]


async def test_the_dull_line_takes_the_place_of_the_screen_and_all_else_is_deleted(
    telegram: FakeTelegram, wire: Wire, person: Person
) -> None:
    ids, ours = theirs(telegram, person, 3), screen(telegram)
    record = Record(CHAT, b"", 1, screen=ours, erase=ids, dull="Nothing new.")
    await leaving.leave(wire, record)
    assert left(person) == [(ours, "Nothing new.")]
    assert person.screen.buttons == []
    await leaving.leave(wire, record)
    assert left(person) == [(ours, "Nothing new.")], "done a second time it is the same, although nothing was edited"
    assert ours not in asked(telegram)


async def test_where_the_screen_cannot_become_the_dull_line_it_is_deleted(
    telegram: FakeTelegram, wire: Wire, person: Person
) -> None:
    ids, ours = theirs(telegram, person, 3), screen(telegram)
    telegram.fail("editMessageText", "bad_request", description="message can't be edited")
    await leaving.leave(wire, Record(CHAT, b"", 1, screen=ours, erase=ids, dull="Nothing new."))
    assert left(person) == []


@pytest.mark.parametrize(("dull", "text"), [("", "\u00b7"), ("Nothing new.", "Nothing new.")])
async def test_a_screen_that_can_neither_be_deleted_is_made_to_say_nothing(
    telegram: FakeTelegram, wire: Wire, person: Person, dull: str, text: str
) -> None:
    ids, ours = theirs(telegram, person, 3), screen(telegram)
    telegram.undeletable.add(ours)
    if dull:
        telegram.fail("editMessageText", "bad_request", description="try later")
    await leaving.leave(wire, Record(CHAT, b"", 1, screen=ours, erase=ids, dull=dull))
    assert left(person) == [(ours, text)]


async def test_where_another_message_cannot_be_deleted_the_screen_is_not_touched_again(
    telegram: FakeTelegram, wire: Wire, person: Person
) -> None:
    ids, ours = theirs(telegram, person, 9), screen(telegram)
    telegram.undeletable.update(ids[2:4])
    await leaving.leave(wire, Record(CHAT, b"", 1, screen=ours, erase=ids))
    assert [number for number, _ in left(person)] == list(ids[2:4])
    assert not telegram.calls_of("editMessageText")
    assert not set(asked(telegram, "deleteMessage")) & set(ids[2:4]), (
        "what was refused by itself is not asked for again"
    )


async def test_a_true_that_always_lies_is_found_out_and_the_newest_go_all_the_same(
    telegram: FakeTelegram, wire: Wire, person: Person
) -> None:
    ids = theirs(telegram, person, 120)
    newest = ids[::-1]
    looked_at = sorted({*newest[: leaving.VERIFIED], *newest[leaving.VERIFIED :: leaving.STRIDE]})
    telegram.fail("deleteMessages", "lie", times=None)
    assert await leaving.emptied(wire, CHAT, set(ids)) == set()
    assert [number for number, _ in left(person)] == [each for each in ids if each not in looked_at]
    assert sorted(set(asked(telegram, "deleteMessage"))) == looked_at
    assert len(telegram.calls_of("deleteMessages")) == 2 * 2, "once more, until none that is looked at was there"


async def test_a_server_that_only_lies_is_not_asked_for_ever(
    telegram: FakeTelegram, wire: Wire, person: Person
) -> None:
    ids = theirs(telegram, person, 3)
    for method in ("deleteMessages", "deleteMessage"):
        telegram.fail(method, "lie", times=None)
    await leaving.emptied(wire, CHAT, set(ids))
    assert len(telegram.calls_of("deleteMessages")) == leaving.ROUNDS


async def test_what_is_gone_is_asked_for_once(telegram: FakeTelegram, wire: Wire, person: Person) -> None:
    ids = theirs(telegram, person, 3)
    await leaving.emptied(wire, CHAT, set(ids))
    assert (left(person), len(telegram.calls_of("deleteMessages"))) == ([], 1)


@pytest.mark.parametrize("count", [1, 2, 3, 7])
async def test_a_batch_refused_is_halved_until_only_what_is_stuck_is_left(
    telegram: FakeTelegram, wire: Wire, person: Person, count: int
) -> None:
    ids = theirs(telegram, person, count)
    stuck = set(ids[::2])
    telegram.undeletable.update(stuck)
    assert await leaving.delete(wire, CHAT, list(ids)) == stuck
    assert {number for number, _ in left(person)} == stuck
    assert len(telegram.calls) <= 2 * count


async def test_batches_are_as_large_as_allowed_and_what_is_stuck_is_known_of_each(
    telegram: FakeTelegram, wire: Wire, person: Person
) -> None:
    ids = theirs(telegram, person, 201)
    assert await leaving.delete(wire, CHAT, list(ids)) == set()
    assert sorted(len(call.params["message_ids"]) for call in telegram.calls) == [1, 100, 100]
    more = theirs(telegram, person, 150)
    telegram.undeletable.update({more[0], more[-1]})
    assert await leaving.delete(wire, CHAT, list(more)) == {more[0], more[-1]}
    assert await leaving.delete(wire, CHAT, []) == set()


@pytest.mark.parametrize("count", [0, 1, leaving.FEW, leaving.FEW + 1])
async def test_a_few_are_erased_by_the_call_that_proves_it_and_many_at_once(
    telegram: FakeTelegram, wire: Wire, person: Person, count: int
) -> None:
    ids = theirs(telegram, person, count)
    await leaving.erase(wire, CHAT, ids)
    assert left(person) == []
    one_by_one = count <= leaving.FEW
    assert asked(telegram, "deleteMessage" if one_by_one else "deleteMessages") == list(ids)
    assert len(telegram.calls) == (count if one_by_one else 1 + leaving.FEW), "the first, which are known, are proven"
    await leaving.erase(wire, CHAT, ids)
    assert left(person) == [], "what is gone already is no trouble"


@pytest.mark.parametrize("method", ["deleteMessages", "deleteMessage", "editMessageText"])
@pytest.mark.parametrize("failures", [leaving.ATTEMPTS - 1, leaving.ATTEMPTS])
async def test_whoever_leaves_is_worth_six_tries(
    telegram: FakeTelegram, wire: Wire, person: Person, method: str, failures: int
) -> None:
    ids, ours = theirs(telegram, person, 1), screen(telegram)
    telegram.fail(method, "server_error", times=failures)
    record = Record(CHAT, b"", 1, screen=ours, erase=ids, dull="Nothing new.")
    if failures < leaving.ATTEMPTS:
        await leaving.leave(wire, record)
        assert left(person) == [(ours, "Nothing new.")]
    else:
        with pytest.raises(UnreachedError):
            await leaving.leave(wire, record)
    assert len(telegram.calls_of(method)) == failures + (failures < leaving.ATTEMPTS)


@pytest.mark.parametrize("method", ["deleteMessages", "deleteMessage"])
async def test_who_has_blocked_us_is_not_asked_for_twice(
    telegram: FakeTelegram, wire: Wire, person: Person, method: str
) -> None:
    ids = theirs(telegram, person, 1)
    telegram.fail(method, "forbidden", times=None)
    with pytest.raises(GoneError):
        await leaving.leave(wire, Record(CHAT, b"", 1, erase=ids))
    assert len(telegram.calls_of(method)) == 1
