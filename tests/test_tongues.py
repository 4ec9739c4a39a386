"""How each language writes dates, lists, numbers and names, and what runs the other way in it."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from filled import LANGUAGES, filled
from harness import Talk
from read_through import turned, without_isolated

from bot.language import words
from bot.language.direction import END_ISOLATE, ISOLATE, apart, isolated, runs_apart
from bot.language.tongue import Tongue
from bot.messengers.terminal import written

DAY = date(2026, 11, 20)

WRITTEN = tomllib.loads((Path(__file__).parent / "data" / "written.toml").read_text(encoding="utf-8"))
"""By language; digits are everywhere those that phones have."""

ALIKE = {
    "ar": ((1,), (2,), (3, 10, 103), (11, 99, 111), (100, 101, 102), (0,)),
    "es": ((1,), (0, 2, 5, 21, 100)),
    "fr": ((0, 1), (2, 5, 21, 100)),
    "uk": ((1, 21, 101), (2, 3, 24, 102), (0, 5, 11, 12, 14, 25, 111)),
}
"""Numbers of things that a language speaks of in one form; another group has another."""


def tongue(code: str) -> Tongue:
    return Talk(code, locales=filled()).runtime.catalogs.tongue(code)


@pytest.mark.parametrize("code", WRITTEN)
def test_days_months_numbers_and_lists_are_written_as_in_the_language(code: str) -> None:
    said, right = tongue(code), WRITTEN[code]
    assert said.day(DAY) == right["day"]
    assert said.value("2026-05") == right["month"]
    assert said.value("10,000") == right["number"]
    assert said.listed(("one", "two", "three")) == right["list"]
    assert said.listed(("one",)) == "one"
    assert said.listed(()) == ""


@pytest.mark.parametrize("code", LANGUAGES)
def test_languages_and_places_are_called_as_in_the_language(code: str) -> None:
    runtime = Talk(code, locales=filled()).runtime
    said, places = runtime.catalogs.tongue(code), runtime.knowledge.places
    called = [said.name, said.language_name("en"), places.name("DE", code), places.name("US-CA", code)]
    assert called == WRITTEN[code]["called"]


@pytest.mark.parametrize("code", ALIKE)
def test_numbers_of_things_are_spoken_of_in_the_form_the_language_has(code: str) -> None:
    said = tongue(code)
    bare = [
        {said.count(words.HOLDING_UNTIL, number).replace(str(number), "#") for number in alike} for alike in ALIKE[code]
    ]
    assert all(len(form) == 1 for form in bare), bare
    assert len(set[str]().union(*bare)) >= len(ALIKE[code]) - (code == "ar"), "of a hundred minutes as of eleven"
    for number in (0, 1, 2, 3, 5, 11, 21, 100):
        assert str(number) in said.count(words.HOLDING_UNTIL, number)


def test_spanish_and_is_another_word_before_the_same_sound() -> None:
    spanish = tongue("es")
    assert spanish.listed(("espa\u00f1ol", "ingl\u00e9s")) == "espa\u00f1ol e ingl\u00e9s"
    assert spanish.listed(("agua", "hielo")) == "agua y hielo"
    assert spanish.listed(("a y b", "hijos")) == "a y b e hijos"


# Directions


@pytest.mark.parametrize(
    "text",
    ["0808 2000 247", "+44 20 7946", "116 123", "10,000", "/x", "a@b.example", "https://a.example/b", "Telegram"],
)
def test_what_runs_from_left_to_right_is_isolated_in_the_other_direction_alone(text: str) -> None:
    assert apart(text, right_to_left=True) == isolated(text)
    assert apart(text, right_to_left=False) == text


@pytest.mark.parametrize(
    "text", ["", "112", "\u0627\u0644\u0623\u0631\u062f\u0646", "20 \u0645\u0627\u064a\u0648 2026"]
)
def test_what_cannot_turn_is_left_as_it_is(text: str) -> None:
    assert apart(text, right_to_left=True) == text


def test_an_arabic_name_is_isolated_in_a_language_that_runs_from_left_to_right() -> None:
    said = tongue("es").say("By {name}.", name="\u0645\u0646\u0649 12")
    assert apart("\u0645\u0646\u0649 ABC", right_to_left=True) == isolated("\u0645\u0646\u0649 ABC")
    assert said == f"By {ISOLATE}\u0645\u0646\u0649 12{END_ISOLATE}."


def test_left_to_right_words_in_a_translation_are_isolated_with_their_signs() -> None:
    assert runs_apart("\u0645 (LGBTQ+)\u060c \u0648") == f"\u0645 ({isolated('LGBTQ+')})\u060c \u0648"
    assert runs_apart("\u0645 **Ask First** ({name})") == f"\u0645 **{isolated('Ask First')}** ({{name}})"
    assert runs_apart("[\u0645]({link.1})") == "[\u0645]({link.1})"


@pytest.mark.parametrize(
    "bad", ["\u0645 0808 2000 247", "\u0645 NDA", f"{ISOLATE}\u0645", f"\u0645{END_ISOLATE}", "\u0645: +44"]
)
def test_the_reader_of_pages_sees_what_turns(bad: str) -> None:
    try:
        assert turned(bad, right_to_left=True)
    except ValueError:
        assert ISOLATE in bad or END_ISOLATE in bad
    with pytest.raises(ValueError, match="\u0645"):
        without_isolated(f"\u0645{ISOLATE}")


@pytest.mark.parametrize("code", LANGUAGES)
async def test_a_terminal_keeps_isolates_where_a_number_would_turn_without_them(code: str) -> None:
    talk = await Talk(code, "GB-EAW", locales=filled()).say("/start", "/help", "1", "1")
    assert ISOLATE in "".join(passage.text for passage in talk.page.passages)
    for width in (72, 20):
        lines = written(talk.page, width).split("\n")
        assert any(ISOLATE in line for line in lines) == (code == "ar")
        assert all(without_isolated(line.replace("\u2067", ISOLATE)).strip("\u200f ") == "" for line in lines) == (
            code == "ar"
        ), "each line by itself, whatever is wrapped"
