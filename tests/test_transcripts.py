"""Whole conversations, as a writer reads them: `### ` is what somebody types, the block is the screen they then see.

`make transcripts` rewrites the blocks with what is said now. The same lines are replayed in the pseudo-locale, where
they must lead to the same places, with nothing left in English.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from directory_rows import imported_offices, offices
from harness import HERE, TODAY, Talk

from bot.language import words
from bot.language.tongue import PseudoTongue, pseudo
from bot.messengers.terminal import written

UNREVIEWED = {pseudo(words.UNREVIEWED), pseudo(words.UNREVIEWED_NUMBERS)}
"""A line that stands above law and numbers in other languages than English."""

NAMES = {office.name for office in offices()}
FOLDER = Path(__file__).parent / "transcripts"
FILES = sorted(FOLDER.glob("*.md"))
TURN = re.compile(r"^### ([^\n]*)\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
ENGLISH = [file for file in FILES if "\nLanguage: " not in file.read_text(encoding="utf-8")]
HEAD = re.compile(r"^(Place|Day|Services|Language): (\S+)$", re.MULTILINE)
"""What may stand before the first turn: a place, a day, a list that an operator took in, another language."""

ELSEWHERE = re.compile(r"^In a messenger\.$", re.MULTILINE)
"""Without this line, the conversation is in a terminal."""


def begun(text: str, language: str | None = None, locales: Path | None = None) -> Talk:
    head = dict(HEAD.findall(text))
    day = date.fromisoformat(head["Day"]) if "Day" in head else TODAY
    shelf = imported_offices() if head.get("Services") == "laa-2019" else None
    able = bool(ELSEWHERE.search(text))
    return Talk(
        language or head.get("Language"),
        head.get("Place"),
        today=lambda: day,
        shelf=shelf,
        able=able,
        locales=locales,
    )


async def screen(talk: Talk, typed: str) -> str:
    """What somebody sees after typing something."""
    left = len(talk.shown.left)
    await talk.say(typed)
    if len(talk.shown.left) > left:
        return f"(The conversation is gone. {talk.shown.left[-1] or 'The screen is empty.'})"
    return talk.text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_what_is_said(file: Path, *, rewrite: bool) -> None:
    text = file.read_text(encoding="utf-8")
    talk = begun(text)
    said = [(turn[1], await screen(talk, turn[1])) for turn in TURN.finditer(text)]
    head = text[: text.index("### ")]
    fresh = head + "\n".join(f"### {typed}\n\n```text\n{shown}\n```\n" for typed, shown in said)
    if rewrite:
        file.write_text(fresh, encoding="utf-8")
    assert fresh == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ENGLISH, ids=lambda file: file.stem)
async def test_the_same_in_another_language(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    english, other_way = begun(text), begun(text, PseudoTongue.CODE)
    names = NAMES | {service.name for service in english.runtime.knowledge.services}
    for turn in TURN.finditer(text):
        await screen(english, turn[1])
        await screen(other_way, turn[1])
        assert len(english.shown.left) == len(other_way.shown.left), turn[1]
        if await english.store.load(HERE):
            assert await english.where() == await other_way.where(), turn[1]
            passages = [each for each in other_way.page.passages if each.text not in UNREVIEWED]
            assert len(english.page.passages) == len(passages)
            for plain, other in zip(english.page.passages, passages, strict=True):
                assert plain.text != other.text or plain.text in names
            for button, twin in zip(english.page.buttons, other_way.page.buttons, strict=True):
                assert button.label != twin.label or button.key.startswith("o:")
            assert written(english.page) != written(other_way.page)
