"""The list of what has to be checked again, and by when."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from harness import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import main
from bot.knowledge.knowledge import read_whole
from bot.knowledge.review import COLUMNS, Due, as_csv, as_table, due
from bot.settings import Texts

CONTENT = Path(str(Texts().content))
KNOWLEDGE = read_whole(CONTENT)
ENTRY = Due("fact", "ie-nda-1", "IE", date(2027, 5, 20), 181, shown=True, path=Path("ie.toml"), line=3)


def test_everything_that_has_a_day_is_in_it() -> None:
    days = [
        (file, number)
        for file in CONTENT.rglob("*.toml")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines())
        if line.startswith("review_by")
    ]
    found = due(KNOWLEDGE, TODAY)
    assert len(found) == len(days)
    assert {entry.kind for entry in found} == {"fact", "service", "emergency", "reading"}
    assert {entry.path for entry in found} == {file for file, _ in days}


def test_the_soonest_comes_first() -> None:
    found = due(KNOWLEDGE, TODAY)
    assert [entry.review_by for entry in found] == sorted(entry.review_by for entry in found)


@settings(deadline=None)
@given(st.dates(), st.none() | st.integers(min_value=0))
def test_on_any_day_it_is_what_is_due_by_then(today: date, within: int | None) -> None:
    every = due(KNOWLEDGE, today)
    assert due(KNOWLEDGE, today, within) == [
        entry for entry in every if within is None or (entry.review_by - today).days <= within
    ]
    for entry in every:
        assert entry.overdue == (today > entry.review_by)
        assert entry.shown or entry.overdue
        assert len(entry.cells) == len(COLUMNS)


def test_the_last_day_is_none_too_late() -> None:
    soonest = due(KNOWLEDGE, TODAY)[0]
    [*_, last] = [entry for entry in due(KNOWLEDGE, soonest.review_by) if entry.id == soonest.id]
    assert (last.left, last.overdue) == ("0", False)
    after = soonest.review_by + timedelta(1)
    [*_, late] = [entry for entry in due(KNOWLEDGE, after) if entry.id == soonest.id]
    assert (late.left, late.overdue) == (f"overdue since {after}", True)
    assert late in due(KNOWLEDGE, after, 0)


def test_the_columns_of_the_table_are_aligned() -> None:
    late = replace(ENTRY, id="x", place="GB-EAW", days=-1, shown=False)
    assert as_table([ENTRY, late]) == (
        "kind  id        place   review_by   days_left                 shown\n"
        "fact  ie-nda-1  IE      2027-05-20  181                       yes\n"
        "fact  x         GB-EAW  2027-05-20  overdue since 2027-05-21  no\n"
    )
    assert as_table([]) == "kind  id  place  review_by  days_left  shown\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_csv_is_read_back_and_holds_no_formula(names: list[str]) -> None:
    text = as_csv(replace(ENTRY, id=name) for name in names)
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == list(COLUMNS)
    assert [row[1] if row[1] == name else row[1][1:] for row, name in zip(rows, names, strict=True)] == names
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", '=HYPERLINK("http://x","y")'])
def test_a_formula_becomes_text(name: str) -> None:
    [_, row] = csv.reader(io.StringIO(as_csv([replace(ENTRY, id=name)]), newline=""))
    assert row[1] == f"'{name}"


def test_the_command_prints_a_table_or_csv() -> None:
    def run(*options: str) -> str:
        command = [sys.executable, "-m", "bot", "facts", *options]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK")}
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
        assert done.stderr == b""
        return done.stdout.decode()

    table, listed = run().splitlines(), run("--csv")
    assert table[0].split() == list(COLUMNS)
    rows = list(csv.DictReader(io.StringIO(listed, newline="")))
    assert listed.endswith("\r\n")
    assert [row["id"] for row in rows] == [line.split()[1] for line in table[1:]]
    assert len(rows) == len(due(KNOWLEDGE, TODAY))
    assert len(run("--within", "99999").splitlines()) == len(table)


def test_a_number_of_days_that_cannot_be_is_one_clear_line() -> None:
    result = CliRunner().invoke(main, ["facts", "--within", "-1"])
    assert result.exit_code == 2
    assert "--within" in result.output
