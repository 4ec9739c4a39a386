"""Drawings: a conversation as a graph of its screens and choices, and the graph as Mermaid."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.engine.flow import Choice, Flow, Paragraph, State
from bot.engine.flows import ARRIVAL, MENU, URGENT
from bot.script.conditions import in_words
from bot.script.wording import visible

TITLE = 44
"""So many characters of what a state says first stand for it."""

_WIDE = 28
"""So many characters of a label stand on one line of a drawing."""

_SHAPES: Mapping[str, tuple[str, str]] = {
    "state": ("[", "]"),
    "first": ("([", "])"),
    "ticks": ("[[", "]]"),
    "asks": ("[/", "/]"),
    "copy": ("{{", "}}"),
    "flow": (">", "]"),
    "done": ("((", "))"),
    "back": ("((", "))"),
    "exit": ("(((", ")))"),
    "keep": ("((", "))"),
}
_ENDS = {"done": "Finished", "back": "The screen before", "exit": "Leave", "keep": "Kept until tomorrow"}
_OTHERS = ("flow", *_ENDS)
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Node:
    """A state of the flow, another flow it leads to, or one of the ends ``done``, ``back``, ``exit`` and ``keep``.

    `id` is the state's, or is written as the target of a choice is: ``urgent_danger.md#talk``, ``done:``. `title` is
    the beginning of what is said. `marks` are of ``first``, ``ticks``, ``asks KIND``, ``copy``, ``looked up``,
    ``heavy`` and ``contested``.
    """

    id: str
    kind: Literal["state", "flow", "done", "back", "exit", "keep"]
    title: str
    marks: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A choice: from which node to which, its words, its condition in plain words, and what it remembers."""

    source: str
    target: str
    label: str
    when: str = ""
    remember: tuple[tuple[str, str], ...] = ()
    key: str = ""


def nodes(flow: Flow) -> tuple[Node, ...]:
    """The states in the order written, then other flows, then the ends, each once."""
    states = [
        Node(state.id, "state", title_of(state), _marks(flow, state), state.line) for state in flow.states.values()
    ]
    others = {end.id: end for end in map(_end, _choices(flow)) if end}
    ordered = sorted(others.values(), key=lambda node: (_OTHERS.index(node.kind), node.id))
    return (*states, *ordered)


def edges(flow: Flow) -> tuple[Edge, ...]:
    """The choices of every state, in the order written."""
    return tuple(
        Edge(state.id, leads_to(choice), choice.label, in_words(choice.when, flow), choice.remember, choice.key)
        for state in flow.states.values()
        for choice in state.choices
    )


def links(flows: Mapping[str, Flow]) -> tuple[tuple[str, str], ...]:
    """Which conversation leads to which other, each pair once, in the order of the flows.

    Arriving ends in the list of conversations, although no choice names it.
    """
    found = {(ARRIVAL, MENU): None} if {ARRIVAL, MENU} <= flows.keys() else {}
    for flow in flows.values():
        for choice in _choices(flow):
            if choice.target.kind == "flow" and choice.target.flow in flows and choice.target.flow != flow.id:
                found.setdefault((flow.id, choice.target.flow))
    return tuple(found)


def leads_to(choice: Choice) -> str:
    """The node a choice leads to."""
    target = choice.target
    if target.kind == "state":
        return target.state
    if target.kind == "flow":
        return f"{target.flow}.md#{target.state}" if target.state else f"{target.flow}.md"
    return f"{target.kind}:"


def title_of(state: State) -> str:
    """The first words of what a state says; what it looks up, where it says nothing itself."""
    for part in state.said:
        if isinstance(part, Paragraph):
            words = visible(part.text)
            if len(words) <= TITLE:
                return words
            return f"{words[:TITLE].rpartition(' ')[0] or words[:TITLE]}…"
    return next(
        (f"({part.kind} {part.topic})".replace(" )", ")") for part in state.said if not isinstance(part, Paragraph)), ""
    )


def _choices(flow: Flow) -> Iterator[Choice]:
    return (choice for state in flow.states.values() for choice in state.choices)


def _end(choice: Choice) -> Node | None:
    kind = choice.target.kind
    if kind == "state":
        return None
    if kind == "flow":
        return Node(leads_to(choice), kind, leads_to(choice))
    return Node(leads_to(choice), kind, _ENDS[kind])


def _marks(flow: Flow, state: State) -> tuple[str, ...]:
    copied = any(isinstance(part, Paragraph) and part.quoted for part in state.said)
    found = (
        "first" if state.id == flow.start else "",
        "ticks" if state.items else "",
        f"asks {state.asks.kind}" if state.asks else "",
        "copy" if copied else "",
        "looked up" if state.looks_up else "",
        *sorted(state.marks),
    )
    return tuple(mark for mark in found if mark)


# Mermaid


def mermaid(flow: Flow) -> str:
    """A flowchart of one conversation: its states by shape, its choices with their words and conditions."""
    every = nodes(flow)
    known = {node.id for node in every}
    lines = ["flowchart TD", *(f"  {_node(node)}" for node in every)]
    for edge in edges(flow):
        words = [*_wrapped(f"“{edge.label}”"), *_wrapped(edge.when)]
        arrow = "-.->" if edge.when else "-->"
        if edge.target in known:
            lines.append(f"  {name_of(edge.source)} {arrow}|{_quoted(words)}| {name_of(edge.target)}")
    for mark in ("heavy", "contested"):
        marked = [name_of(node.id) for node in every if mark in node.marks]
        if marked:
            lines.append(f"  class {','.join(marked)} {mark}")
    return "\n".join([*lines, *_CLASSES])


_CLASSES = ("  classDef heavy stroke-width:4px", "  classDef contested stroke-dasharray:6 3")


def overview(flows: Mapping[str, Flow]) -> str:
    """A flowchart of how the conversations lead to each other; urgent help, which all lead to, only as a node."""
    lines = ["flowchart LR"]
    for flow in flows.values():
        shape = ("([", "])") if flow.id in {ARRIVAL, MENU} else ("[", "]")
        lines.append(f"  {name_of(f'{flow.id}.md')}{shape[0]}{_quoted(_wrapped(flow.title))}{shape[1]}")
    for one, other in links(flows):
        if other != URGENT:
            lines.append(f"  {name_of(f'{one}.md')} --> {name_of(f'{other}.md')}")
    return "\n".join(lines)


def name_of(node: str) -> str:
    """A name that Mermaid takes for no word of its own, as it would `end`, and that no two nodes share.

    Names of states and flows are lower case, so that the capitals here cannot stand in them.
    """
    if node.endswith(":"):
        return f"E_{node[:-1]}"
    flow, file, state = node.partition(".md")
    if not file:
        return f"S_{node}"
    return f"F_{flow}" + (f"_S_{state[1:]}" if state else "")


def _node(node: Node) -> str:
    form = next((mark for mark in map(_first_word, node.marks) if mark in _SHAPES), node.kind)
    begin, end = _SHAPES[form]
    lines = [node.id, *_wrapped(node.title)] if node.kind == "state" else _wrapped(node.title)
    told = [mark for mark in node.marks if mark != "first"]
    if told:
        lines.append(f"({', '.join(told)})")
    return f"{name_of(node.id)}{begin}{_quoted(lines)}{end}"


def _first_word(mark: str) -> str:
    return mark.partition(" ")[0]


def _wrapped(text: str) -> list[str]:
    """Lines of a few words each: a drawing does not break them itself everywhere."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= _WIDE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _quoted(lines: Iterable[str]) -> str:
    return f'"{"<br/>".join(map(escaped, lines))}"'


def escaped(text: str) -> str:
    """Text that stands for itself inside the quotes of a Mermaid label.

    Whatever is no letter, digit or plain mark becomes ``#`` and its number: quotes and brackets end a label, a back
    tick makes it Markdown, and a colon after the word *style* eats the next semicolon. Characters that would turn the
    direction of their neighbours are dropped, and a line that is written from the right is kept apart as one.
    """
    kept = (each for each in text if unicodedata.category(each) not in {"Cc", "Cf", "Cs"} or each in _JOINERS)
    safe = "".join(each if each.isalnum() or each in f" ,.?'…“”-/{_JOINERS}" or unicodedata.combining(each)
                   else f"#{ord(each)};" for each in kept)  # fmt: skip
    turned = any(unicodedata.bidirectional(each) in {"R", "AL"} for each in text)
    return f"#{0x2068};{safe}#{0x2069};" if turned else safe


# Files


COMMAND = "waymark draw --into docs/flows"
"""What renews the drawings of a checkout."""

_HEAD = f"Drawn by `{COMMAND}`, not by hand.\n"
_LEGEND = """
A box is a screen; the first line in it is its name in the file, then comes the beginning of what it says. Rounded: the
first screen. Double sides: lines to tick. Slanted: words or a place can be typed. Six corners: words to copy. A flag:
another conversation. One ring: this conversation is finished, or the screen before. Two rings: leaving. A dotted arrow
is there only under the condition written on it. A thick border: hard words. A broken border: contested.

**Leave now**, **Back** and **Help now** stand under every screen, and are not drawn.
"""


def block(drawing: str) -> str:
    """A drawing as a block that code hosts show."""
    return f"```mermaid\n{drawing}\n```\n"


def pages(flows: Mapping[str, Flow]) -> Iterator[tuple[str, str]]:
    """The name and text of every file of a folder of drawings: one for each flow, and README.md over them."""
    listed = "".join(f"- [{flow.title}]({flow.id}.md)\n" for flow in flows.values())
    note = "Urgent help can be come to from everywhere, so no arrow is drawn to it.\n"
    yield "README.md", f"# The conversations\n\n{_HEAD}\n{block(overview(flows))}\n{note}\n{listed}{_LEGEND}"
    for flow in flows.values():
        file = f"[{flow.id}.md](../../bot/flows/{flow.id}.md)"
        yield f"{flow.id}.md", f"# {flow.title}\n\n{file}. {_HEAD}\n{block(mermaid(flow))}{_LEGEND}"
