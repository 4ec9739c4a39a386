"""Reviews: who has read which conversation in which language, and which words they read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.knowledge.entries import Reader

ROLES = ("advocate", "counsellor", "facilitator", "lawyer", "survivor", "translator")
"""What somebody can be who reviews; a closed list, so that *About* can say it in every language."""

HEAD = """# Who has read which conversation. `waymark sign` writes this file; docs/writing.md says what a review is.
# An entry counts while the conversation says what it said then: one changed letter, and it counts no more.
"""


@dataclass(frozen=True, slots=True)
class Review:
    """One person's reading of one conversation. `texts` names the words read; `shown` says that the name may be shown.

    `by` is whatever the person wanted to stand there.
    """

    flow: str
    language: str
    role: str
    by: str = field(repr=False)
    on: date
    texts: str
    shown: bool
    path: Path = Path("reviews.toml")
    line: int = 0


def read_reviews(file: Traversable, reader: Reader) -> tuple[Review, ...]:
    """The reviews in a file, in the order written."""
    found = []
    for fields in reader.entries(file, "review"):
        before = len(reader.problems)
        review = Review(
            fields.text("flow"),
            fields.text("language"),
            fields.one_of("role", ROLES),
            fields.text("by"),
            fields.day("on"),
            fields.text("texts"),
            fields.one_of("shown", ("yes", "no")) == "yes",
            fields.path,
            fields.line,
        )
        fields.done()
        if len(reader.problems) == before:
            found.append(review)
    return tuple(found)


def as_toml(reviews: Iterable[Review]) -> str:
    """A whole file of reviews, every value quoted, in an order that does not depend on when each was given."""
    ordered = sorted(reviews, key=lambda each: (each.flow, each.language, each.role, each.on, each.by))
    return "\n".join([HEAD, *map(_entry, ordered)])


def signed(reviews: Iterable[Review], fresh: Review) -> tuple[Review, ...]:
    """The reviews with `fresh` among them, in place of what the same person signed before."""
    same = (fresh.flow, fresh.language, fresh.role, fresh.by)
    return (*(each for each in reviews if (each.flow, each.language, each.role, each.by) != same), fresh)


def _entry(review: Review) -> str:
    values = {
        "flow": review.flow,
        "language": review.language,
        "role": review.role,
        "by": review.by,
        "on": review.on.isoformat(),
        "texts": review.texts,
        "shown": "yes" if review.shown else "no",
    }
    # A text in JSON is one in TOML, as long as it holds no control characters.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return "[[review]]\n" + "".join(lines)
