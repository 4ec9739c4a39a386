"""What is said: how long it may be, and words we do not use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.engine.flow import Choice, Item, Paragraph, State
from bot.engine.flows import ARRIVAL, MENU
from bot.engine.guard import Guard
from bot.plain import fold
from bot.script import form
from bot.script.combine import together
from bot.script.diagnostic import Report
from bot.script.paths import Source, single_valued

LABEL, PROSE, CARD, CHOICES, SENTENCE = 28, 300, 3_500, 4, 25
"""The longest label, prose and card in characters of English; content choices a screen; words a sentence."""

LABEL_ELSEWHERE, PROSE_ELSEWHERE = 36, 400
"""The same for every other language."""

Say = Callable[[str, str], str]
"""What a message is in a language: of its English text and its context."""

_LAW = r"(?:law|legal|illegal|court|judge|police|contract|nda|ndas)"
FORBIDDEN = tuple(
    re.compile(rf"\b{pattern}\b", re.IGNORECASE)
    for pattern in (
        r"you should sign",
        r"(?<!if i )(?<!if you )(?<!who )do(?: not|n['\u2019]t) sign",
        r"ndas are (?:never|illegal)",
        r"your nda is (?:not )?(?:void|unenforceable|invalid)",
        r"you (?:can['\u2019]t|cannot|can not) be sued",
        r"(?:it['\u2019]?s|it is) not defamation",
        r"you have nothing to fear",
        r"mediation is prohibited",
        r"always",
        rf"never[^.?]*\b{_LAW}",
        rf"{_LAW}[^.?]*\bnever",
        r"guarantee(?:d|s)?",
        r"the (?:police|court) will",
        r"(?:he|she|they) (?:is|are) an? (?:abuser|rapist)s?",
        r"forgiv(?:e|en|eness|ing)",
        r"both sides",
        r"misunderstandings?",
        r"why did(?:n['\u2019]t| not)? you",
        r"at least",
        r"anonymous(?:ly)?",
        r"untraceable",
        r"military[- ]grade",
        r"our lawyers?",
        r"certified",
        r"(?:completely|totally|perfectly) safe",
        r"calm down",
    )
)
"""From the list in the risks guidance, section 2, and rule R05: words that promise, judge or blame."""

_SENTENCE_END = re.compile(
    "(?<=[.?!:\u061f\u06d4\u0964\u2026])[\"'\u201d\u2019\u00bb)*]*\\s+|(?<=[\u3002\uff01\uff1f])(?=.)"
)
"""Where a sentence ends in any script: the question mark of Arabic, the full stops of Urdu, Hindi and Chinese."""

_ADDRESS = re.compile(
    r"\w://|www\.|\b[\w.]+@\w|(?<!\w)@\w"
    r"|\b[\w-]+\.(?:org|com|net|gov|edu|int|info|me|io|ly|tv|app|uk|ie|es|fr|ua|mx|eu|ru)\b",
    re.IGNORECASE,
)


def visible(text: str) -> str:
    """A message as it will be seen: without the marks of bold text, and with links as their words."""
    return re.sub(r"\[([^\]]*)\]\(\{link\.\d+\}\)", r"\1", text.replace("**", ""))


def sentences(text: str) -> list[str]:
    """The sentences of a message as they will be seen."""
    return [sentence for sentence in _SENTENCE_END.split(visible(text)) if sentence]


def check_words(sources: Mapping[str, Source], report: Report) -> None:
    """Every rule about what one flow says."""
    for source in sources.values():
        flow, path = source.flow, source.path
        check_text(flow.title, path, 1, report)
        for phrase in flow.phrases.split("\n"):
            _plain(phrase, path, flow.phrases_line, report)
        single = single_valued(flow)
        for state in flow.states.values():
            _state(state, single, path, report)


def check_text(text: str, path: Path, line: int, report: Report) -> None:
    """The rules that any sentence of ours keeps."""
    _plain(text, path, line, report)
    shown = visible(text)
    for pattern in FORBIDDEN:
        found = pattern.search(shown)
        if found:
            report.say("W306", path, line, f"`{found[0]}` promises, judges or blames; say it another way")
    if "!" in shown or any(unicodedata.category(character) == "So" for character in shown):
        report.say("W309", path, line, "a calm, steady tone needs neither")
    for sentence in sentences(text):
        if len(sentence.split()) > SENTENCE:
            report.say("W305", path, line, f"{len(sentence.split())} words, {SENTENCE} at most: {sentence[:40]}…")


def bare(text: str) -> str:
    """A message without its placeholders."""
    return form.PLACEHOLDER.sub("", text)


def addresses(text: str) -> bool:
    """Whether an address of any kind stands in it."""
    return bool(_ADDRESS.search(bare(text)))


def _plain(text: str, path: Path, line: int, report: Report) -> None:
    if any(character.isdigit() for character in bare(text)) or addresses(text):
        report.say("W307", path, line, "it belongs in `content/`, where it has a source and a date")


def _state(state: State, single: frozenset[str], path: Path, report: Report) -> None:
    for labelled in labelled_in(state):
        check_text(labelled.label, path, labelled.line, report)
        if not labelled.label:
            report.say("W114", path, labelled.line, "a choice needs words between its brackets")
        if len(visible(labelled.label)) > LABEL:
            report.say("W301", path, labelled.line, f"{len(labelled.label)} characters, {LABEL} at most")
    for part in state.said:
        if isinstance(part, Paragraph):
            check_text(part.text, path, part.line, report)
    prose, card = most_said(state, single, lambda text: text)
    choices = largest([(choice.when, 1) for choice in state.choices], single)
    for code, limit, most in (("W302", PROSE, prose), ("W304", CARD, card), ("W303", CHOICES, choices)):
        if most > limit:
            report.say(code, path, state.line, f"`{state.id}` can show {most}, {limit} at most")


def most_said(state: State, single: frozenset[str], say: Callable[[str], str]) -> tuple[int, int]:
    """The most characters of prose, and of a card, that a state can show at once in a language."""
    paragraphs = [part for part in state.said if isinstance(part, Paragraph)]
    sizes = [(each.quoted, (each.when, len(visible(say(each.text))))) for each in paragraphs]
    prose, card = ([size for quoted, size in sizes if quoted is wanted] for wanted in (False, True))
    return largest(prose, single), largest(card, single)


def largest(parts: list[tuple[Guard, int]], single: frozenset[str]) -> int:
    """The largest sum that can be shown at once; of everything, where there are too many conditions to try."""
    tried = together(tuple(guard for guard, _ in parts), single)
    if tried is None:
        return sum(size for _, size in parts)
    return max(sum(parts[at][1] for at in shown) for shown in tried)


def labelled_in(state: State) -> Iterator[Choice | Item]:
    """Its choices and its lines to tick."""
    yield from state.choices
    yield from state.items


def messages(sources: Mapping[str, Source]) -> Iterator[tuple[Source, int, str]]:
    """Every label and every example phrase, with where it stands."""
    for source in sources.values():
        for phrase in source.flow.phrases.split("\n"):
            yield source, source.flow.phrases_line, phrase
        for state in source.flow.states.values():
            for labelled in labelled_in(state):
                if not (isinstance(labelled, Choice) and labelled.target.kind == "exit"):
                    yield source, labelled.line, labelled.label


def check_collisions(
    sources: Mapping[str, Source],
    exit_words: Mapping[str, str],
    report: Report,
) -> None:
    """No label or phrase may be an exit word, and no phrase may name two flows.

    `exit_words` maps each word, folded, to its language.
    """
    owners: dict[str, Source] = {}
    for source, line, text in messages(sources):
        word = fold(text)
        if word in exit_words:
            report.say("W308", source.path, line, f"`{text}` is a word that leaves, in {exit_words[word]}")
    for source in sources.values():
        if not source.flow.phrases and source.flow.id not in {ARRIVAL, MENU}:
            report.say("W213", source.path, 1, "list under the title what people type when they mean this")
        for phrase in filter(None, source.flow.phrases.split("\n")):
            owner = owners.setdefault(fold(phrase), source)
            if owner is not source:
                for one, other in ((source, owner), (owner, source)):
                    report.say("W213", one.path, one.flow.phrases_line, f"`{phrase}` names {other.path.name} too")
