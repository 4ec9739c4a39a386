"""Understanding typed text: the order of what it may mean, and what is forgiven."""

from __future__ import annotations

import pytest
from harness import Talk
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.event import Answered, Chose, Event, Left, Offered, Opened, Unsure
from bot.engine.session import Frame
from bot.language import words
from bot.language.understand import LABEL_BYTES, LABELS, Understanding, clean
from bot.plain import Phrases, fold, slips

TO_THE_PLAN = ("3", "2", "1", "1", "1", "skip", "done", "1", "1", "1", "1")


async def talk_at(*said: str, place: str | None = None) -> Talk:
    return await Talk(place=place).say("/start", *said)


async def meant(talk: Talk, text: str) -> Event:
    runtime = talk.runtime
    understanding = Understanding(runtime.flows, runtime.catalogs, runtime.finder)
    return understanding.event(text, await talk.session(), talk.page)


def label(talk: Talk, event: Event) -> str:
    assert isinstance(event, Chose)
    return next(button.label for button in (*talk.page.buttons, *talk.page.fixed) if button.key == event.keys[0])


@pytest.mark.parametrize("typed", ["1", "yes", "Yes", "YES!", " yes. ", "y", "\u0661", "\uff11", "ok"])
async def test_a_choice_by_number_in_any_digits_or_by_words_in_any_case(typed: str) -> None:
    talk = await talk_at()
    assert label(talk, await meant(talk, typed)) == "Yes"


@pytest.mark.parametrize("typed", ["tell me a plcae", "TELL ME PLACE", "tel me a place"])
async def test_a_choice_with_a_slip_or_two(typed: str) -> None:
    talk = await talk_at("3", "help", "1")
    assert label(talk, await meant(talk, typed)) == "Tell me a place"


async def test_the_beginning_of_one_choice_is_enough() -> None:
    talk = await talk_at(*TO_THE_PLAN)
    assert label(talk, await meant(talk, "the law")) == "The law where I am"
    talk = await talk_at("3", "2")
    assert await meant(talk, "i have n") == Unsure()


async def test_several_numbers_tick_several_lines_and_choose_nothing_else() -> None:
    talk = await talk_at("3", "2", "1", "1", "1", "skip")
    assert await meant(talk, "1 3") == Chose(("+silence", "+penalty"))
    assert await meant(talk, "1, 3.") == Chose(("+silence", "+penalty"))
    assert await meant(talk, "1 7") == Unsure()


async def test_a_choice_of_the_present_state_wins_over_a_crisis_phrase() -> None:
    talk = await talk_at("3", "help")
    assert label(talk, await meant(talk, "I am in danger")) == "I am in danger"
    assert label(talk, await meant(talk, "i want to die")) == "I want to die"


async def test_a_crisis_phrase_may_stand_inside_and_wins_over_an_answer() -> None:
    talk = await talk_at(*TO_THE_PLAN, "the law where i am", "1")
    assert talk.page.asks == "place"
    assert await meant(talk, "please he is here what now") == Opened("urgent_danger", "heard", "danger")
    assert await meant(talk, "i want to dei") == Opened("urgent_danger", "heard", "alive")


async def test_urgent_help_does_not_open_itself_again() -> None:
    talk = await talk_at("3", "help")
    assert await meant(talk, "he is going to kill me") == Unsure("urgent")


async def test_where_text_is_asked_choices_match_only_exactly() -> None:
    talk = await talk_at(*TO_THE_PLAN, "a page to take along", "yes")
    assert talk.page.asks == "label"
    assert label(talk, await meant(talk, "Go on without")) == "Go on without"
    assert await meant(talk, "go onn") == Answered("go onn")
    assert await meant(talk, "bak") == Answered("bak")


async def test_a_label_that_is_too_long_or_one_too_many_is_kindly_refused() -> None:
    talk = await talk_at(*TO_THE_PLAN, "a page to take along", "yes")
    assert await meant(talk, "w" * 120) == Answered("w" * 120)
    assert await meant(talk, "w" * 121) == Unsure("fewer")
    flow = talk.runtime.flows["pressure_to_sign"]
    session = await talk.session()
    understanding = Understanding(talk.runtime.flows, talk.runtime.catalogs, talk.runtime.finder)
    full = Frame(flow.id, "start", flow.edition, {"matters": ("\u00e9" * (LABEL_BYTES // 2),)})
    held = type(session)(session.nonce, (full, session.top))
    assert understanding.event("more words", held, talk.page) == Unsure("full")
    many = tuple(Frame(flow.id, "start", flow.edition, {"matters": ("a",)}) for _ in range(LABELS))
    assert understanding.event("b", type(session)(session.nonce, (*many, session.top)), talk.page) == Unsure("full")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("eire", "IE"), ("California", "US-CA"), ("gb-eaw", "GB-EAW"), ("nyc", "US-NY")],
)
async def test_a_place_by_a_name_or_its_code(typed: str, code: str) -> None:
    talk = await talk_at(*TO_THE_PLAN, "the law where i am", "1")
    assert await meant(talk, typed) == Answered(code)


@pytest.mark.parametrize(("typed", "code"), [("Irland", "IE"), ("calfornia", "US-CA"), ("woman", "OM")])
async def test_a_place_with_a_slip_is_asked_about(typed: str, code: str) -> None:
    assert await meant(await talk_at(*TO_THE_PLAN, "the law where i am", "1"), typed) == Offered("places", (code,))


@pytest.mark.parametrize("typed", ["no", "it", "so", "my", "or", "in", "ok", "me", "hi", "pain in"])
async def test_small_words_are_no_places(typed: str) -> None:
    event = await meant(await talk_at(*TO_THE_PLAN, "the law where i am", "1"), typed)
    assert not isinstance(event, Answered)


async def test_a_place_that_could_be_several_is_asked_and_an_unknown_one_kindly_not_known() -> None:
    talk = await talk_at(*TO_THE_PLAN, "the law where i am", "1")
    assert await meant(talk, "georgia") == Offered("places", ("US-GA", "GE"))
    assert await meant(talk, "britain") == Offered("places", ("GB-EAW", "GB-SCT", "GB-NIR"))
    assert await meant(talk, "usa") == Offered("places", ("US-CA", "US-NY", "US"))
    assert await meant(talk, "united states") == Chose(("o:US",))  # it is on the screen
    assert await meant(talk, "cal") == Offered("places", ("US-CA",))
    assert await meant(talk, "atlantis") == Unsure("no_place")


@pytest.mark.parametrize(
    "typed", ["they want me to sign an nda", "NDA", "my boss wants me to sign something", "gag clase"]
)
async def test_a_conversation_is_offered_and_never_jumped_to(typed: str) -> None:
    offered = await meant(await talk_at("3"), typed)
    assert isinstance(offered, Offered)
    assert offered.about == "flows"
    assert offered.ids[0] == "pressure_to_sign"


async def test_other_words_offer_other_conversations_or_none() -> None:
    talk = await talk_at("3")
    assert await meant(talk, "i signed it") == Offered("flows", ("already_signed",))
    assert await meant(talk, "is this private") == Offered("flows", ("about",))
    for typed in ("I like tea", "to me", "the", "qwerty", "12345678", "i want something"):
        assert await meant(talk, typed) == Unsure(), typed


async def test_a_long_text_where_none_is_asked_is_removed_and_said_so() -> None:
    talk = await talk_at("3")
    assert await meant(talk, "it was a long day " * 12) == Unsure("long")
    assert await meant(talk, "it was a long day nda " * 12) == Unsure("long")


@pytest.mark.parametrize("typed", ["exit", "EXIT", "/x", "/exit", " exit ", "Leave now.", "quit"])
async def test_an_exit_word_is_the_whole_message_in_any_case(typed: str) -> None:
    talk = await talk_at()
    understanding = Understanding(talk.runtime.flows, talk.runtime.catalogs, talk.runtime.finder)
    assert understanding.leaves(typed, None)
    assert not understanding.leaves(f"i want to {typed} this job", None)


@pytest.mark.parametrize("typed", ["exti", "eixt", "exitt", "qiut", "leav now"])
async def test_an_exit_word_with_a_slip_leaves_where_no_text_is_asked(typed: str) -> None:
    assert await meant(await talk_at("3"), typed) == Left()


@pytest.mark.parametrize("typed", ["quiet", "suit", "edit", "exist", "step", "hope", "come", "held", "hell", "black"])
async def test_an_ordinary_word_does_nothing_that_cannot_be_undone(typed: str) -> None:
    assert not isinstance(await meant(await talk_at("3"), typed), Chose | Left)


@pytest.mark.parametrize("typed", ["home", "menu", "start again", "restart", "language", "place", "my country"])
async def test_on_a_card_any_word_may_stand(typed: str) -> None:
    talk = await talk_at(*TO_THE_PLAN, "a page to take along", "yes")
    assert await meant(talk, typed) == Answered(typed)


@pytest.mark.parametrize(
    ("typed", "meaning"), [("1" * 5000, Unsure), ("1-3", Unsure), ("\u00bd", Unsure), ("-1", Unsure)]
)
async def test_odd_numbers_choose_nothing(typed: str, meaning: type[Event]) -> None:
    assert isinstance(await meant(await talk_at("3", "2", "1", "1", "1", "skip"), typed), meaning)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("back", "back"), ("/help", "help"), ("menu", "menu"), ("start over", "over"), ("strat over", "over")],
)
async def test_the_programs_own_choices(typed: str, key: str) -> None:
    talk = await talk_at("3")
    assert await meant(talk, typed) == Chose((key,))


async def test_more_is_a_choice_only_where_there_is_more() -> None:
    talk = await talk_at("3")
    assert await meant(talk, "more") == Unsure()
    await talk.say("2", "1", "1", "1", "skip")
    assert await meant(talk, "next") == Chose(("more",))


async def test_what_is_not_for_somebody_is_said_not_to_be_here() -> None:
    talk = await talk_at("yes", "go on", "go on", "skip", "go on", "skip", "skip", "i was called out")
    assert await meant(talk, "they want me to sign an nda") == Unsure("not_here")


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("typed", ["I'm", "im", "I\u2019M", "\u00cd\u1e3f", " i'm! ", "\uff49m"])
def test_folding_knows_no_case_accent_or_punctuation(typed: str) -> None:
    assert fold(typed) == "im"


@given(st.text(max_size=300))
def test_cleaned_text_is_one_plain_line(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    cleaned.encode("utf-8")
    assert not {"\u202e", "\u2068", "\n", "\x1b"} & set(cleaned)


def test_short_words_forgive_nothing_and_long_ones_two_slips() -> None:
    assert slips("bak", "back") is None
    assert slips("bakc", "back") == 1
    assert slips("confidental", "confidential") == 1
    assert slips("confdental", "confidential") == 2
    assert slips("nodaxxx", "confidential") is None


def test_a_phrase_within_a_message_is_whole_words() -> None:
    assert Phrases(["he is here"]).within(fold("Help, HE is here!"))
    assert not Phrases(["he is here"]).within(fold("she is hereditary"))
    assert Phrases(["cannot breathe"]).within(fold("i canot breathe"))
    assert Phrases(["want to die"]).within(fold("i want to dei"))
    assert not Phrases(["he is here"]).within(fold("she is her boss"))
    assert not Phrases(["end it all"]).within(fold("and it all started"))


def test_every_crisis_phrase_is_understood_as_written() -> None:
    runtime = Talk().runtime
    understanding = Understanding(runtime.flows, runtime.catalogs, runtime.finder)
    for listed in (words.DANGER_PHRASES, words.DESPAIR_PHRASES):
        for phrase in listed.split("\n"):
            assert understanding.distress(f"well {phrase} now", None), phrase


@pytest.mark.parametrize(
    "typed",
    [
        *("im scared of him", "I don't feel safe", "he hit me", "he is outside", "he's choking me", "hands on my neck"),
        *("threatened to kill me", "i was raped", "i don\u00b4t want to live", "kms", "i cut myself", "i am bleeding"),
        *("my dad hits me", "please help", "killing myself", "wanna die", "he's got a gun", "can\u00b4t breathe"),
        *(
            "i took too many pills",
            "he will kill us",
            "he is at the door",
            "i am being beaten",
            "i want to kill my self",
        ),
    ],
)
def test_distress_in_ordinary_words_is_understood(typed: str) -> None:
    runtime = Talk().runtime
    assert Understanding(runtime.flows, runtime.catalogs, runtime.finder).distress(typed, None)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "my mother says to wait",
            "the deadline is coming",
            "i need help with a contract",
            "they are hereditary peers",
        ),
        *("and it all started", "she is her boss", "he is her brother", "they are her family"),
    ],
)
def test_what_is_not_distress_is_not_taken_for_it(typed: str) -> None:
    runtime = Talk().runtime
    understanding = Understanding(runtime.flows, runtime.catalogs, runtime.finder)
    assert understanding.distress(typed, None) is None


async def test_skip_skips_where_something_can_be_skipped_and_is_never_put_on_a_card() -> None:
    talk = await talk_at("3", "2", "1", "1", "1")
    assert label(talk, await meant(talk, "skip")) == "Skip"
    talk = await talk_at(*TO_THE_PLAN, "a page to take along", "yes")
    assert label(talk, await meant(talk, "skip")) == "Go on without"
    assert await meant(await talk_at("3"), "skip") == Unsure()


async def test_a_place_named_where_none_is_asked_is_asked_about() -> None:
    talk = await talk_at("3", "help")
    assert await meant(talk, "Ireland") == Offered("places", ("IE",))
    assert await meant(talk, "Irelnd") == Unsure()
