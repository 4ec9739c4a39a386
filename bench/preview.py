"""The preview in a browser without a window: a long conversation drawn, and a save shown."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from bench.report import ROUNDS, Row

ROOT = Path(__file__).parent.parent
CHROMIUM = os.environ.get("WAYMARK_CHROMIUM") or shutil.which("chromium") or ""
TITLE = "The preview: from the cause to the page showing it, ms"
LONG, SHORT = 300, 20
PATIENCE = 60_000


def conversation(name: str, states: int, greeting: str) -> str:
    """A conversation of so many states, each leading to the next, to one further on, to the last, and out."""
    head = f"# A {name} paper\n<!-- for: survivor -->\n\n- a {name} paper\n\n"
    every = (
        f"## s{number}\n{greeting} Here is the next part of it.\n\n"
        + (f"- [Go on](#s{number + 1})\n" if number + 1 < states else "")
        + (f"- [Go further](#s{number + 3})\n" if number + 3 < states else "")
        + (f"- [To the end](#s{states - 1})\n" if number + 4 < states else "")
        + "- [Not now](done:)\n\n"
        for number in range(states)
    )
    return head + "".join(every)


def report() -> list[Row]:
    """Milliseconds, beside a conversation of twenty states."""
    values: dict[str, list[float]] = {}
    if not CHROMIUM:
        return [Row(TITLE, "a conversation drawn", (), 1.0)]
    with tempfile.TemporaryDirectory() as where:
        for name, states in (("long", LONG), ("short", SHORT)):
            _write(Path(where), name, states, "Hello.")
        with _page(Path(where)) as page:
            for turn in range(ROUNDS):
                for name, states in (("short", SHORT), ("long", LONG)):
                    values.setdefault(f"{states} states drawn", []).append(_drawn(page, name))
                    values.setdefault(f"a save shown, of {states} states", []).append(
                        _saved(page, Path(where), name, states, f"Good day, {'i' * (turn + 1)}.")
                    )
    base = median(values[f"{SHORT} states drawn"])
    return [Row(TITLE, name, tuple(each), base) for name, each in values.items()]


def _write(where: Path, name: str, states: int, greeting: str) -> None:
    (where / f"{name}.md").write_text(conversation(name, states, greeting), encoding="utf-8")


def _drawn(page: Page, name: str) -> float:
    """From choosing a conversation to its being drawn, coming from another one."""
    page.select_option("#flow", "about")
    page.wait_for_selector("html[data-drawn^=about]", timeout=PATIENCE)
    return _timed(page, lambda: page.select_option("#flow", name), f"html[data-drawn^={name}]")


def _saved(page: Page, where: Path, name: str, states: int, greeting: str) -> float:
    """From writing the file to the phone saying what is in it, once the check of the save before is done."""
    page.wait_for_selector('html[data-checking="false"]', timeout=PATIENCE)
    taken = _timed(page, lambda: _write(where, name, states, greeting), f'#chat:has-text("{greeting}")')
    page.wait_for_selector('html[data-checking="false"]', timeout=PATIENCE)
    return taken


def _timed(page: Page, cause: Callable[[], object], seen: str) -> float:
    begun = perf_counter()
    cause()
    page.wait_for_selector(seen, timeout=PATIENCE)
    return (perf_counter() - begun) * 1_000


@contextmanager
def _page(where: Path) -> Iterator[Page]:
    command = [sys.executable, "-m", "bot", "preview", "--no-browser", str(where)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the preview did not start"
        try:
            with sync_playwright() as played:
                browser = played.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(found[0])
                page.wait_for_selector("html[data-drawn]", timeout=PATIENCE)
                yield page
                browser.close()
        finally:
            process.terminate()
