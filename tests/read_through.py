"""Reading pages in a language as a careful person would: no English, nothing pseudo, nothing that turns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.engine.flow import Flow
from bot.engine.screen import Screen, at_once
from bot.language.direction import END_ISOLATE, ISOLATE
from bot.language.tongue import Tongue
from bot.ports import Content, Passage
from bot.runtime import Runtime

ALIKE = {"es": {"No"}, "fr": {"prison", "**Dates**"}}
"""Words of ours that a language shares with English, letter by letter."""

QUOTED = ("not subject to revocation",)
"""Words that a paper must have in English, so that they are quoted."""

_FIELD = re.compile(r"\{[^{}]*\}")
_ADDRESS = re.compile(r"https?://\S+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_GROUPS = re.compile(r"\+\s*\d|\d[\d ]*[ ./-]\s*\d")
_ENGLISH = re.compile(
    r"\b(?:the|and|you|your|with|this|they|are|is|of|for|from|can|that|have|what|who|not|by|or|if|was|be|where)\b"
)
"""Small words of English that are none of Spanish, French or Ukrainian, but for some in names of laws and offices."""


def is_alike(english: str, language: str) -> bool:
    """Whether a message may say the same in a language as in English: nothing but what is put in, or a shared word."""
    return english in ALIKE.get(language, ()) or not re.search(r"[^\W\d_]", _FIELD.sub("", english))


def texts(content: Content) -> Iterator[str]:
    """Everything that can be read on a page, a piece at a time."""
    yield from (passage.text for passage in content.passages)
    yield from (button.label for button in (*content.buttons, *content.fixed))
    yield content.prompt


def without_isolated(text: str) -> str:
    """A text with a blank for each run that is isolated. `ValueError` where isolates do not end as they begin."""
    depth, kept = 0, list[str]()
    for character in text:
        if character == ISOLATE:
            depth += 1
            kept.append(" " * (depth == 1))
        elif character == END_ISOLATE:
            depth -= 1
            if depth < 0:
                raise ValueError(text)
        elif not depth:
            kept.append(character)
    if depth:
        raise ValueError(text)
    return "".join(kept)


def turned(text: str, *, right_to_left: bool) -> str:
    """What in a text runs the other way than its page and is not isolated; empty where nothing does."""
    bare = without_isolated(text)
    if not right_to_left:
        found = _RIGHT.search(bare)
        return found[0] if found and _LATIN.search(bare) else ""
    found = _LATIN.search(bare) or _GROUPS.search(bare)
    return found[0] if found else ""


def english_left(text: str, names: Iterable[str]) -> str:
    """A small word of English in a text, outside the names that stand in it; empty where there is none."""
    bare = _ADDRESS.sub(" ", without_isolated(text))
    for name in (*names, *QUOTED):
        bare = bare.replace(name, " ")
    found = _ENGLISH.search(bare)
    return found[0] if found else ""


def screens(runtime: Runtime, language: str, place: str | None) -> Iterator[Screen]:
    """Every state of every conversation with all it can ever say and offer, whatever its conditions."""
    known = runtime.pages.known(language, place)
    for flow in runtime.flows.by_id.values():
        for state in flow.states.values():
            name = state.list_name
            offered = known.listed(name, {})[: at_once(name)] if name else ()
            yield Screen(
                flow.id,
                state.id,
                state.said,
                tuple((item, False) for item in state.items),
                state.choices,
                offered,
                name,
                asks=state.asks.kind if state.asks else "",
                answers=_answers(flow) if state.echoes else {},
            )


def _answers(flow: Flow) -> dict[str, tuple[str, ...]]:
    """Something typed, or everything ticked, for each answer that a screen shows back."""
    given = {each.asks.key: ("x",) for each in flow.states.values() if each.asks}
    ticked = {each.answer: tuple(item.id for item in each.items) for each in flow.states.values() if each.answer}
    return {**ticked, **given}


def cards(runtime: Runtime, tongue: Tongue) -> Iterator[tuple[str, list[Passage]]]:
    """Every fact, service, thing to read and emergency number there is, as it is shown."""
    made, known, today = runtime.pages.renderer.cards, runtime.knowledge, runtime.today()
    for fact in known.facts:
        yield fact.id, made.law(tongue, fact.topic, fact.id, fact.place, today)
    for service in known.services:
        yield service.id, made.service(tongue, service.topics[0], service.id, service.place, today, {})
    for entry in known.readings:
        yield entry.id, made.reading(tongue, (entry.id,), today)
    for numbers in known.services.emergencies():
        yield numbers.place, made.emergency(tongue, numbers.place, today)
    yield "anywhere", made.emergency(tongue, None, today)
