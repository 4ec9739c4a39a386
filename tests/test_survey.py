"""A walk says what nobody comes to, where somebody is stuck, and what does not fit; and of what is shipped, nothing."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from desk_ground import catalog, ground_of, shipped_ground

from bot.cli import main
from bot.desk import reports
from bot.desk.ground import Ground, known_places, telling_places
from bot.desk.survey import Result, Survey
from bot.script.walk import Walk

WHOLE = os.environ.get("WAYMARK_SURVEY") == "whole"
"""Whether every telling place is walked, as `make battery` does; else two of them, with what waits for the others."""

SAMPLE = (None, "US-NY")
ELSEWHERE = (
    frozenset() if WHOLE else {("find_legal_aid", "how"), ("law_on_mediation", "rules"), ("law_on_silence", "public")}
)
PLAIN = "# T\n\n- talk\n\n## start\n{said}\n\n{choices}- [Done](done:)\n"
TALK = """# T

- a talk

## start
Who asks?

- [A friend](#next "remember who=friend")
- [A stranger](#next "remember who=stranger")

## next
Here is more. {when who=friend}

- [On](#last)

## last
This is the end.

- [Done](done:)
"""


def walked(ground: Ground, language: str = "en", places: tuple[str | None, ...] = (None,), runs: int = 0) -> Result:
    survey = Survey(ground)
    for place in places:
        assert list(survey.take(language, place, runs))
    list(survey.seek())
    return survey.result()


def found(
    folder: Path, text: str, language: str = "en", catalogs: Mapping[str, str] | None = None
) -> list[tuple[str, ...]]:
    result = walked(ground_of(folder, {"talk": text}, catalogs), language)
    return [(each.kind, each.flow, each.state) for each in result.findings]


def test_a_whole_conversation_has_nothing_to_mend(tmp_path: Path) -> None:
    assert found(tmp_path, TALK) == []


def test_a_choice_and_a_state_that_conditions_keep_everybody_from(tmp_path: Path) -> None:
    text = TALK.replace("- [On](#last)", '- [On](#last)\n- [Both](#both "when who=friend and who=stranger")')
    assert found(tmp_path, f"{text}\n## both\nNever.\n\n- [Done](done:)\n") == [
        ("choice", "talk", "next"),
        ("state", "talk", "both"),
    ]


def test_a_condition_that_is_never_so_and_one_that_is_always_so(tmp_path: Path) -> None:
    text = TALK.replace('- [A stranger](#next "', '- [A stranger](#other "')
    text = text.replace(
        "## last", "## other\nGo on. {when who=stranger}\n\nNot this. {when who=friend}\n\n- [On](#last)\n\n## last"
    )
    assert found(tmp_path, text) == [
        ("always", "talk", "next"),
        ("always", "talk", "other"),
        ("condition", "talk", "other"),
    ]


def test_a_condition_that_waits_for_a_place_is_a_note(tmp_path: Path) -> None:
    ground = ground_of(tmp_path, {"talk": TALK.replace("{when who=friend}", "{when place in US and place in GB}")})
    result = walked(ground, places=telling_places(ground))
    assert [(each.kind, each.state) for each in result.findings] == [("nowhere", "next")]
    assert not result.failed


def test_answers_given_many_screens_before_are_found(tmp_path: Path) -> None:
    asked = "".join(
        f'## q{number}\nWhich?\n\n- [One](#q{number + 1} "remember a{number}=one")\n'
        f'- [Two](#q{number + 1} "remember a{number}=two")\n- [Three](#q{number + 1} "remember a{number}=three")\n\n'
        for number in range(6)
    )
    guard = " and ".join(f"a{number}={('one', 'two', 'three')[number % 3]}" for number in range(6))
    text = f"# T\n\n- talk\n\n{asked}## q6\nHere.\n\nJust so. {{when {guard}}}\n\n- [Done](done:)\n"
    assert found(tmp_path, text) == []


def test_a_trap_made_by_conditions(tmp_path: Path) -> None:
    text = TALK.replace("- [On](#last)", '- [Round](#again)\n- [On](#last "when who=stranger")')
    trapped = f"{text}\n## again\nAgain.\n\n- [Round](#next)\n"
    assert found(tmp_path, trapped) == [("trap", "talk", "next"), ("trap", "talk", "again")]


def test_what_is_too_long_is_found_once_with_the_way_there(tmp_path: Path) -> None:
    cases = {
        "prose": ("word " * 61, ""),
        "label": ("Hello.", f"- [{'l' * 29}](done:)\n"),
        "choices": ("Hello.", "".join(f"- [Choice {name}](done:)\n" for name in "abcd")),
        "card": (f"Hello.\n\n> {'word ' * 701}", ""),
    }
    for kind, (said, choices) in cases.items():
        (tmp_path / kind).mkdir()
        text = PLAIN.replace("{said}", said).replace("{choices}", choices)
        assert found(tmp_path / kind, text) == [(kind, "talk", "start")]
    (tmp_path / "page").mkdir()
    result = walked(
        ground_of(tmp_path / "page", {"talk": PLAIN.format(said=f"Hello.\n\n> {'word ' * 1000}", choices="")})
    )
    assert [each.kind for each in result.findings] == ["card", "page"]
    assert result.findings[1].way == ("In", "To talk")


def test_a_label_too_long_in_one_language_is_found_there(tmp_path: Path) -> None:
    spanish = catalog("es", ("arrival/button", "In", "E" * 37))
    assert found(tmp_path, TALK, "es", {"es": spanish}) != []
    result = walked(ground_of(tmp_path, {"talk": TALK}), "es")
    assert [(each.kind, each.flow, each.language) for each in result.findings if each.kind == "label"] == [
        ("label", "arrival", "es")
    ]
    assert not [each for each in walked(ground_of(tmp_path, {"talk": TALK})).findings if each.flow == "arrival"]


def test_the_ways_to_help_are_counted(tmp_path: Path) -> None:
    text = TALK.replace("- [Done](done:)", "- [Talk](urgent_danger.md#talk)\n- [Done](done:)")
    rows = {row.flow: row for row in walked(ground_of(tmp_path, {"talk": text})).rows}
    talk = rows["talk"]
    assert (talk.numbers.shortest, talk.numbers.longest) == (1, 1)
    assert (talk.someone.shortest, talk.someone.longest) == (1, 2)
    assert (talk.by_choices.shortest, talk.by_choices.longest) == (1, 3)
    assert rows["urgent_danger"].numbers.shortest == 0


def test_the_same_chance_goes_the_same_ways(tmp_path: Path) -> None:
    ground = ground_of(tmp_path, {"talk": TALK})

    def ways(seed: int) -> list[tuple[str, ...]]:
        walk = Walk(ground.flows, ground.pages.known, "en", None, ("IE",))
        list(walk.explore())
        return [visit.way for visit in walk.wander("talk", random.Random(seed))]

    assert ways(1) == ways(1)
    assert any(ways(1) != ways(seed) for seed in range(2, 9))


def test_a_few_places_tell_all_that_every_place_does() -> None:
    ground = shipped_ground()
    few = telling_places(ground)
    assert len(few) < len(known_places(ground.knowledge)) / 3
    names = {
        term.name
        for flow in ground.by_id.values()
        for state in flow.states.values()
        for guard in state.guards
        for term in guard
        if hasattr(term, "name")
    }
    every = [ground.pages.known("en", place).holds for place in known_places(ground.knowledge)]
    held = [ground.pages.known("en", place).holds for place in few]
    for name in names:
        assert any(name in holds for holds in every) == any(name in holds for holds in held), name
        assert all(name in holds for holds in every) == all(name in holds for holds in held), name


@pytest.fixture(scope="module")
def shipped_result() -> Result:
    ground = shipped_ground()
    return walked(ground, places=telling_places(ground) if WHOLE else SAMPLE)


def test_of_what_is_shipped_everything_is_come_to_and_fits(shipped_result: Result) -> None:
    wrong = [each for each in shipped_result.findings if each.kind not in {"always", "nowhere"}]
    assert {(each.flow, each.state) for each in wrong} <= ELSEWHERE
    # Some screens wait for a place or a list that is not shipped, or for another language.
    nowhere = {(each.flow, each.message) for each in shipped_result.findings if each.message.startswith("nobody comes")}
    assert nowhere <= {(flow, f"nobody comes to `{state}`") for flow, state in ELSEWHERE} | {
        ("find_legal_aid", "nobody comes to `near`"),
        ("find_legal_aid", "nobody comes to `how`"),
        ("asked_to_mediate", "nobody comes to `elders`"),
        ("pressure_to_sign", "nobody comes to `made_peace`"),
        ("pressure_to_sign", "nobody comes to `taken_back`"),
    }
    assert sum(row.states[1] - row.states[0] for row in shipped_result.rows) == len(nowhere)


def test_somebody_is_within_two_steps_and_numbers_within_one(shipped_result: Result) -> None:
    for row in shipped_result.rows:
        assert row.numbers.longest is not None
        assert row.numbers.longest <= 1, row.flow
        assert row.someone.longest is not None
        assert row.someone.longest <= 2, row.flow


def test_the_reports_say_the_same(shipped_result: Result) -> None:
    told = json.loads(reports.as_json(shipped_result))
    assert told["format"] == reports.FORMAT
    assert set(told) == {
        "format", "languages", "places", "runs", "seed", "whole", "failed", "flows", "findings",
    }  # fmt: skip
    assert set(told["flows"]["library"]) == {
        "title", "states", "choices", "conditions", "screens", "numbers", "someone", "by_choices",
    }  # fmt: skip
    table = reports.as_table(shipped_result).splitlines()
    assert [line.split()[0] for line in table[1:]] == list(told["flows"])
    page = reports.as_html(shipped_result)
    assert all(f'<th scope="row">{name}</th>' in page for name in told["flows"])


def test_the_command_fails_for_what_nobody_comes_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversation passes `check`: what is wrong with it shows only where somebody walks."""
    (tmp_path / "flows").mkdir()
    text = "# The office\n\n- where is the office\n\n## start\nIt is open in the morning.\n\n- [Done](done:)\n"
    (tmp_path / "flows" / "office.md").write_text(text, encoding="utf-8")
    monkeypatch.setenv("WAYMARK_HOME", str(tmp_path))
    into = tmp_path / "out.json"
    options = [
        "--language",
        "en",
        "--places",
        "none",
        "--runs",
        "0",
        "--json",
        str(into),
        "--html",
        str(tmp_path / "out.html"),
    ]
    done = CliRunner().invoke(main, ["walk", "office", *options])
    assert done.exit_code == 1, done.output
    assert "office.md:5: state: `start`: nobody comes to `start`" in done.output
    told = json.loads(into.read_text(encoding="utf-8"))
    assert [finding["kind"] for finding in told["findings"]] == ["state"]
    assert list(told["flows"]) == ["office"]
    if not WHOLE:
        return
    good = CliRunner().invoke(main, ["walk", "about", "--language", "en", "--places", "none", "--runs", "1"])
    assert good.exit_code == 0, good.output


@pytest.mark.parametrize("options", [["nowhere"], ["--places", "Atlantis"], ["--language", "xx"], ["--runs", "-1"]])
def test_what_cannot_be_walked_is_one_clear_line(options: list[str]) -> None:
    done = CliRunner().invoke(main, ["walk", *options])
    assert done.exit_code == 2
    assert "Traceback" not in done.output
