"""What an operator is told to look at: what is wrong, what is alike, what is old, and whom to call next."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from harness import TODAY
from poison import GOOD

from bot.cli import main
from bot.knowledge.directory.importing import all_known
from bot.knowledge.directory.rules import Bundle
from bot.knowledge.directory.schema import Row
from bot.knowledge.directory.upkeep import COLUMNS, Finding, as_table, calls, findings
from bot.knowledge.knowledge import read_whole
from bot.settings import Texts

KNOWLEDGE = read_whole(Texts().content)
SHIPPED = all_known(KNOWLEDGE.services, {})


POINT: Row = {"latitude": 51.5, "longitude": 0.1}


def door(street: str) -> Row:
    return {"address_1": street, "country": "GB"}


def with_row(key: str, table: str, **columns: str | float | None) -> dict[str, Bundle]:
    """The shipped services, with the first row of a table of one of them changed, or made."""
    changed: dict[str, list[Row]] = {name: list(rows) for name, rows in deepcopy(SHIPPED[key]).items()}
    rows = changed.setdefault(table, [])
    first = dict(rows[0]) if rows else {}
    changed[table] = [{**first, **columns}, *rows[1:]]
    return {**SHIPPED, key: changed}


def said(services: Mapping[str, Bundle], today: date = TODAY) -> list[Finding]:
    return findings(services, KNOWLEDGE.places, today)


def test_nothing_that_is_shipped_needs_mending() -> None:
    assert said(SHIPPED) == []


@pytest.mark.parametrize(
    ("table", "columns", "reason"),
    [
        ("provenance", {"checked_on": "2026-11-21"}, "lies in the future"),
        ("provenance", {"review_by": "2026-11-19"}, "must come after"),
        ("provenance", {"source": ""}, "where does it come from"),
        ("phone", {"number": "+33 1 42 68 53 00"}, "another country"),
        ("phone", {"number": "0808 2000 24"}, "too few or too many digits"),
        ("service", {"url": "www.example.org"}, "must begin with https"),
        ("service", {"url": "https://user@example.org/"}, "no site of its own"),
        ("service_area", {"extent": "GB-XYZ"}, "is no place"),
        ("language", {"code": "qqq"}, "no language"),
        ("service", {"name": "Example Police Line"}, "safety:police_run"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(table: str, columns: dict[str, str], reason: str) -> None:
    found = [finding for finding in said(with_row("gb-054", table, **columns)) if finding.id == "gb-054"]
    assert any(reason in finding.reason for finding in found), found


def test_what_nobody_would_find_is_said() -> None:
    for table, reason in (
        ("attribute", "no term of a kind"),
        ("service_area", "no place"),
        ("provenance", "comes from"),
    ):
        services = {**SHIPPED, "gb-054": {**SHIPPED["gb-054"], table: []}}
        assert any(reason in finding.reason for finding in said(services))


def test_a_shelter_is_never_shown_with_its_address() -> None:
    services = with_row("gb-054", "attribute", taxonomy_term_id="kind:shelter")
    assert said(services) == []
    services = {**services, "gb-054": {**services["gb-054"], "address": [door("1 Street")]}}
    assert [finding.id for finding in said(services)] == ["gb-054"]
    services = {
        **SHIPPED,
        "gb-054": {**services["gb-054"], "address": [], "location": [{"latitude": 51.5, "longitude": 0.1}]},
    }
    assert "shelter" in said(services)[0].reason


def test_what_the_police_run_says_so_in_its_note() -> None:
    services = with_row("gb-055", "service", alert="")
    rows = [*services["gb-055"]["attribute"], {"taxonomy_term_id": "safety:police_run"}]
    services = {**services, "gb-055": {**services["gb-055"], "attribute": rows}}
    assert [(finding.id, "police" in finding.reason) for finding in said(services)] == [("gb-055", True)]


def test_the_same_number_in_another_spelling_is_found() -> None:
    number = str(SHIPPED["gb-053"]["phone"][0]["number"])
    services = with_row("gb-054", "phone", number="+44" + number.replace(" ", "-")[1:])
    assert [(finding.id, "gb-053" in finding.reason) for finding in said(services)] == [("gb-054", True)]


def test_the_same_address_on_the_web_in_another_spelling_is_found() -> None:
    services = with_row("gb-054", "service", url="http://www.mensadviceline.org.uk/")
    assert [(finding.id, "gb-053" in finding.reason) for finding in said(services)] == [("gb-054", True)]


def test_two_offices_of_one_organization_may_share_a_number() -> None:
    def office(key: str, street: str) -> Bundle:
        own = deepcopy(dict(SHIPPED["gb-053"]))
        return {
            **own,
            "service": [{**own["service"][0], "id": key}],
            "address": [{"address_1": street, "country": "GB"}],
        }

    services = {**SHIPPED, "gb-053": office("gb-053", "1 High Street"), "b": office("b", "2 High Street")}
    assert said(services) == []
    services["b"] = office("b", "1 High Street")
    assert {finding.id for finding in said(services)} == {"b"}


def test_what_is_overdue_is_counted_by_source() -> None:
    late = said(SHIPPED, TODAY + timedelta(365))
    assert late
    assert {finding.id for finding in late} == {""}
    assert all("overdue" in finding.reason for finding in late)


def test_the_next_to_call_is_the_soonest_due_with_number_place_and_day() -> None:
    listed = calls(SHIPPED)
    assert [call.review_by for call in listed] == sorted(call.review_by for call in listed)
    assert len(listed) == len(SHIPPED)
    [galop] = [call for call in listed if call.id == "gb-054"]
    table = as_table([galop], galop.review_by - timedelta(3)).splitlines()
    assert [cell.strip() for cell in table[0].split("  ") if cell.strip()] == list(COLUMNS)
    assert table[1].split() == [
        "2027-02-20",
        "3",
        "gb-054",
        "GB",
        "0800",
        "999",
        "5428",
        "Galop",
        "National",
        "LGBT+",
        "Helpline",
    ]
    assert "overdue" in as_table([galop], galop.review_by + timedelta(1))


def test_the_commands_look_at_ours_and_at_the_operators(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["services", *arguments], env={"WAYMARK_HOME": str(tmp_path)})
        return done.exit_code, done.output

    file = tmp_path / "mine.json"
    file.write_text(GOOD.replace("1800 341 900", "1800 77 8888"), encoding="utf-8")
    assert run("import", str(file), "--yes")[0] == 0
    code, output = run("check")
    assert code == 1
    assert f"{tmp_path / 'services.db'}: ie-line: has the same number as ie-" in output
    assert "2 entries are overdue" in output or "1 entry is overdue" in output
    listed = run("due", "--most", "3")[1].splitlines()
    assert [line.split()[:3] for line in listed[1:3]] == [
        ["2021-01-30", "overdue", "ie-law-centre"],
        ["2021-01-31", "overdue", "ie-line"],
    ]
    assert "more; --most shows them" in listed[-1]
    whole = tmp_path / "whole.json"
    assert run("export", str(whole), "--own")[0] == 0
    assert run("import", str(whole))[1].splitlines()[1] == "  the same as now: 2"
