"""The reference of the format, made of the tables by which flows are read: it cannot say what is not so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.engine.flow import GENERATED, SETTINGS
from bot.script import form
from bot.script.form import Form
from bot.script.parse import AUDIENCES
from bot.script.wording import CARD, CHOICES, LABEL, LABEL_ELSEWHERE, PROSE, PROSE_ELSEWHERE, SENTENCE

COMMAND = "waymark reference --into docs/writing.md"
"""What renews the block in the guide."""

MARKS = (
    Form("# Title", "the title, once, on the first line; it stands in the last line of every screen"),
    Form("- a phrase", "under the title: what people type when they mean this conversation, one a line"),
    Form("## name", "a screen begins; its name is never shown"),
    Form("A paragraph.", "something said; a line between two paragraphs keeps them apart"),
    Form("**bold**", "bold words"),
    Form("[words](https://example.org)", "a link, in a paragraph"),
    Form("> Words", "words to copy; a line with `>` alone keeps two paragraphs apart"),
    Form("{answer.KEY}", "in words to copy: what was chosen, ticked or typed; a blank line where nothing was"),
    Form("A paragraph. {when GUARD}", "the paragraph is there only then; so for words to copy and lines to tick"),
    Form("- [Label](target)", "a choice, and where it leads"),
    Form(
        '- [Label](target "when GUARD; remember KEY=VALUE")', "a choice under a condition, or one that gives an answer"
    ),
    Form("- [ ] Label <!-- name -->", "a line to tick, in a screen with `<!-- answer: KEY -->`"),
)
"""What stands in a file, from top to bottom. A test reads each of them as it is written here."""

BLOCKS: dict[str, str] = {
    "law.TOPIC": "what is known about the law on TOPIC in somebody's place, one fact at a time, with source and day",
    "services.TOPIC": "who helps with TOPIC there, one at a time",
    "reading.TOPIC": "what there is to read on the shelf TOPIC",
    "emergency": "the emergency numbers of the place",
    "privacy": "who can read this, as the messenger really is",
    "exit": "how to leave, and what leaving can miss",
    "known": "what is held now, and until when",
    "operator": "who runs this",
    "tomorrow": "what keeping one's place until tomorrow does, and until when",
    "sources": "the guides from which the ideas come",
    "reviews": "who has read which conversation, or that nobody has",
    "languages": "the languages to choose from",
}
"""What is looked up or written when it is shown; it stands alone in its paragraph."""

LIMITS = (
    ("a label", f"{LABEL} characters in English, {LABEL_ELSEWHERE} elsewhere"),
    ("what one screen says", f"{PROSE} characters in English, {PROSE_ELSEWHERE} elsewhere"),
    ("a sentence", f"{SENTENCE} words"),
    ("words to copy", f"{CARD} characters"),
    ("choices on one screen", f"{CHOICES}"),
)


def reference() -> str:
    """Markdown tables of everything that can be written in a flow."""
    return "\n".join(_parts())


def _parts() -> Iterator[str]:
    yield "#### What stands in a file\n"
    yield _table(("written", "what it is"), MARKS)
    yield "#### Where a choice leads\n"
    yield _table(("target", "where that is"), form.TARGETS)
    yield "#### What a choice can ask for, in quotation marks after its target, joined by `;`\n"
    yield _table(("directive", "what it does"), form.DIRECTIVES)
    yield "#### Conditions, joined by ` and `, each perhaps after `not `\n"
    yield _table(("guard", "so when"), (*form.GIVEN, *form.LOOKED))
    yield "#### Comments before the first screen\n"
    yield _table(("comment", "what it says"), (Form(f"<!-- {each.written} -->", each.help) for each in form.COMMENTS))
    yield f"`for:` takes {', '.join(f'`{name}`' for name in sorted(AUDIENCES))}.\n"
    yield "#### Comments in a screen\n"
    yield _table(
        ("comment", "what it says"), (Form(f"<!-- {each.written} -->", each.help) for each in form.STATE_COMMENTS)
    )
    yield "#### What is looked up or generated\n"
    yield _table(
        ("alone in a paragraph", "what is shown"), (Form(f"{{{name}}}", said) for name, said in BLOCKS.items())
    )
    yield "#### Answers that hold everywhere\n"
    yield _table(
        ("key", "its values"),
        (Form(key, ", ".join(f"`{value}`" for value in values)) for key, values in SETTINGS.items()),
    )
    yield "#### How long something may be\n"
    yield _plain(("what", "at most"), LIMITS)


def known_blocks() -> frozenset[str]:
    """The kinds of blocks that the parser understands."""
    return frozenset({*form.LOOKED_UP, *GENERATED, "languages"})


def _table(head: tuple[str, str], forms: Iterable[Form]) -> str:
    return _plain(head, ((f"`{each.written}`", each.help) for each in forms))


def _plain(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {head[0]} | {head[1]} |", "|---|---|", *(f"| {one} | {other} |" for one, other in rows)]
    return "\n".join([*lines, ""])
