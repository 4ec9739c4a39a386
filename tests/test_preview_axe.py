"""Nothing that axe-core knows of keeps anybody out, on any view, by day and by night, at a desk and in a hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from preview_here import ROOT, Running, browsing, copied, in_a_browser, opened, running

pytestmark = in_a_browser
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SIZES = {"desk": {"width": 1440, "height": 900}, "hand": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(copied(tmp_path_factory.mktemp("texts"), "pressure_to_sign")) as found:
        yield found


def complaints(page: Page) -> list[str]:
    """Everything axe finds, a line each."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"]
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_found_on_any_view(browser: Browser, preview: Running, scheme: str, size: str) -> None:
    with opened(browser, preview.url, color_scheme=scheme, viewport=SIZES[size], reduced_motion="reduce") as page:
        if page.locator("#after button").count():
            page.locator("#after button").click()
        page.select_option("#flow", "pressure_to_sign")
        for state in ("clauses", "costs", "reply_soft"):
            page.get_by_role("button", name=state, exact=True).click()
            expect(page.locator("#screen-title")).to_have_text(f"This screen: {state}")
            assert complaints(page) == []
        page.select_option("#language", "en-XA")
        for tab in ("source", "translations", "mend", "drawing"):
            page.click(f"#tab-{tab}")
            assert complaints(page) == []
        page.select_option("#language", "en")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator("#fixed button").first.click()
        expect(page.locator("#after button")).to_be_visible()
        assert complaints(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_found_where_something_is_broken(browser: Browser, tmp_path: Path, scheme: str) -> None:
    folder = copied(tmp_path, "pressure_to_sign")
    with running(folder) as preview, opened(browser, preview.url, color_scheme=scheme) as page:
        file = folder / "flows" / "pressure_to_sign.md"
        file.write_text(file.read_text(encoding="utf-8").replace("(#deadline", "(#nowhere"), encoding="utf-8")
        page.get_by_role("alert").get_by_role("button").click()
        expect(page.locator("#mend li").first).to_be_visible()
        assert complaints(page) == []
        page.goto(preview.url.partition("#")[0] + "diagnostics/W201")
        assert complaints(page) == []
