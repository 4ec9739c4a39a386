"""Lists and guards wherever somebody comes, what stays below, every way of leaving, and the machine behind it."""

from __future__ import annotations

import logging
from typing import Any

from engine_ground import FLOWS, HOLDS, KNOWN, SETTINGS, after, at, key
from harness import flows_of

from bot.engine import machine
from bot.engine.event import Answered, Chose, Event, Left, Offered, Opened, Pressed, Started, Unsure
from bot.engine.flows import Known
from bot.engine.guard import Answers, View
from bot.engine.screen import show
from bot.engine.session import Frame, Session
from bot.engine.step import BACK, HELP, OVER, TO_MENU, step

LISTED = flows_of(
    arrival='# A\n\n## start\n{languages}\n\n- [In](done: "remember role=survivor")\n',
    menu="# M\n\n## start\n{languages}\n\n- [One](one.md)\n- [More](#more)\n\n## more\nMore.\n\n- [One](one.md)\n",
    urgent_danger="# U\n\n## start\n{law.nda}\n\n- [On](#next)\n- [Done](done:)\n\n## next\nNext.\n\n- [Done](done:)\n",
    one="# O\n\n- one\n\n## start\n{languages}\n\n- [On](#next)\n- [Done](done:)\n\n## next\nHi.\n\n- [Done](done:)\n",
)


def listed(flow: str, state: str = "start", **changes: Any) -> Session:
    """Somebody in a conversation whose first state has a list, above two that have one."""
    below = tuple(Frame(name, "start", LISTED[name].edition) for name in ("menu", "urgent_danger") if name != flow)
    return at("start", stack=(*below, Frame(flow, state, LISTED[flow].edition)), **changes)


def test_wherever_somebody_comes_to_a_list_it_is_offered_at_once() -> None:
    six = tuple(f"l{number}" for number in range(6))
    one = listed("one", "next", trail=(("one", "start"),))
    ways: dict[str, tuple[Session, Event, str, tuple[str, ...]]] = {
        "help": (one, Chose((HELP,)), "urgent_danger", ("n0",)),
        "urgent words": (one, Opened("urgent_danger"), "urgent_danger", ("n0",)),
        "back": (one, Chose((BACK,)), "one", six),
        "over": (one, Chose((OVER,)), "one", six),
        "finished": (one, key("Done", "next", LISTED), "urgent_danger", ("n0",)),
        "home": (one, Chose((TO_MENU,)), "menu", six),
        "opened": (one, Opened("menu"), "menu", six),
        "put away": (listed("one", aside="flows"), Chose((BACK,)), "one", six),
        "picked": (listed("menu", aside="flows", offered=("one",)), Chose(("o:one",)), "one", six),
        "a place laid over": (listed("one", aside="places", offered=("IE",)), Chose(("o:IE",)), "one", six),
    }
    for way, (session, event, flow, offered) in ways.items():
        came = after(session, event, flows=LISTED)
        assert (came.top.flow, came.top.state, came.offered) == (flow, "start", offered), way
    begun = step(LISTED, None, Started("n"), KNOWN).session
    assert begun
    assert begun.offered == six
    other = after(
        at("start", stack=begun.stack, settings={"role": ("helper",)}),
        Chose((LISTED["arrival"].states["start"].choices[0].key,)),
        flows=LISTED,
    )
    assert (other.top.flow, other.offered) == ("menu", six)


def test_home_is_the_first_screen_of_the_menu_and_help_the_first_of_urgent_danger() -> None:
    menu = listed("menu", "more")
    assert after(menu, Chose((TO_MENU,)), flows=LISTED).top.state == "start"
    helped = listed("urgent_danger", "next")
    for event in (Chose((HELP,)), Opened("urgent_danger")):
        assert after(helped, event, flows=LISTED).top == Frame(
            "urgent_danger", "start", LISTED["urgent_danger"].edition
        )
    assert after(menu, Opened("urgent_danger", "", "next"), flows=LISTED).top.state == "next"


def test_what_is_open_below_stays_as_it_is() -> None:
    below = (Frame("menu", "start", FLOWS["menu"].edition), Frame("two", "start", FLOWS["two"].edition, {"a": ("b",)}))
    for state, event in (
        ("start", key("Calm")), ("start", Chose((OVER,))), ("many", Chose(("+a",))), ("words", Answered("w")),
        ("where", Answered("IE")), ("start", Chose((BACK,))),
    ):  # fmt: skip
        session = at(state, trail=(("one", "echoed"),))
        came = after(session._replace(stack=(*below, session.top)), event)
        assert came.stack[:2] == below, (state, event)
        assert came.stack[2:] == (came.top,)
        assert came.top.edition == FLOWS["one"].edition


GUARDED = flows_of(
    one="""# One

- one

## start
<!-- answer: many -->
Hi.

- [ ] Plain <!-- plain -->
- [ ] Calm <!-- calm --> {when mood=calm}
- [ ] Helper <!-- helper --> {when role=helper}
- [ ] Placed <!-- placed --> {when place-known}
- [Calm](#words "when mood=calm")
- [Placed](two.md#inner "when place-known")
- [Two](two.md "remember mood=calm; remember stay=hour")

## words
<!-- asks: label words -->
Say.

- [Placed](#start "when place-known")
- [Helper](back: "when role=helper")
""",
    two="# Two\n\n- two\n\n## start\nHi.\n\n- [On](#inner)\n\n## inner\nHi.\n\n- [Calm](done:)\n",
)
PLACED = Known(HOLDS | {"place-known"})


def guarded(state: str, answers: Answers | None = None, **changes: Any) -> Session:
    return at("start", stack=(Frame("one", state, GUARDED["one"].edition, answers or {}),), **changes)


def test_a_line_is_ticked_where_it_is_shown_and_nowhere_else() -> None:
    for line, session, known in (
        ("calm", guarded("start", {"mood": ("calm",)}), KNOWN),
        ("helper", guarded("start", settings={"role": ("helper",)}), KNOWN),
        ("placed", guarded("start"), PLACED),
    ):
        assert [item.id for item, _ in show(GUARDED, session, known).items] == ["plain", line]
        ticked = after(session, Chose((f"+{line}",)), known=known, flows=GUARDED)
        assert (ticked.top.answers["many"], ticked.notice) == ((line,), "")
        assert after(guarded("start"), Chose((f"+{line}",)), flows=GUARDED).notice == "stale"


def test_a_choice_is_taken_where_it_is_shown_and_nowhere_else() -> None:
    calm, placed = key("Calm", "start", GUARDED), key("Placed", "start", GUARDED)
    assert after(guarded("start", {"mood": ("calm",)}), calm, flows=GUARDED).top.state == "words"
    assert after(guarded("start"), calm, flows=GUARDED).notice == "stale"
    opened = after(guarded("start"), placed, known=PLACED, flows=GUARDED)
    assert (opened.top.flow, opened.top.state) == ("two", "inner")
    assert after(guarded("start"), placed, flows=GUARDED).notice == "stale"
    assert after(guarded("words"), placed, known=PLACED, flows=GUARDED).notice == "stale", "it is of another state"


def test_what_a_choice_remembers_is_remembered_where_somebody_comes_back_to() -> None:
    below = Frame("menu", "start", GUARDED["menu"].edition)
    session = guarded("start", {"many": ("plain",)})
    opened = after(session._replace(stack=(below, session.top)), key("Two", "start", GUARDED), flows=GUARDED)
    kept = Frame("one", "start", GUARDED["one"].edition, {"many": ("plain",), "mood": ("calm",)})
    assert opened.stack == (below, kept, Frame("two", "start", GUARDED["two"].edition))
    assert opened.settings == {**SETTINGS, "stay": ("hour",)}


def test_every_way_of_leaving_leaves_what_was_chosen() -> None:
    """A conversation's own way out too: somebody who wants a dull line may be watched, and an empty chat be noticed."""
    flows = flows_of(one="# One\n\n- one\n\n## start\nHi.\n\n- [Out](exit:)\n- [Done](done:)\n")
    ways = (Left(), Chose(("exit",)), Pressed("old", "exit"), key("Out", "start", flows))
    for chosen, erased in (({}, "empty"), ({"leaving": ("empty",)}, "empty"), ({"leaving": ("dull",)}, "dull")):
        session = at("start", stack=(Frame("one", "start", flows["one"].edition),), settings={**SETTINGS, **chosen})
        for way in ways:
            turn = step(flows, session, way, KNOWN)
            assert (turn.session, turn.screen, turn.erase) == (None, None, erased)


def test_what_nobody_understood_is_answered_with_the_line_about_it() -> None:
    assert after(at("start"), Unsure("long")).notice == "long"
    assert after(at("start"), Unsure()).notice == "unsure"


def test_an_answer_is_kept_and_goes_on_by_what_is_open_or_leads_to_the_list() -> None:
    assert after(guarded("words"), Answered("w"), known=PLACED, flows=GUARDED).top.state == "start"
    went = after(guarded("words", settings={"role": ("helper",)}), Answered("w"), flows=GUARDED)
    assert went.notice == "first", "the second choice goes back, and there was nothing before"
    stayed = after(
        guarded("words", aside="places", offered=("A",), notice="heard")._replace(aside="spots"),
        Answered("w"),
        flows=GUARDED,
    )
    assert (stayed.top.state, stayed.top.answers, stayed.aside, stayed.notice) == ("start", {}, "", "")


def test_what_was_offered_and_is_gone_is_put_away() -> None:
    session = at("start", aside="flows", offered=("gone",), notice="heard")
    picked = after(session, Chose(("o:gone",)))
    assert (picked.notice, picked.aside, picked.top) == ("moved", "", session.top)
    over = after(at("start", notice="heard"), Offered("places", tuple("ABCDEFGH")))
    assert (over.aside, over.offered, over.notice) == ("places", tuple("ABCDEF"), "")


def test_the_machine_of_a_conversation_knows_its_choices_and_nobody() -> None:
    """A model would keep the sessions of people alive, and automatic transitions would jump anywhere."""
    flow = GUARDED["one"]
    built = machine.build(flow)
    assert list(built.states) == list(flow.states)
    assert built.models == []
    assert set(built.events) == {choice.key for state in flow.states.values() for choice in state.choices}
    calm, placed, _ = (choice.key for choice in flow.states["start"].choices)
    view = View({"mood": ("calm",)}, {}, frozenset())
    assert machine.move(built, "start", calm, view) == "words"
    assert machine.move(built, "start", calm, View({}, {}, frozenset())) is None
    assert machine.move(built, "start", placed, View({}, {}, frozenset({"place-known"}))) == "start"
    assert machine.move(built, "words", calm, view) is None
    assert machine.move(built, "start", "to_words", view) is None
    assert built.models == []
    loggers = [logging.getLogger(name) for name in ("transitions", "transitions.core")]
    assert all(logger.disabled for logger in loggers)
