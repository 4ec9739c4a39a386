"""Every screen there is: nothing raises, nothing overflows, nobody is stuck, and one word leaves from anywhere."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from directory_rows import THEN, imported_offices
from harness import HERE, Talk
from walk import PLACES, Visit, walk

from bot.desk.survey import uncollected
from bot.engine.event import Answered, Chose, Event, Expired, Left, Offered, Opened, Pressed, Unsure
from bot.engine.flow import Choice, Flow
from bot.engine.flows import Flows
from bot.engine.guard import Looked
from bot.engine.session import REST
from bot.engine.step import step
from bot.language.tongue import PseudoTongue
from bot.language.understand import Understanding
from bot.messengers.terminal import written
from bot.ports import Incoming, Saved
from bot.record import decode, encode
from bot.script.audience import is_for
from bot.script.combine import LANGUAGE

WHOLE = os.environ.get("WAYMARK_SURVEY") == "whole"
"""Whether every text is typed on every screen, as `make battery` does; else each on some, and on each screen some."""

PAGE_LIMIT = 4_096
"""Characters of a message in the messenger with the tightest limit."""

LOOKED_UP = 700
"""One fact or one service."""

TYPED = (
    *("", "1", "99", "0", "yes", "no", "help", "more", "menu", "start over", "language", "place", "Ireland"),
    *("sdlkfj", "I want to die", "x" * 500, "\ud800", "\u202eevil", "**bold** {answer.sender} [a](b)", "/start", "/no"),
)


def every_choice(flows: Flows) -> Iterator[tuple[Flow, Choice]]:
    return ((flow, each) for flow in flows.by_id.values() for state in flow.states.values() for each in state.choices)


def needs_a_language(choice: Choice) -> bool:
    return any(isinstance(term, Looked) and term.name.startswith(LANGUAGE) and not term.negated for term in choice.when)


def everywhere(language: str) -> list[Visit]:
    """Every screen that looks different, whoever one is and wherever, once."""
    found: list[Visit] = []
    seen: set[tuple[object, ...]] = set()
    with uncollected():
        for place in PLACES if WHOLE else PLACES[1:2]:
            found += walk(Talk(language, place, able=True).runtime, language, place, seen=seen)
        found += walk(Talk(language).runtime, language, None, seen=seen)
        # Some questions are put only where a list has more to choose from than ours.
        with_more = Talk(language, "GB-EAW", today=lambda: THEN, shelf=imported_offices()).runtime
        found += walk(with_more, language, "GB-EAW", only="find_legal_aid", seen=seen)
    return found


@pytest.fixture(scope="module", params=["en", *[PseudoTongue.CODE] * WHOLE])
def visits(request: pytest.FixtureRequest) -> list[Visit]:
    return everywhere(request.param)


def test_every_state_is_reached(visits: list[Visit]) -> None:
    flows = Talk().runtime.flows
    reached = {(visit.screen.flow, visit.screen.state) for visit in visits}
    # Some belong to one language, and stand in a transcript of their own.
    elsewhere = {(flow.id, choice.target.state) for flow, choice in every_choice(flows) if needs_a_language(choice)}
    elsewhere -= {
        (flow.id, choice.target.state) for flow, choice in every_choice(flows) if not needs_a_language(choice)
    }
    assert elsewhere == {
        ("asked_to_mediate", "elders"),
        ("pressure_to_sign", "made_peace"),
        ("pressure_to_sign", "taken_back"),
    }
    assert reached == {(flow.id, state) for flow in flows.by_id.values() for state in flow.states} - elsewhere


def test_no_page_overflows(visits: list[Visit]) -> None:
    for visit in visits:
        text = written(visit.page)
        assert len(text.encode("utf-16-le")) // 2 <= PAGE_LIMIT, visit.way
        assert len(visit.page.buttons) <= 6 + 4 + 2, visit.way
        for button in visit.page.buttons:
            assert len(button.label) <= 64, (button.label, visit.way)


def test_every_screen_says_where_one_is_and_offers_a_way_on(visits: list[Visit]) -> None:
    for visit in visits:
        if visit.screen.aside == REST:
            assert len(visit.page.passages) == len(visit.page.buttons) == 1, visit.way
            assert visit.page.fixed == (), "a dull page says nothing else"
            continue
        assert visit.page.passages[-1].kind == "where"
        assert visit.page.buttons, visit.way
        assert [button.key for button in visit.page.fixed] == ["exit", "back", "help"]
        numbered = [button.typed for button in visit.page.buttons if button.typed.isdecimal()]
        assert numbered == [str(number) for number in range(1, len(numbered) + 1)]


def test_nobody_sees_a_screen_that_is_for_others(visits: list[Visit]) -> None:
    """Not by any choice, by going back, by finishing, by help or by changing who they are."""
    flows = Talk().runtime.flows
    for visit in visits:
        role = visit.session.settings.get("role", ("unsaid",))[0]
        assert is_for(role, flows[visit.screen.flow]), (role, visit.way)


def test_no_placeholder_and_no_mark_is_left_over(visits: list[Visit]) -> None:
    for visit in visits:
        text = written(visit.page)
        assert "{" not in text, (text, visit.way)
        assert "**" not in text, (text, visit.way)


def test_nothing_that_can_happen_raises(visits: list[Visit]) -> None:
    runtime = Talk(able=True).runtime
    for visit in visits[:: 1 if WHOLE else 7]:
        known = runtime.pages.known(visit.session.language, visit.session.place)
        stamp = visit.session.stamp
        happenings: list[Event] = [
            *(Chose((button.key,)) for button in (*visit.page.buttons, *visit.page.fixed)),
            *(Pressed(stamp, button.key) for button in visit.page.buttons),
            *(Pressed(stale, button.key) for button in visit.page.buttons for stale in ("", "x.1", f"{stamp}1")),
            *(Chose((key,)) for key in ("", "+", "-nothing", "o:", "o:nowhere", "cffffffff", "more", "keep")),
            *(Answered("words"), Offered("flows", ()), Offered("places", ("IE",)), Opened(""), Unsure()),
            *(Left(), Expired()),
        ]
        for event in happenings:
            turn = step(runtime.flows, visit.session, event, known)
            assert (turn.session is None) == (turn.screen is None)
            if turn.session and turn.screen:
                assert runtime.pages.page(turn.screen, turn.session).fixed or turn.session.aside == REST
                assert decode(encode(turn.session)) == turn.session


def test_anything_typed_anywhere_is_understood_or_kindly_not(visits: list[Visit]) -> None:
    runtime = Talk().runtime
    understanding = Understanding(runtime.flows, runtime.catalogs, runtime.finder)
    states: dict[tuple[str, str], Visit] = {(visit.screen.flow, visit.screen.state): visit for visit in visits}
    for number, visit in enumerate(states.values()):
        known = runtime.pages.known(visit.session.language, visit.session.place)
        for text in TYPED if WHOLE else TYPED[number % len(TYPED) :][:1]:
            event = understanding.event(text, visit.session, visit.page)
            turn = step(runtime.flows, visit.session, event, known)
            assert turn.screen or turn.erase, "a number may be that of *Leave now*"


async def test_from_every_state_one_word_leaves_and_the_next_start_is_a_strangers(visits: list[Visit]) -> None:
    language = visits[0].session.language
    stranger = await Talk(language).say("/start")
    expected = written(stranger.page), [button.key for button in stranger.page.buttons]
    states = {(visit.screen.flow, visit.screen.state): visit for visit in visits}
    talk = await Talk(language).say("/start")
    words = ("exit", "/x", " EXIT. ")
    for number, visit in enumerate(states.values()):
        for word in words if WHOLE else words[number % 3 :][:1]:
            record = await talk.store.load(HERE)
            assert record
            later = record._replace(session=encode(visit.session), turn=record.turn + 1)
            assert await talk.store.save(later, record.turn) is Saved.KEPT
            talk.shown.left.clear()
            await talk.say(word)
            assert len(talk.shown.left) == 1
            assert await talk.store.load(HERE) is None
            await talk.runtime.receive(Incoming(HERE, text="/start"))
            assert (written(talk.page), [button.key for button in talk.page.buttons]) == expected
