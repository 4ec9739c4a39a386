"""The house: what may import what, which words are not used, and how long a file may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"
FILES = sorted(BOT.rglob("*.py"))

MAY_IMPORT: dict[str, set[str]] = {
    "engine": {"engine"},
    "plain": set(),
    "ports": set(),
    "record": {"engine"},
    "privacy": {"privacy"},
    "script": {"script", "engine", "plain"},
    "knowledge": {"knowledge", "plain"},
    "language": {"language", "engine", "knowledge", "plain", "ports"},
    "stores": {"stores", "ports", "privacy"},
    "messengers": {"ports", "privacy"},
    "settings": {"ports"},
    "operate": {"app", "clock", "language", "messengers", "ports", "privacy", "settings", "stores"},
    "lanes": {"ports", "privacy"},
    "clock": set(),
    "rounds": {"engine", "lanes", "ports"},
    "pages": {"engine", "knowledge", "language", "ports", "privacy"},
    "runtime": {"engine", "lanes", "pages", "knowledge", "language", "ports", "privacy", "record", "rounds"},
    "overlay": {"script", "settings"},
    "check": {
        "check_languages",
        "coverage",
        "engine",
        "knowledge",
        "language",
        "overlay",
        "plain",
        "ports",
        "script",
        "settings",
    },
    "catalog_cli": {"check_languages", "knowledge", "language", "script"},
    "check_languages": {"knowledge", "language", "ports", "script"},
    "coverage": {"engine", "knowledge", "script"},
    "app": {"engine", "knowledge", "language", "ports", "runtime", "script", "settings", "stores"},
    "__main__": {"cli"},
    "cli": {
        "app",
        "catalog_cli",
        "check",
        "doctor",
        "knowledge",
        "language",
        "messengers",
        "operate",
        "overlay",
        "ports",
        "preview_cli",
        "privacy",
        "runtime",
        "script",
        "services_cli",
        "settings",
        "writing_cli",
    },
    "doctor": {"check", "doctor", "knowledge", "overlay", "privacy", "settings", "stores"},
    "services_cli": {"knowledge", "settings"},
    # The desk shows writers what people see: it needs what makes a page, and what reads a flow.
    "desk": {"desk", "engine", "knowledge", "language", "pages", "ports", "script", "settings"},
    "writing_cli": {"desk", "knowledge", "language", "script", "settings"},
    "preview_cli": {"messengers", "overlay", "preview", "settings"},
    "preview": {
        "app",
        "check",
        "engine",
        "knowledge",
        "lanes",
        "language",
        "messengers",
        "overlay",
        "ports",
        "preview",
        "record",
        "runtime",
        "script",
        "settings",
        "stores",
    },
}
"""By room: what of ours it may import. A messenger may import its own parts, and no other messenger."""

OWNERS = {
    "transitions": {"engine/machine.py"},
    "telegram": {"messengers/telegram"},
    "sqlite_utils": {"stores", "knowledge"},
    "markdown_it": {"script/parse.py", "script/inline.py", "preview/explain.py"},
    "rapidfuzz": {"plain.py"},
    "click": {"catalog_cli.py", "cli.py", "preview_cli.py", "services_cli.py", "writing_cli.py"},
    "starlette": {"messengers/telegram/webhook.py", "messengers/preview/server.py"},
    "uvicorn": {"messengers/telegram/webhook.py", "messengers/preview/server.py"},
    "phonenumbers": {"knowledge/directory/numbers.py"},
}
"""Libraries that stay in one place."""

LONGEST = 350


def room(file: Path) -> str:
    return file.relative_to(BOT).parts[0].removesuffix(".py")


def beside(file: Path, parts: list[str]) -> bool:
    """Whether a part of a messenger imports another part of the same one."""
    return parts[1] == "messengers" and file.parent.name == parts[2] != "messengers"


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOT)))
def test_imports_point_one_way(file: Path) -> None:
    allowed = MAY_IMPORT.get(room(file), set())
    for name in imports(file):
        parts = name.split(".")
        if parts[0] == "bot" and len(parts) > 1 and room(file) != "__init__" and not beside(file, parts):
            assert parts[1] in allowed, f"{file.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOT)))
def test_libraries_stay_where_they_belong(file: Path) -> None:
    where = file.relative_to(BOT).as_posix()
    for name in imports(file):
        owners = OWNERS.get(name.split(".")[0])
        assert not owners or any(where.startswith(owner) for owner in owners), f"{where} imports {name}"


def test_the_engine_imports_the_standard_library_and_transitions_only() -> None:
    known = {"__future__", "collections", "dataclasses", "functools", "logging", "typing", "bot", "transitions"}
    for file in (BOT / "engine").glob("*.py"):
        assert {name.split(".")[0] for name in imports(file)} <= known


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOT)))
def test_a_file_is_read_in_one_sitting(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOT)))
def test_names_say_something(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            assert not re.search(r"Manager|Handler|Helper|Util", node.name), node.name


def test_the_folders_of_writers_hold_no_python() -> None:
    assert {file.suffix for file in (BOT / "flows").iterdir()} == {".md"}
    held = [file for file in (BOT / "content").rglob("*") if file.is_file()]
    assert {file.suffix for file in held if file.name != "shingles.txt"} == {".toml"}


def test_nothing_of_this_machine_or_of_a_package_index_is_in_the_repository() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "index-url" not in lock
    assert "://" not in lock
    for file in (*FILES, ROOT / "Makefile", ROOT / "pyproject.toml"):
        assert str(ROOT) not in file.read_text(encoding="utf-8")


def test_every_dependency_of_the_project_is_in_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in re.findall(r'^  "([a-z0-9_-]+)>=', project, re.MULTILINE):
        assert re.search(rf"^{name}==", lock, re.MULTILINE), name


def test_few_distributions_are_needed_to_run() -> None:
    waiting, seen = ["waymark"], {"waymark"}
    while waiting:
        for line in requires(waiting.pop()) or []:
            needed = Requirement(line)
            if needed.name.lower() not in seen and (not needed.marker or needed.marker.evaluate({"extra": ""})):
                seen.add(needed.name.lower())
                waiting.append(needed.name)
    assert len(seen - {"waymark"}) <= 36
