"""Markdown to `Flow`. Whatever is not in the format is a diagnostic, never a guess."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.engine.flow import LISTS, Asks, Block, Choice, Flow, Item, Paragraph, State
from bot.engine.guard import Guard
from bot.script import form, inline
from bot.script.diagnostic import Report

AUDIENCES = frozenset({"all", "survivor", "helper", "facilitator", "called_out", "under_18"})
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ITEM = re.compile(r"\[ \] (.*)\Z", re.DOTALL)
_GUIDANCE = re.compile(r"S[123]-\d\d\Z")
_markdown = MarkdownIt("commonmark")


def parse(source: str, path: Path, report: Report) -> Flow:
    """The flow written in `source`. Diagnostics go to `report`; what could be read is returned all the same."""
    return _Reader(path, report).read(source)


def read(path: Path, report: Report) -> Flow | None:
    """The flow in the file at `path`, or None where it cannot be read at all."""
    source = text_of(path, report)
    if source is None:
        return None
    try:
        return parse(source, path, report)
    except RecursionError:
        report.say("W113", path, 0, "too many marks inside each other; write plain paragraphs and lists")
        return None


def text_of(path: Path, report: Report) -> str | None:
    """What stands in a file, or None where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        report.say("W113", path, 0, f"{type(error).__name__}: save it as UTF-8 text")
        return None


def edition_of(source: str) -> str:
    """Names a text: another text, another edition."""
    return blake2b(source.removeprefix("\ufeff").encode(), digest_size=5).hexdigest()


@dataclass(slots=True)
class _Draft:
    """A state while it is being read."""

    id: str
    line: int
    said: list[Paragraph | Block] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    answer: str = ""
    asks: Asks | None = None
    covers: tuple[str, ...] = ()
    marks: set[str] = field(default_factory=set)
    was: tuple[str, ...] = ()
    note: str = ""

    def finish(self) -> State:
        return State(
            self.id,
            tuple(self.said),
            tuple(self.choices),
            tuple(self.items),
            self.answer,
            self.asks,
            self.covers,
            frozenset(self.marks),
            self.was,
            self.note,
            self.line,
        )


class _Reader:
    """Reads one file from top to bottom."""

    def __init__(self, path: Path, report: Report) -> None:
        self.path = path
        self.report = report
        self.title = ""
        self.phrases: list[str] = []
        self.phrases_line = 0
        self.audience: frozenset[str] = frozenset()
        self.covers: tuple[str, ...] = ()
        self.note = ""
        self.states: dict[str, _Draft] = {}
        self.state: _Draft | None = None

    def read(self, source: str) -> Flow:
        self._plain_characters(source)
        source = source.removeprefix("\ufeff")
        references: dict[str, dict[str, object]] = {}
        for node in SyntaxTreeNode(_markdown.parse(source, references)).children:
            self._node(node)
        for name in references.get("references", {}):
            self._say("W102", 0, f"a link reference, `[{name}]: …`; write links where they stand")
        if not self.title:
            self._say("W101", 1, "begin the file with `# ` and a title")
        if not self.states:
            self._say("W204", 1, "a flow has at least one state: `## ` and a name")
            self.states["start"] = _Draft("start", 1)
        for draft in self.states.values():
            self._whole(draft)
        return Flow(
            id=self.path.name.removesuffix(".md"),
            title=self.title,
            states={name: draft.finish() for name, draft in self.states.items()},
            phrases="\n".join(self.phrases),
            audience=self.audience,
            covers=self.covers,
            edition=edition_of(source),
            note=self.note,
            line=1,
            phrases_line=self.phrases_line,
        )

    def _say(self, code: str, line: int, message: str) -> None:
        self.report.say(code, self.path, line, message)

    def _plain_characters(self, source: str) -> None:
        if not form.NAME.match(self.path.name.removesuffix(".md")):
            self._say("W106", 0, "name the file with lower-case letters, digits and _, such as find_legal_aid.md")
        for number, line in enumerate(source.split("\n"), 1):
            for character in line:
                if character != "\t" and unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn"}:
                    name = unicodedata.name(character, f"U+{ord(character):04X}")
                    self._say("W113", number, f"holds a character that cannot be seen: {name}; take it out")

    def _node(self, node: SyntaxTreeNode) -> None:
        line = _line(node)
        if node.type == "heading":
            self._heading(node, line)
        elif node.type == "html_block":
            self._comments(node.content, line)
        elif node.type == "bullet_list":
            self._list(node)
        elif node.type == "paragraph":
            self._paragraph(node, line, quoted=False)
        elif node.type == "blockquote":
            for inner in node.children:
                if inner.type == "paragraph":
                    self._paragraph(inner, _line(inner), quoted=True)
                else:
                    self._say("W102", _line(inner), f"{inline.name_of(inner)} inside a quote; write paragraphs")
        else:
            self._say("W102", line, f"{inline.name_of(node)}; the format has none")

    def _heading(self, node: SyntaxTreeNode, line: int) -> None:
        nodes = node.children[0].children if node.children else []
        text = inline.words_of(nodes, partial(self._complain, line))
        if node.tag == "h1":
            if self.title or self.states or self.phrases:
                self._say("W101", line, "the one title comes first; a state begins with `## `")
            self.title = text
        elif node.tag == "h2":
            if not form.NAME.match(text):
                self._say("W106", line, f"`{text}`: name a state with lower-case letters, digits and _")
            if text in self.states:
                self._say("W107", line, f"`{text}` stands in line {self.states[text].line} already")
            self.state = self.states.setdefault(text, _Draft(text, line))
        else:
            self._say("W102", line, "a heading below `## `; the format has titles and states only")

    # Comments

    def _comments(self, text: str, line: int) -> None:
        if COMMENT.sub("", text).strip():
            self._say("W102", line, "HTML; only comments are read")
        for comment in COMMENT.finditer(text):
            at = line + text.count("\n", 0, comment.start())
            key, colon, value = comment[1].partition(":")
            self._comment(key.strip(), value.strip() if colon else None, at)

    def _comment(self, key: str, value: str | None, line: int) -> None:
        words = tuple((value or "").replace(",", " ").split())
        if key == "source" and value:
            return  # for reviewers, beside the text
        understood = self._of_state(self.state, key, value, words) if self.state else self._of_flow(key, value, words)
        if not understood:
            self._say(
                "W103",
                line,
                f"`{key}` does not stand here so; before the first state: {form.listed(form.COMMENTS)} "
                f"(an audience is {', '.join(sorted(AUDIENCES))}); in a state: {form.listed(form.STATE_COMMENTS)}",
            )

    def _of_flow(self, key: str, value: str | None, words: tuple[str, ...]) -> bool:
        if key == "translators" and value:
            self.note = " ".join(value.split())
        elif key == "covers" and words and all(map(_GUIDANCE.match, words)):
            self.covers += words
        elif key == "for" and words and set(words) <= AUDIENCES and not self.audience:
            self.audience = frozenset(words)
        else:
            return False
        return True

    @staticmethod
    def _of_state(state: _Draft, key: str, value: str | None, words: tuple[str, ...]) -> bool:
        match key, words:
            case "translators", [_, *_]:
                state.note = f"{state.note} {' '.join((value or '').split())}".strip()
            case "covers", [_, *_] if all(map(_GUIDANCE.match, words)):
                state.covers += words
            case (("heavy" | "contested"), []) if value is None:
                state.marks.add(key)
            case "was", [_, *_] if all(map(form.NAME.match, words)):
                state.was += words
            case "answer", [name] if form.NAME.match(name) and not state.answer:
                state.answer = name
            case "asks", [("place" | "postcode" | "label") as kind, name] if form.NAME.match(name) and not state.asks:
                state.asks = Asks(kind, name)
            case _:
                return False
        return True

    # Prose

    def _paragraph(self, node: SyntaxTreeNode, line: int, *, quoted: bool) -> None:
        if self.state is None:
            self._say("W102", line, "text before the first state")
            return
        text, links = self._inline(node.children[0], line)
        text, when = self._when(text, line)
        if not text:
            self._say("W114", line, "a condition without words")
            return
        block = form.is_block(text)
        if block and not quoted:
            self.state.said.append(Block(*block, when, line))
            return
        if text.startswith("|"):
            self._say("W102", line, "a table; the format has none")
        self._placeholders(text, len(links), line, quoted=quoted)
        self.state.said.append(Paragraph(text, when, quoted, links, line))

    def _when(self, text: str, line: int) -> tuple[str, Guard]:
        """The text without its trailing condition, and the condition."""
        found = form.WHEN.search(text)
        if not found:
            return text, ()
        return text[: found.start()].strip(), form.guard(found[1], partial(self._complain, line))

    def _complain(self, line: int, code: str, message: str) -> None:
        self._say(code, line, message)

    def _placeholders(self, text: str, links: int, line: int, *, quoted: bool) -> None:
        for found in form.PLACEHOLDER.finditer(text):
            name = found[1]
            if name.startswith("answer.") and form.NAME.match(name.removeprefix("answer.")):
                if not quoted:
                    self._say("W109", line, f"{{{name}}}: what a person gave is shown only in words to copy, after `>`")
            elif name not in {f"link.{number}" for number in range(1, links + 1)}:
                self._say("W108", line, f"{{{name}}}; a looked-up one stands alone in its paragraph")

    def _inline(self, node: SyntaxTreeNode, line: int) -> tuple[str, tuple[str, ...]]:
        """The text of a paragraph as its message id, and the addresses its links lead to."""
        return inline.text_of(node.children, partial(self._complain, line))

    # Lists

    def _list(self, node: SyntaxTreeNode) -> None:
        for entry in node.children:
            line = _line(entry)
            if [child.type for child in entry.children] != ["paragraph"]:
                self._say("W102", line, "a list entry holds one line: a phrase, a choice or a line to tick")
                continue
            words = entry.children[0].children[0]
            if self.state is None:
                self.phrases_line = self.phrases_line or line
                self.phrases.append(inline.words_of(words.children, partial(self._complain, line)))
            elif words.content.startswith("[ ] "):
                self._item(self.state, words, line)
            elif len(words.children) == 1 and words.children[0].type == "link":
                self._choice(self.state, words.children[0], line)
            else:
                self._say(
                    "W102", line, "neither a choice, `[label](target)`, nor a line to tick, `[ ] label <!-- id -->`"
                )

    def _item(self, state: _Draft, words: SyntaxTreeNode, line: int) -> None:
        names = [found[1].strip() for child in words.children if child.type == "html_inline"
                 for found in COMMENT.finditer(child.content)]  # fmt: skip
        nodes = [child for child in words.children if child.type != "html_inline"]
        text, when = self._when(inline.text_of(nodes, partial(self._complain, line))[0], line)
        if "**" in text or "{" in text:
            self._say("W102", line, "marks or a placeholder in a line to tick; write plain words")
        label = _ITEM.match(text)
        if len(names) != 1 or not form.NAME.match(names[0]):
            self._say("W111", line, "a line to tick ends with its own name: `- [ ] label <!-- name -->`")
        elif any(item.id == names[0] for item in state.items):
            self._say("W111", line, f"`{names[0]}` names two lines of one checklist")
        elif label:
            state.items.append(Item(names[0], label[1], when, line))

    def _choice(self, state: _Draft, link: SyntaxTreeNode, line: int) -> None:
        complain = partial(self._complain, line)
        href, title = str(link.attrs.get("href", "")), str(link.attrs.get("title", ""))
        label = inline.words_of(link.children, complain)
        leads_to = form.target(href, complain)
        found = form.directives(title, complain)
        if leads_to:
            key = form.choice_key(label, href, title)
            state.choices.append(Choice(key, label, leads_to, found.when, tuple(found.remember), line))

    # A whole state

    def _whole(self, draft: _Draft) -> None:
        """What a state must be, whatever the others are."""
        if bool(draft.items) != bool(draft.answer):
            self._say("W111", draft.line, "a checklist has lines to tick and `<!-- answer: KEY -->`, both or neither")
        if not draft.said:
            self._say("W114", draft.line, f"`{draft.id}` has choices and no words")
        lists = [part.name for part in draft.said if isinstance(part, Block) and part.kind in LISTS]
        count = len(lists) + bool(draft.items) + bool(draft.asks and draft.asks.kind == "place")
        if count > 1:
            self._say("W112", draft.line, f"`{draft.id}` pages through more than one list; make two states")


def _line(node: SyntaxTreeNode) -> int:
    """Where a node begins, counted from 1."""
    return node.map[0] + 1 if node.map else 0
