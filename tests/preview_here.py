"""The preview as a person has it: the real command, and the real browser of the system."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.settings import Texts

ROOT = Path(__file__).parent.parent
CHROMIUM = os.environ.get("WAYMARK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLOWS = Path(str(Texts().flows))

in_a_browser = pytest.mark.skipif(
    not CHROMIUM and os.environ.get("CI") != "true",
    reason="no chromium here; install it, or name it in WAYMARK_CHROMIUM",
)
"""Where CI is true there must be one, and the test fails without."""


class Running(NamedTuple):
    """A preview that runs, and the folder it watches."""

    url: str
    folder: Path
    process: subprocess.Popen[str]


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Running]:
    """`waymark preview FOLDER`, until the block ends."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    environment.pop("WAYMARK_HOME", None)
    command = [sys.executable, "-m", "bot", "preview", "--no-browser", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        assert process.stdout
        said = process.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found, f"no address: {said}"
        try:
            yield Running(found[0], folder, process)
        finally:
            process.terminate()
            process.wait(30)


expect.set_options(timeout=60_000)
"""What is waited for comes at once, or on a busy machine late: so long, and no guess."""


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium without a window."""
    assert CHROMIUM, "chromium is needed here: CI is true"
    with sync_playwright() as playwright:
        # As root it starts in no sandbox of its own; it opens nothing but our page.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, url: str, **look: object) -> Iterator[Page]:
    """The page, open and drawn. At the end: no complaint in its console, and nothing was fetched from elsewhere."""
    context = browser.new_context(**look)  # type: ignore[arg-type]  # its many options, by name
    page, said, asked = context.new_page(), list[str](), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.set_default_timeout(60_000)
    try:
        page.goto(url)
        page.wait_for_selector("html[data-number]")
        yield page
        here = url.partition("#")[0]
        assert said == [], said
        assert asked
        assert not [each for each in asked if not each.startswith(here)]
    finally:
        context.close()


def begun_anew(page: Page) -> None:
    """The conversation as a stranger finds it, whatever was done before in the preview that tests share."""
    acts = (("language", "code", "en"), ("place", "code", ""), ("able", "able", "yes"), ("say", "text", "/start"))
    for deed, field, value in acts:
        page.evaluate(f"import('/static/wire.js').then(wire => wire.act('{deed}', {{{field}: '{value}'}}))")
    expect(page.locator("#chat")).to_contain_text("Is it all right to use this chat now?")
    expect(page.locator("#role")).to_have_value("")


def copied(folder: Path, *names: str) -> Path:
    """A writer's folder with copies of these shipped conversations."""
    (folder / "flows").mkdir(parents=True)
    for name in names:
        (folder / "flows" / f"{name}.md").write_text((FLOWS / f"{name}.md").read_text(encoding="utf-8"), "utf-8")
    return folder
