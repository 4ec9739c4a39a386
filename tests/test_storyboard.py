"""A storyboard has every screen on it, says where each choice leads and when, and needs nothing but itself."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from desk_ground import catalog, ground_of, shipped_ground

from bot.cli import main
from bot.desk.markup import STYLE, text
from bot.desk.sheets import as_html
from bot.desk.storyboard import Storyboard, storyboard

GROUND = shipped_ground()
ALONE = {"meta", "br", "hr"}
TALK = """# T & < b

- a talk

## start
<!-- heavy -->
<!-- covers: S2-07 -->
<!-- translators: a <short> one -->
Who asks? {when who=friend}

- [A friend](#end "remember who=friend")
- [Skip](#end)

## end
<!-- answer: parts -->
Here.

> Mine: {answer.who}

- [ ] One part <!-- one -->
- [Done](done: "when parts has one")
- [Other](library.md)
- [Leave](exit:)
- [Back](back:)
"""


class Page(HTMLParser):
    """Whether everything that is opened is closed, and what stands in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag]


def board_of(
    folder: Path, words: str = TALK, language: str = "en", catalogs: dict[str, str] | None = None
) -> Storyboard:
    return storyboard(ground_of(folder, {"talk": words}, catalogs), "talk", language)


@pytest.mark.parametrize("name", list(GROUND.by_id))
def test_every_screen_and_every_choice_of_what_is_shipped_is_on_it(name: str) -> None:
    flow, board = GROUND.flows[name], storyboard(GROUND, name, place="US-CA")
    assert [(sheet.number, sheet.state) for sheet in board.sheets] == list(enumerate(flow.states, 1))
    for sheet, state in zip(board.sheets, flow.states.values(), strict=True):
        assert [line.label for line in sheet.lines] == [
            *(item.label for item in state.items),
            *(choice.label for choice in state.choices),
        ]
        assert [line.screen for line in sheet.lines if line.leads] == [
            list(flow.states).index(choice.target.state) + 1 if choice.target.kind == "state" else 0
            for choice in state.choices
        ]
        assert len(sheet.parts) >= len([part for part in state.said if getattr(part, "kind", "") != "languages"])
    page = Page(as_html(board))
    assert not page.open
    assert len([attrs for attrs in page.all("section") if attrs.get("class") == "screen"]) == len(flow.states)
    ids = {attrs["id"] for _, attrs in page.found if "id" in attrs}
    assert {str(attrs["href"])[1:] for attrs in page.all("a") if str(attrs["href"]).startswith("#")} <= ids


def test_where_choices_lead_and_when_is_said_in_words(tmp_path: Path) -> None:
    start, end = board_of(tmp_path).sheets
    assert start.parts[0].when == "if “A friend” was chosen"
    assert [(line.leads, line.screen) for line in start.lines] == [("screen 2, end", 2)] * 2
    assert [line.leads for line in end.lines] == [
        "", "this conversation is finished", "another conversation: library (library.md)",
        "leaves at once, and everything is cleared", "the screen before",
    ]  # fmt: skip
    assert end.lines[1].when == "if “One part” was ticked"
    assert [passage.kind for part in end.parts for passage in part.passages] == ["text", "copy"]


def test_what_a_reviewer_must_know_stands_beside(tmp_path: Path) -> None:
    start, end = board_of(tmp_path).sheets
    notes = dict(start.notes)
    assert notes["For translators"] == "a <short> one"
    assert notes["Marked"] == "hard words: there must be a way past"
    assert notes["Guidance said here"].startswith("S2-07: ")
    assert notes["Length"] == "9 of 300 characters at most; longest label 8 of 28"
    assert dict(end.notes)["Comes after"] == "screen 1"
    assert "Reading age" in dict(storyboard(GROUND, "pressure_to_sign").sheets[0].notes)
    page = as_html(board_of(tmp_path))
    assert page.count('<div class="remarks"></div>') == 2
    assert "waymark sign talk --by NAME" in page


def test_law_has_its_source_and_the_day_it_was_checked() -> None:
    board = storyboard(GROUND, "law_on_silence", place="US-CA")
    [paper] = [sheet for sheet in board.sheets if sheet.state == "paper"]
    facts = GROUND.pages.known("en", "US-CA").offers["law nda"]
    cards = [part for part in paper.parts if "one after the other" in part.about]
    assert len(cards) == len(facts) > 1
    for card, fact in zip(cards, facts, strict=True):
        said = " ".join(passage.text for passage in card.passages)
        assert GROUND.catalogs.tongue("en").day(GROUND.knowledge.facts[fact].checked_on) in said
        assert [span.link for passage in card.passages for span in passage.spans if span.link]
    [without] = [sheet for sheet in storyboard(GROUND, "law_on_silence").sheets if sheet.state == "paper"]
    assert [part.about for part in without.parts][1].startswith("Looked up by place")


def test_it_needs_nothing_else_and_prints(tmp_path: Path) -> None:
    page = as_html(storyboard(GROUND, "urgent_danger", place="IE"))
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|srcset|onload", page, re.IGNORECASE)
    assert not [attrs for _, attrs in Page(page).found if "src" in attrs]
    assert re.search(r"@media print \{[^@]*\.screen \{ break-inside: avoid", STYLE)
    assert "T &amp; &lt; b" in as_html(board_of(tmp_path))
    assert text("a\u202eb<i>") == "ab&lt;i&gt;"


def test_headings_follow_each_other_and_parts_have_names() -> None:
    page = Page(as_html(storyboard(GROUND, "library")))
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = {attrs.get("id") for _, attrs in page.found}
    assert all(attrs["aria-labelledby"] in ids for attrs in page.all("section") if attrs.get("class") == "screen")
    assert page.all("html") == [{"lang": "en", "dir": "ltr"}]


def test_a_language_from_the_right_stands_in_its_own_direction(tmp_path: Path) -> None:
    arabic = catalog("ar", ("talk", "T & < b", "حديث"), ("talk/button", "A friend", "صديق"))
    board = board_of(tmp_path, language="ar", catalogs={"ar": arabic})
    assert (board.title, board.right_to_left, board.language_name) == ("حديث", True, "Arabic")
    assert [line.label for line in board.sheets[0].lines] == ["صديق", "Skip"]
    page = Page(as_html(board))
    phones = [attrs for attrs in page.all("div") if attrs.get("class") == "phone"]
    assert phones == [{"class": "phone", "lang": "ar", "dir": "rtl"}] * 2
    assert all(attrs.get("dir") == "ltr" for attrs in page.all("span") if attrs.get("class") in {"when", "leads"})
    assert dict(board.sheets[0].notes)["Length"] == "9 of 400 characters at most; longest label 4 of 36"
    assert "Reading age" not in dict(board.sheets[0].notes)


def test_the_command_writes_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYMARK_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["storyboard", "about"])
    assert (done.exit_code, done.output) == (0, "about.html written: 7 screens\n")
    assert not Page((tmp_path / "about.html").read_text(encoding="utf-8")).open
    assert CliRunner().invoke(main, ["storyboard", "about", "--into", "x/y.html"]).exit_code == 1
    for wrong in (["nowhere"], ["about", "--place", "Atlantis"], ["about", "--language", "xx"]):
        assert CliRunner().invoke(main, ["storyboard", *wrong]).exit_code == 2
