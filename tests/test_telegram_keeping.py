"""Keeping one's place until tomorrow: a dull page, found by whoever was there, and gone in time whatever happens."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from at_telegram import Bot, running, typed
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from harness import FLOWS, Talk, flows_of

from bot.engine.event import Chose, Opened, Pressed, Unsure
from bot.engine.flows import Flows, Known
from bot.engine.moves import rest
from bot.engine.session import REST, Frame, Session
from bot.engine.step import HELP, KEEP, step
from bot.language import words
from bot.language.cards import KEPT_HOURS
from bot.plain import fold
from bot.ports import Incoming
from bot.record import decode
from bot.rounds import OLDEST

HOUR = 3_600
PLACE = "Who sent you the paper?"


async def resting(telegram: FakeTelegram, bot: Bot, chat: int = 1001) -> Person:
    """Somebody whose place is kept, in the middle of a conversation."""
    person = telegram.person(chat)
    await bot.types(person, "/start", "3", "2", "1", "keep my place")
    await bot.presses(person, "1. Keep my place")
    assert dull(person)
    return person


def dull(person: Person) -> bool:
    """Whether the chat holds one message, of ours, that says nothing."""
    return [(message.ours, message.text, message.buttons) for message in person.messages] == [
        (True, words.DULL, [[(words.CONTINUE, person.screen.buttons[0][0][1])]])
    ]


async def goes_on(bot: Bot, person: Person) -> None:
    await bot.presses(person, words.CONTINUE)
    [message] = person.messages
    assert PLACE in message.text


async def test_the_screen_becomes_a_dull_page_that_was_sent_anew_without_a_sound(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    async with running(telegram, tmp_path) as bot:
        person = telegram.person(1001)
        await bot.types(person, "/start")
        first = person.screen.id
        telegram.skew = 11 * HOUR  # a screen as old as may be edited
        await resting(telegram, bot)
        assert person.screen.id > first, "its own age begins now: it stays for longer than any other"
        assert telegram.calls_of("sendMessage")[-1].params["disable_notification"] is True
        await goes_on(bot, person)


async def test_nobody_learns_anything_from_the_page() -> None:
    said = fold(f"{words.DULL} {words.CONTINUE}")
    assert len(f"{words.DULL} {words.CONTINUE}") <= 40
    assert not [word for word in words.SENSITIVE_WORDS.split("\n") if f" {fold(word)}" in f" {said} "]
    one, other = Talk(able=True), Talk(able=True)
    await one.say("/start", "3", "2", "1", "keep my place", "1")
    await other.say("/start", "keep my place", "1")
    assert one.page.content == other.page.content, "it is the same wherever somebody was"


@pytest.mark.parametrize("text", ["hello", "menu", "what is this", "/whatyouknow", "/privacy", "language", "1", "back"])
async def test_whatever_else_is_typed_is_erased_and_not_answered(
    telegram: FakeTelegram, tmp_path: Path, text: str
) -> None:
    async with running(telegram, tmp_path) as bot:
        person = await resting(telegram, bot)
        asked = len(telegram.calls_of("sendMessage")) + len(telegram.calls_of("editMessageText"))
        await bot.types(person, text)
        assert dull(person)
        assert asked == len(telegram.calls_of("sendMessage")) + len(telegram.calls_of("editMessageText"))
        await goes_on(bot, person)


async def test_what_is_typed_there_goes_nowhere(
    telegram: FakeTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    async with running(telegram, tmp_path) as bot:
        person = await resting(telegram, bot)
        await bot.types(person, "quetzalword", "quetzalword " * 40)
        record = await bot.store.load("1001")
        assert record
        assert b"quetzalword" not in record.session
        assert "quetzalword" not in repr(decode(record.session))
    assert "quetzalword" not in caplog.text
    assert not [file for file in tmp_path.iterdir() if b"quetzalword" in file.read_bytes()]


@pytest.mark.parametrize("text", ["Continue", "continue", "CONTINUE."])
async def test_the_button_can_be_typed(telegram: FakeTelegram, tmp_path: Path, text: str) -> None:
    async with running(telegram, tmp_path) as bot:
        person = await resting(telegram, bot)
        await bot.types(person, text)
        assert PLACE in person.screen.text
        assert len(person.messages) == 1


@pytest.mark.parametrize("text", ["help", "/help", "he has a knife", "i want to die"])
async def test_urgent_words_come_before_it(telegram: FakeTelegram, tmp_path: Path, text: str) -> None:
    async with running(telegram, tmp_path) as bot:
        person = await resting(telegram, bot)
        await bot.types(person, text)
        assert "You are in: Urgent help" in person.screen.text
        await bot.types(person, "back")
        assert PLACE in person.screen.text


@pytest.mark.parametrize("word", ["exit", "/x", "leave now"])
async def test_an_exit_word_leaves_and_erases_as_always(telegram: FakeTelegram, tmp_path: Path, word: str) -> None:
    async with running(telegram, tmp_path) as bot:
        person = await resting(telegram, bot)
        await bot.types(person, word)
        assert person.messages == []
        assert await bot.store.all() == []


async def test_start_begins_as_for_anybody_and_the_place_is_gone(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, tmp_path) as bot:
        person, stranger = await resting(telegram, bot), telegram.person(2002)
        button = person.screen.buttons[0][0][1]
        await bot.types(stranger, "/start")
        await bot.types(person, "/start")
        assert person.screen.text == stranger.screen.text
        await bot.runtime.receive(Incoming("1001", button, "button", person.screen.id))
        assert PLACE not in person.screen.text
        record = await bot.store.load("1001")
        assert record
        assert [frame.flow for frame in decode(record.session).stack] == ["arrival"]


async def test_it_is_there_tomorrow_and_also_after_a_restart(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, tmp_path) as bot:
        person = await resting(telegram, bot)
    telegram.skew = KEPT_HOURS * HOUR - 120
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert dull(person)
        old = person.screen.id
        await goes_on(bot, person)
        assert person.screen.id > old, "what is older than half a day is not edited"
        await bot.runtime.sweep()
        telegram.skew += 16 * 60
        await bot.runtime.sweep()
        assert person.messages == [], "and from then on the screen clears itself as before"


async def test_it_is_gone_in_time_whatever_was_typed_meanwhile(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, tmp_path) as bot:
        person = await resting(telegram, bot)
        for hours in (10, 20, 35):
            telegram.skew = hours * HOUR
            await bot.runtime.sweep()
            await bot.types(person, "is anybody there")
            assert dull(person)
        telegram.skew = KEPT_HOURS * HOUR + 2
        await bot.runtime.sweep()
        assert person.messages == []
        assert await bot.store.all() == []


async def test_it_is_gone_in_time_also_where_nothing_ran_meanwhile(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, tmp_path) as bot:
        person = await resting(telegram, bot)
    telegram.skew = KEPT_HOURS * HOUR + 2
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert person.messages == []
        assert await bot.store.all() == []


async def test_no_message_of_ours_is_left_to_grow_too_old_to_delete(telegram: FakeTelegram, tmp_path: Path) -> None:
    """A kill before the dull page was sent leaves it on an older message: that one goes by its own age."""
    async with running(telegram, tmp_path) as bot:
        person = telegram.person(1001)
        await bot.types(person, "/start", "3", "2", "1", "keep my place")
        sent = person.screen.id
        telegram.skew = 11 * HOUR
        assert await bot.runtime.take(typed(person, "1"))
    telegram.skew += 600
    async with running(telegram, tmp_path) as bot:
        await bot.runtime.resume()
        assert dull(person)
        assert person.screen.id == sent, "silence: late, nothing is sent"
        telegram.skew = OLDEST + 60
        await bot.runtime.sweep()
        assert person.messages == []
    assert KEPT_HOURS * HOUR < OLDEST < 41 * HOUR


async def test_the_screen_says_until_when_and_so_does_what_is_kept() -> None:
    talk = await Talk(able=True).say("/start", "3", "keep my place")
    hours = re.findall(r"(\d+) hours", talk.text)
    assert hours == [str(KEPT_HOURS)]
    await talk.say("/whatyouknow")
    assert f"after {KEPT_HOURS} hours" in " ".join(talk.text.split())
    assert "tomorrow" not in (await Talk().say("/start", "3", "/whatyouknow")).text


async def test_the_words_that_are_named_at_arrival_are_words_that_do_it() -> None:
    text = (FLOWS / "arrival.md").read_text(encoding="utf-8")
    [named] = re.findall(r"you can type \*\*(.+?)\*\*\. \{when can keep\}", text)
    assert fold(named) in {fold(word) for word in words.KEEP_WORDS.split("\n")}


async def test_on_a_card_any_word_may_stand() -> None:
    """Where words for a card are asked, what keeps a place is an answer like any other."""
    talk = await Talk(able=True).say("/start", "3")
    session = await talk.session()
    asking = next(
        (flow.id, state.id) for flow in talk.runtime.flows.by_id.values() for state in flow.states.values()
        if state.asks and state.asks.kind == "label"
    )  # fmt: skip
    there = session._replace(stack=(Frame(*asking, talk.runtime.flows[asking[0]].edition),))
    page = talk.runtime.pages.page(talk.runtime.pages.screen(there), there)
    event = talk.runtime._understanding.event("come back tomorrow", there, page)  # noqa: SLF001 - what it is taken for
    assert type(event).__name__ == "Answered"


# The engine alone

FLOW = "# Kept\n\n- keep this\n\n## start\nOne.\n\n- [On](#two)\n\n## two\nTwo.\n\n- [Done](done:)\n"
ASIDE = '# Aside\n\n- aside\n\n## start\nStop here?\n\n- [Keep](keep: "when can keep")\n- [Done](done:)\n'
ABLE = Known(frozenset({"can keep", "flow kept", "flow apart", "flow menu", "flow urgent_danger"}))


def kept_session() -> tuple[Flows, Session]:
    flows = flows_of(kept=FLOW, apart=ASIDE)
    stack = tuple(Frame(name, state, flows[name].edition) for name, state in (("kept", "two"), ("apart", "start")))
    return flows, Session("n", stack, settings={"role": ("survivor",)})


def test_keeping_finishes_the_conversation_it_stands_in_and_keeps_the_one_below() -> None:
    flows, session = kept_session()
    choice = flows["apart"].states["start"].choices[0]
    turn = step(flows, session, Chose((choice.key,)), ABLE)
    assert turn.session
    assert (turn.session.aside, turn.session.top.state, len(turn.session.stack)) == (REST, "two", 1)
    refused = step(flows, session, Chose((choice.key,)), Known())
    assert refused.session
    assert (refused.session.aside, refused.session.notice) == ("", "stale"), "not where it is not possible"


def test_only_its_own_button_help_and_urgent_words_end_it_and_nothing_else_makes_a_new_session() -> None:
    flows, session = kept_session()
    kept = rest(flows, session, ABLE)
    for event in (Unsure(), Chose(("back",)), Pressed("other.1", KEEP), Pressed(kept.stamp, "back"), Opened("about")):
        assert step(flows, kept, event, ABLE).session is kept
    for woken in (Chose((KEEP,)), Pressed(kept.stamp, KEEP)):
        after = step(flows, kept, woken, ABLE).session
        assert after
        assert (after.aside, after.top.state) == ("", "two")
    for urgent in (Chose((HELP,)), Opened("urgent_danger", "heard")):
        after = step(flows, kept, urgent, ABLE).session
        assert after
        assert after.top.flow == "urgent_danger"


def test_a_script_edited_meanwhile_shows_nothing_before_somebody_goes_on() -> None:
    flows, session = kept_session()
    kept = rest(flows, session, ABLE)
    edited = flows_of(kept=FLOW.replace("Two.", "Two, edited."), apart=ASIDE)
    assert step(edited, kept, Unsure(), ABLE).session is kept
    gone = flows_of(apart=ASIDE)
    assert step(gone, kept, Unsure(), ABLE).session is kept
    for flows_now, flow in ((edited, "kept"), (gone, "menu")):
        after = step(flows_now, kept, Chose((KEEP,)), ABLE).session
        assert after
        assert (after.aside, after.top.flow) == ("", flow)
        assert after.notice
