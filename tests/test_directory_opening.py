"""The file of the directory: built when what it is made of has changed, put in place whole, and never lost."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from directory_rows import KNOWLEDGE, NOBODY, PLACES, Given, store, tables
from harness import TODAY

from bot.knowledge.directory.opening import fingerprint, open_directory
from bot.knowledge.directory.wanted import Wanted
from bot.knowledge.services import Service, Services

SOME = tuple(KNOWLEDGE.services)[:5]


def ours(*services: Service) -> Services:
    return Services(services, (), PLACES)


def opened(services: Services, theirs: Path | None = None, file: Path | None = None) -> tuple[set[str], str]:
    """Everything that is found in Ireland and in the place of the first of ours, and the note."""
    there = open_directory(services, PLACES.chain, theirs, file)
    with closing(there.directory) as directory:
        places = {"IE", SOME[0].place}
        found = {each for place in places for each in directory.order(Wanted(today=TODAY, place=place))}
    return found, there.note


def inode(file: Path) -> int:
    return file.stat().st_ino


def test_without_a_file_it_is_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert opened(ours(*SOME)) == ({SOME[0].id, *(each.id for each in SOME if each.place == SOME[0].place)}, "")
    assert list(tmp_path.iterdir()) == []


def test_what_an_operator_imported_is_found_beside_what_is_shipped(tmp_path: Path) -> None:
    theirs = store(tmp_path / "services.db", tables([Given("theirs")]))
    assert opened(ours(SOME[0]), theirs, tmp_path / "directory.db") == ({"theirs", SOME[0].id}, "")
    assert opened(ours(SOME[0]), tmp_path / "none.db", tmp_path / "directory.db") == ({SOME[0].id}, "")


def test_an_entry_of_the_operator_wins_over_a_shipped_one(tmp_path: Path) -> None:
    theirs = store(tmp_path / "services.db", tables([Given(SOME[0].id, name="Mended")]))
    there = open_directory(ours(*SOME), PLACES.chain, theirs)
    with closing(there.directory) as directory:
        assert directory[SOME[0].id].name == "Mended"
        assert directory[SOME[0].id].places == ("IE",)
    theirs.unlink()
    store(theirs, tables([Given(SOME[0].id, active="inactive")]))
    assert SOME[0].id not in opened(ours(*SOME), theirs)[0]


def test_the_file_is_used_again_until_something_changes(tmp_path: Path) -> None:
    file, theirs = tmp_path / "directory.db", store(tmp_path / "services.db", tables([Given("a")]))
    opened(ours(SOME[0]), theirs, file)
    first = inode(file)
    assert opened(ours(replace(SOME[0], path=Path("elsewhere"), line=7)), theirs, file)[1] == ""
    assert inode(file) == first
    held = file.open("rb")  # so that its inode is not given out again
    with held:
        changed = replace(SOME[0], checked_on=SOME[0].checked_on - timedelta(1))
        opened(ours(changed), theirs, file)
        assert inode(file) != first
    theirs.unlink()
    store(theirs, tables([Given("b")]))
    assert "b" in opened(ours(changed), theirs, file)[0]
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["directory.db", "services.db"]


def test_every_field_of_a_service_is_in_the_fingerprint() -> None:
    others = [
        replace(SOME[0], hours="8:00-9:00"),
        replace(SOME[0], terms=("cost:free",)),
        replace(SOME[0], note="x"),
        replace(SOME[0], source="x"),
        replace(SOME[0], chat=not SOME[0].chat),
        replace(SOME[0], review_by=TODAY),
    ]
    assert len({fingerprint(ours(service), None) for service in (SOME[0], *others)}) == 7


@pytest.mark.parametrize("broken", [b"", b"not a database", b"SQLite format 3\0" + bytes(5_000)])
def test_where_the_operators_file_is_broken_the_directory_of_before_is_kept(tmp_path: Path, broken: bytes) -> None:
    file, theirs = tmp_path / "directory.db", store(tmp_path / "services.db", tables([Given("a")]))
    opened(ours(SOME[0]), theirs, file)
    before = file.read_bytes()
    theirs.write_bytes(broken)
    found, note = opened(ours(SOME[0]), theirs, file)
    assert found == {"a", SOME[0].id}
    assert "the directory of before is kept" in note
    assert str(theirs) in note
    assert file.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["directory.db", "services.db"]


def test_where_there_is_none_of_before_what_is_shipped_is_found(tmp_path: Path) -> None:
    theirs = tmp_path / "services.db"
    theirs.write_bytes(b"not a database")
    for file in (None, tmp_path / "directory.db"):
        found, note = opened(ours(SOME[0]), theirs, file)
        assert found == {SOME[0].id}
        assert "only the shipped services" in note


@pytest.mark.parametrize("broken", [b"", b"not a database", b"SQLite format 3\0" + bytes(5_000)])
def test_a_broken_directory_is_built_anew(tmp_path: Path, broken: bytes) -> None:
    file = tmp_path / "directory.db"
    file.write_bytes(broken)
    assert opened(ours(SOME[0]), None, file) == ({SOME[0].id}, "")
    assert len(file.read_bytes()) > 10_000


def test_where_no_file_can_be_written_it_is_in_memory_and_says_so(tmp_path: Path) -> None:
    theirs = store(tmp_path / "services.db", tables([Given("a")]))
    found, note = opened(ours(SOME[0]), theirs, tmp_path / "no such folder" / "directory.db")
    assert found == {"a", SOME[0].id}
    assert "in memory only" in note
    assert "No such file or directory" in note


def test_what_a_killed_build_left_behind_is_swept_away_later(tmp_path: Path) -> None:
    old, new = tmp_path / "directory.db.old.new", tmp_path / "directory.db.now.new"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    opened(ours(SOME[0]), None, tmp_path / "directory.db")
    assert not old.exists()
    assert new.exists()


def test_a_directory_in_use_is_not_disturbed_by_a_new_one(tmp_path: Path) -> None:
    file = tmp_path / "directory.db"
    with closing(open_directory(ours(SOME[0]), PLACES.chain, None, file).directory) as first:
        assert opened(ours(*SOME[1:]), None, file)[1] == ""
        assert first.find(Wanted(today=TODAY, place=SOME[0].place)) == (SOME[0].id,)


def test_an_empty_directory_answers_too(tmp_path: Path) -> None:
    assert opened(NOBODY, None, tmp_path / "directory.db") == (set(), "")


def test_opening_a_file_that_is_as_it_should_be_loads_nothing_that_builds(tmp_path: Path) -> None:
    file = tmp_path / "directory.db"
    opened(KNOWLEDGE.services, None, file)
    first = inode(file)
    code = (
        "import sys\nfrom pathlib import Path\nfrom bot.knowledge.knowledge import read_whole\n"
        "from bot.settings import content_folder\nfrom bot.knowledge.directory.opening import open_directory\n"
        "known = read_whole(content_folder())\n"
        "open_directory(known.services, known.places.chain, None, Path(sys.argv[1])).directory.close()\n"
        "print('sqlite_utils' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert inode(file) == first
