"""What is read out of an update, and what is not."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
import sample_updates as samples
from hypothesis import given
from hypothesis import strategies as st
from telegram.constants import UpdateType

from bot.messengers.telegram import updates
from bot.messengers.telegram.typed import LIMIT
from bot.messengers.telegram.updates import Group, Notice
from bot.ports import Incoming

ME = str(samples.ME)


def read(kind: str, body: dict[str, Any], update: int = 5) -> Incoming | Group | Notice | None:
    return updates.read(json.dumps({"update_id": update, kind: body}).encode())


def said(text: str) -> Incoming:
    found = read("message", samples.message(text=text))
    assert isinstance(found, Incoming)
    return found


def test_there_is_a_sample_of_every_kind_of_update() -> None:
    """F6: the library's list is that of the Bot API; a kind that is added there fails here."""
    assert {*samples.TAKEN, *samples.LEFT, *samples.DROPPED} == {str(kind.value) for kind in UpdateType}


@pytest.mark.parametrize("kind", samples.LEFT)
def test_a_group_is_left(kind: str) -> None:
    """F6."""
    assert isinstance(read(kind, samples.LEFT[kind]), Group)


@pytest.mark.parametrize("kind", samples.DROPPED)
def test_what_was_never_asked_for_is_dropped(kind: str) -> None:
    """F6."""
    assert read(kind, samples.DROPPED[kind]) is None


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("message", {**samples.message(text="exit"), "from": samples.OTHER}),
        ("message", {**samples.message(text="exit"), "from": {**samples.USER, "is_bot": True}}),
        ("message", {key: value for key, value in samples.message(text="exit").items() if key != "from"}),
        ("callback_query", {**samples.press("a|exit"), "from": samples.OTHER}),
        ("callback_query", {**samples.press("a|exit"), "from": {**samples.USER, "is_bot": True}}),
        ("callback_query", {**samples.press("a|exit"), "message": None, "inline_message_id": "i"}),
        ("my_chat_member", samples.member(samples.GROUP, "kicked")),
        ("my_chat_member", samples.member(samples.PRIVATE, "member")),
    ],
)
def test_who_is_not_a_person_in_their_own_chat_is_nobody(kind: str, body: dict[str, Any]) -> None:
    """F6."""
    assert read(kind, body) is None


@pytest.mark.parametrize("kind", samples.CONTENTS)
def test_what_is_not_their_own_text_is_not_looked_into(kind: str) -> None:
    """F7."""
    assert read("message", samples.message(**samples.CONTENTS[kind])) == Incoming(
        ME, "", "other", 7, 5, "", samples.DATE
    )


@pytest.mark.parametrize("kind", samples.NOTICES)
def test_a_line_of_telegrams_own_is_erased_and_not_answered(kind: str) -> None:
    """F7."""
    assert read("message", samples.message(**samples.NOTICES[kind])) == Notice(ME, 7)


def test_an_edited_message_says_nothing() -> None:
    """F5."""
    assert read("edited_message", samples.TAKEN["edited_message"]) == Incoming(ME, "", "edited", 7, 5, "", samples.DATE)


def test_a_press_carries_its_data_and_no_more_than_a_button_can() -> None:
    """F4."""
    assert read("callback_query", samples.press("stamp|key")) == Incoming(ME, "stamp|key", "button", 7, 5, "4000")
    long = read("callback_query", samples.press("x" * 100_000))
    assert isinstance(long, Incoming)
    assert long.text == "x" * 64
    old = read("callback_query", {key: value for key, value in samples.press("a|b").items() if key != "message"})
    assert old == Incoming(ME, "a|b", "button", 0, 5, "4000")


@pytest.mark.parametrize(
    ("length", "kind"), [(0, "text"), (1, "text"), (LIMIT, "text"), (LIMIT + 1, "long"), (100_000, "long")]
)
@pytest.mark.parametrize("letter", ["x", "\u0436", "\U0001f600", "e\u0301"])
def test_a_text_is_read_up_to_the_length_of_a_message(letter: str, length: int, kind: str) -> None:
    """F8: characters, not bytes and not halves of them."""
    text = (letter * length)[:length]
    found = said(text)
    assert found.kind == kind
    assert found.text == (unicodedata.normalize("NFC", text) if kind == "text" else "")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("exit", "exit"),
        ("e\u200bx\u00adi\u2060t\ufeff", "exit"),  # invisible
        ("\u202eexit\u202c", "exit"),  # turned around
        ("\u2066exit\u2069\u200e", "exit"),  # isolated
        ("e\u200dx\u200ci\u200dt", "exit"),  # joiners where nothing joins
        ("ex\x00i\x1bt\x7f", "exit"),
        ("e\u0301", "\u00e9"),
        ("two\nlines\tand a tab\r", "two\nlines\tand a tab"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f467"),
        ("\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f3f3\ufe0f\u200d\U0001f308"),
        ("\u200d\u0645\u200c", "\u0645"),
        ("\U000e0065exit\U000e007f", "exit"),  # tags
        ("\ud83dexit\udc00", "exit"),  # halves of characters
        ("o" + "\u0323\u0301" * 2_000, unicodedata.normalize("NFC", "o" + "\u0323\u0301" * 5)),
    ],
)
def test_text_is_in_one_form_and_holds_nothing_that_cannot_be_seen(typed: str, text: str) -> None:
    """F9."""
    assert said(typed).text == text


@pytest.mark.parametrize(
    "text",
    [
        "<b>exit</b>",
        "<script>alert(1)</script>",
        "*a* _b_ `c`",
        "[a](tg://user?id=1001)",
        "&lt;",
        "{exit}",
        "%s",
        "</x",
    ],
)
def test_marks_of_a_language_for_pages_are_letters_like_any_other(text: str) -> None:
    """F10."""
    assert said(text).text == text


@given(st.text(st.characters(codec=None, exclude_categories=[])))
def test_any_text_can_be_read_and_then_be_written_down(text: str) -> None:
    """F9: surrogates too, which no database takes."""
    found = said(text)
    assert found.text.encode().decode() == found.text
    assert unicodedata.is_normalized("NFC", found.text)
    assert not any(unicodedata.category(each) in {"Cc", "Cs"} and each not in "\n\t" for each in found.text)
