"""Opening hours: rows of `schedule`, and whether somebody is there now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ALL_DAYS = ",".join(DAYS)
MIDNIGHT = 24 * 60

Row = Mapping[str, object]
"""A row of `schedule`."""

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Opening:
    """Open on some days of the week, from minute to minute of the day; past midnight where it ends before it begins."""

    days: frozenset[int]
    begins: int
    ends: int
    zone: tzinfo | None
    first: date = date.min
    last: date = date.max

    @property
    def always(self) -> bool:
        """Whether this alone is day and night."""
        return len(self.days) == len(DAYS) and self.begins == 0 and self.ends == MIDNIGHT and self.last == date.max

    def on(self, day: date) -> bool:
        """Whether it opens on a day."""
        return day.weekday() in self.days and self.first <= day <= self.last

    def at(self, moment: datetime) -> bool:
        """Whether it is open at a moment, which has a zone."""
        here = moment.astimezone(self.zone or UTC)
        minute = here.hour * 60 + here.minute
        if self.begins < self.ends:
            return self.on(here.date()) and self.begins <= minute < self.ends
        return (self.on(here.date()) and minute >= self.begins) or (
            self.on(here.date() - timedelta(1)) and minute < self.ends
        )


def opening(row: Row) -> Opening | None:
    """What a row says; None where it says more than a week repeats, or is not to be understood."""
    days = [day.strip() for day in str(row.get("byday") or "").upper().split(",")]
    begins, ends = _minute(row.get("opens_at")), _minute(row.get("closes_at"))
    every = row.get("interval") in {None, 1, "", "1"} and str(row.get("freq") or "WEEKLY").upper() == "WEEKLY"
    first, last = _day(row.get("valid_from"), date.min), _day(row.get("valid_to") or row.get("until"), date.max)
    if begins is None or ends is None or first is None or last is None or not every or not set(days) <= set(DAYS):
        return None
    ends = MIDNIGHT if ends in {0, MIDNIGHT - 1} else ends
    if begins == ends:
        return None
    return Opening(frozenset(map(DAYS.index, days)), begins, ends, _zone(row), first, last)


def always(rows: Iterable[Row]) -> bool:
    """Whether somebody is there day and night."""
    return any(each.always for each in map(opening, rows) if each)


def open_now(rows: Iterable[Row], moment: datetime) -> bool | None:
    """Whether somebody is there at a moment, which has a zone; None where it cannot be known."""
    known = [opening(row) for row in rows]
    if any(each and (each.always or (each.zone and each.at(moment))) for each in known):
        return True
    return False if known and all(each and each.zone for each in known) else None


def _minute(value: object) -> int | None:
    found = _CLOCK.fullmatch(str(value or "").strip())
    minute = int(found[1]) * 60 + int(found[2]) if found else -1
    return minute if found and int(found[2]) < 60 and 0 <= minute <= MIDNIGHT else None  # noqa: PLR2004 - minutes


def _day(value: object, otherwise: date) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else otherwise
    except ValueError:
        return None


def _zone(row: Row) -> tzinfo | None:
    """The zone of a row: of its times, or its own as a name or as hours from UTC."""
    offset = _OFFSET.search(str(row.get("opens_at") or "").strip())
    if offset:
        return UTC if offset[1] == "Z" else datetime.strptime(offset[1], "%z").tzinfo
    named = row.get("timezone")
    if named in {None, ""}:
        return None
    try:
        return timezone(timedelta(hours=float(str(named))))
    except (ValueError, OverflowError):
        pass
    try:
        return ZoneInfo(str(named))
    except (KeyError, ValueError, OSError):  # an unknown name is a KeyError, an odd one a ValueError
        return None
