"""Which item of guidance is delivered where: each on a screen that people come to, or withheld for a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.engine.flow import Block, Flow, State
from bot.knowledge.knowledge import Knowledge
from bot.script.audience import ROLES, Spot, is_for, paths
from bot.script.diagnostic import Report
from bot.script.paths import Source


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where an item is said: to whom, on which screen or by which entry there, and the labels that lead to it."""

    role: str
    spot: Spot
    way: tuple[str, ...]
    entry: str = ""


def deliveries(sources: Mapping[str, Source], knowledge: Knowledge) -> dict[str, Delivery]:
    """By item, the first delivery found: for each role in turn, by the shortest way from the list of conversations."""
    found: dict[str, Delivery] = {}
    for role in ROLES:
        for spot, way in paths(role, sources).items():
            flow = sources[spot[0]].flow
            if is_for(role, flow):
                for item, entry in _said(flow, flow.states[spot[1]], knowledge):
                    found.setdefault(item, Delivery(role, spot, way, entry))
    return found


def _said(flow: Flow, state: State, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """The items a screen says, each with the entry of a list that says it, where it is one."""
    if any(not part.when for part in state.said):  # a claim is no claim where nothing need be said
        yield from ((item, "") for item in state.covers)
    if state.id == flow.start:
        yield from ((item, "") for item in flow.covers)
    shelves = {part.topic for part in state.said if isinstance(part, Block) and part.kind == "reading"}
    for reading in knowledge.readings:
        if shelves & set(reading.topics):
            yield from ((item, reading.id) for item in reading.covers)


def check_shelves(sources: Mapping[str, Source], knowledge: Knowledge, report: Report) -> None:
    """Nobody comes to a shelf with something that is for others."""
    for role in ROLES:
        for flow, state in paths(role, sources):
            source = sources[flow]
            for part in source.flow.states[state].said:
                if isinstance(part, Block) and part.kind == "reading":
                    for name in knowledge.readings.find(part.topic):
                        if role not in knowledge.readings[name].readers:
                            message = f"somebody whose role is {role} comes to `{name}`, which is not for them"
                            report.say("W216", source.path, part.line, message)


def check_coverage(sources: Mapping[str, Source], knowledge: Knowledge, report: Report) -> None:
    """Every item is delivered or withheld, and nothing claims to deliver what is no item."""
    items = {item.id for item in knowledge.guidance}
    found = deliveries(sources, knowledge)
    for item in knowledge.guidance:
        if item.id not in found:
            report.say("W317", item.path, item.line, f"no screen that people come to covers {item.id}: {item.about}")
    for source in sources.values():
        claims = [(source.flow.line, source.flow.covers)]
        claims += [(state.line, state.covers) for state in source.flow.states.values()]
        for line, covers in claims:
            for name in set(covers) - items:
                report.say("W317", source.path, line, f"{name} is no item of guidance")
    for reading in knowledge.readings:
        for name in set(reading.covers) - items:
            report.say("W317", reading.path, reading.line, f"{name} is no item of guidance")


def table(sources: Mapping[str, Source], knowledge: Knowledge) -> Iterator[str]:
    """A line for each item and the way to it, or the reason it is withheld; and the sum."""
    found = deliveries(sources, knowledge)
    for item in knowledge.guidance:
        delivery = found.get(item.id)
        if delivery:
            where = "#".join(delivery.spot) + (f" ({delivery.entry})" if delivery.entry else "")
            way = " > ".join(("The list", *delivery.way))
            yield f"{item.id}  {where}  for {delivery.role}: {way}"
        if item.withheld:
            yield f"{item.id}  withheld {item.withheld}"
        elif not delivery:
            yield f"{item.id}  NOT DELIVERED: {item.about}"
    accounted = sum(item.id in found or bool(item.withheld) for item in knowledge.guidance)
    yield f"{accounted} of {len(knowledge.guidance)}"
