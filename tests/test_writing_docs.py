"""What docs/writing.md tells a writer is so, and every command is told somewhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click import Context, Group
from click.testing import CliRunner
from harness import FLOWS

from bot.check import check
from bot.cli import WRITING, main
from bot.script import form, reference
from bot.script.blocks import between
from bot.script.diagnostic import Report
from bot.script.form import COMMENTS, STATE_COMMENTS
from bot.script.parse import parse

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8")
TALK = """# T
<!-- for: survivor -->

- a talk

## start
Here.

- [ ] One <!-- one -->
- [Done](done:)
"""
SAMPLES = {
    "AUDIENCE …": "survivor helper", "S1-01 …": "S1-01 S2-03", "KIND KEY": "label matters", "KEY": "parts",
    "NAME …": "older oldest", "…": "some words",
}  # fmt: skip


def codes(text: str) -> set[str]:
    report = Report()
    parse(text, Path("talk.md"), report)
    return {found.code for found in report.found}


def sample(written: str) -> str:
    """A form with something real in place of its words in capitals."""
    for name, real in SAMPLES.items():
        written = written.replace(f": {name}", f": {real}")
    return f"<!-- {written} -->"


def test_the_reference_is_of_today() -> None:
    fresh = between(PAGE, "the format", reference.COMMAND, f"\n{reference.reference()}\n")
    assert fresh == PAGE, f"`{reference.COMMAND}` renews it"


def test_the_command_prints_it_and_renews_a_block(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["reference"]).output == reference.reference()
    file = tmp_path / "guide.md"
    block = PAGE[PAGE.index("<!-- the format:") : PAGE.index("<!-- end of the format -->")]
    file.write_text(PAGE.replace(block, block.split("\n")[0] + "\nold\n"), encoding="utf-8")
    assert CliRunner().invoke(main, ["reference", "--into", str(file)]).exit_code == 0
    assert file.read_text(encoding="utf-8") == PAGE
    for wrong in ("no.md", "bare.md"):
        (tmp_path / "bare.md").write_text("# Bare\n", encoding="utf-8")
        assert CliRunner().invoke(main, ["reference", "--into", str(tmp_path / wrong)]).exit_code == 1


@pytest.mark.parametrize("each", [*form.GIVEN, *form.LOOKED], ids=lambda each: each.written)
def test_every_condition_told_is_understood(each: form.Form) -> None:
    said: list[str] = []
    real = each.written.replace("XX", "US-CA").replace(" xx", " es").replace("TOPIC", "nda")
    real = real.replace("TERM", "field_family")
    assert form.guard(f"{real} and not {real}", lambda code, _: said.append(code))
    assert said == []


@pytest.mark.parametrize("each", form.TARGETS, ids=lambda each: each.written)
def test_every_target_told_is_understood(each: form.Form) -> None:
    said: list[str] = []
    assert form.target(each.written, lambda code, _: said.append(code))
    assert said == []


def test_every_directive_told_is_understood_and_no_other() -> None:
    said: list[str] = []
    for each in form.DIRECTIVES:
        real = each.written.replace("GUARD", "place-known").replace("KEY=VALUE", "key=value")
        assert form.directives(real, lambda code, _: said.append(code)) != form.Directives()
    assert said == []
    form.directives("forget key=value", lambda code, _: said.append(code))
    assert said == ["W104"]


@pytest.mark.parametrize("each", COMMENTS, ids=lambda each: each.written)
def test_every_comment_told_is_understood_before_the_first_screen(each: form.Form) -> None:
    assert "W103" not in codes(TALK.replace("<!-- for: survivor -->", sample(each.written)))


@pytest.mark.parametrize("each", STATE_COMMENTS, ids=lambda each: each.written)
def test_every_comment_told_is_understood_in_a_screen(each: form.Form) -> None:
    assert "W103" not in codes(TALK.replace("## start\n", f"## start\n{sample(each.written)}\n"))


def test_no_comment_is_understood_that_is_not_told() -> None:
    source = (ROOT / "bot" / "script" / "parse.py").read_text(encoding="utf-8")
    reader = source[source.index("    def _of_flow") : source.index("    # Prose")]
    keys = set(re.findall(r'key == "(\w+)"|case \(*"(\w+)"', reader))
    named = {name for pair in keys for name in pair if name} | {"source", "contested"}
    assert named == {each.written.partition(":")[0] for each in (*COMMENTS, *STATE_COMMENTS)}
    for name in ("note", "todo", "title"):
        assert codes(TALK.replace("for: survivor", f"{name}: x")) >= {"W103"}
        assert codes(TALK.replace("## start\n", f"## start\n<!-- {name}: x -->\n")) >= {"W103"}


def test_every_block_told_is_understood_and_every_one_understood_is_told() -> None:
    assert {name.partition(".")[0] for name in reference.BLOCKS} == reference.known_blocks()
    for name in reference.BLOCKS:
        assert form.is_block(f"{{{name.replace('TOPIC', 'nda')}}}"), name


def test_every_mark_told_is_read_as_it_is_written() -> None:
    marks = [each.written for each in reference.MARKS]
    title, phrase, name, *inside = marks
    real = "\n\n".join(inside).replace("when GUARD", "when key=value").replace("KEY=VALUE", "key=value")
    real = real.replace("(target", "(#name").replace("{answer.KEY}", "> {answer.key}").replace("[words]", "See [words]")
    text = f"{title}\n\n{phrase}\n\n{name}\n<!-- answer: ticks -->\n{real}\n"
    report = Report()
    flow = parse(text, Path("talk.md"), report)
    assert not report, str(report)
    state = flow.states["name"]
    assert (flow.title, flow.phrases) == ("Title", "a phrase")
    assert [choice.label for choice in state.choices] == ["Label", "Label"]
    assert [item.id for item in state.items] == ["name"]
    assert [part.quoted for part in state.said if hasattr(part, "quoted")].count(True) == 2
    assert len([part for part in state.said if part.when]) == 1


def test_the_conversation_to_copy_passes(tmp_path: Path) -> None:
    example, more = (
        re.sub(r"^   ", "", each, flags=re.MULTILINE)
        for each in re.findall(r"   ```markdown\n(.*?)   ```", PAGE, re.DOTALL)
    )
    folder = tmp_path / "flows"
    shutil.copytree(FLOWS, folder)
    (folder / "my_talk.md").write_text(example, encoding="utf-8")
    [(new, old)] = re.findall(r"put `(- \[.*?)` in place of `(- .*?)`", PAGE)
    menu = (folder / "menu.md").read_text(encoding="utf-8")
    before, mark, after = menu.partition("## more\n")
    assert old in after
    (folder / "menu.md").write_text(f"{before}{mark}{after.replace(old, new, 1)}\n{more}", encoding="utf-8")
    for name in ("my_talk", "menu"):
        report = check(folder / f"{name}.md")
        assert not report, str(report)


def test_the_sentence_to_look_for_is_there() -> None:
    [words, where] = re.findall(r'grep -rn "([^"]+)" (\S+)', PAGE)[0]
    assert any(words in file.read_text(encoding="utf-8") for file in (ROOT / where).iterdir())


def test_every_command_and_option_named_is_there_and_every_one_there_is_named() -> None:
    context = Context(main)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}
    assert set(WRITING) <= commands.keys()
    for line in re.findall(r"waymark ([^`\n]+)", PAGE):
        name, *rest = line.split()
        assert name in commands, line
        command = commands[name]
        assert command
        if not isinstance(command, Group):
            options = {option for each in command.params for option in each.opts}
            assert set(re.findall(r"--[a-z]+", line)) <= options, line
        assert rest is not None
    told = set(re.findall(r"--[a-z]+", PAGE))
    for name in WRITING:
        command = commands[name]
        assert command
        assert f"waymark {name}" in PAGE
        assert {option for each in command.params for option in each.opts if option.startswith("--")} <= told, name


def test_every_command_is_told_in_the_guides() -> None:
    """Not only those for writers: a command that nobody is told of is not there."""
    guides = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    for name in main.list_commands(Context(main)):
        assert f"waymark {name}" in guides, name


def test_the_front_page_links_the_guide_and_the_drawings() -> None:
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/writing.md)" in front
    assert "(docs/flows/README.md)" in front


@pytest.mark.parametrize("field", ["farthest", "by_choices", "whole", "note", "findings", "conditions"])
def test_the_fields_of_the_json_are_told(field: str) -> None:
    assert f"`{field}`" in PAGE
