"""Catalogs: read when used, offered when whole, and kept in step with the texts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages import Catalog
from click.testing import CliRunner, Result
from harness import Talk, shipped
from hypothesis import given
from hypothesis import strategies as st

from bot.check import check
from bot.cli import main
from bot.engine.screen import Screen, show
from bot.engine.step import TO_MENU
from bot.language import words
from bot.language.catalogs import BadCatalogError, Catalogs
from bot.language.compiled import NAME
from bot.language.tongue import PseudoTongue, fill, pseudo
from bot.script import catalog as catalogs
from bot.settings import Texts

ROOT = Path(__file__).parent.parent
FLOWS = shipped()


def translated(folder: Path, language: str, leave_out: Callable[[str], bool] = lambda _: False) -> Path:
    """A checkout with a catalog in which every message is said the pseudo way, but for some."""
    catalog = Catalog(locale=language.replace("-", "_"), fuzzy=False)
    catalog.update(catalogs.template(ROOT))
    for message in catalog:
        if message.id and not leave_out(message.context or ""):
            one = message.id if isinstance(message.id, str) else message.id[1]
            message.string = pseudo(one) if isinstance(message.id, str) else (pseudo(one),) * catalog.num_plurals
    path = catalogs.path_of(folder, language)
    path.parent.mkdir(parents=True)
    path.write_text(catalogs.as_text(catalog), encoding="utf-8")
    return path


def of(folder: Path) -> Catalogs:
    return Catalogs(folder / "locales", FLOWS.by_id)


def test_english_is_there_without_a_catalog(tmp_path: Path) -> None:
    assert of(tmp_path).offered() == ("en",)
    assert of(tmp_path).tongue("xx").say(words.LEAVE) == "Leave now"


def test_a_whole_language_is_offered_and_spoken(tmp_path: Path) -> None:
    translated(tmp_path, "es")
    found = of(tmp_path)
    assert found.offered() == ("en", "es")
    assert found.whole("es") == frozenset(FLOWS.by_id)
    assert found.tongue("es").say(words.LEAVE) == pseudo("Leave now")
    assert found.tongue("es").name == "espa\u00f1ol"
    assert found.negotiate("es-MX") == "es"
    assert found.negotiate("de") is None


def test_a_language_without_its_core_is_not_offered(tmp_path: Path) -> None:
    translated(tmp_path, "es", lambda context: context == "urgent_danger/button")
    assert of(tmp_path).offered() == ("en",)


def test_a_language_without_our_own_words_is_not_offered(tmp_path: Path) -> None:
    translated(tmp_path, "es", lambda context: context == words.CONTEXT)
    assert of(tmp_path).offered() == ("en",)


def test_a_conversation_that_is_not_whole_is_not_listed_and_the_language_stays(tmp_path: Path) -> None:
    translated(tmp_path, "es", lambda context: context == "pressure_to_sign")
    found = of(tmp_path)
    assert found.offered() == ("en", "es")
    assert "pressure_to_sign" not in found.whole("es")


async def test_it_is_not_offered_to_somebody_who_reads_that_language(tmp_path: Path) -> None:
    translated(tmp_path, "es", lambda context: context == "pressure_to_sign")
    talk = await Talk("es", locales=tmp_path / "locales").say("/start", "3")
    shown = show(talk.runtime.flows, await talk.session(), talk.runtime.pages.known("es", None)).choices
    assert [choice.target.flow for choice in shown] == ["asked_to_mediate", "find_legal_aid", ""]


async def test_language_changes_in_mid_flow_and_the_place_stays(tmp_path: Path) -> None:
    translated(tmp_path, "es")
    talk = Talk(locales=tmp_path / "locales")
    await talk.say("/start", "yes")
    assert [button.label for button in talk.page.buttons] == ["Go on"]
    before = await talk.where()
    await talk.say("/language", "2")
    assert await talk.where() == before
    assert talk.page.content.language == "es"
    assert talk.page.buttons[0].label == pseudo("Go on")


async def test_languages_are_offered_on_the_first_screen_in_their_own_names(tmp_path: Path) -> None:
    translated(tmp_path, "es")
    talk = await Talk(locales=tmp_path / "locales").say("/start")
    assert [button.label for button in talk.page.buttons][-2:] == ["English", "espa\u00f1ol"]
    await talk.say("espanol")
    assert talk.page.content.language == "es"


async def test_exit_and_crisis_words_of_every_language_count(tmp_path: Path) -> None:
    path = translated(tmp_path, "es")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(pseudo("exit"), "salir").replace(pseudo("want to die"), "quiero morir"), encoding="utf-8"
    )
    talk = Talk(locales=tmp_path / "locales")
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
    assert {found.code for found in check(texts=Texts(locales=tmp_path / "locales")).found} == {"W502"}


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
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
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
    label = 'msgctxt "about"\nmsgid "This is what I hold right now."\nmsgstr ""'
    text = path.read_text(encoding="utf-8")
    assert label in text
    path.write_text(text.replace(label, label[:-2] + '"Esto es lo que tengo."'), encoding="utf-8")
    assert "about" in run(checkout, "report", "es").output
    about = checkout / "bot" / "flows" / "about.md"
    edited = about.read_text(encoding="utf-8").replace("This is what I hold right", "That is what I hold right")
    about.write_text(edited, encoding="utf-8")
    assert run(checkout, "update").exit_code == 0
    report = run(checkout, "report").output
    assert "fuzzy" in report
    [(name, message)] = [
        found for found in catalogs.fuzzy(catalogs.read_catalog(path)) if "I hold right now" in str(found[1].id)
    ]
    assert message.string == "Esto es lo que tengo."
    assert name in report
    result = run(checkout, "keep", name, "--by", "A translator")
    assert result.exit_code == 0, result.output
    kept = catalogs.read_catalog(path).get("That is what I hold right now.", context="about")
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
    translated(checkout, "es", lambda context: context.startswith("library"))
    assert run(checkout, "compile").exit_code == 0
    assert catalogs.path_of(checkout, "es").with_name(NAME).is_file()
    result = run(checkout, "review", "es", "--by", "A reader", "--on", "2026-11-20")
    assert result.exit_code == 0, result.output
    stored = (checkout / "bot" / "content" / "reviews.toml").read_text(encoding="utf-8")
    assert stored.count("[[review]]") == len(FLOWS.by_id) - 1
    assert 'flow = "library"' not in stored
    assert 'role = "translator"' in stored
    assert "that day has not come yet" in run(checkout, "review", "es", "--by", "A", "--on", "2999-01-01").output
    assert "there is no catalog" in run(checkout, "review", "de", "--by", "A").output


def test_the_report_counts_what_is_too_long(checkout: Path) -> None:
    path = translated(checkout, "es")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(pseudo("Other things"), "Otras cosas " * 6), encoding="utf-8")
    [line] = [line for line in run(checkout, "report", "es").output.splitlines() if line.startswith("  menu ")]
    assert int(line.split()[-1]) >= 1


def test_where_all_that_leads_on_is_not_whole_there_is_still_a_way() -> None:
    content = Talk().runtime.pages.renderer.content(Screen("library", "start"), "en", None)
    assert [button.key for button in content.buttons] == [TO_MENU]
