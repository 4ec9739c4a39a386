"""A storyboard as a page to print and write on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from bot.desk.markup import document, text
from bot.desk.storyboard import Line, Part, Sheet, Storyboard
from bot.ports import Passage, Span


def as_html(board: Storyboard) -> str:
    """One page that needs nothing else: a card for each screen, and room for remarks beside it."""
    where = f"as shown for {board.place}" if board.place else "as shown where no place is known"
    told = (
        f"<p>{len(board.sheets)} screens in {text(board.language_name)}, {text(where)}, on {text(board.day)}. "
        f"A diamond says when something is shown; what has none is shown to everybody. <strong>Leave now</strong>, "
        f"<strong>Back</strong> and <strong>Help now</strong> stand under every screen. What somebody would type is "
        f"a blank line here.</p>\n"
    )
    phrases = "".join(f"<li>{text(phrase)}</li>\n" for phrase in board.phrases)
    typed = f'<ul class="several"{_foreign(board)}>\n{phrases}</ul>\n'
    listed = f"<h2>What people type to come here</h2>\n{typed}" if phrases else ""
    note = f"<p>For translators: {text(board.note)}</p>\n" if board.note else ""
    title = f"{board.english} ({board.flow}.md)"
    original = "" if board.title == board.english else f"<p{_foreign(board)}>{text(board.title)}</p>\n"
    body = f"<h1>{text(title)}</h1>\n{original}{told}{note}{listed}"
    return document(
        f"Storyboard: {title}", body + "".join(_sheet(sheet, board) for sheet in board.sheets) + _signed(board)
    )


def _foreign(board: Storyboard) -> str:
    return f' lang="{text(board.language)}" dir="{"rtl" if board.right_to_left else "ltr"}"'


def _sheet(sheet: Sheet, board: Storyboard) -> str:
    parts = "".join(map(_part, sheet.parts))
    lines = "".join(map(_line, sheet.lines))
    notes = "".join(f"<h3>{text(name)}</h3>\n<p>{text(said)}</p>\n" for name, said in sheet.notes)
    return (
        f'<section class="screen" id="screen-{sheet.number}" aria-labelledby="name-{sheet.number}">\n'
        f'<h2 id="name-{sheet.number}">{sheet.number}. <code>{text(sheet.state)}</code></h2>\n'
        f'<div class="phone"{_foreign(board)}>\n{parts}<ol>\n{lines}</ol>\n'
        f'<p class="where">{text(board.title)}</p>\n</div>\n'
        f'<div class="side">\n{notes}<h3>Remarks</h3>\n<div class="remarks"></div>\n</div>\n</section>\n'
    )


def _part(part: Part) -> str:
    condition = _english("when", part.when) + _english("leads", part.about)
    said = "".join(
        f"<p{' class=copy' if passage.kind == 'copy' else ''}>{_spans(passage)}</p>\n" for passage in part.passages
    )
    return f"<div>{condition}{said}</div>\n"


def _spans(passage: Passage) -> str:
    return "".join(chain.from_iterable(map(_span, passage.spans)))


def _span(span: Span) -> Iterable[str]:
    words = text(span.text)
    if span.link.startswith(("https://", "http://")):
        yield f'<a href="{text(span.link)}">{words}</a>'
    else:
        yield f"<strong>{words}</strong>" if span.bold else words


def _line(line: Line) -> str:
    box = "<span aria-hidden=true>☐ </span>" if line.ticked else ""
    leads = text(line.leads)
    if line.screen:
        leads = f'<a href="#screen-{line.screen}">{leads}</a>'
    to = f'<span class="leads" lang="en" dir="ltr">leads to: {leads}</span>' if leads else ""
    return f"<li>{box}{text(line.label)}{_english('when', line.when)}{to}</li>\n"


def _english(kind: str, words: str) -> str:
    return f'<span class="{kind}" lang="en" dir="ltr">{text(words)}</span>' if words else ""


def _signed(board: Storyboard) -> str:
    language = "" if board.language == "en" else f" --language {board.language}"
    return (
        '<section>\n<h2>Read by</h2>\n<table>\n<thead><tr><th scope="col">Name, or what stands for it</th>'
        '<th scope="col">Role</th><th scope="col">Day</th><th scope="col">May the name be shown?</th></tr></thead>\n'
        "<tbody>\n"
        f"{'<tr><td>&nbsp;</td><td></td><td></td><td></td></tr>' * 3}\n</tbody>\n</table>\n"
        f"<p>What stands here is recorded with <code>waymark sign {text(board.flow)} --by NAME --role ROLE"
        f"{text(language)}</code>.</p>\n</section>\n"
    )
