"""What people see of what is known, around the day to check it again and around twice as long after the last check."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from harness import Talk

from bot.check import check
from bot.cli import main
from bot.knowledge.knowledge import read_whole
from bot.knowledge.review import due
from bot.settings import Texts

CHECKED, REVIEW = date(2026, 1, 10), date(2026, 7, 9)
TWICE = REVIEW + (REVIEW - CHECKED)
DAY = timedelta(1)
DATES = f'source = "https://example.org/act"\nchecked_on = "{CHECKED}"\nreview_by = "{REVIEW}"\nstatus = "VERIFIED"\n'
CONTENT = {
    "law/ie.toml": '[[fact]]\nid = "ie-nda-9"\nplace = "IE"\ntopic = "nda"\ntext = "A paper like this is void."\n'
    'original = "Void."\nstatute = "An Act"\nsource_date = "2026-01-01"\nquality = "official"\nregions = "none"\n',
    "helplines/ie.toml": '[[service]]\nid = "ie-909"\nplace = "IE"\ntopics = ["abuse"]\nname = "The Line"\n'
    'offers = "Listens."\nphone = ["1800 000 000"]\n',
    "emergency.toml": '[[emergency]]\nplace = "IE"\ncall = "112"\n',
}
FACT, LINE, NUMBER = "A paper like this is void.", "Call: 1800 000 000", "Emergency: call 112"
RECHECKED = "This information is being checked again, so I do not show it. A lawyer or advocate can help."
CHECKED_ON = "Last checked on 10 January 2026."
OVERDUE = "Last checked on 10 January 2026, which is a while ago. Check it before you rely on it."
NONE = "I have none for that place yet. The emergency number is under Help now."

DAYS = [
    (REVIEW - DAY, "new", "new"),
    (REVIEW, "new", "new"),
    (REVIEW + DAY, "gone", "old"),
    (TWICE - DAY, "gone", "old"),
    (TWICE, "gone", "old"),
    (TWICE + DAY, "gone", "gone"),
]
"""On each day: what has become of a fact, and of a line."""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    shutil.copytree(str(Texts().content), folder)
    for file in (*folder.glob("law/*"), *folder.glob("helplines/*")):
        file.unlink()
    (folder / "reading.toml").write_text("", encoding="utf-8")
    for name, text in CONTENT.items():
        (folder / name).write_text(text + DATES, encoding="utf-8")
    return folder


async def seen(content: Path, day: date, *typed: str) -> str:
    """The page somebody in Ireland sees on a day after typing this, on one line."""
    talk = await Talk(place="IE", content=content, today=lambda: day).say("/start", *typed)
    return " ".join(talk.text.split())


def test_every_day_that_matters_is_tried() -> None:
    assert [day for day, _, _ in DAYS] == [
        date(2026, 7, 8),
        date(2026, 7, 9),
        date(2026, 7, 10),
        date(2027, 1, 4),
        date(2027, 1, 5),
        date(2027, 1, 6),
    ]


@pytest.mark.parametrize(("day", "fact", "line"), DAYS)
async def test_law(content: Path, day: date, fact: str, line: str) -> None:
    del line
    page = await seen(content, day, "3", "what does the law say about an nda", "1", "what it may ask")
    assert (FACT in page) is (fact == "new")
    assert (RECHECKED in page) is (fact == "gone")
    assert ("checked on 10 January 2026, for this place: Ireland" in page) is (fact == "new")


@pytest.mark.parametrize(("day", "fact", "line"), DAYS)
async def test_a_line(content: Path, day: date, fact: str, line: str) -> None:
    del fact
    page = await seen(content, day, "help", "i want to talk")
    place, _, emergency = page.partition(NUMBER)
    assert emergency
    assert (LINE in place) is (line != "gone")
    assert (CHECKED_ON in place) is (line == "new")
    assert (OVERDUE in place) is (line == "old")
    assert (NONE in place) is (line == "gone")


@pytest.mark.parametrize(("day", "fact", "line"), DAYS)
async def test_an_emergency_number(content: Path, day: date, fact: str, line: str) -> None:
    del fact, line
    page = await seen(content, day, "help")
    assert NUMBER in page
    assert (OVERDUE in page) is (day > REVIEW)


@pytest.mark.parametrize(("day", "fact", "line"), DAYS)
def test_the_list_says_what_the_pages_show(content: Path, day: date, fact: str, line: str) -> None:
    found = {entry.kind: (entry.overdue, entry.shown) for entry in due(read_whole(content), day)}
    assert found == {
        "fact": (day > REVIEW, fact == "new"),
        "service": (day > REVIEW, line != "gone"),
        "emergency": (day > REVIEW, True),
    }


async def test_law_that_expires_while_it_is_on_the_screen_is_not_shown_again(content: Path) -> None:
    days = [REVIEW]
    talk = Talk(place="IE", content=content, today=lambda: days[-1])
    await talk.say("/start", "3", "what does the law say about an nda", "1", "what it may ask")
    assert FACT in talk.text
    days.append(REVIEW + DAY)
    await talk.say("hm")
    assert FACT not in talk.text
    assert RECHECKED in " ".join(talk.text.split())


async def test_a_place_of_which_nothing_was_ever_known_is_not_said_to_be_checked_again(content: Path) -> None:
    talk = Talk(place="JP", content=content, today=lambda: TWICE)
    await talk.say("/start", "3", "what does the law say about an nda", "1")
    assert "I know too little about that place" in talk.text
    assert [button.label for button in talk.page.buttons][:1] == ["What to ask"]


@pytest.mark.parametrize(("asked", "shown"), [("9999-12-31", True), ("2026-01-10", False)])
async def test_no_day_is_too_far(content: Path, asked: str, shown: bool) -> None:
    file = content / "helplines" / "ie.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(str(REVIEW), asked), encoding="utf-8")
    assert (LINE in await seen(content, TWICE, "help", "i want to talk")) is shown


# The check


def test_the_strict_check_names_everything_that_has_expired(content: Path) -> None:
    texts = Texts(content=content)
    assert "W403" not in {found.code for found in check(texts=texts, today=REVIEW).found}
    expired = [found for found in check(texts=texts, today=REVIEW + DAY).found if found.code == "W403"]
    assert {(found.path, found.line) for found in expired} == {(content / name, 1) for name in CONTENT}
    said = {found.message.partition(";")[0] for found in expired}
    assert said == {
        "fact ie-nda-9 is overdue since 2026-07-10 and no longer shown",
        "service ie-909 is overdue since 2026-07-10 and still shown",
        "emergency IE is overdue since 2026-07-10 and still shown",
    }


def test_the_ordinary_check_does_not_turn_red_by_the_calendar(content: Path) -> None:
    assert "W403" not in {found.code for found in check(texts=Texts(content=content)).found}


def test_the_command_fails_for_what_has_expired_only_when_it_is_strict(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = content.parent / "home"
    (home / "content").mkdir(parents=True)
    emergency = (Path(str(Texts().content)) / "emergency.toml").read_text(encoding="utf-8")
    kept = "\n".join(line for line in emergency.split("\n") if not line.startswith(("checked_on", "review_by")))
    path = home / "content" / "emergency.toml"
    days = 'checked_on = "2019-10-02"\nreview_by = "2020-01-02"\n'
    path.write_text(kept.replace("[[emergency]]\n", f"[[emergency]]\n{days}"), encoding="utf-8")
    monkeypatch.setenv("WAYMARK_HOME", str(home))
    strict = CliRunner().invoke(main, ["check", "--strict"])
    assert strict.exit_code == 1
    assert "W403 an entry whose day to be checked again has passed: emergency IE is overdue since 2020" in strict.output
    ordinary = CliRunner().invoke(main, ["check"])
    assert ordinary.exit_code == 0, ordinary.output
    one = CliRunner().invoke(main, ["check", "--strict", str(path)])
    assert one.exit_code == 2
    assert "leave PATH out" in one.output
