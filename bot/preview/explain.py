"""The page of a diagnostic, as a page for a browser."""

from __future__ import annotations

from html import escape

from markdown_it import MarkdownIt

from bot.script.diagnostic import CODES
from bot.settings import diagnostics_folder

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/base.css">
<link rel="stylesheet" href="/static/explanation.css">
</head>
<body><main class="explanation">
{body}</main></body>
</html>
"""


def explanation(code: str) -> str:
    """The page of the diagnostic `code` as HTML; empty where there is none."""
    if code not in CODES:
        return ""
    text = (diagnostics_folder() / f"{code}.md").read_text(encoding="utf-8")
    body = MarkdownIt("commonmark", {"html": False}).render(text)
    return _PAGE.format(title=escape(f"{code}: {CODES[code]}"), body=body.replace("<pre>", '<pre tabindex="0">'))
