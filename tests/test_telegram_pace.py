"""How fast screens go out, on paper: no second sees too many, one chat never keeps another, and nothing is kept."""

from __future__ import annotations

import heapq

from hypothesis import given
from hypothesis import strategies as st

from bot.messengers.telegram.pace import CHAT_BURST, HELD, Bucket, Pace


class Time:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def gone(pace: Pace, time: Time, asked: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """When each screen went, if everybody asks again when told to."""
    waiting = [(50 + at, number, chat) for number, (at, chat) in enumerate(asked)]
    heapq.heapify(waiting)
    went = []
    while waiting:
        at, number, chat = heapq.heappop(waiting)
        time.now = max(time.now, at)
        seconds = pace.wait(chat)
        if seconds:
            heapq.heappush(waiting, (time.now + seconds + 1e-9, number, chat))
        else:
            went.append((time.now, chat))
    return went


def most_in_a_second(times: list[float]) -> int:
    return max(sum(start <= each < start + 0.999 for each in times) for start in times)


@given(
    st.lists(st.tuples(st.floats(0, 3), st.sampled_from([str(each) for each in range(40)])), min_size=1, max_size=150)
)
def test_no_second_sees_more_than_the_limit_and_no_chat_more_than_its_own(asked: list[tuple[float, str]]) -> None:
    """F13, F28."""
    time = Time()
    went = gone(Pace(25, time), time, asked)
    assert len(went) == len(asked)
    assert most_in_a_second([at for at, _ in went]) <= 25
    for chat in {chat for _, chat in asked}:
        assert most_in_a_second([at for at, each in went if each == chat]) <= CHAT_BURST + 1


def test_a_chat_gets_a_few_at_once_and_then_one_a_second() -> None:
    time = Time()
    went = [at - 50 for at, _ in gone(Pace(25, time), time, [(0.0, "1")] * 8)]
    assert [round(at, 3) for at in went] == [0, 0, 0, 0, 0, 1, 2, 3]


def test_those_who_were_told_to_wait_for_the_same_moment_do_not_all_go_at_it() -> None:
    """F11, F13."""
    time = Time()
    pace = Pace(25, time)
    for chat in range(200):
        pace.rest(str(chat), 30)
    went = [at for at, _ in gone(pace, time, [(0.0, str(chat)) for chat in range(200)])]
    assert min(went) >= 80
    assert most_in_a_second(went) <= 25


def test_resting_is_for_one_chat() -> None:
    """F11."""
    time = Time()
    pace = Pace(0, time)
    pace.rest("1", 600)
    pace.rest("1", 5)
    assert pace.wait("1") == 600
    assert pace.wait("2") == 0
    time.now += 600
    assert pace.wait("1") == 0


def test_a_place_that_was_not_taken_up_is_there_for_the_next_screen() -> None:
    """Leaving gives up the screen that waits; the next one waits no longer for it."""
    time = Time()
    pace = Pace(1, time)
    assert pace.wait("1") == 0
    asked = pace.wait("2")
    assert asked > 0
    assert pace.wait("2") == asked
    time.now += asked
    assert pace.wait("2") == 0


def test_without_a_limit_nothing_waits() -> None:
    time = Time()
    pace = Pace(0, time)
    assert [pace.wait("1") for _ in range(100)] == [0.0] * 100


def test_failures_are_counted_until_a_screen_arrives() -> None:
    pace = Pace(25)
    assert [pace.failed("1") for _ in range(3)] == [1, 2, 3]
    pace.arrived("1")
    assert pace.failed("1") == 1


def test_chats_are_not_remembered_by_their_ids_nor_for_long() -> None:
    time = Time()
    pace = Pace(0, time)
    for chat in range(10 * HELD):
        pace.wait(f"73162{chat}")
        time.now += 1
    assert len(pace._chats) <= HELD  # noqa: SLF001 - what is kept is the promise
    assert {type(key) for key in pace._chats} == {int}  # noqa: SLF001 - as above


def test_a_bucket_is_one_number() -> None:
    bucket = Bucket(2, 3)
    assert [bucket.take(10) for _ in range(5)] == [10, 10, 10, 10.5, 11]
    assert bucket.take(100) == 100
