"""The wheel: flows, content and catalogs are in it, and it talks where nothing else of ours is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from bot.language.compiled import NAME

ROOT = Path(__file__).parent.parent
FAST = """
from bot.language.catalogs import Catalogs
from bot.language.compiled import NAME, read
from bot.settings import Texts
there = Catalogs(Texts().locales, {})
print(*(code for code in there.there()[1:] if read(there.path(code), there.path(code).with_name(NAME))))
"""
"""Says which languages have a copy that is read fast, and is one of the catalog beside it."""


OURS = (
    "bot",
    "locales",
    "docs/diagnostics",
    "Makefile",
    "pyproject.toml",
    "requirements.lock",
    "README.md",
    "LICENSE",
    ".gitignore",
)


def made(folder: Path) -> Path:
    """The wheel, by `make wheel` in a checkout of its own, which compiles the catalogs there."""
    for name in OURS:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", NAME))
        else:
            shutil.copy(source, target)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "ready").touch()  # what `make` would install is here already
    there = {**os.environ, "PYTHONPATH": str(folder)}
    command = ["make", "wheel", f"BIN={Path(sys.executable).parent}"]
    done = subprocess.run(command, cwd=folder, env=there, check=False, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    [wheel] = (folder / "dist").glob("*.whl")
    return wheel


def test_the_wheel_talks_elsewhere_and_reads_its_catalogs_fast(tmp_path: Path) -> None:
    wheel = made(tmp_path / "checkout")
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "bot/flows/arrival.md",
        "bot/content/law/us.toml",
        "bot/locales/messages.pot",
        "bot/diagnostics/W101.md",
    ):
        assert needed in names
    page = ROOT / "bot" / "messengers" / "preview" / "static"
    assert {f"bot/{file.relative_to(ROOT / 'bot')}" for file in page.rglob("*") if file.is_file()} <= set(names)
    catalogs = {name for name in names if name.endswith("/messages.po")}
    assert {name.split("/")[2] for name in catalogs} == {path.parent.name for path in (ROOT / "locales").glob("*/*/")}
    assert {name.replace("messages.po", NAME) for name in catalogs} <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "bench/", "docs/"))]
    there = tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(there)
    environment = {**os.environ, "PYTHONPATH": str(there), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*arguments: str, said: bytes = b"") -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            input=said,
            cwd=there,
            env=environment,
            check=True,
            capture_output=True,
            timeout=60,
        )
        return done.stdout.decode()

    assert run("-c", "import bot; print(bot.__file__)").startswith(str(there))
    assert "This is about a paper" in run("-m", "bot", "chat", said=b"3\n2\n")
    assert run("-c", FAST).split() == sorted(name.split("/")[2] for name in catalogs)
    assert "Nothing to mend" in run("-m", "bot", "check")
    assert "W101" in run("-c", "from bot.preview.explain import explanation; print(explanation('W101'))")
