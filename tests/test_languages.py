"""The languages there are: understood as people write them, and read fast."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from filled import LANGUAGES, filled, folder
from harness import Talk, shipped

from bot.knowledge.reviews import Review
from bot.language import words
from bot.language.catalogs import Catalogs
from bot.language.compiled import NAME
from bot.language.reviewed import reviewed, texts_of
from bot.language.understand import Understanding
from bot.plain import Phrases, fold
from bot.script.diagnostic import Report
from bot.script.parse import parse

DATA = Path(__file__).parent / "data" / "requests"


@cache
def compiled() -> Path:
    """A folder with every catalog and its compiled copy."""
    there = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, there)
    shutil.copytree(folder(), there, dirs_exist_ok=True)
    for code in LANGUAGES:
        copy = Catalogs(there, shipped().by_id, fast=False).compile(code)
        (there / code / "LC_MESSAGES" / NAME).write_bytes(copy)
    return there


@cache
def understanding(code: str) -> Understanding:
    runtime = Talk(code, locales=filled()).runtime
    return Understanding(runtime.flows, runtime.catalogs, runtime.finder)


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_people_type_in_their_own_words_finds_its_conversation(code: str) -> None:
    asked, meant = tomllib.loads((DATA / f"{code}.toml").read_text(encoding="utf-8")), understanding(code)
    missed = [
        each["typed"] for each in asked["request"] if each["flow"] not in meant.flows_meant(each["typed"], code)[:3]
    ]
    assert len(asked["request"]) == 20
    assert len(missed) <= 2, missed


@pytest.mark.parametrize("code", LANGUAGES)
def test_somebody_in_danger_or_despair_is_met_at_once(code: str) -> None:
    asked, meant = tomllib.loads((DATA / f"{code}.toml").read_text(encoding="utf-8")), understanding(code)
    assert len(asked["crisis"]) == 15
    assert [typed for typed in asked["crisis"] if not meant.distress(typed, code)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u0623\u0631\u064a\u062f", "\u0627\u0631\u064a\u062f"),
        ("\u0625\u0644\u0649", "\u0627\u0644\u064a"),
        ("\u0622\u0630\u0627\u0646\u064a", "\u0627\u0630\u0627\u0646\u064a"),
        ("\u0648\u0633\u0627\u0637\u0629", "\u0648\u0633\u0627\u0637\u0647"),
        ("\u062e\u0640\u0640\u0631\u0648\u062c", "\u062e\u0631\u0648\u062c"),
        ("\u062e\u064f\u0631\u064f\u0648\u062c", "\u062e\u0631\u0648\u062c"),
        ("\u0663", "3"),
        ("\u0969", "3"),
        ("\u043c'\u044f\u0447", "\u043c\u044f\u0447"),
        ("\u043c\u02bc\u044f\u0447", "\u043c\u2019\u044f\u0447"),
        ("\u043c*\u044f\u0447", "\u043c\u044f\u0447"),
        ("\u0451", "\u0435"),
        ("\u0491\u0440\u0443\u043f\u0430", "\u0433\u0440\u0443\u043f\u0430"),
        ("\u0153uvre", "oeuvre"),
        ("AYUDAAAA", "ayuda"),
        ("e\u200bxit", "exit"),
    ],
)
def test_two_ways_of_writing_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_vowel_signs_of_indian_scripts_are_kept() -> None:
    assert fold("\u0915\u093f") != fold("\u0915\u0940") != fold("\u0915")
    assert len(fold("\u0939\u093f\u0902\u0926\u0940").split()) == 1


def test_digits_that_are_a_number_to_call_are_not_drawn_out() -> None:
    assert fold("999") == "999"


def test_a_phrase_of_two_words_stands_in_either_order() -> None:
    assert Phrases(["hits me"]).within("me hits he")
    assert not Phrases(["hands on my neck"]).within("my neck on hands")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_compiled_copy_says_what_the_catalog_says(code: str) -> None:
    flows = shipped().by_id
    fast, slow = Catalogs(compiled(), flows), Catalogs(compiled(), flows, fast=False)
    assert fast.tongue(code).messages == slow.tongue(code).messages
    assert fast.whole(code) == slow.whole(code) == frozenset(flows)
    assert fast.tongue(code).name == slow.tongue(code).name
    assert [fast.tongue(code).count(words.FEWER, number) for number in range(30)] == [
        slow.tongue(code).count(words.FEWER, number) for number in range(30)
    ]


@pytest.mark.parametrize("spoil", ["the catalog", "the copy"])
def test_a_copy_of_other_words_or_a_damaged_one_is_left_alone(spoil: str, tmp_path: Path) -> None:
    there = tmp_path / "es" / "LC_MESSAGES"
    there.mkdir(parents=True)
    source = compiled() / "es" / "LC_MESSAGES"
    text, copy = (source / "messages.po").read_text(encoding="utf-8"), (source / NAME).read_bytes()
    if spoil == "the catalog":
        text = re.sub(r'(msgid "Nothing new."\nmsgstr )"[^"]*"', r'\1"Otra cosa."', text)
    (there / "messages.po").write_text(text, encoding="utf-8")
    (there / NAME).write_bytes(copy if spoil == "the catalog" else copy[: len(copy) // 2])
    said = Catalogs(tmp_path, shipped().by_id).tongue("es").say(words.DULL)
    assert said == ("Otra cosa." if spoil == "the catalog" else Catalogs(compiled(), {}).tongue("es").say(words.DULL))


def test_a_review_is_lost_with_a_changed_text() -> None:
    flows = shipped()
    tongue = Catalogs(compiled(), flows.by_id).tongue("es")
    flow = flows["urgent_danger"]
    given = Review(flow.id, "es", "lawyer", "A", date(2026, 11, 20), texts_of(flow, tongue), shown=False)
    assert reviewed(flow, tongue, [given]) == (given,)
    changed = parse(f"# Other\n\n## start\n{flow.title}\n\n- [Done](done:)\n", Path("urgent_danger.md"), Report())
    assert reviewed(changed, tongue, [given]) == ()


@pytest.mark.parametrize("code", LANGUAGES)
async def test_a_language_is_called_by_its_own_name_anywhere_and_the_place_is_kept(code: str) -> None:
    talk = await Talk().say("/start", "3", "2", "1")
    there, name = await talk.where(), talk.runtime.catalogs.tongue(code).name
    await talk.say(name.upper())
    assert talk.page.buttons[0].label == name
    await talk.say("1")
    assert await talk.where() == there
    assert (await talk.session()).language == code


@pytest.mark.parametrize("code", LANGUAGES)
async def test_numbers_say_that_nobody_has_checked_the_translation(code: str) -> None:
    talk = await Talk(code, "ES", locales=filled()).say("/start", "/help")
    tongue = talk.runtime.catalogs.tongue(code)
    assert talk.page.passages[0].text == tongue.say(words.UNREVIEWED_NUMBERS)
    english = await Talk("en", "ES").say("/start", "/help")
    assert all(words.UNREVIEWED_NUMBERS not in passage.text for passage in english.page.passages)
