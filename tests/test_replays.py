"""Every language as people read it: transcripts lead to the same places, and no screen has what should not be there.

In `make test` each transcript is followed in one language, and each language follows a quarter of them; in
`make battery`, with WAYMARK_LANGUAGES=all, each is followed in every language, and everywhere one can get to is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from filled import LANGUAGES, filled, template, whole
from harness import HERE, Talk
from read_through import cards, english_left, is_alike, screens, texts, turned
from replay import Replay, differs
from test_transcripts import FILES, HEAD, TURN, begun

from bot.desk.sizes import sizes, units
from bot.desk.sizes import whole as written_out
from bot.engine.screen import Screen
from bot.engine.step import PICK
from bot.language.catalogs import Catalogs
from bot.language.tongue import Tongue, pseudo
from bot.messengers.terminal import written
from bot.ports import Content, Page
from bot.runtime import Runtime
from bot.script.walk import Walk, look
from bot.settings import Texts

EVERY = os.environ.get("WAYMARK_LANGUAGES") == "all"
PAGE_LIMIT = 4_096
"""UTF-16 units of a message in the messenger with the tightest limit."""

ELDERS = "Someone we both know"
ANOTHER = {
    ("mediate_no_signs", "ar"): ELDERS,
    ("mediate_someone_we_both_know", "ar"): ELDERS,
}
"""Transcripts that come to where a conversation differs, and the choice that another stands for in that language."""


def followed() -> Iterator[tuple[Path, str]]:
    """Each transcript with the languages it is followed in; one that has a language of its own, in that."""
    for number, file in enumerate(FILES):
        own = dict(HEAD.findall(file.read_text(encoding="utf-8"))).get("Language")
        if own:
            yield file, own
        else:
            yield from ((file, code) for code in (LANGUAGES if EVERY else (LANGUAGES[number % len(LANGUAGES)],)))


@cache
def names(runtime: Runtime) -> tuple[str, ...]:
    """Names that stand in a page in their own language, the longest first."""
    known = runtime.knowledge
    found = {service.name for service in known.services}
    found |= {value for fact in known.facts for value in (*fact.values.values(), fact.statute)}
    found |= {name for entry in known.readings for name in (entry.name, entry.by)}
    found |= {name for source in known.sources for name in (source.name, source.by, source.licence)}
    return tuple(sorted((name for name in found if len(name) > 1), key=len, reverse=True))


def unlike(runtime: Runtime, content: Content, tongue: Tongue) -> list[str]:
    """What should not stand on a page in a language: each with the text it stands in."""
    found, there = list[str](), runtime.catalogs
    alone = {
        there.tongue(code).name for code in there.offered()
    }  # the name of a language, which has its button to itself
    for text in texts(content):
        if text in alone:
            continue
        turns = turned(text, right_to_left=tongue.right_to_left)
        left = english_left(text, names(runtime))
        if turns or left or "{" in text or "**" in text or (whole() and "[" in text):
            found.append(f"{turns or left}: {text}")
    return found


def english_labels(runtime: Runtime, screen: Screen, code: str, content: Content) -> list[str]:
    """Labels that read as in English, and no language would say so."""
    tongue = runtime.catalogs.tongue(code)
    flow = runtime.flows[screen.flow]
    labels = [*(choice.label for choice in screen.choices), *(item.label for item, _ in screen.items)]
    said = {tongue.say(label, flow.labels): label for label in labels}
    return [
        button.label
        for button in content.buttons
        if said.get(button.label) == button.label and not is_alike(button.label, code)
    ]


async def read(talk: Talk, code: str) -> None:
    """Read the newest page."""
    page, session, runtime = talk.page, await talk.session(), talk.runtime
    tongue = runtime.catalogs.tongue(session.language)
    assert page.content.right_to_left == (session.language == "ar")
    screen = runtime.pages.screen(session)
    assert fits(runtime, screen, page, tongue) == []
    assert unlike(runtime, page.content, tongue) == []
    assert english_labels(runtime, screen, code, page.content) == []


def fits(runtime: Runtime, screen: Screen, page: Page, tongue: Tongue) -> list[str]:
    """What is too long on a page."""
    long = [
        f"{what}: {size}, {most} at most"
        for kind, size, most, what in sizes(runtime.flows[screen.flow], screen, page, tongue)
        if size > most
    ]
    assert units(written_out(page)) <= PAGE_LIMIT >= units(written(page))
    return long


def keys(talk: Talk) -> list[str]:
    """What can be chosen, but for what is looked up: that may be sorted by language."""
    return [button.key for button in talk.page.buttons if not button.key.startswith(PICK)]


@pytest.mark.parametrize(
    ("file", "code"), [pytest.param(file, code, id=f"{file.stem}-{code}") for file, code in followed()]
)
async def test_a_transcript_leads_to_the_same_places_in_a_language(file: Path, code: str) -> None:
    text = file.read_text(encoding="utf-8")
    replay = Replay(begun(text), begun(text, code, filled()), code)
    turns = [turn[1] for turn in TURN.finditer(text)]
    for number, typed in enumerate(turns):
        missing = await replay.turn(typed)
        if missing:
            assert missing == ANOTHER.get((file.stem, code)), f"it came to {number} of {len(turns)} turns: {typed}"
            return
        assert await replay.same_place(), f"it came to {number} of {len(turns)} turns: {typed}"
        if await replay.one.store.load(HERE):
            assert differs(replay.one, *await replay.one.where()) or keys(replay.one) == keys(replay.other), typed
            await read(replay.other, code)
    assert (file.stem, code) not in ANOTHER


@pytest.mark.parametrize("code", LANGUAGES)
def test_everything_a_conversation_can_say_is_said_in_the_language(code: str) -> None:
    runtime = Talk(code, locales=filled(), able=True).runtime
    tongue = runtime.catalogs.tongue(code)
    for place in (None, "US-CA", "GB-EAW"):
        for screen in screens(runtime, code, place):
            content = runtime.pages.renderer.content(screen, code, place)
            assert unlike(runtime, content, tongue) == [], (screen.flow, screen.state)
            assert english_labels(runtime, screen, code, content) == [], (screen.flow, screen.state)


@pytest.mark.parametrize("code", LANGUAGES)
def test_everything_that_is_looked_up_is_said_in_the_language(code: str) -> None:
    runtime = Talk(code, locales=filled(), able=True).runtime
    tongue = runtime.catalogs.tongue(code)
    for name, passages in cards(runtime, tongue):
        assert unlike(runtime, Content(code, tuple(passages), (), ()), tongue) == [], name


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_translation_is_english_or_pseudo(code: str) -> None:
    messages = Catalogs(Texts().locales, {}, fast=False).po(code).messages
    for (_, english), said in messages.items():
        for each in (said,) if isinstance(said, str) else said:
            assert each != english or is_alike(english, code), english
            assert each != pseudo(english) or is_alike(english, code), english


@pytest.mark.skipif(not EVERY, reason="a walk through everything takes a minute for each language")
@pytest.mark.parametrize("code", LANGUAGES)
def test_everywhere_one_can_get_to_can_be_read(code: str) -> None:
    assert whole(), f"{len(template())} messages, and not all are there"
    runtime = Talk(code, able=True).runtime
    tongue = runtime.catalogs.tongue(code)
    for place in (None, "US-CA", "GB-EAW", "ES", "UA", "JO", "JP"):
        seen = set[tuple[object, ...]]()
        for visit in Walk(runtime.flows, runtime.pages.known, code, place).explore():
            if look(visit.screen) not in seen:
                seen.add(look(visit.screen))
                page = runtime.pages.page(visit.screen, visit.session)
                assert fits(runtime, visit.screen, page, tongue) == [], visit.way
                assert unlike(runtime, page.content, tongue) == [], visit.way
