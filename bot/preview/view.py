"""Everything the page shows, as plain values: the phone, and what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.engine.flow import SETTINGS, Flow
from bot.engine.guard import View
from bot.engine.session import Session
from bot.knowledge.knowledge import Knowledge
from bot.language.catalogs import ENGLISH
from bot.language.tongue import PseudoTongue
from bot.messengers.preview.messenger import Preview
from bot.ports import Button, Page
from bot.preview.draft import Draft
from bot.preview.panels import conditions, drawing, guidance, measures, remembered, reviews, translations
from bot.runtime import BUTTON, Runtime
from bot.script.diagnostic import CODES, Diagnostic, Report

Values = Mapping[str, object]
"""What goes to the page as JSON: texts, numbers, lists and more of the same."""

_LISTED = 12
"""So many places are offered for what somebody typed."""

_FOLLOWING = frozenset({"W203", "W205", "W208", "W209", "W211"})
"""What is often so only because something else is wrong: said after it."""

_TYPED = {"en-XA": "Pseudo-locale"}


@dataclass(frozen=True, slots=True)
class Spot:
    """What was chosen on the page, and how far reading is: nothing of the conversation. `saved` is what files hold."""

    language: str | None
    place: str | None
    folder: Path
    broken: bool
    checking: bool
    saved: Callable[[Path], str | None]


def whole(  # noqa: PLR0913, PLR0917 - the parts of the stage
    draft: Draft | None,
    runtime: Runtime | None,
    messenger: Preview,
    session: Session | None,
    report: Report,
    spot: Spot,
) -> Values:
    """The whole view."""
    told: Values = {
        "broken": spot.broken,
        "checking": spot.checking,
        "diagnostics": [_diagnostic(each, spot.folder) for each in sorted(report.found, key=_first)],
    }
    if draft is None or runtime is None:
        return told
    language = (session.language if session else spot.language) or ENGLISH
    place = session.place if session else spot.place
    controls: Values = {
        "flows": [{"id": flow.id, "title": flow.title} for flow in draft.flows.by_id.values()],
        "languages": [_language(draft, code) for code in (*draft.catalogs.there(), PseudoTongue.CODE)],
        "language": language,
        "place": {"code": place or "", "name": draft.knowledge.places.name(place, ENGLISH) if place else ""},
        "places": [_place(draft.knowledge, code) for code in draft.knowledge.places.buttons()],
        "roles": list(SETTINGS["role"]),
        "role": session.settings.get("role", ("",))[0] if session else "",
        "able": messenger.able,
    }
    beside = _beside(draft, runtime, session, language, spot) if session else {}
    return {**told, **controls, "phone": _phone(messenger.page), "left": messenger.left, **beside}


def found_places(knowledge: Knowledge, text: str) -> list[Values]:
    """The places that `text` may name, or those offered before anything is typed."""
    places = knowledge.places
    codes = places.find(text, ENGLISH).codes if text.strip() else places.buttons()
    if places.knows(text.strip().upper()):
        codes = tuple(dict.fromkeys((text.strip().upper(), *codes)))
    parts = [part for code in codes[:1] for part in places.narrow(code)]
    return [_place(knowledge, code) for code in dict.fromkeys((*codes, *parts))][:_LISTED]


def _place(knowledge: Knowledge, code: str) -> Values:
    return {"code": code, "name": knowledge.places.name(code, ENGLISH)}


def _language(draft: Draft, code: str) -> Values:
    name = _TYPED.get(code) or draft.catalogs.tongue(code).name
    missing = len(draft.flows.by_id) - len(draft.catalogs.whole(code))
    return {"code": code, "name": name, "missing": missing}


# The phone


def _phone(page: Page | None) -> Values | None:
    """A page as a messenger would show it."""
    if page is None:
        return None
    content = page.content
    return {
        "language": content.language,
        "direction": "rtl" if content.right_to_left else "ltr",
        "passages": content.passages,
        "buttons": [_button(page, button) for button in content.buttons],
        "fixed": [_button(page, button) for button in content.fixed],
        "prompt": content.prompt,
        "asks": content.asks,
    }


def _button(page: Page, button: Button) -> Values:
    press = f"{page.stamp}{BUTTON}{button.key}"
    return {"press": press, "label": button.label, "typed": button.typed, "ticked": button.ticked, "key": button.key}


# Beside it


def _beside(draft: Draft, runtime: Runtime, session: Session, language: str, spot: Spot) -> Values:
    """What is known of the present state."""
    top = session.top
    if top.flow not in draft.flows or top.state not in draft.flows[top.flow].states:
        return {}
    flow = draft.flows[top.flow]
    state, tongue = flow.states[top.state], draft.catalogs.tongue(language)
    known = runtime.pages.known(session.language, session.place)
    view = View(top.answers, session.settings, known.holds)
    path = draft.sources[flow.id].path
    text = spot.saved(path) if spot.broken else None
    return {
        "where": _where(draft, flow, top.state, named(path, spot.folder), text),
        "source": draft.written[flow.id] if text is None else text,
        "drawing": drawing(flow, view),
        "remembered": remembered(draft.flows, session),
        "conditions": conditions(flow, state, view),
        "measures": measures(flow, state, tongue),
        "guidance": guidance(draft.knowledge, flow, state),
        "translations": translations(draft, flow, state, tongue),
        "reviews": reviews(draft, flow, tongue),
    }


def _where(draft: Draft, flow: Flow, state: str, file: str, text: str | None) -> Values:
    """Where a state is written; in `text`, which cannot be shown, by its name, and line 0 where that is gone."""
    if text is None:
        text, first = draft.written[flow.id], flow.states[state].line
        heads = [each.line for each in flow.states.values()]
    else:
        found = {number: line[3:].strip() for number, line in enumerate(text.split("\n"), 1) if line.startswith("## ")}
        first, heads = next((number for number, name in found.items() if name == state), 0), list(found)
    last = min((line - 1 for line in heads if line > first), default=text.count("\n") + 1)
    return {"flow": flow.id, "title": flow.title, "state": state, "file": file, "line": first, "last": last}


def _first(found: Diagnostic) -> tuple[bool, Diagnostic]:
    """What others follow from comes before them."""
    return found.code in _FOLLOWING, found


def _diagnostic(found: Diagnostic, folder: Path) -> Values:
    where = {"file": named(found.path, folder), "line": found.line}
    return {**where, "code": found.code, "title": CODES[found.code], "message": found.message}


def named(path: Path, folder: Path) -> str:
    """A file as whoever opened `folder` would name it."""
    near = next((base for base in (folder, Path.cwd()) if path.is_relative_to(base)), Path())
    return str(path.relative_to(near) if near != Path() else path).encode("utf-8", "backslashreplace").decode()
