"""Text inside a paragraph: bold, links, and names for everything the format has not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from markdown_it.tree import SyntaxTreeNode

from bot.script.form import Complain

_NAMES = {
    "em": "slanted text",
    "hr": "a rule",
    "html_inline": "a comment or HTML inside a line",
    "code_inline": "code",
    "image": "a picture",
    "ordered_list": "a numbered list",
    "bullet_list": "a list",
    "blockquote": "a quote",
    "fence": "a block of code",
    "code_block": "an indented block",
    "hardbreak": "a forced line break",
    "link": "a link that is not plain words to a plain https:// address",
    "html_block": "a comment or HTML",
    "heading": "a heading",
    "strong": "bold text around something else",
}


def _may_link(node: SyntaxTreeNode) -> bool:
    """Whether this is words that lead to an https address, and nothing more."""
    href = str(node.attrs.get("href", ""))
    plain = all(child.type in {"text", "softbreak"} for child in node.children)
    return href.startswith("https://") and ")" not in href and "title" not in node.attrs and plain


def name_of(node: SyntaxTreeNode) -> str:
    """What a writer calls it."""
    return _NAMES.get(node.type, node.type.replace("_", " "))


def text_of(nodes: Iterable[SyntaxTreeNode], complain: Complain) -> tuple[str, tuple[str, ...]]:
    """The message id of some inline nodes, and the addresses of its links, which stand in it as ``{link.1}``."""
    links: list[str] = []
    return " ".join("".join(_pieces(nodes, links, complain)).split()), tuple(links)


def words_of(nodes: Iterable[SyntaxTreeNode], complain: Complain) -> str:
    """Plain words: a title, a phrase, a label. No marks, no links, and nothing that is looked up."""
    text, links = text_of(nodes, complain)
    if links or "**" in text:
        complain("W102", "bold text or a link where plain words stand")
    if "{" in text:
        complain("W108", "a placeholder where plain words stand")
    return text


def _pieces(nodes: Iterable[SyntaxTreeNode], links: list[str], complain: Complain) -> Iterator[str]:
    for node in nodes:
        if node.type == "text":
            if "**" in node.content or "[" in node.content.removeprefix("[ ] "):
                complain("W102", "a bracket or two stars that are no mark; write it without them")
            if any(unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn"} for character in node.content):
                complain("W113", "a character that cannot be seen; take it out")
            yield node.content
        elif node.type == "softbreak":
            yield " "
        elif node.type == "strong" and all(child.type in {"text", "softbreak"} for child in node.children):
            yield "**"
            yield from _pieces(node.children, links, complain)
            yield "**"
        elif node.type == "link" and _may_link(node):
            links.append(str(node.attrs["href"]))
            number = len(links)
            yield "["
            yield from _pieces(node.children, links, complain)
            yield f"]({{link.{number}}})"
        else:
            complain("W102", f"{name_of(node)}; text has **bold** and https links only")
