"""Sentences of others: known by hashes, however they are set, and never kept themselves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import settings
from bot.cli import main
from bot.script import overlap
from bot.script.diagnostic import Report

HASHES = Path(str(settings.content_folder())) / "shingles.txt"
GUIDE = "Whoever walks along the river in the evening often meets a heron, and sometimes two."


def found(text: str, guide: str = GUIDE) -> str:
    report = Report()
    hashes = frozenset(overlap.as_text([guide]).split()[1:])
    overlap.check_overlap(text, Path("x.md"), 3, hashes, report)
    return str(report)


@pytest.mark.parametrize(
    "text",
    [
        "along the river in the evening often meets",
        "She said: ALONG the RIVER, in the evening; often, meets!",
        "Some **along the river** in the [evening often meets]({link.1}) it",
    ],
)
def test_a_run_of_eight_words_is_known_however_it_is_set(text: str) -> None:
    assert "x.md:3: W315" in found(text)


@pytest.mark.parametrize(
    "text", ["along the river in the evening often", "along the river in the night often meets a heron", ""]
)
def test_fewer_words_and_other_words_are_ours(text: str) -> None:
    assert not found(text)


def test_what_is_kept_of_a_guide_are_hashes() -> None:
    assert not set(overlap.as_text([GUIDE]).split()) & set(GUIDE.lower().replace(",", "").split())


def test_the_hashes_are_made_as_texts_are_read_now() -> None:
    """Where folding or hashing changes, old hashes would find nothing, and nobody would notice."""
    assert len(overlap.read_hashes(HASHES)) > 3_000
    guides = [Path(guide) for guide in os.environ.get("WAYMARK_GUIDES", "").split(os.pathsep) if guide]
    if guides:  # who has the guides checks that nothing of them is missing
        assert HASHES.read_text(encoding="ascii") == overlap.as_text(guide.read_text("utf-8") for guide in guides)


def test_hashes_made_in_another_way_are_refused(tmp_path: Path) -> None:
    (tmp_path / "shingles.txt").write_text("abcdef\n0123456789ab\n", encoding="ascii")
    with pytest.raises(ValueError, match="waymark shingles"):
        overlap.read_hashes(tmp_path / "shingles.txt")


def test_the_command_writes_them(tmp_path: Path) -> None:
    (tmp_path / "guide.txt").write_text(GUIDE, encoding="utf-8")
    done = CliRunner().invoke(main, ["shingles", str(tmp_path / "guide.txt"), "--into", str(tmp_path / "out.txt")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out.txt").read_text(encoding="ascii") == overlap.as_text([GUIDE])
