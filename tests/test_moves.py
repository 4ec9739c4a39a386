"""Where an event leads: opening, finishing, going back, resting, and scripts that were edited meanwhile."""

from __future__ import annotations

from engine_ground import FLOWS, HOLDS, KNOWN, SETTINGS, after, at, key
from harness import flows_of

from bot.engine.event import Answered, Chose, Expired, Left, Offered, Opened, Pressed, Started, Unsure
from bot.engine.flows import Known
from bot.engine.moves import back, finish, onward, open_flow, rest, settle, welcomes
from bot.engine.screen import Screen, show
from bot.engine.session import DEPTH, REST, TRAIL, Frame, Session
from bot.engine.step import BACK, HELP, KEEP, OVER, TO_MENU, step


def test_a_choice_remembers_what_it_says_and_nothing_where_its_guard_is_shut() -> None:
    calm = after(at("start", {"many": ("a",)}), key("Calm"))
    assert (calm.top.state, calm.top.answers) == ("many", {"many": ("a",), "mood": ("calm",)})
    assert (calm.settings, calm.visit, calm.notice, calm.page) == (SETTINGS, 4, "", 0)
    assert calm.trail == (("one", "start"),)
    hour = after(at("start"), key("Hour"))
    assert (hour.settings, hour.top.answers) == ({**SETTINGS, "stay": ("hour",)}, {"mood": ("calm",)})
    never = after(at("start"), key("Never"))
    assert (never.notice, never.top) == ("stale", at("start").top)


def test_a_finished_conversation_takes_its_answers_and_its_trail_with_it() -> None:
    session = at("start", trail=(("menu", "start"), ("one", "many")), notice="heard")
    done = after(session, key("Home"))
    assert (done.stack, done.trail, done.notice) == (session.stack[:1], (("menu", "start"),), "")
    alone = after(session._replace(stack=session.stack[1:]), key("Home"))
    assert (alone.stack, alone.notice) == ((Frame("menu", "start", FLOWS["menu"].edition),), "")
    edited = session._replace(stack=(session.stack[0]._replace(edition="old"), session.stack[1]))
    assert finish(FLOWS, edited, KNOWN).notice == "stale", "the one come back to was edited meanwhile"


def test_a_place_kept_shows_nothing_and_comes_back_whole() -> None:
    session = at("start", {"many": ("a",)}, trail=(("menu", "start"), ("one", "many")), notice="heard")
    kept = after(session, key("Kept"))
    assert (kept.aside, kept.offered, kept.notice, kept.top.flow) == (REST, (), "", "menu")
    below = Frame("one", "where", FLOWS["one"].edition)
    listed = session._replace(stack=(below, Frame("two", "start", FLOWS["two"].edition)))
    resting = rest(FLOWS, listed, KNOWN)
    assert (resting.aside, resting.offered, resting.notice, resting.top) == (REST, (), "", below)
    stale = listed._replace(stack=(below._replace(edition="old"), listed.stack[1]))
    assert rest(FLOWS, stale, KNOWN).notice == ""
    woken = after(resting, Chose((KEEP,)))
    assert (woken.aside, woken.offered) == ("", tuple("ABCDEF"))
    assert settle(FLOWS, stale._replace(aside=REST)) is not settle(FLOWS, stale)


def test_nothing_ends_a_dull_page_but_its_button_urgent_words_and_leaving() -> None:
    resting = rest(FLOWS, at("start"), KNOWN)
    for event in (
        Unsure(),
        Chose((BACK,)),
        Chose((KEEP, HELP)),
        Pressed("n.99", KEEP),
        Pressed(resting.stamp, HELP),
        Opened("two"),
        Answered("x"),
        Offered("flows", ("two",)),
    ):
        turn = step(FLOWS, resting, event, KNOWN)
        assert turn.session is resting
        assert turn.screen == Screen("menu", "start", aside=REST)
        assert turn.erase == ""
    for event in (Chose((KEEP,)), Pressed(resting.stamp, KEEP)):
        assert after(resting, event).aside == ""
    for event in (Chose((HELP,)), Opened("urgent_danger")):
        assert after(resting, event).top.flow == "urgent_danger"
    assert after(resting, Unsure("urgent")).aside == ""
    for way in (Left(), Expired(), Chose(("exit",)), Pressed("x", "exit")):
        assert step(FLOWS, resting, way, KNOWN).session is None


def test_somebody_new_begins_at_arrival_with_nothing_but_language_place_and_what_they_named() -> None:
    turn = step(FLOWS, at("start", {"words": ("quetzalword",)}), Started("m", "uk", "US-CA", "two"), KNOWN)
    frame = Frame("arrival", "start", FLOWS["arrival"].edition, {})
    assert turn.session == Session("m", (frame,), language="uk", place="US-CA", visit=1, turn=1, later="two")
    assert (turn.screen, turn.erase) == (show(FLOWS, turn.session, KNOWN), "")


def test_what_was_named_before_arrival_is_offered_once_and_only_where_it_may_be() -> None:
    begun = step(FLOWS, None, Started("m", later="two"), KNOWN).session
    assert begun
    come = Chose((FLOWS["arrival"].states["start"].choices[0].key,))
    offered = after(begun, come)
    assert (offered.top.flow, offered.aside, offered.offered, offered.later) == ("menu", "flows", ("two",), "")
    for refused in (begun._replace(later="gone"), begun._replace(later="")):
        assert (after(refused, come).aside, after(refused, come).later) == ("", "")
    partly = Known(HOLDS - {"flow two"})
    assert after(begun, come, known=partly).aside == ""
    named = after(begun._replace(later=""), Offered("flows", ("one", "two")))
    assert (named.later, named.notice, named.aside) == ("one", "later", "")
    assert after(begun, Offered("flows", ())).later == ""
    helped = after(begun, Chose((HELP,)))
    assert helped.later == "two", "it waits until the menu"


def test_who_becomes_somebody_else_keeps_language_place_and_settings_and_nothing_more() -> None:
    flows = flows_of(one="# One\n\n- one\n\n## start\nA.\n\n- [Who I am](arrival.md#start)\n- [Done](done:)\n")
    editions = {name: flows[name].edition for name in flows.by_id}
    stack = tuple(Frame(name, "start", editions[name], {"a": ("b",)}) for name in ("menu", "one", "arrival"))
    session = Session(
        "n", stack, (("one", "start"),), "es", "IE", {"role": ("helper",), "stay": ("hour",)}, later="one"
    )
    known = Known(HOLDS | {"flow one"})
    come = Chose((flows["arrival"].states["start"].choices[0].key,))
    turn = step(flows, session, come, known).session
    assert turn
    assert turn.stack == (Frame("menu", "start", editions["menu"], {}),)
    assert (turn.trail, turn.later, turn.aside) == ((), "", ""), "what they named was named by who they were"
    assert (turn.settings, turn.language, turn.place) == ({"role": ("survivor",), "stay": ("hour",)}, "es", "IE")


def test_opening_goes_to_the_state_named_or_the_first_or_the_one_somebody_was_in() -> None:
    session = at("many", {"many": ("a",)}, trail=(("menu", "start"),))
    first = after(session, Opened("two", "heard"))
    assert (first.top.state, first.notice, first.trail) == ("start", "heard", (("menu", "start"), ("one", "many")))
    there = after(first, Chose((FLOWS["two"].states["start"].choices[0].key,)))
    assert (there.top.state, there.top.answers, len(there.stack)) == ("many", {"many": ("a",)}, 2)
    assert there.trail == (*first.trail, ("two", "start"))
    assert after(first, Opened("one")).top.state == "start", "what the program opens begins at its first screen"
    assert after(first, Opened("one", "", "law")).top.state == "law"
    assert after(session, Opened("two", "", "gone")).top.state == "start"
    away = after(session, Opened("gone", "heard"))
    assert (away.top, away.notice) == (session.top, "heard")
    helped = after(session, Opened("urgent_danger", "heard"))
    assert (len(helped.stack), helped.trail) == (3, (("menu", "start"), ("one", "many")))
    assert open_flow(FLOWS, session, "two", "gone", KNOWN).notice == "moved"
    assert open_flow(FLOWS, session, "gone", "", KNOWN).notice == "moved"


def test_a_conversation_returned_to_after_an_edit_is_the_edited_one() -> None:
    old = at("many")._replace(
        stack=(Frame("one", "many", "old", {"many": ("a",)}), Frame("two", "start", FLOWS["two"].edition))
    )
    again = after(old, Chose((FLOWS["two"].states["start"].choices[0].key,)))
    assert again.top == Frame("one", "many", FLOWS["one"].edition, {"many": ("a",)})
    assert back(FLOWS, old._replace(trail=(("one", "words"),)), KNOWN).top.edition == FLOWS["one"].edition


def test_back_steps_over_where_somebody_is_and_what_is_no_more() -> None:
    trail = (("menu", "start"), ("one", "start"), ("gone", "start"), ("one", "gone"), ("two", "start"), ("one", "many"))
    went = after(at("many", {"many": ("a",)}, trail=trail), Chose((BACK,)))
    assert (went.top, went.trail) == (at("start", {"many": ("a",)}).top, (("menu", "start"),))
    home = after(went, Chose((BACK,)))
    assert ([frame.flow for frame in home.stack], home.trail) == (["menu"], ())
    stuck = after(at("many", trail=(("one", "many"),)), Chose((BACK,)))
    assert (stuck.notice, stuck.top.state) == ("first", "many")
    over = after(at("many", trail=trail, aside="flows", offered=("two",)), Chose((BACK,)))
    assert (over.aside, over.top.state, over.trail) == ("", "many", trail)


def test_the_trail_keeps_the_newest_steps() -> None:
    long = tuple(("one", f"s{number}") for number in range(TRAIL))
    assert onward(at("many", trail=long)) == (*long[1:], ("one", "many"))
    assert onward(at("many")) == (("one", "many"),)


def test_starting_over_keeps_what_is_below_and_forgets_the_steps_of_this_conversation() -> None:
    session = at("many", {"many": ("a",)}, trail=(("menu", "start"), ("one", "start")), later="two", notice="x")
    over = after(session, Chose((OVER,)))
    assert over.stack == (session.stack[0], Frame("one", "start", FLOWS["one"].edition, {}))
    assert (over.trail, over.notice) == ((("menu", "start"),), "")


def test_an_edited_script_shows_the_state_again_and_keeps_answers_and_trail() -> None:
    old = at("many", {"many": ("a",)}, trail=(("menu", "start"),))
    old = old._replace(stack=(old.stack[0], old.top._replace(edition="old")), aside="flows", offered=("two",))
    again = after(old, key("On", "many"))
    assert (again.top, again.notice, again.trail) == (at("many", {"many": ("a",)}).top, "stale", old.trail)
    assert (again.aside, again.offered, again.stack[0]) == ("", (), old.stack[0])
    listed = old._replace(stack=(old.stack[0], Frame("one", "where", "old")))
    assert after(listed, Unsure()).offered == tuple("ABCDEF")
    gone = old._replace(stack=(old.stack[0], Frame("gone", "start", "x"), Frame("gone too", "start", "x")))
    lost = after(gone, Unsure())
    assert (lost.stack, lost.notice, lost.aside, lost.offered) == (old.stack[:1], "moved", "", ())
    nothing = after(old._replace(stack=(Frame("gone", "start", "x"),)), Unsure())
    assert (nothing.stack, nothing.notice) == ((Frame("menu", "start", FLOWS["menu"].edition, {}),), "moved")
    assert after(old, Opened("urgent_danger", "heard")).notice == "heard", "urgent help does not wait for that"
    assert step(FLOWS, old, Pressed("x", HELP), KNOWN).session == after(old, Chose((HELP,)))
    below = (old.stack[0], Frame("two", "start", FLOWS["two"].edition))
    for there, notice in ((old.top, "stale"), (Frame("gone", "start", "x"), "moved")):
        fitted = settle(FLOWS, old._replace(stack=(*below, there)))
        assert (fitted.stack[:2], fitted.notice, fitted.aside, fitted.offered) == (below, notice, "", ())
    assert settle(FLOWS, at("many")) == at("many")


def test_six_are_open_at_most() -> None:
    stack = tuple(Frame(f"f{number}", "start", "e") for number in range(DEPTH - 1))
    session = at("start")._replace(stack=(*stack, at("start").top))
    assert open_flow(FLOWS, session, "two", "", KNOWN).stack[:-1] == stack
    assert len(open_flow(FLOWS, session._replace(stack=stack), "two", "", KNOWN).stack) == DEPTH


def test_the_way_home_is_the_menu_once_somebody_has_said_who_they_are() -> None:
    assert after(at("many"), Chose((TO_MENU,))).top.flow == "menu"
    assert after(at("many", settings={}), Chose((TO_MENU,))).top.flow == "arrival"


def test_who_is_offered_what() -> None:
    written = {
        "all": "<!-- for: all -->", "survivors": "<!-- for: survivor -->", "young": "<!-- for: under_18 -->",
        "called": "<!-- for: called_out -->", "helpers": "<!-- for: helper -->", "unsaid": "",
    }  # fmt: skip
    flows = flows_of(
        **{name: f"# F\n{mark}\n\n- {name}\n\n## start\nHi.\n\n- [Done](done:)\n" for name, mark in written.items()}
    )
    offered = {
        role: {name for name in written if welcomes(flows[name], {"role": (role,)} if role else {})}
        for role in ("survivor", "helper", "facilitator", "called_out", "under_18", "unsaid", "")
    }
    everything = set(written)
    assert offered["unsaid"] == offered[""] == everything
    assert offered["under_18"] == {"all", "young"}
    assert offered["called_out"] == {"all", "called"}
    assert offered["survivor"] == {"all", "survivors", "unsaid"}
    assert offered["helper"] == {"all", "survivors", "helpers", "unsaid"}
    assert offered["facilitator"] == {"all", "survivors", "unsaid"}
