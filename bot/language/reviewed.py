"""Which reviews of a conversation still count: those given for the very words it has now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from bot.engine.flow import Block, Choice, Flow, Item, Paragraph
from bot.engine.guard import Given, Guard
from bot.knowledge.reviews import Review
from bot.language.tongue import Tongue


def texts_of(flow: Flow, tongue: Tongue) -> str:
    """Names everything a conversation says in a language, and when it says it, and where each choice leads.

    What is looked up has its own sources and days: of that, only where it stands counts. What people type does not.
    """
    told = json.dumps(list(_told(flow, tongue)), ensure_ascii=True, separators=(",", ":"))
    told = told.replace("\\u2068", "").replace("\\u2069", "")  # put in by the program, and read by nobody
    return blake2b(told.encode(), digest_size=16).hexdigest()


def reviewed(flow: Flow, tongue: Tongue, reviews: Iterable[Review]) -> tuple[Review, ...]:
    """Those of `reviews` that were given for `flow` as it is now in this language, the newest first."""
    given = [each for each in reviews if (each.flow, each.language) == (flow.id, tongue.code)]
    if not given:
        return ()
    now = texts_of(flow, tongue)
    return tuple(sorted((each for each in given if each.texts == now), key=lambda each: each.on, reverse=True))


def _told(flow: Flow, tongue: Tongue) -> Iterator[list[object]]:
    yield ["title", tongue.say(flow.title, flow.id)]
    for state in flow.states.values():
        yield ["state", state.id, state.answer, [state.asks.kind, state.asks.key] if state.asks else []]
        for part in (*state.said, *state.items, *state.choices):
            yield [type(part).__name__, *_part(flow, part, tongue), _guard(part.when)]


def _part(flow: Flow, part: Paragraph | Block | Item | Choice, tongue: Tongue) -> list[object]:
    if isinstance(part, Paragraph):
        return [tongue.say(part.text, flow.id), part.quoted, part.links]
    if isinstance(part, Block):
        return [part.kind, part.topic]
    label = tongue.say(part.label, flow.labels)
    if isinstance(part, Item):
        return [label, part.id]
    return [label, part.target.kind, part.target.flow, part.target.state, part.remember]


def _guard(guard: Guard) -> list[list[object]]:
    return [
        [term.key, term.value, term.negated] if isinstance(term, Given) else [term.name, term.negated] for term in guard
    ]
