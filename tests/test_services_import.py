"""Bringing a list of services in: all of it, or nothing, and why."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from poison import GOOD, GOOD_CSV, MAPPING, POISON, Bad

from bot.cli import main


def run(home: Path, *arguments: str | Path, said: str | None = None) -> Result:
    environment = {"WAYMARK_HOME": str(home)}
    return CliRunner().invoke(main, ["services", *map(str, arguments)], env=environment, input=said)


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def everything(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("stored")
    done = run(folder, "import", put(folder, "good.json", GOOD), "--yes")
    assert done.exit_code == 0, done.output
    return (folder / "services.db").read_bytes()


@pytest.fixture
def home(tmp_path: Path, stored: bytes) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "services.db").write_bytes(stored)
    return folder


def test_there_are_fifty_bad_files_and_more() -> None:
    assert len({bad.name for bad in POISON}) == len(POISON) >= 50


@pytest.mark.parametrize("bad", POISON, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_with_line_and_reason_and_the_store_is_untouched(
    bad: Bad, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / f"bad{bad.suffix}"
    file.write_bytes(bad.data)
    options: list[str | Path] = ["--mapping", put(tmp_path, "mapping.toml", bad.mapping)] if bad.mapping else []
    before = everything(home)
    done = run(home, "import", file, *options, "--yes")
    blamed = file if bad.blames == "file" else tmp_path / "mapping.toml"
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit)
    assert f"{blamed}:{bad.line}: " in done.output
    [*lines] = [line for line in done.output.splitlines() if f":{bad.line}: " in line and bad.reason in line]
    assert lines, done.output
    assert "nothing was taken in" in done.output
    assert all(line.isprintable() for line in done.output.splitlines())
    assert all(len(value) <= 40 for value in re.findall(r'"([^"]*)"', done.output.replace(str(file), "")))
    assert everything(home) == before


def test_everything_that_is_wrong_is_said_at_once(home: Path, tmp_path: Path) -> None:
    text = GOOD.replace("Example Law Centre", "<b>").replace("01 874 5690", "12345678901").replace('"ga"', '"zzz"')
    done = run(home, "import", put(tmp_path, "bad.json", text), "--yes")
    assert [line.split(":")[1] for line in done.output.splitlines() if "bad.json:" in line] == ["4", "11", "15", "21"]
    assert "4 to mend" in done.output


def test_of_very_many_only_the_first_fifty_are_listed(home: Path, tmp_path: Path) -> None:
    rows = "".join(f"{number},Office,1 Street,Leeds,LS1 4DY,,,0,FAM,\n" for number in range(200))
    file = put(tmp_path, "bad.csv", GOOD_CSV.splitlines()[0] + "\n" + rows)
    done = run(home, "import", file, "--mapping", put(tmp_path, "m.toml", MAPPING), "--yes")
    assert done.output.count("bad.csv:") == 50
    assert "200 to mend (50 of them are above)" in done.output


@pytest.mark.parametrize("what", ["folder", "pipe", "missing"])
def test_what_is_no_file_is_refused_and_nothing_waits(what: str, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "services.json"
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    done = run(home, "import", path, "--yes")
    assert done.exit_code == 1
    assert f"{path}: " in done.output


def test_a_file_too_large_is_refused_unread(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "services.json"
    with path.open("wb") as file:
        file.truncate(129 * 2**20)
    done = run(home, "import", path, "--yes")
    assert done.exit_code == 1
    assert "larger than 128 MiB" in done.output


def test_the_plan_comes_first_and_in_a_pipe_nothing_happens_without_yes(home: Path, tmp_path: Path) -> None:
    before = everything(home)
    file = put(tmp_path, "new.json", GOOD.replace("ie-line", "ie-new").replace("Law Centre", "Law Office"))
    done = run(home, "import", file)
    assert done.exit_code == 1
    assert "added: 1 (ie-new)" in done.output
    assert "changed: 1 (ie-law-centre)" in done.output
    assert "--yes takes it in" in done.output
    assert everything(home) == before
    done = run(home, "import", file, "--yes")
    assert done.exit_code == 0
    assert "dropped" not in done.output
    again = run(home, "import", file, "--yes")
    assert again.output.splitlines()[1:] == [
        "  the same as now: 2",
        "  checked so long ago that nobody would be shown them: 2",
    ]


def test_what_a_source_no_longer_lists_is_dropped_and_nothing_else(home: Path, tmp_path: Path) -> None:
    mapping = put(tmp_path, "m.toml", MAPPING)
    assert run(home, "import", put(tmp_path, "all.csv", GOOD_CSV), "--mapping", mapping, "--yes").exit_code == 0
    fewer = put(tmp_path, "all.csv", "\n".join(GOOD_CSV.splitlines()[:3]) + "\n")
    done = run(home, "import", fewer, "--mapping", mapping, "--yes")
    assert "dropped: 1 (off-3)" in done.output
    own = run(home, "export", "--own").output
    assert [word in own for word in ("off-1", "off-2", "off-3", "ie-law-centre", "ie-line")] == [1, 1, 0, 1, 1]


def test_what_is_not_read_is_said(home: Path, tmp_path: Path) -> None:
    text = GOOD.replace('"status": "active",', '"status": "active", "mood": "good",', 1)
    text = text.replace('{"code": "kind:legal"}}', '{"code": "kind:legal"}}, {"taxonomy_term": {"name": "Wizards"}}')
    done = run(home, "import", put(tmp_path, "new.json", text), "--yes")
    assert done.exit_code == 0
    assert "not read: service.mood (1 times)" in done.output
    assert 'not read: the term "Wizards" (1 times)' in done.output


def test_a_mapping_is_found_by_name_and_an_unknown_one_lists_them(home: Path, tmp_path: Path) -> None:
    done = run(home, "import", put(tmp_path, "x.csv", GOOD_CSV), "--mapping", "nowhere", "--yes")
    assert done.exit_code == 2
    assert "laa-2019" in done.output


def test_an_entry_of_ours_is_withdrawn_by_importing_it_as_inactive(home: Path, tmp_path: Path) -> None:
    whole = run(home, "export").output
    start = whole.index('"service_id": "gb-053"')
    begins = whole.rindex("\n {", 0, start)
    text = "[" + whole[begins : whole.index("\n }", start) + 3].replace('"active"', '"inactive"') + "]"
    done = run(home, "import", put(tmp_path, "gone.json", text), "--yes")
    assert "changed: 1 (gb-053)" in done.output
    assert '"inactive"' in run(home, "export", "--own").output


def test_a_store_that_is_broken_is_left_alone(home: Path, tmp_path: Path) -> None:
    (home / "services.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    before = everything(home)
    done = run(home, "import", put(tmp_path, "good.json", GOOD), "--yes")
    assert done.exit_code == 1
    assert "move it away and import again" in done.output
    assert everything(home) == before


def test_somebody_is_asked_and_a_yes_takes_it_in(tmp_path: Path) -> None:
    file = put(tmp_path, "good.json", GOOD)
    for answer, code, stored in ((b"n\n", 1, False), (b"y\n", 0, True)):
        ours, theirs = os.openpty()
        os.write(ours, answer)
        command = [sys.executable, "-m", "bot", "services", "import", str(file)]
        environment = {**os.environ, "WAYMARK_HOME": str(tmp_path)}
        done = subprocess.run(command, stdin=theirs, capture_output=True, env=environment, check=False, timeout=60)
        os.close(ours)
        os.close(theirs)
        assert done.returncode == code, done.stderr
        assert (tmp_path / "services.db").exists() is stored


def test_without_the_library_of_numbers_nothing_is_taken_in_and_the_rest_works(tmp_path: Path) -> None:
    script = "import sys; sys.modules['phonenumbers'] = None; from bot.cli import main; main(sys.argv[1:])"

    def without(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-c", script, "services", *arguments]
        environment = {**os.environ, "WAYMARK_HOME": str(tmp_path)}
        return subprocess.run(command, capture_output=True, env=environment, check=False, timeout=60)

    for command in (["import", str(put(tmp_path, "good.json", GOOD)), "--yes"], ["check"]):
        refused = without(*command)
        assert refused.returncode == 1
        assert b"pip install -e '.[services]'" in refused.stderr
    assert without("due").returncode == without("export").returncode == 0
    assert not (tmp_path / "services.db").exists()


def test_whoever_only_talks_does_not_load_it() -> None:
    script = "import sys, bot.cli; sys.exit(bool({'phonenumbers', 'bot.services_cli'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0
