"""What a contested screen owes: two attributed views of similar length, no default, no orders, and two ways out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.engine.flow import Paragraph, State
from bot.engine.flows import URGENT
from bot.script.diagnostic import Report
from bot.script.paths import Source
from bot.script.wording import labelled_in, sentences, visible

LEAST, MOST = 0.67, 1.5
"""How much shorter or longer one view may be than the other."""

NOT_NOW = "Not now"
"""The label of the way out; see the standing rules on contested guidance."""

_NAMED = re.compile(r"\A(?:An? |The |Some )?\*\*[^*]+\*\*")
"""Who says it stands in bold at the beginning of a view."""

ASIDE = 120
"""The longest paragraph beside the two views, in characters: a longer one would be a third."""

_LEAD = r"\A(?:(?:please|now|first|then|just|so)[, ]+|if [^,.]*, )*"
_ORDERS = (
    *(
        "accept",
        "agree",
        "ask",
        "avoid",
        "be",
        "call",
        "choose",
        "come",
        "consider",
        "decide",
        "decline",
        "demand",
        "do",
    ),
    *(
        "don['\u2019]t",
        "get",
        "give",
        "go",
        "insist",
        "keep",
        "leave",
        "make",
        "meet",
        "never",
        "offer",
        "reject",
        "refuse",
    ),
    *("remember", "say", "sign", "stay", "stop", "take", "talk(?! therapy)", "tell", "try", "wait", "write"),
)
_ORDER = re.compile(rf"{_LEAD}(?:{'|'.join(_ORDERS)})\b(?!-)", re.IGNORECASE)
_PUSH = re.compile(
    r"\b(?:you|we) (?:should|must|ought to|have to|need to|had better)\b|\brecommend|\badvise[sd]?\b|"
    r"\b(?:is|are) (?:best|better)\b",
    re.IGNORECASE,
)
_CHOSEN = r"\A(?:(?:yes|no|i will|i['\u2019]ll|then|go and)[, ]+(?:and )?)*"
_VERDICT = re.compile(
    rf"{_CHOSEN}(?:accept|agree|decline|do it|meet|refuse|reject|say (?:no|yes)|sign)\b", re.IGNORECASE
)


def check_contested(sources: Mapping[str, Source], report: Report) -> None:
    """Every rule about states that are marked as contested."""
    for source in sources.values():
        for state in source.flow.states.values():
            if "contested" in state.marks:
                _balance(state, source, report)
                _ways_out(state, source, report)
                _orders(state, source, report)


def _views(state: State) -> list[Paragraph]:
    return [part for part in state.said if isinstance(part, Paragraph) and _NAMED.match(part.text)]


def _balance(state: State, source: Source, report: Report) -> None:
    views = _views(state)
    if len(views) != 2 or any(view.when or view.quoted for view in views):  # noqa: PLR2004 - one side and the other
        report.say(
            "W310", source.path, state.line, f"`{state.id}` has {len(views)} views; it takes two, each beginning "
            "with who says it in bold"
        )  # fmt: skip
        return
    for part in state.said:
        if isinstance(part, Paragraph) and part not in views and len(visible(part.text)) > ASIDE:
            report.say(
                "W310", source.path, part.line, f"{len(part.text)} characters beside the two views, {ASIDE} at most"
            )
    one, other = (len(visible(view.text)) for view in views)
    if not LEAST <= one / other <= MOST:
        report.say(
            "W310", source.path, state.line, f"`{state.id}`: {one} characters for one view, {other} for the other"
        )


def _ways_out(state: State, source: Source, report: Report) -> None:
    free = [choice for choice in state.choices if not choice.when]
    ends = ({"done", "back", "exit"}, {"end"})
    if not any(c.label == NOT_NOW and (c.target.kind in ends[0] or c.target.state in ends[1]) for c in free):
        report.say(
            "W311", source.path, state.line, f"`{state.id}` needs the choice `[{NOT_NOW}](#end)`, without a condition"
        )  # fmt: skip
    if not any(choice.target.flow == URGENT for choice in free):
        report.say(
            "W311", source.path, state.line, f"`{state.id}` needs a choice that leads to someone to talk to: "
            f"`[Talk to someone]({URGENT}.md#talk)`"
        )  # fmt: skip


def _orders(state: State, source: Source, report: Report) -> None:
    views = _views(state)
    for part in state.said:
        if isinstance(part, Paragraph) and part not in views:
            for sentence in sentences(part.text):
                found = _ORDER.search(sentence) or _PUSH.search(sentence)
                if found:
                    report.say("W312", source.path, part.line, f"`{found[0]}` in our own voice; say what can be done")
    for labelled in labelled_in(state):
        if _VERDICT.match(labelled.label):
            report.say(
                "W312", source.path, labelled.line, f"`{labelled.label}` decides; offer to see more, or a way out"
            )
