"""What a state shows, and what paging, ticking and picking make of it."""

from __future__ import annotations

from engine_ground import FLOWS, HOLDS, KNOWN, ONE, TWO, after, asked, at, ids, key, labels, shown
from harness import flows_of

from bot.engine.event import Answered, Chose, Offered
from bot.engine.flows import Known
from bot.engine.screen import Screen, at_once, show
from bot.engine.session import REST, Frame
from bot.engine.step import KEEP, MORE


def test_a_screen_shows_what_the_answers_and_the_place_allow() -> None:
    screen = shown(at("start"))
    assert [getattr(part, "text", "") for part in screen.said] == ["Said."]
    assert labels(screen) == ["Calm", "Two", "Hour", "Home", "Kept"]
    calm = shown(at("start", {"mood": ("calm",)}))
    assert [getattr(part, "text", "") for part in calm.said] == ["Said.", "Only calm."]
    placed = Known(HOLDS | {"place-known"}, KNOWN.offers, asked)
    assert ids(shown(at("many", page=1))) == "g"
    assert ids(shown(at("many", page=1), placed)) == "gh"
    assert shown(at("words")).asks == "label"
    plain = shown(at("start"))
    assert (plain.flow, plain.state, plain.items, plain.offered) == ("one", "start", (), ())
    assert (plain.asks, plain.about, plain.aside, plain.page, plain.pages) == ("", "", "", 0, 1)


def test_a_checklist_pages_by_six_and_knows_its_ticks() -> None:
    screen = shown(at("many", {"many": ("b", "g")}))
    assert (ids(screen), screen.page, screen.pages, screen.about, screen.offered) == ("abcdef", 0, 2, "", ())
    assert [item.id for item, ticked in screen.items if ticked] == ["b"]
    last = shown(at("many", {"many": ("b", "g")}, page=9))
    assert (ids(last), last.page, [ticked for _, ticked in last.items]) == ("g", 1, [True])
    six = flows_of(one=ONE.replace("- [ ] Line g <!-- g -->\n", ""), two=TWO)
    assert show(six, at("many"), KNOWN).pages == 1


def test_lists_that_are_read_show_one_or_three_and_the_others_six() -> None:
    assert [at_once(name) for name in ("law nda", "services legal", "reading nda", "places", "languages")] == [
        1, 1, 3, 6, 6,
    ]  # fmt: skip
    law = shown(at("law", page=2))
    assert (law.offered, law.page, law.pages, law.about) == (("n2",), 2, 3, "law nda")
    reading = shown(at("reading", page=1))
    assert (reading.offered, reading.page, reading.pages) == (("r3", "r4", "r5"), 1, 3)
    assert shown(at("reading", page=7)).offered == ("r6",)
    assert shown(at("law", page=7)).offered == ("n2",)
    assert shown(at("law", page=7), Known(HOLDS, {"law nda": ("n0",)})).offered == ("n0",)


def test_a_list_of_nothing_is_one_page_of_nothing() -> None:
    nothing = Known(HOLDS)
    for state in ("law", "reading", "where", "tongue"):
        screen = shown(at(state, page=3), nothing)
        assert (screen.offered, screen.page, screen.pages) == ((), 0, 1)


def test_a_list_that_depends_on_answers_is_asked_for_with_them() -> None:
    session = at("legal", {"many": ("a", "b")})
    screen = shown(session)
    assert (screen.offered, screen.pages) == (("services legal for a",), 2)
    assert screen.answers == {"many": ("a", "b")}, "what is shown names what was asked for"
    assert shown(after(session, Chose((MORE,)))).offered == ("services legal for b",)
    assert after(session, Chose((MORE,))).offered == ("services legal for b",)
    entered = after(at("echoed", {"many": ("a", "b")}), key("Services", "echoed"))
    assert entered.offered == ("services legal for a",)
    over = after(session, Offered("languages", ("l0",)), Chose((KEEP,)))
    assert over.offered == ("services legal for a",)
    nothing = after(at("many", {"many": ("a",)}), Offered("languages", ("l0",)), Chose((KEEP,)))
    assert nothing.offered == ()


def test_what_was_offered_is_offered_as_long_as_it_is_there() -> None:
    assert shown(at("where", offered=("X", "A"))).offered == ("X", "A"), "what was typed may be a place of no list"
    assert shown(at("tongue", offered=("l1", "xx"))).offered == ("l1",)
    assert shown(at("start", aside="flows", offered=("two", "gone"))).offered == ("two",)
    assert shown(at("start", aside="spots", offered=("IE",))).offered == ("IE",)


def test_a_language_alone_is_no_choice_unless_somebody_asked_for_one() -> None:
    alone = Known(HOLDS, {"languages": ("l0",)})
    assert shown(at("tongue", offered=("l0",)), alone).offered == ()
    assert shown(at("start", aside="languages", offered=("l0",)), alone).offered == ("l0",)
    two = Known(HOLDS, {"languages": ("l0", "l1")})
    assert shown(at("tongue", offered=("l0", "l1")), two).offered == ("l0", "l1")


def test_what_is_laid_over_a_state_hides_it_and_says_what_may_be_typed() -> None:
    spots = shown(at("many", aside="spots", offered=("IE",), page=4, notice="heard"))
    assert spots == Screen(
        "one", "many", offered=("IE",), about="spots", aside="spots", asks="postcode", notice="heard"
    )
    assert shown(at("many", aside="places", offered=("IE",))).asks == "place"
    languages = shown(at("many", aside="languages", page=4))
    assert (languages.page, languages.pages, languages.asks) == (1, 3, "")
    assert shown(at("many", aside=REST, page=1, notice="x", offered=("A",))) == Screen("one", "many", aside=REST)


def test_a_screen_that_is_one_persons_is_never_kept_for_another() -> None:
    """What looks the same to everybody is rendered once: a notice, a tick or a word of one person must not stay."""
    flows = flows_of(one="# One\n\n- one\n\n## start\nHi.\n\n- [On](#next)\n\n## next\nHi.\n\n- [Done](done:)\n")
    session = at("start")._replace(stack=(Frame("one", "start", flows["one"].edition),))
    noticed = show(flows, session._replace(notice="heard"), KNOWN)
    plain = show(flows, session, KNOWN)
    assert (noticed.notice, noticed.variant) == ("heard", None)
    assert plain.notice == ""
    assert plain.variant is not None
    assert show(flows, session, KNOWN) is plain
    assert show(flows, session._replace(notice="heard"), KNOWN).notice == "heard"
    echoed = shown(at("echoed", {"words": ("quetzalword",)}))
    assert (echoed.variant, echoed.answers) == (None, {"words": ("quetzalword",)})
    assert "quetzalword" not in repr(echoed)
    for state in ("start", "law", "where", "tongue", "legal"):
        screen = shown(at(state, {"words": ("quetzalword",)}))
        assert screen.variant is None
        assert screen.answers == ({"words": ("quetzalword",)} if state == "legal" else {})
    words = shown(at("words", {"words": ("quetzalword",)}))
    assert words.answers == {}


def test_a_rendering_is_named_by_all_that_it_shows() -> None:
    flows = flows_of(one=ONE.replace(" {when place-known}", ""), two=TWO)
    seen = {
        show(flows, at("many", {"many": ticks}, page=page, aside=""), KNOWN).variant
        for ticks in ((), ("a",), ("a", "b"))
        for page in (0, 1)
    }
    assert len(seen) == 6
    assert None not in seen
    variant = ("one", FLOWS["one"].edition, "many", ("a",), 0)
    assert show(flows, at("many", {"many": ("a",)}), KNOWN).variant == variant
    assert shown(at("many")).variant is None, "a line may be hidden"


def test_more_shows_the_next_page_and_after_the_last_the_first() -> None:
    first = at("where", offered=tuple("ABCDEF"), notice="heard")
    second = after(first, Chose((MORE,)))
    assert (second.page, second.offered, second.notice, second.visit) == (1, tuple("GHIJKL"), "", first.visit)
    third = after(second, Chose((MORE,)))
    assert (third.page, third.offered) == (2, ("M", "N"))
    again = after(third, Chose((MORE,)))
    assert (again.page, again.offered) == (0, tuple("ABCDEF"))
    ticks = after(at("many", notice="heard"), Chose((MORE,)))
    assert (ticks.page, ticks.offered, ticks.notice) == (1, (), "")
    languages = after(at("start", aside="languages", offered=("l0",)), Chose((MORE,)))
    assert languages.offered == tuple(f"l{number}" for number in range(6, 12))
    only = after(at("start", aside="flows", offered=("two",)), Chose((MORE,)))
    assert (only.page, only.offered, only.aside) == (0, ("two",), "flows")


def test_ticks_are_one_turn_however_many_and_what_cannot_be_ticked_is_said() -> None:
    session = at("many", {"words": ("w",), "many": ("c",)}, notice="heard", page=1)
    ticked = after(session, Chose(("+b", "+a", "-c")))
    assert (ticked.top.answers, ticked.notice, ticked.page) == ({"words": ("w",), "many": ("a", "b")}, "", 1)
    assert (ticked.top.flow, ticked.top.state, ticked.top.edition, len(ticked.stack)) == (
        "one", "many", FLOWS["one"].edition, 2,
    )  # fmt: skip
    assert ticked.stack[0] == session.stack[0]
    for refused in ("+z", "+h", "-", "+"):
        said = after(session, Chose((refused,)))
        assert (said.notice, said.top) == ("stale", session.top)
    over = session._replace(aside="flows", offered=("two",))
    assert after(over, Chose(("+a",))).top == session.top, "a list that cannot be seen is not ticked"
    together = after(session, Chose(("+b", *key("On", "many").keys)))
    assert (together.top.state, together.top.answers["many"]) == ("echoed", ("b", "c"))


def test_what_was_not_offered_cannot_be_picked_and_what_was_leads_where_it_says() -> None:
    over = at("start", aside="flows", offered=("two",))
    assert after(over, Chose(("o:one",))).notice == "stale"
    opened = after(over, Chose(("o:two",)))
    assert (opened.top.flow, opened.aside, opened.offered) == ("two", "", ())
    spots = after(at("near", aside="spots", offered=("IE", "GB")), Chose(("o:GB",)))
    assert (spots.top.answers["near"], spots.top.state, spots.aside, spots.place) == (("GB",), "echoed", "", None)
    law = at("law", offered=("n0",))
    assert (after(law, Chose(("o:n0",))).notice, after(law, Chose(("o:n0",))).top) == ("stale", law.top)
    chosen = after(at("many", aside="languages", offered=("l3",), page=1, notice="x"), Chose(("o:l3",)))
    assert (chosen.language, chosen.aside, chosen.top.state, chosen.page, chosen.notice) == ("l3", "", "many", 1, "")
    listed = after(at("tongue", offered=("l3",)), Chose(("o:l3",)))
    assert (listed.language, listed.offered) == ("l3", tuple(f"l{number}" for number in range(6)))


def test_a_typed_answer_goes_on_by_the_first_choice_that_is_open() -> None:
    session = at("words", {"many": ("a",)}, notice="heard")
    said = after(session, Answered("quetzalword"))
    assert (said.top.state, said.top.answers) == ("echoed", {"many": ("a",), "words": ("quetzalword",)})
    assert said.stack[0] == session.stack[0]
    assert after(at("start"), Answered("x")).notice == "unsure"
    assert after(at("words", aside="flows", offered=("two",)), Answered("x")).notice == "unsure"
    placed = after(at("where", {"many": ("a",)}), Answered("IE"))
    assert (placed.place, placed.top.answers, placed.top.state) == ("IE", {"many": ("a",)}, "echoed")
    over = at("words", {"many": ("a",)}, aside="places", offered=("IE",), trail=(("menu", "start"),), notice="heard")
    named = after(over, Answered("IE"))
    assert (named.place, named.top, named.aside, named.trail, named.notice) == ("IE", over.top, "", over.trail, "")
    shut = flows_of(
        one=ONE.replace(
            '- [Never](#many "when mood=never")\n- [On](#echoed)', '- [Never](#many "when mood=never")\n- [Back](back:)'
        ),
        two=TWO,
    )
    stayed = at("words")._replace(stack=(Frame("one", "words", shut["one"].edition),))
    assert after(stayed, Answered("w"), flows=shut).notice == "first"
