"""Opening hours: what a row means, and whether somebody is there now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from directory_rows import KNOWLEDGE
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.directory.hours import DAYS, Row, always, open_now, opening
from bot.knowledge.directory.shipped import rows_of

OFFICE: Row = {
    "freq": "WEEKLY",
    "byday": "MO,TU,WE,TH,FR",
    "opens_at": "09:00",
    "closes_at": "17:00",
    "timezone": "Europe/London",
}
NIGHT: Row = {**OFFICE, "byday": "FR, SA", "opens_at": "22:00", "closes_at": "06:00"}
ROUND: Row = {"byday": ",".join(DAYS), "opens_at": "00:00", "closes_at": "23:59"}


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("rows", "moment", "there"),
    [
        ([OFFICE], "2026-11-20 09:00", True),
        ([OFFICE], "2026-11-20 08:59", False),
        ([OFFICE], "2026-11-20 16:59", True),
        ([OFFICE], "2026-11-20 17:00", False),
        ([OFFICE], "2026-11-21 12:00", False),
        ([OFFICE], "2026-07-20 09:00", True),
        ([OFFICE], "2026-07-20 08:30", False),
        ([NIGHT], "2026-11-20 23:00", True),
        ([NIGHT], "2026-11-21 05:59", True),
        ([NIGHT], "2026-11-22 05:59", True),
        ([NIGHT], "2026-11-22 23:00", False),
        ([NIGHT], "2026-11-20 05:00", False),
        ([OFFICE, NIGHT], "2026-11-20 23:00", True),
        ([OFFICE, NIGHT], "2026-11-20 19:00", False),
        ([ROUND], "2026-11-22 03:00", True),
        ([], "2026-11-20 12:00", None),
        ([{**OFFICE, "closes_at": "00:00"}], "2026-11-20 23:59", True),
        ([{**OFFICE, "valid_to": "2026-11-01"}], "2026-11-20 12:00", False),
        ([{**OFFICE, "valid_from": "2026-12-01"}], "2026-11-20 12:00", False),
    ],
)
def test_somebody_is_there_within_the_hours_of_the_place(rows: list[Row], moment: str, there: bool | None) -> None:
    assert open_now(rows, london(moment)) is there


@pytest.mark.parametrize(
    "change",
    [
        {"timezone": None},
        {"timezone": "Europe/Nowhere"},
        {"timezone": "../../etc/passwd"},
        {"freq": "MONTHLY", "byday": "1MO"},
        {"interval": 2},
        {"byday": ""},
        {"byday": "Monday"},
        {"opens_at": "nine"},
        {"opens_at": "09:75"},
        {"closes_at": "25:00"},
        {"closes_at": "09:00"},
        {"closes_at": None},
        {"valid_to": "soon"},
    ],
)
def test_what_is_not_to_be_understood_is_unknown_and_never_closed(change: Row) -> None:
    row = {**OFFICE, **change}
    assert open_now([row], london("2026-11-20 03:00")) is None
    assert open_now([row, {**OFFICE, "opens_at": "02:00"}], london("2026-11-20 03:00")) is True


@pytest.mark.parametrize(
    "change",
    [
        {"timezone": 1},
        {"timezone": "1.0"},
        {"timezone": None, "opens_at": "09:00+01:00", "closes_at": "17:00+01:00"},
        {"timezone": None, "opens_at": "09:00:00+0100", "closes_at": "17:00:00+0100"},
    ],
)
def test_an_offset_from_utc_is_a_zone_too(change: Row) -> None:
    row = {**OFFICE, **change}
    assert open_now([row], datetime(2026, 11, 20, 8, 0, tzinfo=UTC)) is True
    assert open_now([row], datetime(2026, 11, 20, 7, 59, tzinfo=UTC)) is False
    assert open_now([row], datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) is False


def test_day_and_night_needs_no_zone() -> None:
    assert always([ROUND])
    assert not always([{**ROUND, "byday": "MO"}])
    assert not always([{**ROUND, "valid_to": "2027-01-01"}])
    assert not always([OFFICE, NIGHT])


def test_hours_as_we_write_them_are_understood() -> None:
    rows = {str(row["service_id"]): row for row in rows_of(KNOWLEDGE.services)["schedule"]}
    for service in KNOWLEDGE.services:
        if service.hours:
            assert opening(rows[service.id]), service.hours
            assert always([rows[service.id]]) is (service.hours == "24/7")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - the zone follows
    st.sampled_from(["Europe/London", "Asia/Kolkata", "America/New_York", "Pacific/Chatham"]),
    st.integers(0, 1439),
    st.integers(0, 1439),
)
def test_every_day_from_one_minute_to_another(moment: datetime, zone: str, begins: int, ends: int) -> None:
    clock = [f"{minute // 60:02}:{minute % 60:02}" for minute in (begins, ends)]
    row: Row = {"byday": ",".join(DAYS), "opens_at": clock[0], "closes_at": clock[1], "timezone": zone}
    here = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    minute = here.hour * 60 + here.minute
    until = 1440 if ends in {0, 1439} else ends
    within = begins <= minute < until if begins < until else minute >= begins or minute < until
    assert open_now([row], here) is (None if begins == until else within)
    assert open_now([row], here.astimezone(UTC) + timedelta(0)) is open_now([row], here)
