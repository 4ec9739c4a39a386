"""How long everything on a page is, and how long it may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from bot.engine.flow import Choice, Flow, Item, Paragraph
from bot.engine.screen import Screen
from bot.language.catalogs import ENGLISH
from bot.language.tongue import Tongue
from bot.ports import Page
from bot.script.wording import CARD, CHOICES, LABEL, LABEL_ELSEWHERE, PROSE, PROSE_ELSEWHERE, visible

MESSAGE, BUTTON = 4_096, 64
"""The longest message and button, in UTF-16 units, of the messenger with the tightest limits."""

Kind = Literal[
    "state", "choice", "condition", "trap", "page", "button", "prose", "card", "label", "choices", "always", "nowhere"
]
"""What is wrong: never reached (`state`, `choice`, `condition`), no way out by choices (`trap`), or too long."""


def sizes(flow: Flow, screen: Screen, page: Page, tongue: Tongue) -> Iterator[tuple[Kind, int, int, str]]:
    """Everything about a page that has a limit: what it is, how long it is, how long it may be, and its name."""
    english = tongue.code == ENGLISH
    paragraphs = [part for part in screen.said if isinstance(part, Paragraph)]
    prose = sum(len(visible(tongue.say(part.text, flow.id))) for part in paragraphs if not part.quoted)
    yield "prose", prose, PROSE if english else PROSE_ELSEWHERE, "prose"
    yield "card", sum(len(passage.text) for passage in page.passages if passage.kind == "copy"), CARD, "words to copy"
    yield "choices", len(screen.choices), CHOICES, "choices"
    labels: list[Choice | Item] = [*screen.choices, *(item for item, _ in screen.items)]
    for labelled in labels:
        label = tongue.say(labelled.label, flow.labels)
        yield "label", len(label), LABEL if english else LABEL_ELSEWHERE, f"“{label}”"
    for button in page.buttons:
        yield "button", units(button.label), BUTTON, f"the button “{button.label}”"
    yield "page", units(whole(page)), MESSAGE, "the whole page"


def whole(page: Page) -> str:
    """A page as one text, with its choices in it: the longest it is in any messenger."""
    said = "\n\n".join(passage.text for passage in page.passages)
    lines = "\n".join(f"{button.typed}  {button.label}" for button in (*page.buttons, *page.fixed))
    return f"{said}\n\n{lines}\n\n{page.content.prompt}"


def units(text: str) -> int:
    """The length of a text as messengers count it."""
    return len(text.encode("utf-16-le")) // 2
