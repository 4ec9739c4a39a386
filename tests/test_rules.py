"""The forty rules: the table of what holds each tells the truth, and some rules hold over all conversations at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import shipped

from bot.cli import main
from bot.engine.flow import Flow, Paragraph, State
from bot.language import words
from bot.script.diagnostic import CODES
from bot.script.wording import visible

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (R\d\d) \| [^|]+ \| ([^|]+) \|$", TABLE, re.MULTILINE)
FLOWS = shipped().by_id
PROGRAM = {"arrival", "menu", "about", "urgent_danger", "law_on_silence", "law_on_mediation"}
TALKS = {name: flow for name, flow in FLOWS.items() if name not in PROGRAM}
"""The conversations proper: all but the program's own screens, urgent help and the pages of law."""


GATES = {"any_of_these", "gate"}
"""States that ask about danger before a step that another person would notice."""

WORDS_ONLY = {"halt_words", "ends", "review"}
"""States that ask for words in which no name can stand."""


def said(flow: Flow) -> Iterator[tuple[State, str]]:
    """Everything a flow says and offers, with its state; not what can be copied, which speaks for the reader."""
    for state in flow.states.values():
        yield from (
            (state, visible(part.text)) for part in state.said if isinstance(part, Paragraph) and not part.quoted
        )
        yield from ((state, part.label) for part in state.items)
        yield from ((state, part.label) for part in state.choices)


def finds(pattern: str, flows: dict[str, Flow]) -> list[str]:
    """Where a pattern stands, with the words around it."""
    wanted = re.compile(pattern, re.IGNORECASE)
    return [
        f"{name}#{state.id}: {text}"
        for name, flow in flows.items()
        for state, text in said(flow)
        if wanted.search(text)
    ]


def test_the_table_has_every_rule_once() -> None:
    assert [rule for rule, _ in ROWS] == [f"R{number:02}" for number in range(1, 41)]


def test_what_the_table_names_exists() -> None:
    tests = set(re.findall(r"^(?:async )?def (test_\w+)", "\n".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "tests").glob("test_*.py")), re.MULTILINE))  # fmt: skip
    for rule, held in ROWS:
        assert set(re.findall(r"\bW\d{3}\b", held)) <= set(CODES), rule
        assert set(re.findall(r"`(test_\w+)`", held)) <= tests, rule
        for transcript in re.findall(r"`(\w+\.md)`", held):
            assert (ROOT / "tests" / "transcripts" / transcript).is_file(), (rule, transcript)
        assert re.search(r"W\d{3}|`\w+(?:\.md)?`|read|not done", held), rule


@pytest.mark.parametrize("flow", FLOWS.values(), ids=list(FLOWS))
def test_we_ask_for_no_story(flow: Flow) -> None:
    """Typed text is a place, or a few words for a card; at most three of them, and never names (R09, R10)."""
    labels = [state for state in flow.states.values() if state.asks and state.asks.kind == "label"]
    assert len(labels) <= 3
    for state in labels:
        text = " ".join(part.text for part in state.said if isinstance(part, Paragraph))
        assert "names" in text or state.id in WORDS_ONLY, state.id
        assert "gone when you leave" in text, state.id


def test_nobody_is_asked_who_they_are_or_what_happened() -> None:
    assert not finds(r"your name\?|how old are|what happened to you\?|tell me (?:about|what|your)|describe", FLOWS)


def test_there_is_no_export() -> None:
    commands = {*words.COMMANDS, *main.commands}
    assert not [name for name in commands if re.search(r"export|transcript|history|mail|send", name)]


def test_every_question_can_be_passed_by() -> None:
    """Where every choice remembers something, one of them says little or nothing."""
    little = re.compile(r"\b(?:skip|not|no|none|nobody|neither|unsure|other|else)\b", re.IGNORECASE)
    for name, flow in FLOWS.items():
        for state in flow.states.values():
            asked = len(state.choices) > 1 and all(choice.remember for choice in state.choices)
            assert not asked or any(little.search(choice.label) for choice in state.choices), f"{name}#{state.id}"


def test_we_give_no_orders() -> None:
    assert not finds(r"(?<!do )\byou (?:should|must|ought to|have to (?!tell|say|decide|sign|answer|choose))", TALKS)


def test_nobody_is_hurried_or_made_guilty() -> None:
    assert not finds(
        r"last chance|too late|hurry up|as soon as possible|owe it to|for the sake of others|protect others", TALKS
    )


def test_nobody_is_taken_for_a_man_or_a_woman() -> None:
    """In what is said to somebody who was harmed; who is quoted, or looks for help for men, may say so."""
    near = {name: flow for name, flow in TALKS.items() if "survivor" in flow.audience}
    found = finds(r"\b(?:he|she|him|his|hers?|husband|wife|boyfriend|girlfriend|woman|women|man|men)\b", near)
    quoted = re.compile(r"man who has led|^library#watch: |^find_legal_aid#(?:fit|card): ")
    assert not [each for each in found if not quoted.search(each)]


@pytest.mark.parametrize(
    ("name", "guarded"),
    [
        ("asked_to_mediate", "reply"),
        ("pressure_to_sign", "reply"),
        ("they_want_to_return", "card"),
        ("first_contact", "tone"),
        ("first_contact", "card"),
        ("short_agreements", "draft"),
    ],
)
def test_the_gates_come_early(name: str, guarded: str) -> None:
    """Nobody comes to words that another person would notice without being asked about danger first."""
    seen = set[tuple[str, str]]()
    waiting = [(each.id, each.start) for each in FLOWS.values()]
    while waiting:
        spot = waiting.pop()
        if spot in seen or spot[1] in GATES:
            continue
        seen.add(spot)
        for choice in FLOWS[spot[0]].states[spot[1]].choices:
            target = choice.target
            if target.kind in {"state", "flow"}:
                led = target.flow or spot[0]
                waiting.append((led, target.state or FLOWS[led].start))
    assert [state for state in FLOWS[name].states if state.startswith(guarded)]
    assert not [state for flow, state in seen if flow == name and state.startswith(guarded)]


@pytest.mark.parametrize("flow", TALKS.values(), ids=list(TALKS))
def test_every_conversation_ends_well(flow: Flow) -> None:
    end = flow.states["end"]
    text = " ".join(part.text for part in end.said if isinstance(part, Paragraph))
    assert text.startswith("Thank you")
    assert re.search(r"gone when you leave|keep nothing|nothing of it", text)
    assert "?" not in text
    assert {"done", "exit"} <= {choice.target.kind for choice in end.choices}
