"""What has to be checked again, and by when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.knowledge.knowledge import Knowledge

COLUMNS = ("kind", "id", "place", "review_by", "days_left", "shown")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Due:
    """One dated entry, as it stands on a day. Emergency numbers have the name of their place."""

    kind: str
    id: str
    place: str
    review_by: date
    days: int
    shown: bool
    path: Path
    line: int

    @property
    def overdue(self) -> bool:
        """Whether the day to check it again has passed; on that day itself it has not."""
        return self.days < 0

    @property
    def left(self) -> str:
        """How many days there are left, or since when there are none."""
        return f"overdue since {self.review_by + timedelta(1)}" if self.overdue else str(self.days)

    @property
    def cells(self) -> tuple[str, ...]:
        """What `COLUMNS` name."""
        return self.kind, self.id, self.place, str(self.review_by), self.left, "yes" if self.shown else "no"


def due(knowledge: Knowledge, today: date, within: int | None = None) -> list[Due]:
    """Everything dated, soonest first; with `within`, what is overdue or due in so many days."""
    found = [entry for entry in _every(knowledge, today) if within is None or entry.days <= within]
    return sorted(found, key=lambda entry: (entry.review_by, entry.kind, entry.id))


def _every(knowledge: Knowledge, today: date) -> Iterator[Due]:
    for fact in knowledge.facts:
        days = (fact.review_by - today).days
        yield Due("fact", fact.id, fact.place, fact.review_by, days, days >= 0, fact.path, fact.line)
    for line in knowledge.services:
        days, shown = (line.review_by - today).days, not line.gone(today)
        yield Due("service", line.id, line.place, line.review_by, days, shown, line.path, line.line)
    for reading in knowledge.readings:
        days = (reading.review_by - today).days
        yield Due("reading", reading.id, "", reading.review_by, days, True, reading.path, reading.line)  # noqa: FBT003 - the same
    for each in knowledge.services.emergencies():
        days = (each.review_by - today).days
        yield Due("emergency", each.place, each.place, each.review_by, days, True, each.path, each.line)  # noqa: FBT003 - they stay, however old


def as_table(entries: Iterable[Due]) -> str:
    """Lines with aligned columns, under their names."""
    rows = [COLUMNS, *(entry.cells for entry in entries)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)


def as_csv(entries: Iterable[Due]) -> str:
    """The same as CSV, in which no spreadsheet finds a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(map(_inert, entry.cells) for entry in entries)
    return out.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
