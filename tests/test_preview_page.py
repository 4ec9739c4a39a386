"""The preview in a real browser: by keyboard, in another direction, with files saved and broken under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from preview_here import Running, begun_anew, copied, in_a_browser, opened, running

pytestmark = in_a_browser
MOST = 120
"""So many times somebody would press Tab to come to anything; more, and it cannot be come to."""


@pytest.fixture(scope="module")
def opened_once(browser: Browser, preview: Running) -> Iterator[Page]:
    with opened(browser, preview.url, viewport={"width": 1440, "height": 900}) as found:
        yield found


@pytest.fixture
def page(opened_once: Page) -> Page:
    opened_once.click("#tab-drawing")
    begun_anew(opened_once)
    return opened_once


def chat(page: Page, text: str) -> None:
    expect(page.locator("#chat")).to_contain_text(text)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, which must be seen."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        found = page.locator(selector)
        if found.count() == 1 and found.evaluate("element => element === document.activeElement"):
            width = found.evaluate("element => getComputedStyle(element).outlineWidth")
            assert width == "3px"
            return
    pytest.fail(f"Tab never comes to {selector}")


def press(page: Page, label: str) -> None:
    """Choose by keyboard alone."""
    tab_to(page, f'.device button:has-text("{label}")')
    page.keyboard.press("Enter")


def type_(page: Page, text: str) -> None:
    tab_to(page, "#typed")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def by_state(page: Page, state: str) -> None:
    page.get_by_role("button", name=state, exact=True).click()
    expect(page.locator("#screen-title")).to_have_text(f"This screen: {state}")


def test_a_conversation_is_had_by_keyboard_alone(page: Page) -> None:
    page.reload()
    chat(page, "Is it all right")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("The phone")
    page.keyboard.press("Enter")
    press(page, "I know how this works")
    chat(page, "What I can offer")
    type_(page, "they want me to sign an NDA")
    expect(page.locator("#choices")).to_contain_text("I'm asked to sign something")
    press(page, "I'm asked to sign something")
    chat(page, "This is about a paper")
    for label, then in (
        ("I have not signed", "Who sent you the paper?"),
        ("A lawyer", "a last day"),
        ("Today or tomorrow", "One hard question"),
        ("Skip", "Which of these does the paper ask for?"),
    ):
        press(page, label)
        chat(page, then)
        expect(page.locator("#chat")).to_be_focused()
    press(page, "Stay silent about it")
    tick = page.locator('.device button:has-text("Stay silent about it")')
    expect(tick).to_have_attribute("aria-pressed", "true")
    expect(tick).to_be_focused()
    press(page, "Done")
    chat(page, "not telling others what happened")
    press(page, "Go on")
    chat(page, "Nothing you ticked has a cost")
    press(page, "Go on")
    press(page, "What others ask first")
    chat(page, "What may I still say, and to whom?")
    expect(page.locator(".card")).not_to_contain_text("What would I have to pay")
    press(page, "Leave now")
    expect(page.locator("#after")).to_contain_text("the chat is empty")
    expect(page.locator("#after button")).to_be_focused()
    page.keyboard.press("Enter")
    chat(page, "Is it all right to use this chat now?")


def test_every_control_is_come_to_by_tab(page: Page) -> None:
    for selector in ("#flow", "#language", "#place", "#role", "#able", "#typed", "#tab-drawing"):
        tab_to(page, selector)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-source")).to_be_focused()
    expect(page.locator("#source")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator("#mend")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#drawing")).to_be_visible()
    tab_to(page, '.states button:text-is("what")')
    page.keyboard.press("Enter")
    chat(page, "I ask, you choose")
    expect(page.locator('.states button:text-is("what")')).to_be_focused()


def test_a_new_screen_is_said_to_whoever_does_not_see_it(page: Page) -> None:
    expect(page.locator("#announced")).to_contain_text("Is it all right")
    type_(page, "1")
    expect(page.locator("#announced")).to_contain_text("I ask, you choose")
    expect(page.locator("#typed")).to_be_focused()
    expect(page.locator("#typed")).to_have_value("")


def test_arabic_and_back(page: Page) -> None:
    page.select_option("#flow", "pressure_to_sign")
    chat(page, "This is about a paper")
    page.select_option("#language", "ar")
    expect(page.locator("#chat")).to_contain_text(re.compile("[\u0621-\u064a]{3}"))
    device = page.locator(".device")
    expect(device).to_have_attribute("dir", "rtl")
    expect(device).to_have_attribute("lang", "ar")
    button = page.locator("#choices button").first
    mark, words = button.locator("b").bounding_box(), button.locator("span").bounding_box()
    assert mark
    assert words
    assert mark["x"] > words["x"]
    page.click("#tab-translations")
    expect(page.locator('#translations [lang="ar"]').first).to_be_visible()
    page.select_option("#language", "en-XA")
    chat(page, "[Th")
    page.select_option("#language", "en")
    chat(page, "This is about a paper")
    expect(device).to_have_attribute("dir", "ltr")


def test_what_is_saved_is_seen_and_what_is_broken_is_said(page: Page, preview: Running) -> None:
    file = preview.folder / "flows" / "pressure_to_sign.md"
    text = file.read_text(encoding="utf-8")
    page.select_option("#flow", "pressure_to_sign")
    by_state(page, "sender")
    file.write_text(text.replace("Who sent you the paper?", "Who was it that sent the paper?"), encoding="utf-8")
    chat(page, "Who was it that sent the paper?")
    expect(page.locator("#screen-title")).to_have_text("This screen: sender")
    broken = text.replace('(#deadline "remember sender=lawyer")', "(#nowhere)")
    file.write_text(broken, encoding="utf-8")
    banner = page.locator("#banner")
    expect(banner).to_contain_text("cannot be shown yet")
    expect(banner).to_contain_text("pressure_to_sign.md:")
    banner.get_by_role("button").click()
    found = page.locator("#mend li", has_text="W201")
    expect(found).to_contain_text(re.compile(r"flows/pressure_to_sign\.md:\d+"))
    with page.context.expect_page() as opening:
        found.get_by_role("link").click()
    expect(opening.value.locator("h1")).to_contain_text("W201")
    opening.value.close()
    found.get_by_role("button").click()
    expect(page.locator("#source")).to_contain_text("- [A lawyer](#nowhere)")
    expect(page.locator(".lines .wrong", has_text="(#nowhere)")).to_be_in_viewport()
    expect(page.locator("#status")).to_contain_text(re.compile("last version|Checking"))
    page.locator("#choices button", has_text="A lawyer").click()
    chat(page, "a last day")
    file.write_text(text, encoding="utf-8")
    expect(banner).to_be_empty()
    expect(page.locator("#screen-title")).to_have_text("This screen: deadline")


def test_a_state_is_chosen_in_the_drawing_and_gone_on_from(page: Page) -> None:
    page.select_option("#flow", "pressure_to_sign")
    expect(page.locator("html")).to_have_attribute("data-drawn", re.compile("^pressure_to_sign"))
    expect(page.locator("#screen-title")).to_have_text("This screen: start")
    page.get_by_role("button", name="Whole drawing").click()
    spot = page.evaluate("import('/static/drawing.js').then(drawing => drawing.spotOf('deadline'))")
    page.locator("#graph").click(position=spot)
    expect(page.locator("#screen-title")).to_have_text("This screen: deadline")
    chat(page, "a last day")
    by_state(page, "clauses")
    page.locator("#choices button", has_text="Pay money if I speak").click()
    page.locator("#choices button", has_text="Done").click()
    by_state(page, "costs")
    chat(page, "they could ask for a sum")
    expect(page.locator("#screen")).to_contain_text("clauses=penalty")
    expect(page.locator("#screen .mark", has_text="shown").first).to_be_visible()
    expect(page.locator("#screen .mark", has_text="hidden").first).to_be_visible()
    page.click("#tab-source")
    expect(page.locator(".lines .lit").first).to_have_text("## costs")
    expect(page.locator(".lines .lit").first).to_be_in_viewport()


PLACED = """
import('/static/place.js').then(({ place }) => {
  let chance = 7;
  const next = (size) => (chance = (chance * 1103515245 + 12345) % 2147483648) % size;
  const meet = (one, other) => (
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
  );
  // Whether a line goes through a box: what is left of the line between its four sides.
  const cuts = (from, to, box) => {
    let [begin, end] = [0, 1];
    for (const [low, high, at, way] of [
      [box.left, box.right, from.x, to.x - from.x], [box.top, box.bottom, from.y, to.y - from.y],
    ]) {
      if (!way && (at <= low || at >= high)) return false;
      const ends = way ? [(low - at) / way, (high - at) / way].sort((one, other) => one - other) : [0, 1];
      [begin, end] = [Math.max(begin, ends[0]), Math.min(end, ends[1])];
    }
    return begin < end;
  };
  const wrong = [];
  for (const size of [1, 2, 9, 40, 120]) {
    const id = (number) => `s${number}`;
    const cells = Array.from({ length: size }, (_, number) => (
      { id: id(number), left: 98, right: 98 + next(2) * 140, box: 72, height: 72 + next(3) * 40 }
    ));
    const arrows = Array.from({ length: size * 2 }, (_, number) => ({
      id: `a${number}`, source: id(next(size)), target: id(next(size)),
      width: 20 + next(170), height: 15 + next(9) * 15,
    })).filter(({ source, target }) => source !== target);
    const { at, bends } = place(cells, arrows);
    const boxes = cells.map(({ id, left, right, box, height }) => {
      const { x, y } = at[id];
      return { id, left: x - left, right: x + right, top: y - box / 2, bottom: y - box / 2 + height };
    });
    for (const [number, one] of boxes.entries()) {
      if (!Number.isFinite(one.left + one.top)) wrong.push([size, one.id]);
      for (const other of boxes.slice(number + 1)) if (meet(one, other)) wrong.push([size, one.id, other.id]);
    }
    for (const { id, source, target, width, height } of arrows) {
      const points = bends[id];
      const sides = [points[(points.length - 1) >> 1], points[points.length >> 1]];
      const [x, y] = [(sides[0].x + sides[1].x) / 2, (sides[0].y + sides[1].y) / 2];
      const words = { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
      for (const box of boxes) {
        const cut = points.slice(1).some((to, index) => cuts(points[index], to, box));
        if (cut) wrong.push([size, id, "through", box.id]);
        if (meet(words, box)) wrong.push([size, id, "words on", box.id]);
      }
      for (const [name, { x }] of [[source, points[0]], [target, points.at(-1)]]) {
        if (Math.abs(x - at[name].x) > 98) wrong.push([size, id, "beside", name]);
      }
    }
  }
  return wrong;
})
"""


def test_no_screen_of_a_drawing_stands_on_another_and_no_arrow_goes_through_one(page: Page) -> None:
    assert page.evaluate(PLACED) == []


def test_a_place_is_found_by_typing(page: Page) -> None:
    page.fill("#place", "californ")
    expect(page.locator("#places option").first).to_have_attribute("value", "California (US-CA)")
    page.keyboard.press("Enter")
    expect(page.locator("#place")).to_have_value("California (US-CA)")
    expect(page.locator("#screen")).to_contain_text("Place: California (US-CA)")
    page.fill("#place", "")
    page.keyboard.press("Enter")
    expect(page.locator("#screen")).to_contain_text("No place")


def test_words_to_copy_are_copied(browser: Browser, preview: Running) -> None:
    with opened(browser, preview.url, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.select_option("#flow", "pressure_to_sign")
        by_state(page, "reply_soft")
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert "I have the paper." in page.evaluate("navigator.clipboard.readText()")


def test_the_key_leaves_the_address_and_a_page_without_it_is_told(browser: Browser, preview: Running) -> None:
    with opened(browser, preview.url) as page:
        assert page.url == preview.url.partition("#")[0]
        page.reload()
        page.wait_for_selector("html[data-number]")
    context = browser.new_context()
    page = context.new_page()
    page.goto(preview.url.partition("#")[0])
    expect(page.locator("#lost")).to_contain_text("no key")
    expect(page.locator("#phone")).to_be_hidden()
    context.close()


def test_the_end_of_the_program_is_said(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context()
    with running(copied(tmp_path, "pressure_to_sign")) as preview:
        page = context.new_page()
        page.goto(preview.url)
        page.wait_for_selector("html[data-number]", timeout=60_000)
        preview.process.terminate()
        expect(page.locator("#lost")).to_contain_text("not running")
        assert preview.process.wait(60) == 0
    context.close()
