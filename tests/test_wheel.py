"""The wheel: flows, content and catalogs are in it, and it talks where nothing else of ours is."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_wheel_talks_elsewhere(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        tmp_path,
    ]
    subprocess.run([*map(str, build), str(ROOT)], check=True, timeout=300, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
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
    assert "Nothing to mend" in run("-m", "bot", "check")
    assert "W101" in run("-c", "from bot.preview.explain import explanation; print(explanation('W101'))")
