"""What an operator has to look at: entries that are wrong, alike or out of date, and whom to call next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.knowledge.directory.numbers import countries, same
from bot.knowledge.directory.refusal import excerpt
from bot.knowledge.directory.rules import Bundle, doubts
from bot.knowledge.places import Places
from bot.plain import fold

COLUMNS = ("check by", "days left", "id", "place", "number", "name")
_NAME = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend in the entry `id`; no id where it is about many."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Call:
    """An entry, the day by which to check it, and how to reach it."""

    review_by: date
    id: str
    place: str
    number: str
    name: str

    def cells(self, today: date) -> tuple[str, ...]:
        """What `COLUMNS` name."""
        left = (self.review_by - today).days
        return str(self.review_by), str(left) if left >= 0 else "overdue", self.id, self.place, self.number, self.name


def findings(services: Mapping[str, Bundle], places: Places, today: date) -> list[Finding]:
    """Everything that is wrong on a day: each entry by itself, then entries that are alike, then those overdue."""
    found = [
        Finding(key, f"{doubt.column} {doubt.reason}".lstrip())
        for key, bundle in services.items()
        for doubt in doubts(bundle, places, today)
    ]
    return [*found, *_alike(services), *_overdue(services.values(), today)]


def _alike(services: Mapping[str, Bundle]) -> Iterator[Finding]:
    """The same number or web address under two ids, unless they are two offices of one organization."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, bundle in services.items():
        for mark in dict.fromkeys(_marks(bundle)):
            holders[mark].append(key)
    told: set[tuple[str, str]] = set()
    for (what, value), keys in holders.items():
        for at, key in enumerate(keys):
            other = next((other for other in keys[:at] if not _apart(services[key], services[other])), None)
            if other is not None and (other, key) not in told:
                told.add((other, key))
                yield Finding(key, f"has the same {what} as {other}: {excerpt(value)}")


def _marks(bundle: Bundle) -> Iterator[tuple[str, str]]:
    home = countries(_places(bundle))
    for row in bundle.get("phone", ()):
        if row.get("type") != "tty":
            yield "number", same(str(row["number"]), home[0] if home else None)
    url = str(bundle["service"][0].get("url") or "")
    if url:
        yield "web address", url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()


def _apart(one: Bundle, other: Bundle) -> bool:
    """Whether two entries may share a number: one organization, in two places to go or for two areas."""
    owners = [fold(str(row.get("name"))) for bundle in (one, other) for row in bundle.get("organization", ())[:1]]
    if len(set(owners)) != 1:
        return False
    return _stands(one) != _stands(other) or set(_places(one)).isdisjoint(_places(other))


def _stands(bundle: Bundle) -> set[tuple[str, str]]:
    rows = bundle.get("address", ())
    return {(fold(str(row.get("address_1"))), fold(str(row.get("postal_code")))) for row in rows}


def _places(bundle: Bundle) -> list[str]:
    return [str(row["extent"]) for row in bundle.get("service_area", ())]


def _overdue(services: Iterable[Bundle], today: date) -> Iterator[Finding]:
    counted = Counter(
        excerpt(row.get("source"))
        for bundle in services
        for row in bundle.get("provenance", ())
        if str(row.get("review_by")) < today.isoformat()
    )
    for source, number in counted.most_common():
        entries = "1 entry is" if number == 1 else f"{number} entries are"
        yield Finding("", f"{entries} overdue, from {source}; `waymark services due` lists them")


def calls(services: Mapping[str, Bundle]) -> list[Call]:
    """Every entry by the day to check it, the soonest first."""
    return sorted(map(_call, services.values()), key=lambda call: (call.review_by, call.place, call.id))


def _call(bundle: Bundle) -> Call:
    service, provenance = bundle["service"][0], bundle["provenance"][0]
    numbers = [str(row["number"]) for row in bundle.get("phone", ())]
    name = str(service["name"])
    return Call(
        date.fromisoformat(str(provenance["review_by"])),
        str(service["id"]),
        ",".join(_places(bundle)),
        numbers[0] if numbers else str(service.get("url") or ""),
        name if len(name) <= _NAME else f"{name[: _NAME - 1]}…",
    )


def as_table(listed: Iterable[Call], today: date) -> str:
    """Lines with aligned columns, under their names."""
    rows = [COLUMNS, *(call.cells(today) for call in listed)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)
