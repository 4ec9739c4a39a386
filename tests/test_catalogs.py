"""Catalogs: read when used, offered when whole, and kept in step with the texts."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import poison_catalogs
import pytest
from click.testing import CliRunner, Result
from harness import Talk, known
from hypothesis import given
from hypothesis import strategies as st

from bot.check_languages import check_languages
from bot.cli import main
from bot.engine.flow import Flow
from bot.engine.screen import Screen, show
from bot.engine.step import TO_MENU
from bot.language import words
from bot.language.catalogs import BadCatalogError, Catalogs
from bot.language.compiled import NAME
from bot.language.tongue import PseudoTongue, fill, pseudo
from bot.script import catalog as catalogs
from bot.script.diagnostic import Report
from bot.script.parse import parse
from bot.script.paths import Source

ROOT = Path(__file__).parent.parent


FLOWS = {
    "arrival": "# Hello\n\n## start\nHello there.\n\n{languages}\n\n- [Go on](#next)\n\n## next\nAnd here.\n\n"
    '- [In](done: "remember role=survivor")\n',
    "menu": "# The list\n\n## start\nWhat would you like?\n\n"
    "- [A paper](paper.md)\n- [About this](about.md)\n- [A question](question.md)\n",
    "question": "# A question\n\n- i have a question\n\n## start\n<!-- asks: label name -->\nWhat is it?\n\n"
    "- [The paper](paper.md)\n- [Another](#another)\n\n"
    "## another\n<!-- asks: label name -->\nAnd this?\n\n- [That paper](paper.md)\n",
    "urgent_danger": "# Help\n\n- i need help today\n\n## start\nHere is what can help.\n\n- [I can talk](#danger)\n"
    "- [I cannot](#alive)\n\n## danger\nHere.\n\n- [Done](done:)\n\n## alive\nThere.\n\n- [Done](done:)\n",
    "about": poison_catalogs.FLOWS["about"],
    "paper": poison_catalogs.FLOWS["paper"],
}
"""A few conversations: what is tested here does not depend on how many there are."""


@cache
def parsed() -> dict[str, Flow]:
    return {name: parse(text, Path(f"{name}.md"), Report()) for name, text in FLOWS.items()}


@cache
def text_of(language: str, leave_out: str) -> str:
    return poison_catalogs.good(parsed(), language, leave_out)


def written(folder: Path) -> Path:
    """The conversations as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FLOWS.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def translated(folder: Path, language: str, leave_out: str = "") -> Path:
    """A catalog in which every message is said the pseudo way, but for those of one context."""
    path = catalogs.path_of(folder, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(language, leave_out), encoding="utf-8")
    return path


def of(folder: Path) -> Catalogs:
    return Catalogs(folder / "locales", parsed())


def talk_in(folder: Path, language: str | None = None) -> Talk:
    return Talk(language, flows=written(folder / "flows"), locales=folder / "locales")


def test_english_is_there_without_a_catalog(tmp_path: Path) -> None:
    assert of(tmp_path).offered() == ("en",)
    assert of(tmp_path).tongue("xx").say(words.LEAVE) == "Leave now"


def test_a_whole_language_is_offered_and_spoken(tmp_path: Path) -> None:
    translated(tmp_path, "es")
    found = of(tmp_path)
    assert found.offered() == ("en", "es")
    assert found.whole("es") == frozenset(FLOWS)
    assert found.tongue("es").say(words.LEAVE) == pseudo("Leave now")
    assert found.tongue("es").name == "espa\u00f1ol"
    assert found.negotiate("es-MX") == "es"
    assert found.negotiate("de") is None


def test_a_language_without_its_core_is_not_offered(tmp_path: Path) -> None:
    translated(tmp_path, "es", "urgent_danger/button")
    assert of(tmp_path).offered() == ("en",)


def test_a_language_without_our_own_words_is_not_offered(tmp_path: Path) -> None:
    translated(tmp_path, "es", words.CONTEXT)
    assert of(tmp_path).offered() == ("en",)


def test_a_conversation_that_is_not_whole_is_not_listed_and_the_language_stays(tmp_path: Path) -> None:
    translated(tmp_path, "es", "paper")
    found = of(tmp_path)
    assert found.offered() == ("en", "es")
    assert "paper" not in found.whole("es")


async def test_it_is_not_offered_to_somebody_who_reads_that_language(tmp_path: Path) -> None:
    translated(tmp_path, "es", "paper")
    talk = await talk_in(tmp_path, "es").say("/start", "1", "1")
    shown = show(talk.runtime.flows, await talk.session(), talk.runtime.pages.known("es", None)).choices
    assert [choice.target.flow for choice in shown] == ["about", "question"]


async def test_typed_words_never_open_what_is_not_whole_in_the_language(tmp_path: Path) -> None:
    """They go on by the first choice that is there, and where none is, to the list of what there is."""
    translated(tmp_path, "es", "paper")
    talk = await talk_in(tmp_path, "es").say("/start", "1", "1", "2", "some words")
    assert await talk.where() == ("question", "another")
    assert [button.key for button in talk.page.buttons] == [TO_MENU]
    await talk.say("more words")
    assert await talk.where() == ("menu", "start")
    assert talk.page.content.language == "es"


async def test_a_button_from_before_the_language_was_changed_opens_nothing_that_is_not_whole(tmp_path: Path) -> None:
    translated(tmp_path, "es", "paper")
    talk = await talk_in(tmp_path).say("/start", "1", "1")
    button, stamp = talk.page.buttons[0], talk.page.stamp
    assert button.label == "A paper"
    await talk.say("/language", "2")
    await talk.press_key(button.key, stamp)
    assert await talk.where() == ("menu", "start")


async def test_language_changes_in_mid_flow_and_the_place_stays(tmp_path: Path) -> None:
    translated(tmp_path, "es")
    talk = await talk_in(tmp_path).say("/start")
    assert [button.label for button in talk.page.buttons][:1] == ["Go on"]
    before = await talk.where()
    await talk.say("/language", "2")
    assert await talk.where() == before
    assert talk.page.content.language == "es"
    assert talk.page.buttons[0].label == pseudo("Go on")


async def test_languages_are_offered_on_the_first_screen_in_their_own_names(tmp_path: Path) -> None:
    translated(tmp_path, "es")
    talk = await talk_in(tmp_path).say("/start")
    assert [button.label for button in talk.page.buttons][-2:] == ["English", "espa\u00f1ol"]
    await talk.say("espanol")
    assert talk.page.content.language == "es"


async def test_exit_and_crisis_words_of_every_language_count(tmp_path: Path) -> None:
    path = translated(tmp_path, "es")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(pseudo("exit"), "salir").replace(pseudo("want to die"), "quiero morir"), encoding="utf-8"
    )
    talk = talk_in(tmp_path)
    await talk.say("hola, quiero morir")
    assert await talk.where() == ("urgent_danger", "alive")
    await talk.say("Salir")
    assert talk.shown.left == [""]


def test_fuzzy_is_missing(tmp_path: Path) -> None:
    path = translated(tmp_path, "es")
    text = path.read_text(encoding="utf-8")
    marked = text.replace('msgctxt "urgent_danger"', '#, fuzzy\nmsgctxt "urgent_danger"', 1)
    assert marked != text
    path.write_text(marked, encoding="utf-8")
    assert of(tmp_path).offered() == ("en",)


def test_plurals_follow_the_language(tmp_path: Path) -> None:
    path = translated(tmp_path, "uk")
    text = path.read_text(encoding="utf-8")
    for form in range(3):
        text = text.replace(f'msgstr[{form}] "', f'msgstr[{form}] "form {form} ')
    path.write_text(text, encoding="utf-8")
    tongue = of(tmp_path).tongue("uk")
    said = [tongue.count(words.FEWER, number).split("]")[0][:8] for number in (1, 2, 5, 21)]
    assert [part.strip("[ ") for part in said] == ["form 0", "form 1", "form 2", "form 0"]
    english = of(tmp_path).tongue("en")
    assert english.count(words.HOLDING_UNTIL, 1) == "It is gone when you leave, or after 1 minute without a choice."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('msgstr "', "msgstr "),
        ('"Plural-Forms: nplurals=2; plural=(n != 1);', '"Plural-Forms: nplurals=2; plural=(n != 1;'),
        ('msgctxt "arrival"', 'msgctxt "arrival'),
        ("charset=utf-8", "charset=utf-99"),
    ],
)
def test_a_catalog_that_cannot_be_read_says_which_and_why(tmp_path: Path, old: str, new: str) -> None:
    path = translated(tmp_path, "es")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadCatalogError, match=r"messages\.po: "):
        of(tmp_path).tongue("es")
    report, sources = Report(), {name: Source(flow, Path(f"{name}.md")) for name, flow in parsed().items()}
    check_languages(sources, known(), Catalogs(tmp_path / "locales", parsed(), fast=False), report)
    assert {found.code for found in report.found} == {"W502"}


def test_placeholders_are_substituted_by_name_and_nothing_else_happens() -> None:
    assert fill("{a} {b.c} {a.__class__} {0} {}", {"a": "1", "b.c": "2"}) == "1 2 {a.__class__} {0} {}"


@given(st.text())
def test_the_pseudo_locale_keeps_placeholders_and_marks(text: str) -> None:
    for kept in ("{name}", "**", "]({link.1})"):
        assert pseudo(f"x{kept}{text}").count(kept) == f"x{kept}{text}".count(kept) or "\n" in text


def test_the_pseudo_locale_is_longer() -> None:
    tongue = PseudoTongue()
    assert tongue.say(words.LEAVE) == "[L\u00e9\u00e1v\u00e9 \u00f1\u00f3w~]"


# The commands of `waymark catalog`


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the commands need of one, with a few conversations and none of the law."""
    for folder in ("language", "content"):
        ignored = shutil.ignore_patterns("__pycache__", "law", "helplines")
        shutil.copytree(ROOT / "bot" / folder, tmp_path / "bot" / folder, ignore=ignored)
    written(tmp_path / "bot" / "flows")
    (tmp_path / "locales").mkdir()
    return tmp_path


def run(checkout: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["catalog", arguments[0], "--root", str(checkout), *arguments[1:]])


def test_the_template_is_what_the_texts_say() -> None:
    assert run(ROOT, "extract", "--check").exit_code == 0


def test_an_outdated_template_is_said_to_be(checkout: Path) -> None:
    assert run(checkout, "extract", "--check").exit_code == 1
    assert run(checkout, "extract").exit_code == 0
    assert run(checkout, "extract", "--check").exit_code == 0
    menu = checkout / "bot" / "flows" / "menu.md"
    menu.write_text(menu.read_text(encoding="utf-8").replace("What would you like?", "What now?"), encoding="utf-8")
    result = run(checkout, "extract", "--check")
    assert result.exit_code == 1
    assert "out of date" in result.output


def test_a_language_is_added_updated_reported_and_an_edit_kept(checkout: Path) -> None:
    assert run(checkout, "add", "es").exit_code == 0
    path = catalogs.path_of(checkout, "es")
    assert "offered to nobody yet" in run(checkout, "report", "es").output
    label = 'msgctxt "paper"\nmsgid "You could ask for more days."\nmsgstr ""'
    text = path.read_text(encoding="utf-8")
    assert label in text
    path.write_text(text.replace(label, label[:-2] + '"Puede pedir d\u00edas."'), encoding="utf-8")
    assert "paper" in run(checkout, "report", "es").output
    paper = checkout / "bot" / "flows" / "paper.md"
    edited = paper.read_text(encoding="utf-8").replace("ask for more days", "ask them for more days")
    paper.write_text(edited, encoding="utf-8")
    assert run(checkout, "update").exit_code == 0
    report = run(checkout, "report").output
    assert "fuzzy" in report
    [(name, message)] = [
        found for found in catalogs.fuzzy(catalogs.read_catalog(path)) if "for more days" in str(found[1].id)
    ]
    assert message.string == "Puede pedir d\u00edas."
    assert name in report
    result = run(checkout, "keep", name, "--by", "A translator")
    assert result.exit_code == 0, result.output
    kept = catalogs.read_catalog(path).get("You could ask them for more days.", context="paper")
    assert kept
    assert not kept.fuzzy
    assert any("A translator" in comment for comment in kept.user_comments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "xx-not"), "no language CLDR knows"),
        (("add", "en"), "English is in the flows"),
        (("report", "fr"), "there is none"),
        (("keep", "12345678", "--by", "me"), "no catalog has a fuzzy message"),
    ],
)
def test_a_wrong_command_is_one_clear_line(checkout: Path, arguments: tuple[str, ...], said: str) -> None:
    result = run(checkout, *arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_outside_a_checkout_the_commands_say_so(tmp_path: Path) -> None:
    assert "run this in a checkout" in run(tmp_path, "extract").output


def test_a_language_cannot_be_added_twice(checkout: Path) -> None:
    run(checkout, "add", "es")
    assert "there already" in run(checkout, "add", "es").output


def test_a_language_is_compiled_and_its_reading_recorded(checkout: Path) -> None:
    translated(checkout, "es", "paper")
    assert "offered, without paper" in run(checkout, "report", "es").output
    assert run(checkout, "compile").exit_code == 0
    assert catalogs.path_of(checkout, "es").with_name(NAME).is_file()
    result = run(checkout, "review", "es", "--by", "A reader", "--on", "2026-11-20")
    assert result.exit_code == 0, result.output
    stored = (checkout / "bot" / "content" / "reviews.toml").read_text(encoding="utf-8")
    assert stored.count("[[review]]") == len(FLOWS) - 1
    assert 'flow = "paper"' not in stored
    assert 'role = "translator"' in stored
    assert "that day has not come yet" in run(checkout, "review", "es", "--by", "A", "--on", "2999-01-01").output
    assert "there is no catalog" in run(checkout, "review", "de", "--by", "A").output


def test_the_report_counts_what_is_too_long(checkout: Path) -> None:
    path = translated(checkout, "es")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(pseudo("A question"), "Una pregunta " * 6), encoding="utf-8")
    [line] = [line for line in run(checkout, "report", "es").output.splitlines() if line.startswith("  menu ")]
    assert int(line.split()[-1]) >= 1


def test_where_all_that_leads_on_is_not_whole_there_is_still_a_way() -> None:
    content = Talk().runtime.pages.renderer.content(Screen("library", "start"), "en", None)
    assert [button.key for button in content.buttons] == [TO_MENU]
