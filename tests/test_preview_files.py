"""The files of the page: what others made is as they made it, and nothing in ours reaches outside."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from bot.preview.explain import explanation
from bot.script.diagnostic import CODES

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "bot" / "messengers" / "preview" / "static"
OURS = sorted(file for file in STATIC.iterdir() if file.is_file())
VENDORS = (STATIC / "vendor", ROOT / "tests" / "vendor")


@pytest.mark.parametrize("folder", VENDORS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_every_file_of_others_is_named_with_its_version_and_hash(folder: Path) -> None:
    rows = re.findall(
        r"^\| (\S+) \| `\S+` \| [\d.]+ \| ([0-9a-f]{64}) \|$", (folder / "README.md").read_text(), re.MULTILINE
    )
    held = {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.name != "README.md"}
    assert dict(rows) == held


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_nothing_of_ours_reaches_outside_or_stands_in_the_page_itself(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//[a-z]|@import|url\(", re.sub(r"(^|\s)// .*", "", text))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|style=", text)
    if file.suffix == ".html":
        assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=", text)


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_a_file_of_the_page_is_read_in_one_sitting(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 170


def test_every_diagnostic_has_its_page() -> None:
    for code in CODES:
        page = explanation(code)
        assert f"<title>{code}: " in page
        assert "<h1>" in page
        assert "<script" not in page
    assert explanation("W999") == explanation("../README") == ""
