"""Many people on one runtime: nobody is shown another's words, ticks, place or language."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from harness import Talk

from bot.language.tongue import PseudoTongue
from bot.messengers.terminal import written
from bot.ports import Incoming

FLOWS = {
    "arrival": '# A\n\n## start\nHello.\n\n- [In](done: "remember role=survivor")\n',
    "menu": "# M\n\n## start\nWhat now?\n\n- [Card](card.md)\n",
    "urgent_danger": "# U\n\n## start\nHere.\n\n- [Done](done:)\n",
    "card": "# Card\n\n- card\n\n## start\n<!-- asks: label note -->\nType.\n\n- [On](#ticks)\n\n"
    "## ticks\n<!-- answer: things -->\nTick.\n\n- [ ] Bread <!-- bread -->\n- [ ] Tea <!-- tea -->\n- [On](#shown)\n\n"
    "## shown\n> It: {answer.note}\n>\n> With {answer.things}\n\n- [Done](done:)\n",
}


async def says(talk: Talk, who: str, *texts: str) -> str:
    for text in texts:
        await talk.runtime.receive(Incoming(who, text))
    return written(talk.page)


async def test_words_and_ticks_of_one_are_never_shown_to_another(tmp_path: Path) -> None:
    for name, text in FLOWS.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    talk = Talk(flows=tmp_path)
    one = await says(talk, "one", "/start", "in", "1", "**my** {answer.note} [words](x)", "2", "on")
    two = await says(talk, "two", "/start", "in", "1", "skip", "1", "on")
    again = await says(talk, "one", "so")
    assert "It: **my** {answer.note} [words](x)" in one
    assert "With Tea" in one
    assert "It: __________" in two
    assert "With Bread" in two
    assert "With Tea" in again


async def test_a_language_and_a_place_are_ones_own() -> None:
    talk = Talk()
    english = await says(talk, "one", "/start", "yes")
    talk.runtime.begin_with(PseudoTongue.CODE, "IE")
    pseudo = await says(talk, "two", "/start", "yes")
    assert english != pseudo
    assert await says(talk, "one", "back", "yes") == english
    talk.runtime.begin_with(None, "US")
    assert "911" in await says(talk, "three", "/start", "help")
    assert "112" in await says(talk, "two", "help")
    assert "911" in await says(talk, "three", "help")


async def test_what_is_known_is_looked_up_anew_at_midnight() -> None:
    days = [date(2026, 11, 20), date(2031, 1, 1)]
    talk = Talk(place="IE", today=lambda: days[0])
    law = ("/start", "3", "2", "1", "1", "1", "skip", "done", "1", "1", "1", "1", "the law where i am")
    assert "being checked again" not in await says(talk, "one", *law, "what it may ask")
    days.pop(0)
    assert "being checked again" in await says(talk, "two", *law, "what it may ask")
