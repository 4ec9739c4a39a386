"""`make bench`: all measurements, or those named: `python -m bench store wire`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from bench import directory, engine, flood, languages, leaving, preview, profile, start, store, wire
from bench.report import Row, show

MEASUREMENTS: dict[str, Callable[[], Iterable[list[Row]]]] = {
    "engine": lambda: [engine.report()],
    "store": lambda: [store.report()],
    "wire": wire.report,
    "leaving": lambda: [leaving.report()],
    "flood": flood.report,
    "directory": directory.report,
    "languages": languages.report,
    "preview": lambda: [preview.report()],
    "start": lambda: (each() for each in (start.start, start.sessions)),
}


def main(names: list[str]) -> None:
    """Measure and show."""
    unknown = set(names) - set(MEASUREMENTS) - {"profile"}
    if unknown:
        sys.exit(f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)} and profile")
    for name in names or MEASUREMENTS:
        if name == "profile":
            profile.main()
            continue
        for rows in MEASUREMENTS[name]():
            show(rows)


main(sys.argv[1:])
