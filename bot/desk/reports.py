"""What a walk found: as a table for a terminal, as JSON for programs, as a page for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from bot.desk.markup import document, text
from bot.desk.survey import NOTES, Finding, Reach, Result

FORMAT = 1
"""Changes when a field of the JSON changes its meaning or goes; new fields may come at any time."""

COLUMNS = ("conversation", "states", "choices", "conditions", "screens", "numbers", "someone", "by choices")


def as_table(result: Result) -> str:
    """Lines with aligned columns; then what was found, with file and line where `lines` has them."""
    rows = [COLUMNS, *_cells(result)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)


def _cells(result: Result) -> Iterator[tuple[str, ...]]:
    for row in result.rows:
        counted = (f"{there} of {every}" for there, every in (row.states, row.choices, row.conditions))
        ways = map(span, (row.numbers, row.someone, row.by_choices))
        yield row.flow, *counted, str(row.screens), *ways


def span(reach: Reach) -> str:
    """The fewest and the most steps, such as 1-4; a dash where there is no way from somewhere."""
    if reach.shortest is None:
        return "-"
    most = "-" if reach.longest is None else str(reach.longest)
    return str(reach.shortest) if most == str(reach.shortest) else f"{reach.shortest} to {most}"


def line_of(finding: Finding, paths: Mapping[str, Path]) -> str:
    """One finding in a line: where, what, in which language and place, and the way there."""
    path = paths.get(finding.flow, Path(f"{finding.flow}.md"))
    path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    seen = " ".join(filter(None, (finding.language, finding.place)))
    way = f"\n    by: {' > '.join(finding.way)}" if finding.way else ""
    told = f"{finding.kind}: `{finding.state}`: {finding.message}"
    return f"{path}:{finding.line}: {told}{f' ({seen})' if seen else ''}{way}"


def summary(result: Result) -> str:
    """How much was walked, in a line."""
    places = ", ".join(place or "no place" for place in result.places)
    alike = "" if result.whole else "; of screens that look alike a few were followed"
    chance = f"; {result.runs} times by chance through each, seed {result.seed}" if result.runs else ""
    return f"Walked in {', '.join(result.languages)}; {places}{chance}{alike}."


def as_json(result: Result) -> str:
    """Everything, as documented in docs/writing.md."""
    flows = {row.flow: {key: value for key, value in asdict(row).items() if key != "flow"} for row in result.rows}
    found = [{**asdict(finding), "note": finding.kind in NOTES} for finding in result.findings]
    told = {
        "format": FORMAT,
        "languages": result.languages,
        "places": result.places,
        "runs": result.runs,
        "seed": result.seed,
        "whole": result.whole,
        "failed": result.failed,
        "flows": flows,
        "findings": found,
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_html(result: Result) -> str:
    """The same for a browser or a printer."""
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in COLUMNS)
    rows = "".join(map(_row, _cells(result)))
    wrong = "".join(_item(each) for each in result.findings if each.kind not in NOTES)
    known = "".join(_item(each) for each in result.findings if each.kind in NOTES)
    return document(
        "A walk through everything",
        f"<h1>A walk through everything</h1>\n<p>{text(summary(result))}</p>\n"
        f'<div class="wide" role="region" tabindex="0" aria-label="How much was come to">\n<table>\n'
        f"<caption>How much of each conversation somebody came to; and the fewest and the most steps to emergency "
        f"numbers, to somebody to talk to, and to that by choices alone.</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
        f"<h2>To mend</h2>\n{_list(wrong) or '<p>Nothing.</p>'}\n"
        f"<h2>To know</h2>\n<p>No mistakes: what was always so, or waits for a place or a language that was not "
        f"walked or of which nothing is known yet.</p>\n{_list(known) or '<p>Nothing.</p>'}\n",
    )


def _row(cells: tuple[str, ...]) -> str:
    counted = "".join(f'<td class="number">{text(cell)}</td>' for cell in cells[1:])
    return f'<tr><th scope="row">{text(cells[0])}</th>{counted}</tr>\n'


def _list(items: str) -> str:
    return f'<ul class="found">\n{items}</ul>' if items else ""


def _item(finding: Finding) -> str:
    kind = "" if finding.kind in NOTES else f"{finding.kind}: "
    seen = ", ".join(filter(None, (finding.language, finding.place)))
    way = f"<br>by: {text(' > '.join(finding.way))}" if finding.way else ""
    where = f"{finding.flow}.md, line {finding.line}, {finding.state}"
    return (
        f"<li><code>{text(where)}</code>: {text(kind)}{text(finding.message)}"
        f"{text(f' ({seen})') if seen else ''}{way}</li>\n"
    )
