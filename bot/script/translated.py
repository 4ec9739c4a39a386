"""Every language beside the English: the rules of a screen, measured by the same functions with another `say`.

What is fuzzy or missing is no mistake: a conversation that is not whole is not offered. What is there must be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.engine.flow import Choice, Flow, Paragraph, State
from bot.plain import fold
from bot.script.diagnostic import Report
from bot.script.glimpse import beginnings, tells
from bot.script.marks import Kind, check_message
from bot.script.paths import Source, single_valued, twins
from bot.script.wording import CARD, PROSE_ELSEWHERE, Say, labelled_in, most_said

Messages = Mapping[tuple[str, str], str | tuple[str, ...]]
"""Translations by context and English text; a plural has one per form."""

A_THIRD = 3
"""A list of words for a crisis has as many lines as a third of the English, or it would miss too much."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The texts of ours with a word or phrase a line: the lists that rules speak of, and all of them."""

    context: str
    exits: str
    crisis: tuple[str, ...]
    sensitive: str
    row: tuple[str, ...]
    dull: tuple[str, ...]
    every: frozenset[str]


@dataclass(frozen=True, slots=True)
class Translation:
    """One language: what is said in it, which conversations are whole, and where each message stands."""

    code: str
    path: Path
    messages: Messages
    lines: Mapping[tuple[str, str], int]
    say: Say
    whole: frozenset[str]


def check_translations(
    sources: Mapping[str, Source], translations: Iterable[Translation], lists: Lists, report: Report
) -> None:
    """Every rule about what is said in another language than English."""
    translations = list(translations)
    exits = _exits(translations, lists)
    for translation in translations:
        _Read(translation, lists, report).check(sources, exits)


def _exits(translations: Iterable[Translation], lists: Lists) -> dict[str, str]:
    """Every word that leaves, folded, with a language that has it."""
    found = {fold(word): "en" for word in (*lists.exits.split("\n"), "/x", "/exit")}
    for each in translations:
        for word in _lines(each.messages.get((lists.context, lists.exits))):
            found.setdefault(word, each.code)
    return found


def _lines(said: str | tuple[str, ...] | None) -> list[str]:
    return [word for line in said.split("\n") if (word := fold(line))] if isinstance(said, str) else []


class _Read:
    """The rules for one language."""

    def __init__(self, translation: Translation, lists: Lists, report: Report) -> None:
        self._in = translation
        self._lists = lists
        self._report = report
        self._sensitive = tuple(_lines(translation.messages.get((lists.context, lists.sensitive))))

    def _tell(self, code: str, context: str, text: str, message: str) -> None:
        self._report.say(code, self._in.path, self._in.lines.get((context, text), 0), message)

    def check(self, sources: Mapping[str, Source], exits: Mapping[str, str]) -> None:
        flows = [source.flow for source in sources.values()]
        self._messages({flow.title for flow in flows}, {flow.phrases for flow in flows})
        self._own_lists()
        self._phrases(flows, exits)
        for flow in flows:
            single = single_valued(flow)
            for state in flow.states.values():
                self._labels(flow, state, exits)
                if flow.id in self._in.whole:
                    self._screen(flow, state, single)

    def _messages(self, titles: set[str], phrases: set[str]) -> None:
        """Each message by itself, whole or not: a broken one is never right."""
        for (context, english), translation in self._in.messages.items():
            kind: Kind = "said"
            if english in (self._lists.every if context == self._lists.context else phrases):
                kind = "list"
            elif context.endswith("/button"):
                kind = "label"
            elif english in titles:
                kind = "title"
            for said in (translation,) if isinstance(translation, str) else translation:
                for code, message in check_message(english, said, self._in.code, kind):
                    self._tell(code, context, english, message)

    def _own_lists(self) -> None:
        context = self._lists.context
        exits = self._in.messages.get((context, self._lists.exits))
        if exits is not None and not _lines(exits):
            self._tell("W510", context, self._lists.exits, "there must be a word that leaves")
        for word in _lines(exits)[:1]:  # the one that people are told
            if tells(word, self._sensitive):
                self._tell("W510", context, self._lists.exits, f"`{word}` says what this is about")
        for english in self._lists.crisis:
            said = self._in.messages.get((context, english))
            wanted = -(-len(english.split("\n")) // A_THIRD)
            if said is not None and len(set(_lines(said))) < wanted:
                self._tell("W511", context, english, f"{len(set(_lines(said)))} phrases, {wanted} is the least")
        for english in self._lists.dull:
            said = self._in.messages.get((context, english))
            told = tells(said, self._sensitive) if isinstance(said, str) else ""
            if told:
                self._tell("W514", context, english, f"`{told}` begins a word in what others may see")

    def _phrases(self, flows: Iterable[Flow], exits: Mapping[str, str]) -> None:
        """What people type means one thing: a conversation, or leaving."""
        owners: dict[str, str] = {}
        for flow in flows:
            for phrase in _lines(self._in.messages.get((flow.id, flow.phrases))):
                if phrase in exits:
                    message = f"`{phrase}` is a word that leaves, in {exits[phrase]}"
                    self._tell("W510", flow.id, flow.phrases, message)
                owner = owners.setdefault(phrase, flow.id)
                if owner != flow.id:
                    self._tell("W512", flow.id, flow.phrases, f"`{phrase}` names {owner} too")

    def _labels(self, flow: Flow, state: State, exits: Mapping[str, str]) -> None:
        for labelled in labelled_in(state):
            leaves = isinstance(labelled, Choice) and labelled.target.kind == "exit"
            said = self._in.messages.get((flow.labels, labelled.label))
            word = fold(said) if isinstance(said, str) else ""
            if not leaves and word in exits:
                message = f"`{word}` is a word that leaves, in {exits[word]}"
                self._tell("W510", flow.labels, labelled.label, message)

    def _screen(self, flow: Flow, state: State, single: frozenset[str]) -> None:
        """What is shown together; only where all of it is there."""
        first = next((part.text for part in state.said if isinstance(part, Paragraph)), flow.title)
        said = partial(self._say, flow.id)
        for limit, most in zip((PROSE_ELSEWHERE, CARD), most_said(state, single, said), strict=True):
            if most > limit:
                self._tell("W508", flow.id, first, f"`{flow.id}#{state.id}` can show {most}, {limit} at most")
        for beginning in beginnings(state, said):
            told = tells(beginning, self._sensitive) if beginning else ""
            if told:
                self._tell("W514", flow.id, first, f"`{told}` begins a word in `{flow.id}#{state.id}`: {beginning}")
        self._alike(flow, state)

    def _alike(self, flow: Flow, state: State) -> None:
        """No two choices of a screen read the same, and none like what stands under every screen."""
        said = partial(self._say, flow.labels)
        row = {fold(self._say(self._lists.context, text)) for text in self._lists.row}
        for choice, twin in twins(state, said):
            if fold(choice.label) != fold(twin.label):
                message = f"`{said(choice.label)}` stands twice in `{flow.id}#{state.id}`"
                self._tell("W513", flow.labels, choice.label, message)
        for choice in state.choices:
            if fold(said(choice.label)) in row and choice.label not in self._lists.row:
                message = f"`{said(choice.label)}` stands under every screen too"
                self._tell("W513", flow.labels, choice.label, message)

    def _say(self, context: str, text: str) -> str:
        return self._in.say(text, context)
