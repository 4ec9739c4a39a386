"""What is known: sourced, dated, for a place, and gone when it has expired."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from harness import TODAY, Talk

from bot import settings
from bot.knowledge.entries import Reader
from bot.knowledge.facts import read_facts
from bot.knowledge.knowledge import read_knowledge
from bot.knowledge.places import read_places
from bot.knowledge.services import read_services
from bot.messengers.terminal import written
from bot.ports import Page

CONTENT = Path(str(settings.content_folder()))
KNOWLEDGE, READER = read_knowledge(CONTENT)
PLACES = ("US", "US-CA", "US-NY", "GB-EAW", "IE")
CARD = 700
"""One fact or one service a screen: its words, beside the names of the law and of the site."""

GOOD = """[[fact]]
id = "x-nda-1"
place = "IE"
topic = "nda"
text = "Something about {days} days."
original = "Something."
statute = "An Act"
source = "https://example.org/act"
source_date = "2026-01-01"
quality = "official"
status = "VERIFIED"
checked_on = "2026-11-20"
review_by = "2027-05-20"
regions = "none"
[fact.values]
days = "21"
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    reader = Reader()
    read_facts(tmp_path, KNOWLEDGE.places, reader)
    return [str(problem) for problem in reader.problems]


def test_what_is_shipped_is_whole() -> None:
    assert not READER.problems


def test_a_whole_fact_is_read(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    "field", ["id", "place", "topic", "text", "statute", "source", "source_date", "checked_on", "review_by"]
)
def test_a_fact_without_place_source_or_date_is_refused_and_named(tmp_path: Path, field: str) -> None:
    text = "\n".join(line for line in GOOD.split("\n") if not line.startswith(f"{field} ="))
    found = problems(tmp_path, text)
    assert any(f"`{field}` is missing" in problem and "x.toml:1" in problem for problem in found)
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    assert not list(read_facts(tmp_path, KNOWLEDGE.places, Reader()))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"2026-11-20"', "2026-11-20", "must be a quoted text"),
        ('"VERIFIED"', '"RECALLED"', "is none of"),
        ('"VERIFIED"', "true", "must be a quoted text"),
        ('"2027-05-20"', '"May 2027"', "must be a day"),
        ('"IE"', '"XQ"', "no place"),
        ("{days}", "{weeks}", "must stand both"),
        ('statute = "An Act"', 'statute = "An Act"\nstatuet = "x"', "is not a field"),
        ('"An Act"', '"An Act', "not readable as TOML"),
        ("[[fact]]", "[[fakt]]", "holds [[fact]] only"),
        ('days = "21"', "days = 21", "table of quoted texts"),
    ],
)
def test_a_value_that_cannot_be_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in problems(tmp_path, GOOD.replace(old, new)))


def test_one_id_stands_once(tmp_path: Path) -> None:
    assert any("already" in problem for problem in problems(tmp_path, GOOD + "\n" + GOOD))


def test_every_value_in_content_is_quoted() -> None:
    def quoted(value: object) -> bool:
        if isinstance(value, dict):
            return all(map(quoted, value.values()))
        return all(map(quoted, value)) if isinstance(value, list) else isinstance(value, str)

    for file in CONTENT.rglob("*.toml"):
        assert quoted(tomllib.loads(file.read_text(encoding="utf-8"))), file


def test_own_law_comes_first_then_what_the_country_has_for_its_parts() -> None:
    found = KNOWLEDGE.facts.find("nda", "US-CA", TODAY)
    assert [KNOWLEDGE.facts[fact].place for fact in found] == ["US-CA"] * 3 + ["US"] * 3
    assert KNOWLEDGE.facts.find("nda", "US-TX", TODAY) == found[3:]
    assert KNOWLEDGE.facts.find("nda", "GB-SCT", TODAY) == ()
    assert KNOWLEDGE.facts.find("nda", "FR", TODAY) == ()
    assert KNOWLEDGE.facts.find("nda", None, TODAY) == ()


@pytest.mark.parametrize("place", PLACES)
def test_no_law_of_another_place_is_ever_found(place: str) -> None:
    chain = KNOWLEDGE.places.chain(place)
    for topic in KNOWLEDGE.facts.topics:
        for fact in KNOWLEDGE.facts.find(topic, place, TODAY):
            assert KNOWLEDGE.facts[fact].place in chain


def test_law_expires_on_the_day_after_it_should_have_been_read_again() -> None:
    fact = KNOWLEDGE.facts["ie-nda-1"]
    assert fact.id in KNOWLEDGE.facts.find("nda", "IE", fact.review_by - timedelta(1))
    assert fact.id in KNOWLEDGE.facts.find("nda", "IE", fact.review_by)
    after = fact.review_by + timedelta(1)
    assert fact.id not in KNOWLEDGE.facts.find("nda", "IE", after)
    assert KNOWLEDGE.facts.expired("nda", "IE", after)


async def test_expired_law_is_not_shown_and_says_that_it_is_being_checked() -> None:
    talk = Talk(place="IE", today=lambda: date(2028, 1, 1))
    await talk.say("/start", "3", "2", "1", "1", "1", "skip", "done", "1", "1", "1", "1", "the law where i am")
    await talk.say("what it may ask")
    assert "This information is being checked again" in talk.text
    session = await talk.session()
    assert session.place == "IE"


def test_a_line_says_that_its_check_is_overdue_then_drops_out() -> None:
    service = KNOWLEDGE.services["ie-071"]
    interval = service.review_by - service.checked_on
    for day, there, overdue in [
        (service.review_by, True, False),
        (service.review_by + timedelta(1), True, True),
        (service.review_by + interval, True, True),
        (service.review_by + interval + timedelta(1), False, True),
    ]:
        assert (service.id in KNOWLEDGE.services.find("abuse", "IE", day)) is there
        assert service.overdue(day) is overdue


async def test_an_emergency_number_stays_however_old_and_says_so() -> None:
    talk = Talk(place="IE", today=lambda: date(2031, 1, 1))
    await talk.say("/start", "help")
    said = " ".join(talk.text.split())
    assert "call 112 or 999" in said
    assert "Check it before you rely on it" in said


@pytest.mark.parametrize("place", ["US", "GB-EAW", "GB-SCT", "IE"])
def test_lines_that_are_open_come_first_and_then_those_for_everybody(place: str) -> None:
    found = [KNOWLEDGE.services[service] for service in KNOWLEDGE.services.find("abuse", place, TODAY)]
    order = [(service.place == "INT", service.hours != "24/7", bool(service.people)) for service in found]
    assert order == sorted(order)
    assert found[0].hours == "24/7"


def test_who_has_a_label_about_safety_has_a_note_that_says_it() -> None:
    labelled = [service for service in KNOWLEDGE.services if any(term.startswith("safety:") for term in service.terms)]
    assert len(labelled) > 20
    assert all(service.note for service in labelled)


def test_where_one_cannot_speak_lines_to_text_come_first() -> None:
    found = [KNOWLEDGE.services[service] for service in KNOWLEDGE.services.find("quiet", "GB-EAW", TODAY)]
    assert found[0].name == "Shout"


def test_lines_to_write_to_are_worked_out() -> None:
    for service in KNOWLEDGE.services.find("quiet", "US", TODAY):
        assert KNOWLEDGE.services[service].sms_to or KNOWLEDGE.services[service].chat


async def test_every_card_fits_its_screen_and_shows_place_source_and_day() -> None:
    talk = Talk()
    cards = talk.runtime.pages.renderer.cards
    tongue = talk.runtime.catalogs.tongue("en")
    for fact in KNOWLEDGE.facts:
        passages = cards.law(tongue, fact.topic, fact.id, fact.place, TODAY)
        text = "\n\n".join(passage.text for passage in passages)
        assert "20 November 2026" in text
        assert "It is not legal advice" in text
        assert KNOWLEDGE.places.name(fact.place, "en") in text
        assert any(span.link for passage in passages for span in passage.spans)
        names = len(fact.statute) + len(urlsplit(fact.source).hostname or "")
        assert len(text) - names <= CARD, (fact.id, len(text) - names)
    for service in KNOWLEDGE.services:
        shown = cards.service(tongue, service.topics[0], service.id, service.place, TODAY, {})
        text = "\n\n".join(passage.text for passage in shown)
        assert "20 November 2026" in text
        assert len(text) <= CARD, (service.id, len(text))


async def test_where_nothing_is_known_it_says_so() -> None:
    cards, tongue = Talk().runtime.pages.renderer.cards, Talk().runtime.catalogs.tongue("en")
    assert "I do not know where you are" in cards.law(tongue, "nda", None, None, TODAY)[0].text
    assert "no facts for that place" in cards.law(tongue, "nda", None, "FR", TODAY)[0].text
    assert "checked again" in cards.law(tongue, "nda", None, "IE", date(2030, 1, 1))[0].text
    assert "none for that place yet" in cards.service(tongue, "abuse", None, "FR", TODAY, {})[0].text


def test_a_directory_of_the_world_is_offered_last_and_counts_as_nobody() -> None:
    found = [KNOWLEDGE.services[name].place for name in KNOWLEDGE.services.find("abuse", "US-TX", TODAY)]
    assert found == sorted(found, key=lambda place: place == "INT")
    assert found[-1] == "INT"
    nowhere = KNOWLEDGE.services.find("abuse", None, TODAY)
    assert {KNOWLEDGE.services[name].place for name in nowhere} == {"INT"}
    known = Talk().runtime.pages.known
    assert "service abuse" in known("en", "US-TX").holds
    assert not {"service abuse", "service crisis"} & set(known("en", "JP").holds)


def test_the_day_to_check_again_comes_after_the_day_it_was_checked(tmp_path: Path) -> None:
    text = GOOD.replace('review_by = "2027-05-20"', 'review_by = "2026-11-19"')
    assert any("cannot come before" in line for line in problems(tmp_path, text))


def test_nothing_of_law_holds_everywhere(tmp_path: Path) -> None:
    assert any("no law holds everywhere" in line for line in problems(tmp_path, GOOD.replace('"IE"', '"INT"')))


def test_another_legal_system_is_never_guessed() -> None:
    places = KNOWLEDGE.places
    assert places.chain("GB-SCT") == ("GB-SCT", "GB", "COE", "INT")
    assert places.find("scotland", "en").one == "GB-SCT"
    assert places.find("northern ireland", "en").one == "GB-NIR"
    assert places.find("ireland", "en").one == "IE"
    assert places.narrow("GB") == ("GB-EAW", "GB-SCT", "GB-NIR")
    assert places.narrow("IE") == ()


def test_countries_are_known_by_name_in_any_language() -> None:
    assert KNOWLEDGE.places.find("Alemania", "es").one == "DE"
    assert KNOWLEDGE.places.find("\u0424\u0440\u0430\u043d\u0446\u0456\u044f", "uk").one == "FR"
    assert KNOWLEDGE.places.name("IE", "fr") == "Irlande"
    assert KNOWLEDGE.places.name("GB-EAW", "de") == "England and Wales"


def test_a_place_needs_its_parent_and_its_name(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('[[place]]\ncode = "QQ-A"\nparent = "QQ"\nbutton = "first"\n', encoding="utf-8")
    reader = Reader()
    read_places(tmp_path, reader)
    assert len(reader.problems) == 3


def test_a_line_needs_a_way_to_reach_it_and_known_topics(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(
        '[[service]]\nid = "x"\nplace = "IE"\ntopics = ["tea"]\nname = "X"\noffers = "Y."\nstatus = "VERIFIED"\n'
        'source = "z"\nchecked_on = "2026-11-20"\nreview_by = "2027-02-20"\n',
        encoding="utf-8",
    )
    (tmp_path / "e.toml").write_text('[[emergency]]\nplace = "IE"\ncall = "112"\nsilent = "5"\n', encoding="utf-8")
    reader = Reader()
    read_services(tmp_path, tmp_path / "e.toml", KNOWLEDGE.places, reader)
    said = "\n".join(map(str, reader.problems))
    assert "tea is none of" in said
    assert "no way to reach it" in said
    assert "go together" in said


def test_law_texts_keep_what_they_were_written_from() -> None:
    for file in (CONTENT / "law").glob("*.toml"):
        for fact in tomllib.loads(file.read_text(encoding="utf-8"))["fact"]:
            assert fact["original"]
            assert (
                bool(fact.get("caveat")) <= bool(fact.get("original_caveat")) or "caveat" not in fact or fact["caveat"]
            )


def test_the_page_of_a_fact_can_be_written() -> None:
    assert written(Page("", Talk().runtime.pages.renderer.bare(None, "words")))
