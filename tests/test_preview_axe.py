"""Nothing that axe-core knows of keeps anybody out, on any view: by day and night, at a desk and in a hand, either way.

WAYMARK_AXE=all looks at every view in every way; without it, at every view in a hand, by night and from the right, and
at a desk, by day, where something is broken.
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pytest
from desk_ground import shipped_ground
from playwright.sync_api import Browser, Page, ViewportSize, expect
from preview_here import ROOT, Running, begun_anew, in_a_browser, opened

from bot.desk import reports, sheets
from bot.desk.storyboard import storyboard
from bot.desk.survey import Finding, Reach, Result, Row

pytestmark = in_a_browser
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SIZES: dict[str, ViewportSize] = {"desk": {"width": 1440, "height": 900}, "hand": {"width": 390, "height": 844}}
LANGUAGES = {"en": "ltr", "ar": "rtl"}
ALL = os.environ.get("WAYMARK_AXE") == "all"
WAYS = list(product(SIZES, ("light", "dark"), LANGUAGES)) if ALL else [("hand", "dark", "ar")]
TABS = ("source", "translations", "mend", "drawing")


def complaints(page: Page) -> list[str]:
    """Everything axe finds, a line each; and whether anything reaches out of the page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    nodes = [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]
    return [*nodes, *["wider than the window"] * wide]


@pytest.mark.parametrize(("size", "scheme", "language"), WAYS)
def test_nothing_is_found_on_any_view(
    browser: Browser, preview: Running, size: str, scheme: str, language: str
) -> None:
    with opened(browser, preview.url, color_scheme=scheme, viewport=SIZES[size], reduced_motion="reduce") as page:
        begun_anew(page)
        page.select_option("#language", language)
        expect(page.locator(".device")).to_have_attribute("dir", LANGUAGES[language])
        page.select_option("#flow", "pressure_to_sign")
        for state in ("clauses", "reply_soft", *(("costs",) if ALL else ())):
            page.get_by_role("button", name=state, exact=True).click()
            expect(page.locator("#screen-title")).to_have_text(f"This screen: {state}")
            assert complaints(page) == []
        for tab in TABS:
            page.click(f"#tab-{tab}")
            assert complaints(page) == []
        page.locator("#fixed button").first.click()
        expect(page.locator("#after button")).to_be_visible()
        assert complaints(page) == []


@pytest.mark.parametrize("scheme", ["dark", "light"] if ALL else ["light"])
def test_nothing_is_found_where_something_is_broken(browser: Browser, preview: Running, scheme: str) -> None:
    file = preview.folder / "flows" / "pressure_to_sign.md"
    text = file.read_text(encoding="utf-8")
    with opened(browser, preview.url, color_scheme=scheme, viewport=SIZES["desk"]) as page:
        begun_anew(page)
        page.select_option("#flow", "pressure_to_sign")
        expect(page.locator("#screen-title")).to_have_text("This screen: start")
        file.write_text(text.replace("(#sender", "(#nowhere"), encoding="utf-8")
        page.locator("#banner").get_by_role("button").click()
        expect(page.locator("#mend li").first).to_be_visible()
        assert complaints(page) == []
        page.click("#tab-source")
        assert complaints(page) == []
        file.write_text(text, encoding="utf-8")
        expect(page.locator("#banner")).to_be_empty()
        page.goto(preview.url.partition("#")[0] + "diagnostics/W201")
        assert complaints(page) == []
    with browser.new_context(color_scheme="dark" if scheme == "dark" else "light") as context:
        page = context.new_page()
        page.goto(preview.url.partition("#")[0])
        expect(page.locator("#lost")).to_contain_text("no key")
        assert complaints(page) == []


@pytest.mark.parametrize("size", SIZES if ALL else ["hand"])
def test_nothing_is_found_on_what_is_read_and_printed(browser: Browser, size: str, tmp_path: Path) -> None:
    here = Reach(1, 2, ("In",))
    row = Row("about", "About", (7, 7), (19, 19), (4, 5), 14, here, here, here)
    found = tuple(Finding(kind, "about", "known", 35, "nobody comes here") for kind in ("state", "always"))
    pages = {
        "walk": reports.as_html(Result(("en",), ("",), 0, 0, whole=True, rows=(row,), findings=found)),
        **{
            code: sheets.as_html(storyboard(shipped_ground(), "pressure_to_sign" if ALL else "about", code))
            for code in LANGUAGES
        },
    }
    with browser.new_context(viewport=SIZES[size]) as context:
        page = context.new_page()
        for name, html in pages.items():
            (tmp_path / f"{name}.html").write_text(html, encoding="utf-8")
            page.goto((tmp_path / f"{name}.html").as_uri())
            assert complaints(page) == [], name
