"""The engine: what each event leads to."""

from __future__ import annotations

from harness import flows_of

from bot.engine.event import Answered, Chose, Event, Expired, Left, Offered, Opened, Pressed, Started, Unsure
from bot.engine.flows import Flows, Known
from bot.engine.screen import show
from bot.engine.session import TRAIL, Session
from bot.engine.step import BACK, EXIT, HELP, KEEP, MORE, OVER, TO_MENU, axes, step

ONE = """# One

- one

## start
First. {when not place-known}

- [Second](#second "remember mood=calm")
- [Other](two.md)
- [Out](exit:)
- [Only calm](#third "when mood=calm")

## second
<!-- answer: things -->
Tick.

- [ ] Bread <!-- bread -->
- [ ] Tea <!-- tea -->
- [ ] Hidden <!-- hidden --> {when place-known}
- [Third](#third)

## third
> Mood {answer.mood}, with {answer.things}. {when things has tea}

- [Words](#words)
- [Where](#where)
- [Done](done:)

## words
<!-- asks: label note -->
Say.

- [On](#third)

## where
<!-- asks: place place -->
Where?

- [On](back:)
"""
TWO = "# Two\n\n- two\n\n## start\nHi.\n\n- [Deeper](three.md)\n- [Back to one](one.md)\n- [Third of one](one.md#third)\n- [Done](done:)\n"  # noqa: E501
THREE = "# Three\n\n- three\n\n## start\nHi.\n\n- [Four](four.md)\n- [Done](done:)\n"
FOUR = "# Four\n\n- four\n\n## start\nHi.\n\n- [Five](five.md)\n- [Done](done:)\n"
FIVE = "# Five\n\n- five\n\n## start\nHi.\n\n- [Done](done:)\n"
FLOWS = flows_of(one=ONE, two=TWO, three=THREE, four=FOUR, five=FIVE)
KNOWN = Known(
    frozenset({f"flow {name}" for name in FLOWS.by_id}),
    {"places": tuple("ABCDEFGH"), "languages": ("en", "es")},
)


def key(flows: Flows, session: Session, label: str) -> str:
    state = flows[session.top.flow].states[session.top.state]
    return next(choice.key for choice in state.choices if choice.label == label)


def after(*events: Event | str, session: Session | None = None, flows: Flows = FLOWS, known: Known = KNOWN) -> Session:
    """The session after events; a text is the label of a choice."""
    session = session or step(flows, None, Started("n"), known).session
    for event in events:
        assert session
        happened = Chose((key(flows, session, event),)) if isinstance(event, str) else event
        session = step(flows, session, happened, known).session
    assert session
    return session


def at(session: Session) -> tuple[str, str]:
    return session.top.flow, session.top.state


def test_arrival_then_the_menu_then_a_conversation() -> None:
    session = after("In", "To one", "Second")
    assert [frame.flow for frame in session.stack] == ["menu", "one"]
    assert at(session) == ("one", "second")
    assert session.top.answers == {"mood": ("calm",)}
    assert session.settings == {"role": ("survivor",)}


def test_every_choice_is_a_new_visit_and_a_tick_is_not() -> None:
    session = after("In", "To one", "Second")
    ticked = after(Chose(("+tea",)), session=session)
    assert ticked.visit == session.visit
    assert ticked.turn == session.turn + 1
    assert after("Third", session=ticked).visit == session.visit + 1


def test_a_tick_carries_the_value_wanted_so_that_saying_it_twice_changes_nothing() -> None:
    session = after("In", "To one", "Second", Chose(("+tea",)), Chose(("+tea",)), Chose(("+bread",)))
    assert session.top.answers["things"] == ("bread", "tea")  # in the order of the list, whatever was tapped first
    assert after(Chose(("-tea",)), Chose(("-tea",)), session=session).top.answers["things"] == ("bread",)


def test_several_ticks_at_once() -> None:
    assert after("In", "To one", "Second", Chose(("+tea", "+bread"))).top.answers["things"] == ("bread", "tea")


def test_a_hidden_line_cannot_be_ticked() -> None:
    session = after("In", "To one", "Second", Chose(("+hidden",)))
    assert "things" not in session.top.answers
    assert session.notice == "stale"


def test_a_choice_whose_guard_does_not_hold_is_not_taken() -> None:
    session = after("In", "To one")
    assert at(after("Only calm", session=session)) == ("one", "start")
    calm = after("Second", Chose((BACK,)), session=session)
    assert at(after("Only calm", session=calm)) == ("one", "third")


def test_back_restores_the_place_and_not_the_answers_and_steps_over_ticks() -> None:
    session = after("In", "To one", "Second", Chose(("+tea",)), Chose((BACK,)))
    assert at(session) == ("one", "start")
    assert session.top.answers == {"mood": ("calm",), "things": ("tea",)}


def test_back_never_enters_a_finished_conversation_again() -> None:
    session = after("In", "To one", "Second", "Third", "Done")
    assert at(session) == ("menu", "start")
    again = after(Chose((BACK,)), session=session)
    assert at(again) == ("menu", "start")
    assert again.notice == "first"


def test_finishing_drops_what_was_answered() -> None:
    session = after("In", "To one", "Second", Chose(("+tea",)), "Third", "Done", "To one")
    assert session.top.answers == {}


def test_a_finished_conversation_returns_to_the_one_that_opened_it() -> None:
    session = after("In", "To one", "Other", "Done")
    assert at(session) == ("one", "start")


def test_opening_a_conversation_that_is_open_returns_to_it() -> None:
    session = after("In", "To one", "Second", Chose((BACK,)), "Other", "Back to one")
    assert [frame.flow for frame in session.stack] == ["menu", "one"]
    assert session.top.answers == {"mood": ("calm",)}
    assert at(after("In", "To one", "Other", "Third of one")) == ("one", "third")


def test_the_stack_holds_six_and_one_more_replaces_the_newest() -> None:
    many = {
        f"f{number}": f"# F\n\n- f{number}\n\n## start\nHi.\n\n- [Next](f{number + 1}.md)\n- [Done](done:)\n"
        for number in range(8)
    }
    flows = flows_of(**many, f8="# F\n\n- f\n\n## start\nHi.\n\n- [Done](done:)\n")
    known = Known(frozenset({f"flow {name}" for name in flows.by_id}))
    session = after("In", "To f0", *["Next"] * 7, flows=flows, known=known)
    assert [frame.flow for frame in session.stack] == ["menu", "f0", "f1", "f2", "f3", "f7"]
    helped = after(Chose((HELP,)), session=session, flows=flows, known=known)
    assert [frame.flow for frame in helped.stack] == [*[frame.flow for frame in session.stack], "urgent_danger"]
    assert after("Done", session=helped, flows=flows, known=known).stack == session.stack


def test_asking_for_help_again_loses_no_conversation_opened_from_there() -> None:
    session = after("In", Chose((HELP,)), Offered("flows", ("one",)), Chose(("o:one",)), "Second", Chose(("+tea",)))
    helped = after(Opened("urgent_danger", "heard"), session=session)
    assert [frame.flow for frame in helped.stack] == ["menu", "one", "urgent_danger"]
    returned = after(Chose((BACK,)), session=helped)
    assert at(returned) == ("one", "second")
    assert returned.top.answers["things"] == ("tea",)


def test_the_trail_is_kept_short() -> None:
    session = after("In", "To one")
    for _ in range(12):
        session = after("Second", "Third", "Where", Answered("A"), Chose((TO_MENU,)), "To one", session=session)
    assert len(session.trail) == TRAIL


def test_a_list_that_became_shorter_shows_what_is_left() -> None:
    flows = flows_of(one="# One\n\n- one\n\n## start\n{law.nda}\n\n- [Done](done:)\n")
    holds = frozenset({"flow one"})
    many = Known(holds, {"law nda": tuple(f"f{number}" for number in range(8))})
    few = Known(holds, {"law nda": ("f0", "f1")})
    session = after("In", "To one", *[Chose((MORE,))] * 7, flows=flows, known=many)
    assert (session.page, show(flows, session, many).offered) == (7, ("f7",))
    screen = show(flows, session, few)
    assert (screen.page, screen.pages, screen.offered) == (1, 2, ("f1",))


def test_what_is_laid_over_a_page_of_a_checklist_gives_that_page_back() -> None:
    items = "".join(f"- [ ] Line {letter} <!-- {letter} -->\n" for letter in "abcdefgh")
    flows = flows_of(one=f"# One\n\n- one\n\n## start\n<!-- answer: many -->\nTick.\n\n{items}- [Done](done:)\n")
    session = after("In", "To one", Chose((MORE,)), flows=flows)
    over = after(Offered("languages", ("en",)), session=session, flows=flows)
    assert show(flows, after(Chose((KEEP,)), session=over, flows=flows), KNOWN).page == 1


def test_starting_over_drops_the_answers_and_keeps_language_place_and_settings() -> None:
    session = after("In", "To one", "Second")._replace(language="es", place="IE")
    over = after(Chose((OVER,)), session=session)
    assert at(over) == ("one", "start")
    assert over.top.answers == {}
    assert (over.language, over.place, over.settings) == ("es", "IE", {"role": ("survivor",)})
    assert at(after(Chose((BACK,)), session=over)) == ("menu", "start")  # nobody walks around a gate that way


def test_who_becomes_somebody_else_comes_to_nothing_of_who_they_were() -> None:
    """Neither by going back nor by finishing: what was open may be for others."""
    flows = flows_of(one="# One\n\n- one\n\n## start\nA.\n\n- [Who I am](arrival.md#start)\n- [Done](done:)\n")
    arrived = after("In", "To one", "Who I am", flows=flows)
    other = arrived._replace(settings={"role": ("called_out",)})
    changed = after("In", session=other, flows=flows)
    assert (at(changed), len(changed.stack), changed.trail) == (("menu", "start"), 1, ())
    same = after("In", session=arrived, flows=flows)
    assert at(same) == ("one", "start")


def test_help_opens_urgent_danger_from_anywhere_and_done_returns() -> None:
    session = after("In", "To one", "Second", Chose((HELP,)))
    assert at(session) == ("urgent_danger", "start")
    assert at(after("Done", session=session)) == ("one", "second")


def test_a_typed_answer_is_kept_and_goes_on() -> None:
    session = after("In", "To one", "Second", "Third", "Words", Answered("my words"))
    assert at(session) == ("one", "third")
    assert session.top.answers["note"] == ("my words",)
    assert "my words" not in repr(session)


def test_a_place_answers_where_one_is_and_goes_back_to_the_question() -> None:
    session = after("In", "To one", "Second", "Third", "Where")
    assert session.offered == ("A", "B", "C", "D", "E", "F")
    picked = after(Chose(("o:B",)), session=session)
    assert (picked.place, at(picked)) == ("B", ("one", "third"))
    paged = after(Chose((MORE,)), session=session)
    assert paged.offered == ("G", "H")
    assert after(Chose(("o:A",)), session=paged).notice == "stale"  # it is not on the screen now


def test_what_is_looked_up_is_looked_up_for_where_the_event_leads() -> None:
    session = after("In", "To one", "Second", "Third", "Where")
    assert axes(FLOWS, session, Chose(("o:B",))) == (None, "B")
    assert axes(FLOWS, session, Pressed(session.stamp, "o:B")) == (None, "B")
    assert axes(FLOWS, session, Pressed("old", "o:B")) == (None, None)
    assert axes(FLOWS, session, Answered("C")) == (None, "C")


def test_a_language_chosen_in_mid_flow_changes_nothing_else() -> None:
    session = after("In", "To one", "Second", Chose(("+tea",)))
    offered = after(Offered("languages", ("en", "es")), session=session)
    chosen = after(Chose(("o:es",)), session=offered)
    assert chosen._replace(language=None, turn=0) == session._replace(turn=0)


def test_what_is_laid_over_a_screen_can_be_put_away() -> None:
    session = after("In", "To one", Offered("flows", ("two",)))
    assert session.aside == "flows"
    assert at(after(Chose((KEEP,)), session=session)) == ("one", "start")
    assert after(Chose((BACK,)), session=session).aside == ""
    assert at(after(Chose(("o:two",)), session=session)) == ("two", "start")


def test_a_place_can_be_named_at_any_time() -> None:
    session = after("In", "To one", Offered("places", ("B",)), Chose(("o:B",)))
    assert (session.place, at(session)) == ("B", ("one", "start"))


def test_a_stale_button_shows_the_present_screen() -> None:
    session = after("In", "To one")
    pressed = after(Pressed("n.0", key(FLOWS, session, "Second")), session=session)
    assert at(pressed) == ("one", "start")
    assert pressed.notice == "stale"
    assert at(after(Pressed(session.stamp, key(FLOWS, session, "Second")), session=session)) == ("one", "second")


def test_leaving_and_help_work_from_any_button_however_old() -> None:
    session = after("In", "To one")
    assert step(FLOWS, session, Pressed("another session", EXIT), KNOWN).session is None
    assert at(after(Pressed("another session", HELP), session=session)) == ("urgent_danger", "start")
    edited = flows_of(one=ONE.replace("First.", "First of all."), two=TWO, three=THREE, four=FOUR, five=FIVE)
    assert step(edited, session, Chose((EXIT,)), KNOWN).session is None
    assert at(after(Chose((HELP,)), session=session, flows=edited)) == ("urgent_danger", "start")


def test_what_nobody_understood_changes_nothing_but_a_line() -> None:
    session = after("In", "To one")
    unsure = after(Unsure(), session=session)
    assert unsure._replace(notice="", turn=session.turn) == session
    assert after("Second", session=unsure).notice == ""


def test_leaving_drops_the_session_and_says_what_is_to_be_erased() -> None:
    session = after("In", "To one")
    for event in (Left(), Chose((EXIT,)), Chose((key(FLOWS, session, "Out"),))):
        turn = step(FLOWS, session, event, KNOWN)
        assert (turn.session, turn.screen, turn.erase) == (None, None, "empty")
    dull = session._replace(settings={"leaving": ("dull",)})
    assert step(FLOWS, dull, Left(), KNOWN).erase == "dull"
    assert step(FLOWS, None, Left(), KNOWN).erase == "empty"
    assert step(FLOWS, session, Expired(), KNOWN).erase == "expired"


def test_a_tap_without_a_session_is_answered_with_nothing() -> None:
    turn = step(FLOWS, None, Pressed("n.1", "cabc"), KNOWN)
    assert (turn.session, turn.screen, turn.erase) == (None, None, "")


def test_a_conversation_named_before_arrival_is_offered_after_it() -> None:
    begun = step(FLOWS, None, Started("n", later="two"), KNOWN).session
    session = after("In", session=begun)
    assert (session.aside, session.offered, session.later) == ("flows", ("two",), "")


def test_a_conversation_named_while_arriving_waits_too() -> None:
    session = after(Offered("flows", ("two", "one")))
    assert (session.aside, session.later, session.notice) == ("", "two", "later")
    assert after("In", session=session).offered == ("two",)


def test_a_place_typed_while_its_parts_are_offered_answers_the_question() -> None:
    session = after("In", "To one", "Second", "Third", "Where", Offered("places", ("X", "Y")), Answered("X"))
    assert (session.place, session.aside, at(session)) == ("X", "", ("one", "third"))


def test_a_conversation_that_is_not_for_somebody_is_not_offered_to_them() -> None:
    flows = flows_of(
        arrival='# A\n\n## start\nHi.\n\n- [In](done: "remember role=called_out")\n',
        two="# Two\n<!-- for: survivor -->\n\n- two\n\n## start\nHi.\n\n- [Done](done:)\n",
    )
    begun = step(flows, None, Started("n", later="two"), KNOWN).session
    assert after("In", session=begun, flows=flows).aside == ""


def test_a_conversation_that_is_not_whole_is_not_listed() -> None:
    session = after("In")
    known = Known(KNOWN.holds - {"flow one"}, KNOWN.offers)
    labels = [choice.label for choice in show(FLOWS, session, known).choices]
    assert "To one" not in labels
    assert "To two" in labels


def test_the_menu_is_the_arrival_until_somebody_has_arrived() -> None:
    assert at(after(Chose((TO_MENU,)))) == ("arrival", "start")
    assert at(after("In", "To one", Chose((TO_MENU,)))) == ("menu", "start")


def test_a_changed_script_shows_the_state_again_before_any_choice_counts() -> None:
    """F32."""
    session = after("In", "To one")
    edited = flows_of(one=ONE.replace("First.", "First of all."), two=TWO, three=THREE, four=FOUR, five=FIVE)
    again = after("Second", session=session, flows=edited)
    assert (at(again), again.notice) == (("one", "start"), "stale")
    assert at(after("Second", session=again, flows=edited)) == ("one", "second")


def test_a_state_that_is_gone_leads_to_the_start_and_says_so() -> None:
    session = after("In", "To one", "Second")
    changed = ONE.replace("## second", "## later").replace("#second", "#later")
    edited = flows_of(one=changed, two=TWO, three=THREE, four=FOUR, five=FIVE)
    again = after(Chose(("x",)), session=session, flows=edited)
    assert (at(again), again.notice) == (("one", "start"), "moved")
    renamed = flows_of(
        one=changed.replace("## later", "## later\n<!-- was: second -->"), two=TWO, three=THREE, four=FOUR, five=FIVE
    )
    assert at(after(Chose(("x",)), session=session, flows=renamed)) == ("one", "later")


def test_a_conversation_that_is_gone_leads_to_the_one_that_opened_it() -> None:
    session = after("In", "To one", "Other")
    edited = flows_of(one=ONE.replace("- [Other](two.md)\n", ""))
    again = after(Chose(("x",)), session=session, flows=edited)
    assert (at(again), again.notice) == (("one", "start"), "moved")


def test_an_unknown_conversation_or_an_empty_choice_is_no_step() -> None:
    session = after("In")
    assert at(after(Opened("nowhere"), session=session)) == ("menu", "start")
    assert after(Chose(()), session=session).notice == "unsure"
    assert after(Chose(("cdeadbeef",)), session=session).notice == "stale"
