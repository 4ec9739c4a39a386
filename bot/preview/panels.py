"""What stands beside the phone about the present state: drawing, answers, measures, guidance, translations, reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.flow import Block, Choice, Flow, Item, Paragraph, State
from bot.engine.flows import Flows
from bot.engine.guard import View, allows
from bot.engine.session import Session
from bot.knowledge.knowledge import Knowledge
from bot.language.catalogs import ENGLISH
from bot.language.reviewed import reviewed
from bot.language.tongue import PseudoTongue, Tongue
from bot.preview.draft import Draft
from bot.script import draw
from bot.script.conditions import in_words, term_in_words
from bot.script.paths import single_valued
from bot.script.plainness import AGE, age_of, grade
from bot.script.wording import LABEL, LABEL_ELSEWHERE, PROSE, PROSE_ELSEWHERE, labelled_in, largest, visible

Values = Mapping[str, object]


def drawing(flow: Flow, view: View) -> Values:
    """The flow as a graph. Choices with a condition say whether it holds for the answers there are."""
    whens = {(state.id, choice.key): choice.when for state in flow.states.values() for choice in state.choices}
    return {
        "name": f"{flow.id} {flow.edition}",
        "nodes": draw.nodes(flow),
        "edges": [
            {
                "source": edge.source,
                "target": edge.target,
                "label": edge.label,
                "when": edge.when,
                "remember": [f"{key}={value}" for key, value in edge.remember],
                "holds": allows(whens[edge.source, edge.key], view),
            }
            for edge in draw.edges(flow)
        ],
    }


def remembered(flows: Flows, session: Session) -> list[Values]:
    """What the session holds, the newest conversation first, and what holds everywhere last."""
    held: list[Values] = [
        {
            "of": flows[frame.flow].title,
            "answers": [_answer(flows[frame.flow], *each) for each in frame.answers.items()],
        }
        for frame in reversed(session.stack)
        if frame.flow in flows
    ]
    settings = [{"key": key, "values": list(values)} for key, values in session.settings.items()]
    return [*held, {"of": "", "answers": settings}]


def _answer(flow: Flow, key: str, values: tuple[str, ...]) -> Values:
    """An answer, with the words it was offered with."""
    labels = {
        **{(state.answer, item.id): item.label for state in flow.states.values() for item in state.items},
        **{each: edge.label for edge in draw.edges(flow) for each in edge.remember},
    }
    return {"key": key, "values": list(values), "words": [labels.get((key, value), "") for value in values]}


def conditions(flow: Flow, state: State, view: View) -> list[Values]:
    """Every condition in the state: on what, in words, whether it holds, and which part of it does."""
    return [
        {
            "on": _words(part),
            "when": in_words(part.when, flow),
            "holds": allows(part.when, view),
            "terms": [{"words": term_in_words(term, flow), "holds": allows((term,), view)} for term in part.when],
            "line": part.line,
        }
        for part in (*state.said, *state.items, *state.choices)
        if part.when
    ]


def _words(part: Paragraph | Block | Item | Choice) -> str:
    if isinstance(part, Block):
        return f"{{{part.kind}{'.' * bool(part.topic)}{part.topic}}}"
    return visible(part.text if isinstance(part, Paragraph) else part.label)


def measures(flow: Flow, state: State, tongue: Tongue) -> list[Values]:
    """How long and how hard to read it is, each with the most it may be."""
    english = tongue.code == ENGLISH
    prose, label = (PROSE, LABEL) if english else (PROSE_ELSEWHERE, LABEL_ELSEWHERE)
    said = [
        (part.when, len(visible(tongue.say(part.text, flow.id))))
        for part in state.said
        if isinstance(part, Paragraph) and not part.quoted
    ]
    labels = [len(visible(tongue.say(each.label, flow.labels))) for each in labelled_in(state)]
    found = [
        _measure("What is said, in characters", largest(said, single_valued(flow)) if said else 0, prose),
        _measure("Longest label, in characters", max(labels, default=0), label),
    ]
    measure = grade() if english else None
    age = age_of(state, measure) if measure else None
    if age is not None:
        found.append(_measure("Reading age, in years", round(max(age, 0), 1), AGE))
    return found


def _measure(name: str, size: float, most: int) -> Values:
    return {"name": name, "size": size, "most": most}


def guidance(knowledge: Knowledge, flow: Flow, state: State) -> list[Values]:
    """The items of guidance that the state delivers, each in a line."""
    about = {item.id: item.about for item in knowledge.guidance}
    shelves = {part.topic for part in state.said if isinstance(part, Block) and part.kind == "reading"}
    read = (each for reading in knowledge.readings if shelves & set(reading.topics) for each in reading.covers)
    ids = (*(flow.covers if state.id == flow.start else ()), *state.covers, *read)
    return [{"id": name, "about": about.get(name, "no such item")} for name in dict.fromkeys(ids)]


def translations(draft: Draft, flow: Flow, state: State, tongue: Tongue) -> list[Values]:
    """Every message of the state, in English and in the language, marked where it is missing or only a draft."""
    fuzzy = _fuzzy(draft, tongue.code)
    rows: list[Values] = []
    for kind, context, text in _messages(flow, state):
        if tongue.code in {ENGLISH, PseudoTongue.CODE} or (context, text) in tongue.messages:
            standing = "there"
        else:
            standing = "fuzzy" if (context, text) in fuzzy else "missing"
        said = "" if standing == "missing" else fuzzy.get((context, text)) or tongue.say(text, context)
        rows.append({"kind": kind, "english": text, "said": said, "standing": standing})
    return rows


def _messages(flow: Flow, state: State) -> Iterator[tuple[str, str, str]]:
    yield "title", flow.id, flow.title
    for part in state.said:
        if isinstance(part, Paragraph):
            yield "to copy" if part.quoted else "said", flow.id, part.text
    for item in state.items:
        yield "to tick", flow.labels, item.label
    for choice in state.choices:
        yield "choice", flow.labels, choice.label


def _fuzzy(draft: Draft, code: str) -> Mapping[tuple[str, str], str]:
    """Translations that a translator has still to look at: nobody is shown them but here."""
    return draft.catalogs.unsure(code) if code not in {ENGLISH, PseudoTongue.CODE} else {}


def reviews(draft: Draft, flow: Flow, tongue: Tongue) -> list[Values]:
    """Who has read the flow in this language: whether for the words it has now, or for older ones."""
    now = reviewed(flow, tongue, draft.reviews)
    given = [each for each in draft.reviews if (each.flow, each.language) == (flow.id, tongue.code)]
    return [
        {"role": each.role, "by": each.by if each.shown else "", "on": each.on.isoformat(), "now": each in now}
        for each in sorted(given, key=lambda each: each.on, reverse=True)
    ]
