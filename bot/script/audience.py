"""Who is led where: nobody into a conversation for others, and everybody within two choices of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.engine.flow import SETTINGS, Block, Choice, Flow, Paragraph
from bot.engine.flows import ARRIVAL, MENU, URGENT
from bot.engine.guard import Answers, Given, Guard
from bot.script.diagnostic import Report
from bot.script.paths import Source

ROLES = SETTINGS["role"]
_READ_SURVIVORS = frozenset({"helper", "facilitator", "unsaid"})
"""Roles that may also read what is written for the person who was harmed."""

_TO_SOMEBODY = re.compile(r"\b(?:you|your|yours|yourself|sorry|apolog\w*)\b", re.IGNORECASE)

VARIANTS = 24
"""So many different sets of answers are tried for each state when ways are looked for."""

Spot = tuple[str, str]
"""A flow and a state of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One choice somebody takes: from where, which, and to where it leads."""

    source: Source
    choice: Choice
    spot: Spot


def is_for(role: str, flow: Flow) -> bool:
    """Whether somebody with `role` may be led into `flow`."""
    audience = flow.audience or {"survivor"}
    return bool({"all", role} & audience) or ("survivor" in audience and role in _READ_SURVIVORS)


def allows_role(role: str, guard: Guard) -> bool:
    """Whether `guard` can hold for somebody with `role`, as far as its terms about roles say."""
    about = (term for term in guard if isinstance(term, Given) and term.key == "role")
    return all((term.value == role) is not term.negated for term in about)


def steps(role: str, spot: Spot, sources: Mapping[str, Source]) -> Iterator[Step]:
    """The choices somebody with `role` has at `spot`, and where each leads."""
    source = sources[spot[0]]
    for choice in source.flow.states[spot[1]].choices:
        other = [value for key, value in choice.remember if key == "role" and value != role]
        target = choice.target
        if other or not allows_role(role, choice.when):
            continue
        if target.kind == "state" and target.state in source.flow.states:
            yield Step(source, choice, (source.flow.id, target.state))
        elif target.kind == "flow" and target.flow in sources:
            flow = sources[target.flow].flow
            state = target.state or flow.start
            if state in flow.states:
                yield Step(source, choice, (flow.id, state))


def check_audience(sources: Mapping[str, Source], report: Report) -> None:
    """The firewall between conversations, what may be copied by whom, and the way to a person."""
    for role in ROLES:
        _firewall(role, sources, report)
    for source in sources.values():
        if source.flow.audience & {"called_out", "all"}:
            _copies(source, report)
        if source.flow.id not in {ARRIVAL, MENU}:
            _says_who(source, report)
    if URGENT in sources:
        _way_to_a_person(sources[URGENT], report)


def _firewall(role: str, sources: Mapping[str, Source], report: Report) -> None:
    waiting = [(name, source.flow.start) for name, source in sources.items() if is_for(role, source.flow)]
    seen = set(waiting)
    while waiting:
        for taken in steps(role, waiting.pop(), sources):
            flow = sources[taken.spot[0]].flow
            if not is_for(role, flow):
                audience = ", ".join(sorted(flow.audience))
                report.say(
                    "W216", taken.source.path, taken.choice.line,
                    f"somebody whose role is {role} comes from here to `{flow.id}.md`, which is for {audience}"
                )  # fmt: skip
            elif taken.spot not in seen:
                seen.add(taken.spot)
                waiting.append(taken.spot)


def _says_who(source: Source, report: Report) -> None:
    """Who somebody is, is asked where they arrive and in the list of conversations; elsewhere it would open doors."""
    for state in source.flow.states.values():
        for choice in state.choices:
            if any(key == "role" for key, _ in choice.remember):
                report.say("W216", source.path, choice.line, f"a role is chosen in {ARRIVAL}.md or {MENU}.md only")


def _copies(source: Source, report: Report) -> None:
    """What somebody who was called out may copy is never a message: see the guidance on risks, section 3."""
    for state in source.flow.states.values():
        for part in state.said:
            if isinstance(part, Paragraph) and part.quoted:
                found = _TO_SOMEBODY.search(part.text)
                if found:
                    report.say("W316", source.path, part.line, f"`{found[0]}`: write it as a note to oneself")


def _way_to_a_person(source: Source, report: Report) -> None:
    """*Help now* stands under every screen: one choice; the helplines must be there after one more (rule R29)."""
    flow = source.flow
    near = [flow.states[flow.start]]
    near += [
        flow.states[choice.target.state]
        for choice in near[0].choices
        if not choice.when and choice.target.kind == "state" and choice.target.state in flow.states
    ]
    shown = [part for state in near for part in state.said if isinstance(part, Block) and not part.when]
    if not any(part.name in {"services abuse", "services crisis"} for part in shown):
        report.say("W217", source.path, near[0].line, "show `{services.crisis}` here, or on a screen one choice away")


def paths(role: str, sources: Mapping[str, Source]) -> dict[Spot, tuple[str, ...]]:
    """For each spot that somebody with `role` can come to from the menu, the labels of a short way there.

    A way through a checklist ticks nothing, everything, or one line. What is looked up is taken to be there.
    """
    if MENU not in sources:
        return {}
    start = (MENU, sources[MENU].flow.start)
    found: dict[Spot, tuple[str, ...]] = {start: ()}
    tried: dict[Spot, list[Answers]] = {start: [{}]}
    deciding = {name: _deciding(source.flow) for name, source in sources.items()}
    waiting: list[tuple[Spot, Answers, tuple[str, ...]]] = [(start, {}, ())]
    for spot, answers, way in waiting:
        for taken, after, ticked in _taken(role, spot, answers, sources):
            known = {key: value for key, value in after.items() if key in deciding[taken.spot[0]]}
            before = tried.setdefault(taken.spot, [])
            if known not in before and len(before) < VARIANTS:
                before.append(known)
                here = (*way, *ticked, taken.choice.label)
                found.setdefault(taken.spot, here)
                waiting.append((taken.spot, known, here))
    return found


def _taken(
    role: str, spot: Spot, answers: Answers, sources: Mapping[str, Source]
) -> Iterator[tuple[Step, Answers, tuple[str, ...]]]:
    """Each choice that the answers so far allow, the answers after it, and the labels ticked for it."""
    state = sources[spot[0]].flow.states[spot[1]]
    every = tuple(item.id for item in state.items)
    for ticks in dict.fromkeys(((), every, *((item,) for item in every))):
        ticked = {**answers, state.answer: ticks} if ticks else answers
        for taken in steps(role, spot, sources):
            if _allowed(taken.choice.when, ticked):
                chosen = {key: (value,) for key, value in taken.choice.remember if key not in SETTINGS}
                stays = taken.choice.target.kind == "state"
                labels = tuple(item.label for item in state.items if item.id in ticks)
                yield taken, {**ticked, **chosen} if stays else {}, labels


def _deciding(flow: Flow) -> frozenset[str]:
    """The answers on which a choice of a flow depends."""
    terms = (term for state in flow.states.values() for choice in state.choices for term in choice.when)
    return frozenset(term.key for term in terms if isinstance(term, Given))


def _allowed(guard: Guard, answers: Answers) -> bool:
    """Whether the answers allow `guard`, as far as its terms are about answers."""
    about = (term for term in guard if isinstance(term, Given) and term.key not in SETTINGS)
    return all((term.value in answers.get(term.key, ())) is not term.negated for term in about)
