"""A review counts for the words it was given for, and for no others; who reads is not shown unless they wish."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from desk_ground import KNOWLEDGE
from harness import TODAY, Talk

from bot.check import check, overlaid, read_by
from bot.cli import main
from bot.knowledge.entries import Reader
from bot.knowledge.reviews import ROLES, Review, as_toml, read_reviews, signed
from bot.language import words
from bot.language.catalogs import Catalogs
from bot.language.reviewed import reviewed, texts_of
from bot.language.tongue import PseudoTongue, Tongue
from bot.overlay import lay
from bot.script.diagnostic import Report
from bot.script.parse import parse
from bot.settings import Texts

ROOT = Path(__file__).parent.parent
ENGLISH = Tongue("en", {}, lambda number: int(number != 1))
TALK = """# T

- a talk

## start
Who asks?

- [A friend](#end "remember who=friend")
- [Skip](#end)

## end
<!-- answer: parts -->
Here. {when who=friend}

> Mine.

- [ ] One part <!-- one -->
- [Done](done: "when who=friend")
- [Finish](done:)
"""
REVIEW = Review("library", "en", "lawyer", "Somebody", date(2026, 11, 20), "0" * 32, shown=False)


def names(text: str) -> str:
    return texts_of(parse(text, Path("talk.md"), Report()), ENGLISH)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    return tmp_path


def sign(*options: str, role: str = "lawyer", flow: str = "library", yes: bool = True) -> Result:
    return CliRunner().invoke(main, ["sign", flow, "--by", "Somebody", "--role", role, *options, *["--yes"] * yes])


def store(home: Path) -> tuple[Review, ...]:
    reader = Reader()
    found = read_reviews(home / "content" / "reviews.toml", reader)
    assert not reader.problems
    return found


async def about(home: Path, language: str | None = None) -> str:
    texts = lay(home, Report())
    talk = await Talk(language, flows=texts.flows, content=texts.content, locales=texts.locales).say("/start", "3")
    await talk.say("menu", "4", "4", "3", "3", "3", "1")
    return " ".join(talk.text.split())


async def test_about_says_what_was_signed(home: Path) -> None:
    nobody = " ".join(words.NOT_REVIEWED.split())
    assert nobody in await about(home)
    assert sign().exit_code == 0
    assert sign("--shown", flow="pressure_to_sign", role="advocate").exit_code == 0
    said = await about(home)
    assert nobody not in said
    day = ENGLISH.day(store(home)[0].on)
    assert f"Something to read: read by a lawyer on {day}." in said
    assert re.search(rf"I'm asked to sign something: read by .?Somebody.?, an advocate, on {day}\.", said)
    assert said.count("Somebody") == 1
    assert words.NOT_THE_REST in said


async def test_one_changed_letter_takes_the_review_away(home: Path) -> None:
    assert sign().exit_code == 0
    text = (ROOT / "bot" / "flows" / "library.md").read_text(encoding="utf-8")
    (home / "flows").mkdir()
    (home / "flows" / "library.md").write_text(text.replace("Here are things", "Here are thingz", 1), encoding="utf-8")
    assert " ".join(words.NOT_REVIEWED.split()) in await about(home)
    strict = overlaid(home, today=TODAY)[1]
    assert [(found.code, found.path.name, found.line) for found in strict.found] == [("W404", "reviews.toml", 4)]
    assert not overlaid(home)[1], "a mistake in a signed conversation can still be mended"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# T", "# U"),
        ("Who asks?", "Who asked?"),
        ("[Skip]", "[Pass]"),
        ("One part", "One Part"),
        ("Mine.", "Mine!"),
        ("[Skip](#end)", "[Skip](#start)"),
        ("{when who=friend}", "{when not who=friend}"),
        (' "when who=friend"', ""),
        ("> Mine.", "Mine."),
        ('remember who=friend"', 'remember who=foe"'),
        ("[Finish](done:)", "[Finish](exit:)"),
    ],
)
def test_whatever_is_said_when_and_what_follows_counts(old: str, new: str) -> None:
    assert old in TALK
    assert names(TALK.replace(old, new, 1)) != names(TALK)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- a talk", "- a talk\n- another way to say it"),
        ("## start\n", "## start\n<!-- translators: a note -->\n<!-- covers: S1-01 -->\n"),
        ("Who asks?", "Who\nasks?"),
    ],
)
def test_what_nobody_sees_does_not(old: str, new: str) -> None:
    assert names(TALK.replace(old, new, 1)) == names(TALK)


def test_a_review_is_of_one_language() -> None:
    flow = parse(TALK, Path("talk.md"), Report())
    pseudo = PseudoTongue()
    assert texts_of(flow, pseudo) != texts_of(flow, ENGLISH)
    given = [
        dataclasses.replace(REVIEW, flow="talk", texts=texts_of(flow, ENGLISH)),
        dataclasses.replace(REVIEW, flow="talk", language=pseudo.code, texts=texts_of(flow, pseudo)),
        dataclasses.replace(REVIEW, flow="talk", language=pseudo.code, texts=texts_of(flow, ENGLISH)),
    ]
    assert reviewed(flow, ENGLISH, given) == (given[0],)
    assert reviewed(flow, pseudo, given) == (given[1],)
    assert reviewed(flow, ENGLISH, []) == ()


def test_the_newest_comes_first() -> None:
    flow = parse(TALK, Path("talk.md"), Report())
    old = dataclasses.replace(REVIEW, flow="talk", texts=texts_of(flow, ENGLISH), on=date(2026, 1, 1))
    new = dataclasses.replace(old, role="survivor", on=date(2026, 2, 1))
    assert reviewed(flow, ENGLISH, [old, new]) == (new, old)


def test_the_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    odd = dataclasses.replace(REVIEW, by='O\'Brien, "Ann" \\ عائشة', shown=True, role="survivor")
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "reviews.toml").write_text(as_toml([odd, REVIEW]), encoding="utf-8")
    found = store(tmp_path)
    assert [(each.by, each.role, each.shown) for each in found] == [
        ("Somebody", "lawyer", False),
        (odd.by, "survivor", True),
    ]
    assert "Ann" not in repr(odd)


def test_signing_again_takes_the_place_of_what_the_same_person_signed(home: Path) -> None:
    (home / "content").mkdir()
    before = (dataclasses.replace(REVIEW, on=date(2026, 1, 2)), dataclasses.replace(REVIEW, role="advocate"))
    (home / "content" / "reviews.toml").write_text(as_toml(before), encoding="utf-8")
    assert sign().exit_code == 0
    assert [each.role for each in store(home)] == ["advocate", "lawyer"]
    assert store(home)[1].on > date(2026, 1, 2)
    assert signed([REVIEW], REVIEW) == (REVIEW,)


def test_check_knows_what_was_read(home: Path) -> None:
    assert list(read_by(Texts()))[-1] == "20 of 20 conversations in English have been reviewed by nobody"
    assert sign("--on", "2026-01-02").exit_code == 0
    assert list(read_by(lay(home, Report()))) == [
        "library (en): read by lawyer 2026-01-02",
        "19 of 20 conversations in English have been reviewed by nobody",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {
            "W402 role": lambda text: text.replace('"lawyer"', '"wizard"'),
            "W402 shown": lambda text: text.replace('"no"', "false"),
            "W401": lambda text: text.replace('by = "Somebody"\n', ""),
        },
        {
            "W404 gone": lambda text: text.replace('"library"', '"gone"'),
            "W404 language": lambda text: text.replace('"en"', '"tlh"'),
        },
    ],
    ids=["written wrong", "of nothing there is"],
)
def test_a_review_that_cannot_be_is_said(home: Path, changes: dict[str, Callable[[str], str]]) -> None:
    path = home / "content" / "reviews.toml"
    path.parent.mkdir()
    path.write_text("\n".join(change(as_toml([REVIEW])) for change in changes.values()), encoding="utf-8")
    found = overlaid(home, today=TODAY)[1].found
    assert sorted(each.code for each in found) == sorted(name[:4] for name in changes)


@pytest.mark.parametrize(
    "options",
    [
        ["--role", "wizard"],
        ["--on", "yesterday"],
        ["--on", "9999-01-01"],
        ["--by", " "],
        ["--by", "a\u202eb"],
        ["--by", "x" * 61],
        ["--language", "xx"],
    ],
)
def test_what_cannot_be_signed_is_one_clear_line_and_writes_nothing(home: Path, options: list[str]) -> None:
    done = sign(*options)
    assert (done.exit_code, list(home.iterdir())) == (2, [])


def test_nothing_is_recorded_where_nobody_can_be_asked(home: Path) -> None:
    done = sign(yes=False)
    assert done.exit_code == 1
    assert "--yes says that they have agreed" in done.output
    assert list(home.iterdir()) == []


def test_what_is_not_whole_in_a_language_cannot_be_signed_there(home: Path) -> None:
    path = home / "locales" / "es" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr ""\n"Language: es\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n', encoding="utf-8"
    )
    done = sign("--language", "es")
    assert done.exit_code == 1
    assert "library is not whole in es" in done.output


def test_a_screen_of_many_reviews_fits() -> None:
    talk = Talk()
    cards = talk.runtime.pages.renderer.cards
    many = [(f"Conversation {number}", dataclasses.replace(REVIEW, by="x" * 60, shown=True)) for number in range(200)]
    passages = cards.reviews(ENGLISH, many, every=True)
    assert sum(len(passage.text) for passage in passages) < 2_200
    assert passages[-1].text == words.MORE_REVIEWS


def test_a_name_is_shown_as_it_is() -> None:
    cards = Talk().runtime.pages.renderer.cards
    odd = dataclasses.replace(REVIEW, by="**A** [b](https://example.org)", shown=True)
    [passage] = cards.reviews(ENGLISH, [("T", odd)], every=True)
    assert [(span.bold, span.link) for span in passage.spans] == [(False, "")]
    assert "**A** [b](https://example.org)" in passage.text


def test_every_role_has_its_words() -> None:
    assert set(words.REVIEWERS) == set(ROLES)
    page = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \| somebody", page, re.MULTILINE)) == ROLES


def test_what_is_shipped_says_the_truth_about_itself() -> None:
    """The front page says that nobody has signed: it must change on the day somebody does."""
    page = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    says = "no lawyer, advocate or survivor has signed these texts yet" in page
    assert says is (not KNOWLEDGE.reviews)
    assert not [found for found in check(today=TODAY).found if found.code == "W404"]
    assert Catalogs(Texts().locales, {}).there()[0] == "en"
