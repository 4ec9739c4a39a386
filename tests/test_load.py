"""Our own conversations are understood when somebody comes to them, from the text that was there at the start."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from harness import FLOWS

from bot.script.diagnostic import BadContentError, Report
from bot.script.load import load, outlines


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FLOWS, tmp_path / "flows")
    return tmp_path / "flows"


def test_an_outline_becomes_the_whole_flow(folder: Path) -> None:
    whole, report = load(folder, Report()), Report()
    for name, flow in outlines(folder, report).items():
        assert (flow.title, flow.phrases, flow.audience) == (
            whole[name].flow.title, whole[name].flow.phrases, whole[name].flow.audience,
        )  # fmt: skip
        assert flow.edition == whole[name].flow.edition
        assert dict(flow.states) == dict(whole[name].flow.states)
    assert not report


def test_what_happens_to_the_files_later_changes_nothing(folder: Path) -> None:
    """An upgrade replaces files under a running bot: help must still open."""
    flows = outlines(folder, Report())
    expected = dict(load(folder, Report())["urgent_danger"].flow.states)
    (folder / "urgent_danger.md").write_text("half a fl", encoding="utf-8")
    assert dict(flows["urgent_danger"].states) == expected
    shutil.rmtree(folder)
    assert flows["menu"].start == "start"


def test_a_file_that_cannot_be_read_is_known_at_the_start(folder: Path) -> None:
    (folder / "about.md").write_bytes(b"# \xff\n")
    report = Report()
    outlines(folder, report)
    assert [found.code for found in report.found] == ["W113"]


def test_a_broken_state_is_said_when_it_is_come_to(folder: Path) -> None:
    (folder / "about.md").write_text("# A\n\n## start\n| a | b |\n", encoding="utf-8")
    flow = outlines(folder, Report())["about"]
    with pytest.raises(BadContentError, match="W1"):
        list(flow.states)
