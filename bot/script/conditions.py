"""Guards in plain words, for whoever draws, prints or walks a conversation; never shown to the people it is for."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from babel import Locale, UnknownLocaleError

from bot.engine.flow import SETTINGS, Flow
from bot.engine.guard import Given, Guard, Looked

_ROLES: Mapping[str, str] = {
    "survivor": "somebody who was harmed",
    "helper": "somebody who helps",
    "facilitator": "somebody who leads talks",
    "called_out": "somebody called out",
    "under_18": "somebody under eighteen",
    "unsaid": "somebody who did not say who they are",
}
_SETTINGS: Mapping[str, str] = {
    "quarter": "the screen stays a quarter of an hour",
    "hour": "the screen stays an hour",
    "empty": "leaving empties the chat",
    "dull": "leaving leaves a dull page",
    "edited": "a screen takes the place of the one before",
    "anew": "each screen is a new message",
}
_ABLE: Mapping[str, str] = {
    "keep": "the messenger can keep a place until tomorrow",
    "resend": "the messenger can send each screen as a new message",
}


def in_words(guard: Guard, flow: Flow) -> str:
    """What must be so for `guard` to hold, such as: if “Pay money” was ticked; not for somebody who helps."""
    pieces = [piece for key, terms in itertools.groupby(guard, _kind) for piece in _pieces(key, list(terms), flow)]
    return "; ".join(pieces)


def term_in_words(term: Given | Looked, flow: Flow) -> str:
    """One condition of a guard in plain words."""
    return in_words((term,), flow)


def _kind(term: Given | Looked) -> tuple[str, bool]:
    """Conditions of one kind that follow each other are said together."""
    return (term.key if isinstance(term, Given) else "", term.negated)


def _pieces(kind: tuple[str, bool], terms: list[Given | Looked], flow: Flow) -> Iterator[str]:
    key, negated = kind
    given = [term for term in terms if isinstance(term, Given)]
    if key == "role":
        people = [_ROLES.get(term.value, term.value) for term in given]
        yield f"not for {_listed(people, 'or')}" if negated else f"for {_listed(people, 'and')}"
    elif key in SETTINGS:
        said = [_SETTINGS.get(term.value, term.value) for term in given]
        yield f"{'unless' if negated else 'if'} {_listed(said, 'or')}"
    elif given:
        yield from _answered(given, flow, negated=negated)
    else:
        word = "or" if negated else "and"
        looked = _looked([term for term in terms if isinstance(term, Looked)], word)
        yield f"{'unless' if negated else 'if'} {_listed(looked, word)}"


def _answered(given: list[Given], flow: Flow, *, negated: bool) -> Iterator[str]:
    """What was ticked, chosen or typed, by the words it was offered with."""
    ticks = {(state.answer, item.id): item.label for state in flow.states.values() for item in state.items}
    ticked = [f"“{ticks[term.key, term.value]}”" for term in given if (term.key, term.value) in ticks]
    if ticked:
        yield (
            f"if {_listed(ticked, 'or')} was not ticked"
            if negated and len(ticked) == 1
            else (
                f"if none of {_listed(ticked, 'and')} was ticked"
                if negated
                else f"if {_listed(ticked, 'and')} was ticked"
            )
        )
    for term in given:
        if (term.key, term.value) not in ticks:
            labels = _labels(flow, term.key, term.value)
            chosen = _listed(labels, "or") if labels else f"{term.key}={term.value}"
            yield f"if {chosen} was {'not ' if negated else ''}chosen"


def _labels(flow: Flow, key: str, value: str) -> list[str]:
    """The choices that remember an answer, without saying the same words twice."""
    choices = (choice for state in flow.states.values() for choice in state.choices)
    return list(dict.fromkeys(f"“{choice.label}”" for choice in choices if (key, value) in choice.remember))


def _looked(terms: Iterable[Looked], word: str) -> list[str]:
    """What was looked up. `fact` and `service` name topics of ours, not words of the conversation."""
    said: list[str] = []
    topics: dict[str, list[str]] = {"fact": [], "service": []}
    for term in terms:
        match term.name.split():
            case ["place-known"]:
                said.append("a place is known")
            case ["place", "in", code]:
                said.append(f"the place is in {code}")
            case ["language", "is", code]:
                said.append(f"the language is {_language(code)}")
            case ["can", what]:
                said.append(_ABLE.get(what, term.name))
            case ["narrows", what]:
                asked = "a question" if what == "anything" else f"asking for “{what.replace('_', ' ')}”"
                said.append(f"{asked} would change whom the list shows")
            case [kind, topic] if kind in topics:
                topics[kind].append(topic.replace("_", " "))
            case _:
                said.append(term.name)
    if topics["fact"]:
        said.append(f"there is law there about {_listed(topics['fact'], word)}")
    if topics["service"]:
        said.append(f"there is somebody there for {_listed(topics['service'], word)}")
    return said


def _language(code: str) -> str:
    """The English name of a language; its code alone could be read as that of a country."""
    try:
        return str(Locale.parse(code, sep="-").get_display_name("en") or code)
    except (UnknownLocaleError, ValueError):
        return code


def _listed(parts: Iterable[str], word: str) -> str:
    """Several things in one sentence."""
    *before, last = parts
    return f"{', '.join(before)} {word} {last}" if before else last
