"""Pages for people who read and print: one file each, with nothing fetched from anywhere."""

from __future__ import annotations

from html import escape

_TURNING = str.maketrans("", "", "\u202a\u202b\u202c\u202d\u202e\u200e\u200f")
"""Marks that would turn the direction of what stands after them; isolates end where they began."""

STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.45 system-ui, sans-serif; color: #111; background: #fff; margin: 2rem auto;
  max-width: 62rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .4rem; }
h3 { font-size: .9rem; margin: .6rem 0 0; }
a { color: #0b3d91; } code { font-size: .95em; }
table { border-collapse: collapse; width: 100%; } caption { text-align: start; margin: .5rem 0; }
th, td { border: 1px solid #767676; padding: .25rem .5rem; text-align: start; vertical-align: top; }
td.number { text-align: end; white-space: nowrap; }
.wide { overflow-x: auto; }
.several { columns: 15rem; padding-inline-start: 1.3rem; }
.found li { margin: 0 0 .4rem; overflow-wrap: anywhere; }
.screen { display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr); gap: 1rem 1.5rem; margin: 0 0 1.5rem;
  padding: 0 0 1.5rem; border-bottom: 1px solid #767676; }
.screen > h2 { grid-column: 1 / -1; margin-top: 0; }
.phone { border: 2px solid #333; border-radius: 1rem; padding: .9rem; background: #fafafa; align-self: start; }
.phone p { margin: 0 0 .6rem; white-space: pre-line; overflow-wrap: anywhere; }
.phone .copy { border: 1px dashed #333; padding: .5rem; background: #fff; }
.phone .where { color: #444; font-size: .9rem; }
.phone ol { list-style: none; margin: .6rem 0; padding: 0; }
.phone li { border: 1px solid #333; border-radius: .5rem; padding: .35rem .6rem; margin: 0 0 .4rem; background: #fff; }
.when, .leads { display: block; color: #333; font-size: .85rem; }
.when::before { content: "◇ "; content: "◇ " / ""; }
.side { display: flex; flex-direction: column; }
.side p { margin: 0; font-size: .9rem; } .side h3:first-child { margin-top: 0; }
.remarks { border: 1px solid #767676; min-height: 7rem; max-height: 22rem; flex: 1; margin-top: .2rem; }
@page { margin: 15mm; }
@media print {
  body { font-size: 10pt; margin: 0; max-width: none; padding: 0; }
  h1 { margin-top: 0; }
  .wide { overflow: visible; } .wide table { font-size: 7.5pt; }
  .screen { break-inside: avoid; page-break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
  tr { break-inside: avoid; }
  .phone a[href^="http"]::after { content: " (" attr(href) ")"; font-size: .85em; overflow-wrap: anywhere; }
}
@media (max-width: 40rem) { .screen { grid-template-columns: 1fr; } }
"""


def text(words: str) -> str:
    """Words as they stand in a page, unable to be markup or to turn what is beside them."""
    return escape(words.translate(_TURNING))


def document(title: str, body: str) -> str:
    """A whole page in English around `body`, which may have parts in other languages."""
    return (
        f'<!doctype html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
