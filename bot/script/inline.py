"""Text inside a paragraph: bold, links, and names for everything the format has not."""

from __future__ import annotations

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
    "link": "a link that does not begin with https://",
    "html_block": "a comment or HTML",
    "heading": "a heading",
}


def name_of(node: SyntaxTreeNode) -> str:
    """What a writer calls it."""
    return _NAMES.get(node.type, node.type.replace("_", " "))


def text_of(nodes: Iterable[SyntaxTreeNode], complain: Complain) -> tuple[str, tuple[str, ...]]:
    """The message id of some inline nodes, and the addresses of its links, which stand in it as ``{link.1}``."""
    links: list[str] = []
    return " ".join("".join(_pieces(nodes, links, complain)).split()), tuple(links)


def _pieces(nodes: Iterable[SyntaxTreeNode], links: list[str], complain: Complain) -> Iterator[str]:
    for node in nodes:
        if node.type == "text":
            yield node.content
        elif node.type == "softbreak":
            yield " "
        elif node.type == "strong":
            yield "**"
            yield from _pieces(node.children, links, complain)
            yield "**"
        elif node.type == "link" and str(node.attrs.get("href", "")).startswith("https://"):
            links.append(str(node.attrs["href"]))
            number = len(links)
            yield "["
            yield from _pieces(node.children, links, complain)
            yield f"]({{link.{number}}})"
        else:
            complain("W102", f"{name_of(node)}; text has **bold** and https links only")
