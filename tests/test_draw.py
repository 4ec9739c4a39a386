"""Drawings say what a conversation is, in words that Mermaid takes as they are; those that are kept are of today."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from desk_ground import shipped_ground
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.engine.flow import Flow
from bot.script import draw
from bot.script.blocks import between
from bot.script.diagnostic import Report
from bot.script.form import NAME
from bot.script.parse import parse

ROOT = Path(__file__).parent.parent
GROUND = shipped_ground()
RENEW = f"`{draw.COMMAND}` renews it"
TALK = """# A talk

- a talk

## start
<!-- heavy -->
Who asks? It is **fine** not to say, and there is time to think about it.

- [A "friend" #1 [x]](#end "remember who=friend")
- [Someone else](#ticks "remember who=other")
- [Read more](library.md#shelves)
- [Skip](#end)

## ticks
<!-- answer: parts -->
What of it?

- [ ] The first <!-- first -->
- [ ] The second <!-- second -->
- [Done](#end "when parts has first and not parts has second")
- [Say where](#place "when not role=helper and not role=facilitator")
- [Leave](exit:)

## place
<!-- asks: place place -->
Where?

- [Go on](back:)

## end
{law.nda}

> Copy this.

- [Done](done: "when who=friend and place in GB and not fact nda")
- [Finish](done:)
"""
NAMES = st.from_regex(NAME, fullmatch=True).filter(lambda name: not name.endswith("\n"))


def flow_of(text: str, name: str = "talk") -> Flow:
    return parse(text, Path(f"{name}.md"), Report())


def test_every_state_every_other_flow_and_every_end_is_a_node() -> None:
    found = {node.id: node for node in draw.nodes(flow_of(TALK))}
    assert list(found) == ["start", "ticks", "place", "end", "library.md#shelves", "done:", "back:", "exit:"]
    assert [node.kind for node in found.values()] == ["state"] * 4 + ["flow", "done", "back", "exit"]
    assert found["start"].title == "Who asks? It is fine not to say, and there…"
    assert found["end"].title == "Copy this."
    assert found["start"].marks == ("first", "heavy")
    assert found["ticks"].marks == ("ticks",)
    assert found["place"].marks == ("asks place", "looked up")
    assert found["end"].marks == ("copy", "looked up")


def test_every_choice_is_an_edge_with_its_words_and_its_condition_in_words() -> None:
    drawn = {(edge.source, edge.label): edge for edge in draw.edges(flow_of(TALK))}
    assert len(drawn) == 10
    assert drawn["start", "Skip"].when == ""
    assert drawn["start", "Someone else"].remember == (("who", "other"),)
    assert drawn["ticks", "Done"].when == "if “The first” was ticked; if “The second” was not ticked"
    assert drawn["ticks", "Say where"].when == "not for somebody who helps or somebody who leads talks"
    assert drawn["end", "Done"].when == (
        'if “A "friend" #1 [x]” was chosen; if the place is in GB; unless there is law there about nda'
    )


def test_a_label_cannot_be_syntax() -> None:
    lines = draw.mermaid(flow_of(TALK)).split("\n")
    assert '  S_start -->|"“A #34;friend#34; #35;1 #91;x#93;”"| S_end' in lines
    assert "  S_end[" not in lines  # `end` alone would end a subgraph
    for line in lines:
        assert line.count('"') in {0, 2}, line


@given(st.text())
def test_escaped_text_is_letters_and_numbers_of_characters(text: str) -> None:
    safe = draw.escaped(text)
    bare = re.sub(r"#\d+;", "", safe)
    assert not re.search(r"[\"#;:`<>&\[\]{}()|\\%\n]", bare)
    decoded = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), safe)
    dropped = {"Cc", "Cf", "Cs"}
    kept = "".join(each for each in text if unicodedata.category(each) not in dropped or each in "\u200c\u200d")
    assert decoded in {kept, f"\u2068{kept}\u2069"}
    assert not re.search("[\u202a-\u202e\u2066\u2067]", decoded)


def test_a_line_written_from_the_right_is_kept_apart() -> None:
    assert draw.escaped("مرحبا (12)") == "#8296;مرحبا #40;12#41;#8297;"
    assert draw.escaped("hello") == "hello"
    assert draw.escaped("a\u202eb") == "ab"


@given(
    st.lists(st.tuples(NAMES, st.none() | NAMES | st.just("")), unique=True, max_size=6), st.lists(NAMES, unique=True)
)
def test_no_two_nodes_share_a_name(others: list[tuple[str, str | None]], states: list[str]) -> None:
    ids = {*states, *(f"{flow}.md#{state}" if state else f"{flow}.md" for flow, state in others), "done:", "exit:"}
    assert len({draw.name_of(node) for node in ids}) == len(ids)


@pytest.mark.parametrize("flow", GROUND.by_id.values(), ids=list(GROUND.by_id))
def test_a_shipped_conversation_is_drawn_whole(flow: Flow) -> None:
    lines = draw.mermaid(flow).split("\n")
    choices = [choice for state in flow.states.values() for choice in state.choices]
    assert sum("-->|" in line or "-.->|" in line for line in lines) == len(choices)
    assert sum("-.->|" in line for line in lines) == sum(bool(choice.when) for choice in choices)
    assert all(f"  {draw.name_of(state)}" in {re.split(r"[\[({>]", line)[0] for line in lines} for state in flow.states)


def test_the_conversations_lead_to_each_other_as_their_choices_say() -> None:
    found = draw.links(GROUND.by_id)
    assert ("arrival", "menu") in found
    assert ("pressure_to_sign", "already_signed") in found
    assert len(set(found)) == len(found)
    assert set(sum(found, ())) <= GROUND.by_id.keys()
    assert "F_urgent_danger -->" in draw.overview(GROUND.by_id)
    assert "--> F_urgent_danger" not in draw.overview(GROUND.by_id)


@pytest.mark.parametrize(("name", "page"), list(draw.pages(GROUND.by_id)), ids=lambda each: each.split("\n")[0][:30])
def test_the_drawings_that_are_kept_are_of_today(name: str, page: str) -> None:
    kept = ROOT / "docs" / "flows" / name
    assert kept.is_file(), RENEW
    assert kept.read_text(encoding="utf-8") == page, RENEW


def test_no_drawing_is_kept_of_what_is_gone() -> None:
    assert {file.name for file in (ROOT / "docs" / "flows").iterdir()} == {name for name, _ in draw.pages(GROUND.by_id)}


def test_the_overview_on_the_front_page_is_of_today() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert between(text, "the conversations", draw.COMMAND, draw.block(draw.overview(GROUND.by_id))) == text, RENEW


def test_the_command_draws_one_all_or_into_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner().invoke
    monkeypatch.delenv("WAYMARK_HOME", raising=False)
    assert run(main, ["draw", "about.md"]).output == f"{draw.mermaid(GROUND.flows['about'])}\n"
    assert run(main, ["draw"]).output == f"{draw.overview(GROUND.by_id)}\n"
    wrong = run(main, ["draw", "nowhere"])
    assert (wrong.exit_code, "there is no such conversation" in wrong.output) == (2, True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("# Mine\n", encoding="utf-8")
    assert run(main, ["draw", "--into", "here"]).exit_code == 0
    assert {file.name for file in (tmp_path / "here").iterdir()} == {name for name, _ in draw.pages(GROUND.by_id)}
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "# Mine\n"
