"""Ways through conversations: what leads where, what nothing leads to, and where somebody would be stuck."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.engine.flow import SETTINGS, Block, Choice, Flow, Item, Paragraph, State, Target
from bot.engine.flows import ARRIVAL, MENU, URGENT
from bot.engine.guard import Given, Guard, Looked, allows
from bot.plain import fold
from bot.script import form
from bot.script.combine import LANGUAGE, views
from bot.script.diagnostic import Report

PASSED_BY = frozenset({"Skip", "Not now"})
"""Labels by which somebody goes on without reading."""

NARROWS = "narrows "
_LANGUAGE = re.compile(r"language_[a-z]{2,3}\Z")

ANY = frozenset({"*"})
"""Stands for text: its values cannot be listed."""


@dataclass(frozen=True, slots=True)
class Source:
    """A flow and the file it was read from."""

    flow: Flow
    path: Path


def check_paths(sources: Mapping[str, Source], topics: frozenset[str] | None, report: Report, *, whole: bool) -> None:
    """Every rule about where choices lead. `topics` are those with facts or services; None skips that rule.

    `whole` says that `sources` is everything there is, so that what every conversation needs must be in it.
    """
    if whole:
        for needed in (ARRIVAL, MENU, URGENT):
            if needed not in sources:
                report.say("W210", Path(f"{needed}.md"), 0, "it is opened by name: /start, the menu, and *Help now*")
    entries = _entries(sources)
    for name, source in sources.items():
        _Ways(source, report).check(sources, entries.get(name, set()), topics)


def _entries(sources: Mapping[str, Source]) -> dict[str, set[str]]:
    """States that other flows lead to, by flow."""
    found: dict[str, set[str]] = {}
    for source in sources.values():
        for choice in _choices(source.flow):
            if choice.target.kind == "flow" and choice.target.state:
                found.setdefault(choice.target.flow, set()).add(choice.target.state)
    return found


def _choices(flow: Flow) -> Iterator[Choice]:
    for state in flow.states.values():
        yield from state.choices


def given(flow: Flow) -> dict[str, frozenset[str]]:
    """Every answer that `flow` or the settings can give, with its values."""
    values: dict[str, frozenset[str]] = {key: frozenset(allowed) for key, allowed in SETTINGS.items()}
    for state in flow.states.values():
        if state.answer:
            values[state.answer] = values.get(state.answer, frozenset()) | {item.id for item in state.items}
        if state.asks and state.asks.key != "place":
            values[state.asks.key] = ANY
        for choice in state.choices:
            for key, value in choice.remember:
                if key not in SETTINGS:
                    values[key] = values.get(key, frozenset()) | {value}
    return values


def single_valued(flow: Flow) -> frozenset[str]:
    """Answers that hold one value at a time: all but the ticks of checklists."""
    return frozenset(given(flow)) - {state.answer for state in flow.states.values()}


class _Ways:
    """The rules for one flow."""

    def __init__(self, source: Source, report: Report) -> None:
        self.flow, self.path, self.report = source.flow, source.path, report

    def _say(self, code: str, line: int, message: str) -> None:
        self.report.say(code, self.path, line, message)

    def check(self, sources: Mapping[str, Source], entries: set[str], topics: frozenset[str] | None) -> None:
        for choice in _choices(self.flow):
            self._target(choice, sources)
        for state in self.flow.states.values():
            self._way_on(state)
            self._answers(state)
            if topics is not None:
                self._topics(state, topics)
        if topics is not None:
            self._terms(topics)
        self._one_way()
        self._older_names()
        self._reachable(entries)
        self._circles()
        self._heavy()

    def _target(self, choice: Choice, sources: Mapping[str, Source]) -> None:
        target = choice.target
        if target.kind == "keep" and Looked("can keep") not in choice.when:
            self._say("W218", choice.line, f"`{choice.label}` needs `when can keep`: not every messenger can")
        if target.kind == "state" and target.state not in self.flow.states:
            self._say("W201", choice.line, f"`#{target.state}`; there are {', '.join(self.flow.states)}")
        if target.kind == "flow":
            if target.flow not in sources:
                self._say("W202", choice.line, f"`{target.flow}.md` is not beside this file")
            elif target.state and target.state not in sources[target.flow].flow.states:
                self._say("W201", choice.line, f"`{target.flow}.md` has no state `{target.state}`")

    def _way_on(self, state: State) -> None:
        if not state.choices:
            self._say("W204", state.line, f"nothing leads out of `{state.id}`; add a choice, perhaps `- [Done](done:)`")
            return
        guards = [choice.when for choice in state.choices]
        tried = views(guards, single_valued(self.flow))
        if all(guards) and (tried is None or not all(any(allows(guard, view) for guard in guards) for view in tried)):
            self._say("W205", state.line, f"`{state.id}` needs a choice without a condition, or a pair `X` and `not X`")
        if state.asks and (state.choices[0].when or state.choices[0].target.kind == "exit"):
            self._say(
                "W206", state.choices[0].line, "where text is asked, the first choice goes on, with or without it"
            )
        for choice, twin in twins(state, lambda label: label):
            self._say("W207", choice.line, f"`{choice.label}` stands in line {twin.line} too; typing it must mean one")

    def _answers(self, state: State) -> None:
        values = given(self.flow)
        for line, guard in _guards(state):
            for term in guard:
                if isinstance(term, Given):
                    self._known(term, values, line)
        for part in state.said:
            if isinstance(part, Paragraph):
                for found in form.PLACEHOLDER.finditer(part.text):
                    key = found[1].removeprefix("answer.")
                    if key != found[1] and key not in values:
                        self._say("W208", part.line, f"`{key}` is never asked for, ticked or remembered in this flow")

    def _known(self, term: Given, values: Mapping[str, frozenset[str]], line: int) -> None:
        if term.key not in values:
            self._say("W208", line, f"`{term.key}` is never asked for, ticked or remembered in this flow")
        elif values[term.key] != ANY and term.value not in values[term.key]:
            known = ", ".join(sorted(values[term.key]))
            self._say("W209", line, f"`{term.key}` is never `{term.value}`; it can be {known}")

    def _topics(self, state: State, topics: frozenset[str]) -> None:
        for part in state.said:
            if isinstance(part, Block) and part.topic and f"{part.kind} {part.topic}" not in topics:
                self._say("W212", part.line, f"nothing is known about `{part.kind}.{part.topic}`")
        for line, guard in _guards(state):
            for term in guard:
                if isinstance(term, Looked) and term.name.startswith(("fact ", "service ")):
                    name = term.name.replace("fact ", "law ").replace("service ", "services ")
                    if name not in topics:
                        self._say("W212", line, f"nothing is known about `{term.name}`")
                elif isinstance(term, Looked) and term.name.startswith(NARROWS):
                    self._term(term.name.removeprefix(NARROWS), line, topics)

    def _terms(self, topics: frozenset[str]) -> None:
        """Values that ask for something of the directory, where the flow looks something up in it."""
        if not any(state.list_name == "services legal" for state in self.flow.states.values()):
            return
        groups = {topic.removeprefix(NARROWS) for topic in topics if topic.startswith(NARROWS) and "_" not in topic}
        values = [(item.id, item.line) for state in self.flow.states.values() for item in state.items]
        values += [(value, choice.line) for choice in _choices(self.flow) for _, value in choice.remember]
        for value, line in values:
            if value.partition("_")[0] in groups and "_" in value:
                self._term(value, line, topics)

    def _term(self, term: str, line: int, topics: frozenset[str]) -> None:
        if f"{NARROWS}{term}" not in topics and not _LANGUAGE.match(term):
            self._say("W212", line, f"`{term}` is no term by which services are found; docs/services.md lists them")

    def _one_way(self) -> None:
        """An answer is typed, ticked or chosen: what is kept of it, and how it is shown again, depends on which."""
        typed = {state.asks.key: state for state in self.flow.states.values() if state.asks}
        ticked = {state.answer: state for state in self.flow.states.values() if state.answer}
        chosen = {key: choice.line for choice in _choices(self.flow) for key, _ in choice.remember}
        for key, line in chosen.items():
            if key in typed or key in ticked:
                self._say("W215", line, f"`{key}` is also {'typed' if key in typed else 'ticked'}; use another name")
        for key, state in ticked.items():
            if key in typed:
                self._say("W215", state.line, f"`{key}` is also typed; use another name")
        for choice in _choices(self.flow):
            if choice.remember and choice.target.kind == "exit":
                self._say("W104", choice.line, "leaving remembers nothing; take `remember` out")

    def _older_names(self) -> None:
        seen: dict[str, str] = {}
        for state in self.flow.states.values():
            for old in state.was:
                if old in self.flow.states or old in seen:
                    self._say(
                        "W214", state.line, f"`{old}` is {'a state' if old in self.flow.states else 'claimed twice'}"
                    )
                seen[old] = state.id

    def _reachable(self, entries: set[str]) -> None:
        waiting, reached = [self.flow.start, *entries], set[str]()
        while waiting:
            name = waiting.pop()
            if name in self.flow.states and name not in reached:
                reached.add(name)
                waiting += [c.target.state for c in self.flow.states[name].choices if c.target.kind == "state"]
        for state in self.flow.states.values():
            if state.id not in reached:
                self._say("W203", state.line, f"no choice leads to `{state.id}`; link to it or take it out")

    def _circles(self) -> None:
        """States from which no way of choices ends the flow, opens another or leaves."""
        out = {s.id for s in self.flow.states.values() if any(c.target.kind != "state" for c in s.choices)}
        grown = True
        while grown:
            more = {
                s.id
                for s in self.flow.states.values()
                if s.id not in out and any(c.target.kind == "state" and c.target.state in out for c in s.choices)
            }
            grown, out = bool(more), out | more
        for state in self.flow.states.values():
            if state.id not in out and state.choices:
                self._say("W211", state.line, f"from `{state.id}` choices lead round and round; add a way to `done:`")

    def _heavy(self) -> None:
        """Hard words can be passed by: there, or at each screen that leads to them (rule R17)."""
        for state in self.flow.states.values():
            passed = [choice for choice in state.choices if choice.label in PASSED_BY and not choice.when]
            if "heavy" not in state.marks or passed:
                continue
            if state.id == self.flow.start:
                self._say("W318", state.line, f"offer `Skip` in `{state.id}`: a conversation begins with it")
            for before in self.flow.states.values():
                targets = {choice.target for choice in before.choices if not choice.when}
                if len(targets) == 1 and Target("state", "", state.id) in targets:
                    self._say("W318", state.line, f"offer `Skip` in `{state.id}`, or another choice in `{before.id}`")


def _guards(state: State) -> Iterator[tuple[int, Guard]]:
    parts: Iterable[Paragraph | Block | Item | Choice] = (*state.said, *state.items, *state.choices)
    for part in parts:
        if part.when:
            yield part.line, part.when


def twins(state: State, say: Callable[[str], str]) -> Iterator[tuple[Choice, Choice]]:
    """Choices that can stand on one screen under one label in a language, each with the one before it."""
    seen: dict[str, Choice] = {}
    for choice in state.choices:
        twin = seen.setdefault(fold(say(choice.label)), choice)
        if twin is not choice and not _exclude(twin.when, choice.when):
            yield choice, twin


def _exclude(one: Guard, other: Guard) -> bool:
    """Whether two guards can never hold together, as far as their own terms say."""
    return any(_negation(term) in other for term in one) or any(
        _another(term, twin) and not (term.negated or twin.negated) for term in one for twin in other
    )


def _another(term: Given | Looked, twin: Given | Looked) -> bool:
    """Whether these say that one thing is two: another value of an answer, or another language."""
    if isinstance(term, Given) and isinstance(twin, Given):
        return term.key == twin.key and term.value != twin.value
    if isinstance(term, Looked) and isinstance(twin, Looked):
        return term != twin and term.name.startswith(LANGUAGE) and twin.name.startswith(LANGUAGE)
    return False


def _negation(term: Given | Looked) -> Given | Looked:
    if isinstance(term, Given):
        return Given(term.key, term.value, not term.negated)
    return Looked(term.name, not term.negated)
