"""Who is found, in what order, and who never is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from directory_rows import KNOWLEDGE, LAA, THEN, Given, directory, given, haversine, offices, tables
from harness import TODAY

from bot.knowledge.directory.search import Directory
from bot.knowledge.directory.taxonomy import TERMS, codes
from bot.knowledge.directory.wanted import Wanted

OFFICES = {f"laa-{office.id}": office for office in offices()}
LAW = sorted({term for terms in LAA.values() for term in terms if term.startswith("field:")})
PLACES = ("GB-EAW", "GB-SCT", "IE", "US-CA", "FR", "UA", "JP")


@pytest.fixture(scope="module")
def laa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    path = tmp_path_factory.mktemp("laa") / "services.db"
    with closing(directory(path, tables(given(list(OFFICES.values()))))) as found:
        yield found


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    path = tmp_path_factory.mktemp("shipped") / "services.db"
    with closing(directory(path, {}, KNOWLEDGE.services)) as found:
        yield found


def found(tmp_path: Path, listed: list[Given], wanted: Wanted) -> tuple[str, ...]:
    with closing(directory(tmp_path / "services.db", tables(listed))) as made:
        return made.find(wanted)


def law(*needs: str, near: tuple[float, float] | None = None, today: date = THEN) -> Wanted:
    return Wanted(today=today, place="GB-EAW", near=near, needs=frozenset(needs))


# Near


def test_family_law_near_a_postcode_gives_the_nearest_in_order(laa: Directory) -> None:
    spot = laa.spots.postcode("WR1 1LP", "GB-EAW")
    assert spot
    assert spot.grain == "outward"
    ids = laa.find(law("field:family", near=spot.near), most=50)
    family = [office for office in OFFICES.values() if "MAT" in office.codes and office.point]
    nearest = sorted((haversine(spot.near, office.point), f"laa-{office.id}") for office in family if office.point)
    assert list(ids) == [service for _, service in nearest[:50]]
    assert [OFFICES[service].postcode for service in ids[:2]] == ["WR1 1EE", "WR1 1UN"]
    for service, (km, _) in zip(ids, nearest, strict=False):
        assert laa.away(service, spot.near) == pytest.approx(km, abs=1e-6)


@pytest.mark.parametrize("field", LAW)
@pytest.mark.parametrize("near", [(51.5072, -0.1276), (54.97, -1.61), (50.27, -5.05), (48.85, 2.35)])
def test_every_field_is_found_whole_and_nearest_first(laa: Directory, field: str, near: tuple[float, float]) -> None:
    ids = list(laa.order(law(field, near=near)))
    code = next(code for code, terms in LAA.items() if field in terms)
    having = {service for service, office in OFFICES.items() if code in office.codes}
    assert set(ids) == having
    points = [OFFICES[service].point for service in ids]
    away = [haversine(near, point) for point in points if point]
    assert all(one <= other + 1e-9 for one, other in pairwise(away))
    assert all(point is None for point in points[len(away) :])


def test_those_without_a_known_door_come_after_those_with_one(laa: Directory) -> None:
    ids = list(laa.order(law("field:family", near=(52.0, -2.0))))
    assert [OFFICES[service].point is None for service in ids] == [False] * 1383 + [True] * 53


def test_a_service_with_several_doors_comes_once_by_the_nearest(tmp_path: Path) -> None:
    listed = [Given("a", points=((53.0, -6.0), (52.0, -9.0))), Given("b", points=((52.5, -9.0),))]
    assert found(tmp_path, listed, Wanted(today=TODAY, place="IE", near=(52.0, -9.0))) == ("a", "b")
    assert found(tmp_path, listed, Wanted(today=TODAY, place="IE", near=(52.6, -9.0))) == ("b", "a")


def test_the_date_line_and_the_poles_are_no_walls(tmp_path: Path) -> None:
    listed = [Given("east", points=((-17.0, -179.9),)), Given("west", points=((-17.0, 178.0),))]
    assert found(tmp_path, listed, Wanted(today=TODAY, place="IE", near=(-17.0, 179.9))) == ("east", "west")
    listed = [Given("over", points=((89.0, 180.0),)), Given("this side", points=((86.0, 0.0),))]
    assert found(tmp_path, listed, Wanted(today=TODAY, place="IE", near=(89.0, 0.0))) == ("over", "this side")


# Lawyers


@pytest.mark.parametrize("need", [*LAW, *codes("need"), "kind:legal", "field:other", "field:crime_victim"])
def test_who_only_mediates_is_never_found_by_somebody_who_asks_for_a_lawyer(laa: Directory, need: str) -> None:
    for needs in ((need,), (need, "kind:mediation"), (need, "kind:abuse", "cost:free")):
        for service in laa.order(law(*needs, near=(51.5, -0.1))):
            assert OFFICES[service].codes - {"FMED"}


def test_mediation_is_found_by_who_asks_for_it_and_by_nobody_else(laa: Directory) -> None:
    mediating = {service for service, office in OFFICES.items() if "FMED" in office.codes}
    assert set(laa.order(law("kind:mediation"))) == mediating
    only = {service for service in mediating if OFFICES[service].codes == {"FMED"}}
    assert len(only) > 20
    for needs in ((), ("kind:legal",), ("kind:abuse",), ("cost:unknown",)):
        assert not only & set(laa.order(law(*needs)))
    defending = {service for service in mediating if OFFICES[service].codes <= {"FMED", "CRM", "PL"}} - only
    assert defending
    assert not defending & set(laa.order(law("kind:mediation", "kind:legal")))


def test_a_list_that_calls_its_mediators_lawyers_does_not_make_them_so(tmp_path: Path) -> None:
    listed = [
        Given("mediator", terms=("kind:legal", "kind:mediation", "need:advice")),
        Given("both", terms=("kind:legal", "kind:mediation", "field:family")),
    ]
    with closing(directory(tmp_path / "services.db", tables(listed))) as made:
        wanted = Wanted(today=TODAY, place="IE", needs=frozenset({"kind:legal"}))
        assert made.find(wanted) == ("both",)
        assert made["mediator"].terms == ("kind:mediation",)


def test_who_defends_the_accused_is_not_offered_unasked(laa: Directory) -> None:
    defending = {service for service, office in OFFICES.items() if office.codes and office.codes <= {"CRM", "PL"}}
    assert len(defending) == 852
    for needs in (("kind:legal",), ("need:advice",), ("field:family",), ("field:crime_victim",), ()):
        assert not defending & set(laa.order(law(*needs)))
    assert set(laa.order(law("field:crime_defence"))) >= {
        service for service in defending if "CRM" in OFFICES[service].codes
    }


def test_offices_whose_field_is_not_known_come_after_those_of_the_field(tmp_path: Path) -> None:
    listed = [
        Given("any", points=((53.0, -6.0),)),
        Given("family", terms=("kind:legal", "field:family"), points=((52.0, -9.0),)),
        Given("housing", terms=("kind:legal", "field:housing"), points=((53.0, -6.0),)),
    ]
    wanted = Wanted(today=TODAY, place="IE", near=(53.0, -6.0), needs=frozenset({"field:family"}))
    assert found(tmp_path, listed, wanted) == ("family", "any")


# Places and days


def test_the_own_region_comes_before_the_country_before_its_unions_before_anywhere(tmp_path: Path) -> None:
    names = {"own": "GB-SCT", "country": "GB", "council": "COE", "anywhere": "INT", "union": "EU", "other": "GB-EAW"}
    listed = [Given(name, places=(place,), day_and_night=place == "INT") for name, place in names.items()]
    assert found(tmp_path, listed, Wanted(today=TODAY, place="GB-SCT")) == ("own", "country", "council", "anywhere")
    assert found(tmp_path, listed, Wanted(today=TODAY, place="IE")) == ("union", "council", "anywhere")
    assert found(tmp_path, listed, Wanted(today=TODAY)) == ()


def test_a_service_for_two_places_counts_for_the_nearer_one_and_comes_once(tmp_path: Path) -> None:
    listed = [Given("a", places=("US",)), Given("z", places=("US", "US-CA"))]
    assert found(tmp_path, listed, Wanted(today=TODAY, place="US-CA")) == ("z", "a")
    assert found(tmp_path, listed, Wanted(today=TODAY, place="US-TX")) == ("a", "z")


def test_offices_of_2019_are_shown_to_nobody_today(laa: Directory) -> None:
    assert laa.find(law("field:family", today=TODAY)) == ()


def test_a_service_drops_out_after_twice_its_interval(tmp_path: Path) -> None:
    entry = Given("a", checked_on=date(2026, 1, 1), interval=90)
    assert entry.last == date(2026, 6, 30)
    assert found(tmp_path, [entry], Wanted(today=entry.last, place="IE")) == ("a",)
    assert found(tmp_path, [entry], Wanted(today=entry.last + timedelta(1), place="IE")) == ()


def test_one_directory_answers_for_any_day(tmp_path: Path) -> None:
    listed = [Given("old", checked_on=date(2026, 1, 1)), Given("new", checked_on=date(2026, 6, 1))]
    with closing(directory(tmp_path / "services.db", tables(listed))) as made:
        for day, ids in [(date(2026, 6, 30), ("new", "old")), (date(2026, 7, 1), ("new",)), (date(2027, 1, 1), ())]:
            assert made.find(Wanted(today=day, place="IE")) == ids
        assert made.find(Wanted(today=date(2026, 6, 30), place="IE")) == ("new", "old")


@pytest.mark.parametrize("entry", [Given("a", active="inactive"), Given("a", status="RECALLED"), Given("a", places=())])
def test_what_is_withdrawn_or_not_confirmed_or_nowhere_is_not_found(tmp_path: Path, entry: Given) -> None:
    for place in PLACES:
        assert found(tmp_path, [entry], Wanted(today=TODAY, place=place)) == ()


# People, ways, languages


def test_who_is_only_for_women_is_not_offered_to_men(tmp_path: Path) -> None:
    listed = [
        Given("women", terms=("kind:abuse", "people:women")),
        Given("men", terms=("kind:abuse", "people:men")),
        Given("both", terms=("kind:abuse", "people:women", "people:men")),
        Given("lgbt", terms=("kind:abuse", "people:lgbt")),
        Given("all", terms=("kind:abuse",)),
    ]

    def ask(*people: str) -> tuple[str, ...]:
        return found(tmp_path, listed, Wanted(today=TODAY, place="IE", people=frozenset(people)))

    assert ask("people:men") == ("both", "men", "all", "lgbt")
    assert ask("people:women") == ("both", "women", "all", "lgbt")
    assert ask("people:lgbt") == ("lgbt", "all", "both", "men", "women")
    assert ask() == ("all", "both", "lgbt", "men", "women")
    assert set(ask("people:men", "people:women")) == {"women", "men", "both", "lgbt", "all"}


def test_who_cannot_be_reached_as_asked_is_not_offered(tmp_path: Path) -> None:
    listed = [Given("phone", terms=("way:phone",)), Given("chat", terms=("way:chat",)), Given("web", terms=())]
    wanted = Wanted(today=TODAY, place="IE", ways=frozenset({"way:chat", "way:text"}))
    assert found(tmp_path, listed, wanted) == ("chat",)


def test_more_wanted_terms_come_before_a_shorter_way(tmp_path: Path) -> None:
    listed = [
        Given("near", terms=("kind:legal",), points=((53.0, -6.0),)),
        Given("far", terms=("kind:legal", "cost:free"), languages=("es",), points=((52.0, -9.0),)),
        Given("middling", terms=("kind:legal",), languages=("es-MX",), points=((52.5, -8.0),)),
    ]
    wanted = Wanted(
        today=TODAY,
        place="IE",
        near=(53.0, -6.0),
        needs=frozenset({"kind:legal", "cost:free"}),
        languages=frozenset({"es"}),
    )
    assert found(tmp_path, listed, wanted) == ("far", "middling", "near")


def test_day_and_night_comes_first_among_equals_and_then_the_id(tmp_path: Path) -> None:
    listed = [Given("c"), Given("b"), Given("z", day_and_night=True)]
    assert found(tmp_path, listed, Wanted(today=TODAY, place="IE")) == ("z", "b", "c")
    at = ((53.0, -6.0),)
    listed = [Given("c", points=at), Given("b", points=at), Given("z", day_and_night=True, points=at)]
    assert found(tmp_path, listed, Wanted(today=TODAY, place="IE", near=(53.0, -6.1))) == ("z", "b", "c")


def test_it_can_say_why(tmp_path: Path) -> None:
    entry = Given("a", terms=("kind:legal", "field:family", "way:phone", "people:women"), languages=("es", "en"))
    wanted = Wanted(
        today=TODAY,
        place="IE",
        needs=frozenset({"field:family", "need:advice", "kind:legal"}),
        people=frozenset({"people:women"}),
        ways=frozenset({"way:phone", "way:chat"}),
        languages=frozenset({"es-AR"}),
    )
    with closing(directory(tmp_path / "services.db", tables([entry]))) as made:
        assert made.why("a", wanted) == ("field:family", "kind:legal", "people:women", "way:phone", "language:es")
        assert made.away("a", (0.0, 0.0)) is None


# What is shipped


def test_every_shipped_service_is_found_in_its_place_and_nowhere_else(shipped: Directory) -> None:
    for place in {service.place for service in KNOWLEDGE.services} | set(PLACES):
        chain = KNOWLEDGE.places.chain(place)
        ids = set(shipped.order(Wanted(today=TODAY, place=place)))
        assert ids == {service.id for service in KNOWLEDGE.services if service.place in chain}


def test_what_is_shipped_can_be_shown_from_the_directory(shipped: Directory) -> None:
    for service in KNOWLEDGE.services:
        listing = shipped[service.id]
        assert (listing.name, listing.description, listing.alert) == (service.name, service.offers, service.note)
        assert [phone.number for phone in listing.phones if phone.type == "voice"] == list(service.phone)
        assert [phone.word for phone in listing.phones if phone.type == "text"] == (
            [service.sms_word] if service.sms_to else []
        )
        assert (listing.places, listing.languages) == ((service.place,), service.languages)
        assert (listing.source, listing.checked_on) == (service.source, service.checked_on)
        for day in (service.review_by, service.review_by + timedelta(1)):
            assert listing.overdue(day) is service.overdue(day)
        assert set(listing.terms) <= {term.code for term in TERMS}
    with pytest.raises(KeyError):
        shipped["nobody"]


def test_what_is_said_of_the_police_is_also_a_term(shipped: Directory) -> None:
    run = {service.id for service in KNOWLEDGE.services if "safety:police_run" in shipped[service.id].terms}
    assert run == {"cl-118", "co-116", "fr-095", "lb-138"}
    assert "safety:faith_based" in shipped["int-005"].terms


def test_services_are_found_by_words_of_their_names(shipped: Directory) -> None:
    assert shipped.named("rights of wom") == ("gb-eaw-063",)
    assert shipped.named("RÁPE crisis")
    assert shipped.named('" OR * NOT (') == ()
    assert shipped.named("") == ()


# Silence


def test_nothing_of_what_is_wanted_shows() -> None:
    wanted = Wanted(
        today=TODAY,
        place="GB-EAW",
        near=(52.19, -2.22),
        needs=frozenset({"field:family"}),
        people=frozenset({"people:men"}),
        ways=frozenset({"way:chat"}),
        languages=frozenset({"es"}),
    )
    assert repr(wanted) == "Wanted(today=datetime.date(2026, 11, 20))"


@pytest.mark.parametrize(("place", "code"), [("needs", "field:canary"), ("people", "way:chat"), ("ways", "canary")])
def test_a_term_that_does_not_exist_is_refused_without_naming_it(place: str, code: str) -> None:
    with pytest.raises(ValueError, match="not in the taxonomy") as refused:
        Wanted(today=TODAY, **{place: frozenset({code})})  # type: ignore[arg-type]
    assert code not in str(refused.value)
