"""Whom the conversation finds: for the place, for what was answered, and never anybody else."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from directory_rows import KNOWLEDGE, PLACES, THEN, Given, imported_offices, store, tables
from harness import TODAY, Talk
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import Shelf
from bot.engine.step import PICK
from bot.knowledge.asking import Answers, asked, code_of, mistaken, spot, spot_id
from bot.knowledge.directory.taxonomy import BY_CODE
from bot.knowledge.finding import BEST, Finder
from bot.language.listings import card
from bot.ports import Passage

NOON = 1_795_176_000.0
PLACE = st.sampled_from(["US-TX", "US-CA", "GB-EAW", "GB-SCT", "CA-QC", "CA-ON", "IE", "UA", "AR", "FR", "JP", None])
VALUE = st.sampled_from([*(code.replace(":", "_", 1) for code in BY_CODE), "language_fr", "language_en", "open_now"])
ANSWERS = st.dictionaries(
    st.sampled_from(["need", "about", "fit", "how", "speaks"]), st.lists(VALUE, max_size=4, unique=True).map(tuple)
)
TO_THE_LIST = ("/start", "3", "find legal aid", "straight to the list")


def finder() -> Finder:
    return Finder(KNOWLEDGE.services, PLACES, lambda: NOON)


FINDER = finder()


@settings(max_examples=300, deadline=None)
@given(ANSWERS, PLACE, st.integers(0, 800))
def test_nobody_is_shown_outside_their_place_or_past_their_day(answers: Answers, place: str | None, days: int) -> None:
    today = TODAY + timedelta(days)
    found = FINDER.legal(answers, place, "en", today)
    assert len(found) <= BEST
    assert len(set(found)) == len(found)
    for service in found:
        shipped = KNOWLEDGE.services[service]
        assert shipped.place in (PLACES.chain(place) or ("INT",))
        assert not shipped.gone(today)
        assert shipped.about("legal")


@settings(max_examples=100, deadline=None)
@given(ANSWERS, PLACE)
def test_the_order_is_the_same_every_time(answers: Answers, place: str | None) -> None:
    turned = {key: answers[key] for key in reversed(list(answers))}
    assert FINDER.legal(answers, place, "en", TODAY) == FINDER.legal(turned, place, "en", TODAY)


@settings(max_examples=100, deadline=None)
@given(PLACE)
def test_only_what_changes_the_answer_is_asked(place: str | None) -> None:
    """For each term that is offered there is somebody who has it, and somebody who has it not."""
    told = FINDER.narrows(place, TODAY)
    everybody = list(FINDER.open().order(asked({}, place, "en", TODAY).wanted))
    for value in told:
        code = code_of(value)
        if code and code in BY_CODE:
            have = [service for service in everybody if code in FINDER.open()[service].terms]
            assert 0 < len(have) < len(everybody), value


def test_a_value_that_is_a_term_asks_for_it_and_any_other_asks_for_nothing() -> None:
    assert code_of("field_family") == "field:family"
    assert code_of("people_sex_workers") == "people:sex_workers"
    assert code_of("language_uk") == "language:uk"
    assert not code_of("unsure")
    assert not code_of("to_family")
    assert mistaken("field_famly")
    assert not mistaken("field")
    question = asked({"about": ("field_family", "unsure"), "how": ("way_chat", "open_now")}, "IE", "en", TODAY)
    assert question.now
    assert question.wanted.terms == ("field:family", "kind:legal", "way:chat")
    assert question.wanted.languages == {"en"}
    assert "IE" not in repr(question)
    assert "family" not in repr(question)


@pytest.mark.parametrize("text", ["", "52.1", "52.1,", "a,b", "91,0", "0,181", "52.1;3"])
def test_what_is_no_spot_is_none(text: str) -> None:
    assert spot(text) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_spot_is_kept_to_about_a_hundred_metres_and_no_finer(lat: float, lon: float) -> None:
    kept = spot_id((lat, lon))
    there = spot(kept)
    assert there is not None
    assert abs(there[0] - lat) <= 0.00051
    assert len(kept) <= len("-90.000,-180.000")


def test_scotland_and_quebec_are_never_guessed() -> None:
    for place, others in (("GB-SCT", "GB-EAW"), ("CA-QC", "CA-ON"), ("GB-EAW", "GB-SCT")):
        found = FINDER.legal({}, place, "en", TODAY)
        assert others not in {KNOWLEDGE.services[service].place for service in found}


def test_a_region_comes_before_its_country() -> None:
    found = [KNOWLEDGE.services[service].place for service in FINDER.legal({}, "US-TX", "en", TODAY)]
    assert found == ["US-TX", "US", "US"]


def test_where_nobody_can_be_reached_in_that_way_the_rest_is_shown_and_it_says_so() -> None:
    answers = {"how": ("way_in_person",)}
    [first, *_] = FINDER.legal(answers, "US-TX", "en", TODAY)
    assert FINDER.reasons(first, answers, "US-TX", "en", TODAY).no_way
    assert FINDER.legal({}, "US-TX", "en", TODAY)[0] == first


def test_whoever_is_there_now_comes_first(tmp_path: Path) -> None:
    rows = tables([Given("closed"), Given("unknown"), Given("zopen", day_and_night=True)])
    week = {"byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "01:00", "closes_at": "02:00", "timezone": "Europe/Dublin"}
    rows = {**rows, "schedule": [*rows["schedule"], {"id": "closed", "service_id": "closed", **week}]}
    talk = Talk(place="IE", shelf=Shelf(store(tmp_path / "services.db", rows)))
    found = talk.runtime.finder.legal({"how": ("open_now",)}, "IE", "en", TODAY)
    assert found[0] == "zopen"
    assert "closed" not in found[:2]


async def test_an_operators_own_come_first_and_stand_in_for_ours(tmp_path: Path) -> None:
    mine = [Given("ie-077", name="Mine instead"), Given("mine", terms=("kind:abuse", "way:phone"), name="My line")]
    talk = Talk(place="IE", shelf=Shelf(store(tmp_path / "services.db", tables(mine))))
    await talk.say(*TO_THE_LIST)
    assert "Mine instead" in talk.text
    assert "FLAC" not in talk.text
    await talk.say("ask a helpline")
    assert "My line" in talk.text


async def test_without_any_of_an_operators_nothing_is_opened_until_it_is_asked() -> None:
    talk = Talk(place="IE")
    await talk.say("/start", "3", "help")
    assert talk.runtime.finder._directory is None  # noqa: SLF001 - nothing else tells


async def test_a_directory_that_fails_leaves_ours() -> None:
    told: list[str] = []
    broken = Finder(KNOWLEDGE.services, PLACES, lambda: NOON, tell=told.append)
    broken.open().close()
    assert broken.legal({}, "IE", "en", TODAY) == finder().legal({}, "IE", "en", TODAY)
    assert told == ["the directory: ProgrammingError; only the shipped services can be found until a restart"]


@pytest.fixture
def english() -> Talk:
    return Talk(place="GB-EAW", today=lambda: THEN, shelf=imported_offices())


async def to_near(talk: Talk) -> Talk:
    await talk.say("/start", "3", "find legal aid", "go on", "none, or skip", "not sure yet", "go on", "no, or skip")
    return await talk.say("go on", "somewhere near")


async def test_what_was_offered_is_what_a_typed_number_picks(english: Talk) -> None:
    for number in range(1, 7):
        await to_near(english)
        await english.say("worchester")
        session = await english.session()
        offered, label = session.offered, english.page.buttons[number - 1].label
        assert english.page.buttons[number - 1].key == PICK + offered[number - 1]
        await english.say(str(number))
        session = await english.session()
        assert session.top.answers["near"] == (offered[number - 1],)
        there = spot(offered[number - 1])
        assert there is not None
        assert english.runtime.finder.spot_name(there) in label


@pytest.mark.parametrize("typed", ["WR1 1LP", "wr11lp", "WR1", "Worcester"])
async def test_a_postcode_or_a_town_is_kept_as_a_point_and_not_as_typed(english: Talk, typed: str) -> None:
    await to_near(english)
    await english.say(typed)
    session = await english.session()
    [near] = session.top.answers["near"]
    there = spot(near)
    assert there is not None
    assert there == pytest.approx((52.19, -2.22), abs=0.05)
    assert typed.casefold() not in str(tuple(session)).casefold()
    assert near not in repr(session.top)


async def test_what_is_near_is_forgotten_with_the_conversation(english: Talk) -> None:
    await to_near(english)
    await english.say("wr1 1lp", "see who i know of", "go on", "not now", "close this part")
    assert "52.1" not in str(tuple(await english.session()))


@pytest.mark.parametrize(
    "typed", ["", "'; DROP TABLE town; --", "\u202eWR1", "%", "*", "\u0661\u0662\u0663", "\x00", "-1,-1"]
)
async def test_whatever_is_typed_for_a_town_it_is_answered_kindly(english: Talk, typed: str) -> None:
    await to_near(english)
    await english.say(typed)
    assert (await english.where())[0] == "find_legal_aid"


COUNTRIES = [
    ("Alemania", "DE"),
    ("\u0430\u0440\u0433\u0435\u043d\u0442\u0438\u043d\u0430", "AR"),
    ("\u0641\u0631\u0646\u0633\u0627", "FR"),
    ("Frankreich", "FR"),
    ("\u65e5\u672c", "JP"),
]


@pytest.mark.parametrize(("typed", "place"), COUNTRIES)
def test_a_country_is_known_by_its_name_in_any_of_many_languages(typed: str, place: str) -> None:
    assert PLACES.find(typed, "en").one == place


def test_a_directory_is_not_written_where_it_may_not_be(tmp_path: Path) -> None:
    held = store(tmp_path / "services.db", tables([Given("mine")]))
    talk = Talk(place="IE", shelf=Shelf(held, tmp_path / "directory.db"))
    assert talk.runtime.finder.legal({}, "IE", "en", TODAY)
    assert {file.name for file in tmp_path.iterdir()} == {"services.db"}
    with closing(Talk(shelf=Shelf(held, tmp_path / "directory.db", keep=True)).runtime.finder.open()):
        assert (tmp_path / "directory.db").exists()


def test_hours_are_written_as_the_language_writes_them() -> None:
    hours = {"description": "by day", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:30"}
    listing = FINDER.listing("ie-077")
    assert listing
    catalogs = Talk().runtime.catalogs
    weekly = replace(listing, schedules=(hours,))
    for places, said in ((("IE",), "09:00\u201317:30"), (("US-TX",), "9:00 AM\u20135:30 PM")):
        text = written(card(catalogs.tongue("en"), replace(weekly, places=places), TODAY))
        assert f"Open: Mon\u2013Fri {said} (the time there)" in text
    unclear = replace(listing, schedules=({"description": "by day"},))
    assert "Open: by day" in written(card(catalogs.tongue("en"), unclear, TODAY))


def test_a_number_is_copied_with_one_tap_and_is_nothing_but_itself() -> None:
    listing = FINDER.listing("ua-108")
    assert listing
    shown = card(Talk().runtime.catalogs.tongue("en"), listing, TODAY)
    assert [span.text for passage in shown for span in passage.spans if span.copied] == ["0 800 213 103"]


def written(passages: list[Passage]) -> str:
    return "\n".join(passage.text for passage in passages).translate({0x2068: None, 0x2069: None, 0x202F: " "})
