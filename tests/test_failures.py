"""The page of what may go wrong, and the tests it names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = (HERE.parent / "docs" / "failures.md").read_text(encoding="utf-8")
ROWS = {
    row[1]: re.findall(r"`([\w.]+)::(\w+)`", row[0]) for row in re.finditer(r"^\| (F\d+) \|.*$", PAGE, re.MULTILINE)
}
LEFT_OUT = {"F20", "F25", "F26", "F33"}


def docstring(file: str, test: str) -> str:
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == test:
            return ast.get_docstring(node) or ""
    raise AssertionError(f"{file} has no {test}")


def test_every_failure_has_its_row_but_those_the_page_names() -> None:
    assert set(ROWS) | LEFT_OUT == {f"F{number}" for number in range(1, 36)}
    assert all(re.search(rf"\b{row}\b", PAGE.split("| | what")[0]) for row in LEFT_OUT)


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_held_by_a_test_that_says_so(row: str) -> None:
    assert ROWS[row]
    for file, test in ROWS[row]:
        assert re.search(rf"\b{row}\b", docstring(file, test)), (row, file, test)
