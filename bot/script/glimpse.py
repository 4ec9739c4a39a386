"""What a glance at a locked phone can catch: the first words of a screen say nothing of what this is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from bot.engine.flow import Block, Paragraph, State
from bot.plain import fold
from bot.script.combine import together
from bot.script.diagnostic import Report
from bot.script.paths import Source
from bot.script.wording import visible

GLANCE = 40
"""So many characters of a message the list of chats shows."""

TELLING = frozenset({"services", "reading", "emergency"})
"""Blocks whose own first words may tell."""


def check_glimpses(sources: Mapping[str, Source], sensitive: Collection[str], report: Report) -> None:
    """No screen begins with a word of `sensitive`, folded beginnings of words."""
    for source in sources.values():
        for state in source.flow.states.values():
            for beginning in beginnings(state, lambda text: text):
                if beginning is None:
                    report.say(
                        "W313", source.path, state.line, f"`{state.id}` can show what is looked up in its first "
                        f"{GLANCE} characters; say more before it"
                    )  # fmt: skip
                else:
                    check_glimpse(beginning, source.path, state.line, sensitive, report)


def check_glimpse(text: str, path: Path, line: int, sensitive: Collection[str], report: Report) -> None:
    """The first words of `text` are none of `sensitive`."""
    told = tells(text, sensitive)
    if told:
        message = f"`{told}` begins a word in the first {GLANCE} characters; say something plain before it"
        report.say("W313", path, line, message)


def tells(text: str, sensitive: Collection[str]) -> str:
    """The first of `sensitive` that begins a word in the first characters of `text`, or the empty string."""
    glance = f" {fold(visible(text)[:GLANCE])}"
    return next((beginning for beginning in sensitive if f" {beginning}" in glance), "")


def beginnings(state: State, say: Callable[[str], str]) -> Iterable[str | None]:
    """Every way a screen may begin in a language, whatever the conditions.

    None for one that soon shows who helps, or how: what stands there is not ours to choose.
    """
    leading = tuple(_leading(state, say))
    tried = together(tuple(part.when for part in leading), frozenset())
    if tried is None:
        return [visible(say(part.text)) for part in state.said if isinstance(part, Paragraph)]
    return dict.fromkeys(_beginning([leading[at] for at in shown], say) for shown in tried)


def _leading(state: State, say: Callable[[str], str]) -> Iterator[Paragraph | Block]:
    """What may stand in the first characters: up to where enough of it is said whatever the conditions."""
    certain = 0
    for part in state.said:
        if certain < GLANCE:
            yield part
        if isinstance(part, Paragraph) and not part.when:
            certain += len(visible(say(part.text))) + 1


def _beginning(shown: Iterable[Paragraph | Block], say: Callable[[str], str]) -> str | None:
    said = ""
    for part in shown:
        if len(said) >= GLANCE:
            break
        if isinstance(part, Paragraph):
            said += f"{visible(say(part.text))} "
        elif part.kind in TELLING:
            return None
        else:
            break
    return said[:GLANCE]
