"""Every diagnostic has a page, and every page an example that fails just so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from harness import TODAY

from bot.check import check
from bot.script.diagnostic import CODES, Report
from bot.settings import Texts

PAGES = Path(__file__).parent.parent / "docs" / "diagnostics"
FENCE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def report_of(page: str, folder: Path) -> Report:
    """What `check` says on a fixed day of the files in a page: each fenced block names the file it is."""
    files = FENCE.findall(page)
    assert files, "a page shows at least one file that fails"
    shipped, texts = Texts(), Texts(folder / "flows", folder / "content", folder / "locales")
    shutil.copytree(str(shipped.content), folder / "content")
    (folder / "locales").mkdir()  # what is wrong in our own translations is not what the page is about
    if files[0][0].startswith("locales/"):
        shutil.copytree(str(shipped.flows), folder / "flows")
    for file, text in files:
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    first = folder / files[0][0]
    if "flows" in files[0][0] and first.name != "arrival.md":
        return check(first, texts)
    if not (folder / "flows").exists():
        shutil.copytree(str(shipped.flows), folder / "flows")
    return check(texts=texts, today=TODAY)


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_page_gets_its_diagnostic(code: str, tmp_path: Path) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {CODES[code]}\n")
    report = report_of(page, tmp_path)
    assert {found.code for found in report.found} == {code}
    assert all(found.message for found in report.found)


def test_no_page_stands_for_a_diagnostic_that_is_gone() -> None:
    assert {page.stem for page in PAGES.glob("W*.md")} == set(CODES)


def test_the_index_names_every_diagnostic() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    for code, meaning in CODES.items():
        assert f"[{code}]({code}.md) {meaning}" in index
