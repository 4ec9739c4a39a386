"""The small languages inside a flow: names, guards, directives, targets and placeholders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from bot.engine.flow import ABILITIES, GENERATED, SETTINGS, Target
from bot.engine.guard import Given, Guard, Looked

_NAME = r"[a-z][a-z0-9_]{0,31}"
NAME = re.compile(rf"{_NAME}\Z")
"""States, flows, answers, items: lower case, so that nobody has to remember which letter was big."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
WHEN = re.compile(r"\s*\{when ([^{}]*)\}\s*\Z")
LOOKED_UP = ("law", "services", "reading")


class Form(NamedTuple):
    """One thing that can be written, and what it does: said to writers who wrote something else, and in the docs."""

    written: str
    help: str
    pattern: re.Pattern[str] = re.compile("")


def _form(written: str, help_: str, pattern: str) -> Form:
    return Form(written, help_, re.compile(rf"(?:{pattern})\Z"))


GIVEN = (
    _form("key=value", "the answer `key` is `value`; `role`, `stay` and `leaving` hold everywhere",
          rf"({_NAME})=({_NAME})"),
    _form("key has item", "the line named `item` was ticked in the checklist `key`", rf"({_NAME}) has ({_NAME})"),
)  # fmt: skip
LOOKED = (
    _form("place in XX", "the place is XX or lies in it: a code such as US, US-CA or EU",
          r"place in [A-Z]{2,3}(?:-[A-Z0-9]{1,3})?"),
    _form("place-known", "a place was given", "place-known"),
    _form("language is xx", "the language is xx, such as es", r"language is [a-z]{2,3}(?:-[A-Za-z]{2,4})?"),
    _form("fact TOPIC", "something is known about the law on TOPIC there", rf"fact {_NAME}"),
    _form("service TOPIC", "there is somebody for TOPIC there, nearer than anywhere", rf"service {_NAME}"),
    _form("narrows TERM", "asking for TERM would change whom *Find legal aid* shows", rf"narrows {_NAME}"),
    *(_form(f"can {ability}", f"the messenger can {what}", f"can {ability}") for ability, what in ABILITIES.items()),
)  # fmt: skip
"""Every condition there is: about what somebody answered, and about what is looked up. Nothing else is understood."""

DIRECTIVES = (
    Form("when GUARD", "the choice is there only then"),
    Form("remember KEY=VALUE", "taking the choice gives this answer"),
)
TARGETS = (
    Form("#state", "a state of this flow"),
    Form("flow.md", "the beginning of another flow"),
    Form("flow.md#state", "a state of another flow"),
    Form("done:", "this flow is finished: back to the state that opened it, or to the menu"),
    Form("back:", "the screen before"),
    Form("exit:", "leave, and clear everything"),
    Form("keep:", "this flow is finished, and the place come back to is kept until tomorrow behind a dull page"),
)

COMMENTS = (
    Form("for: AUDIENCE …", "for whom this is; nobody else is led here"),
    Form("covers: S1-01 …", "items of guidance that its first screen says"),
    Form("translators: …", "what translators of the title should know"),
    Form("source: …", "where this comes from, for reviewers"),
)
STATE_COMMENTS = (
    Form("answer: KEY", "this screen is a checklist; its ticks are the answer KEY"),
    Form("asks: KIND KEY", "what is typed here is the answer KEY; KIND is `place`, `postcode` or `label`"),
    Form("heavy", "hard words, which can be passed by"),
    Form("contested", "views that people hold against each other, each with who holds it"),
    Form("covers: S1-01 …", "items of guidance that are said here"),
    Form("was: NAME …", "older names of this screen, so that nobody loses their place"),
    Form("translators: …", "what translators of these words should know"),
    Form("source: …", "where this comes from, for reviewers"),
)
"""Every comment there is, before the first screen and in one."""


def listed(forms: Iterable[Form]) -> str:
    """How each can be written, for a diagnostic."""
    return ", ".join(form.written for form in forms)


Complain = Callable[[str, str], None]
"""Takes the number of a diagnostic and its message; the caller knows the file and the line."""


@dataclass(slots=True)
class Directives:
    """What the title of a link asks for."""

    when: Guard = ()
    remember: list[tuple[str, str]] = field(default_factory=list)


def guard(text: str, complain: Complain) -> Guard:
    """The conditions in `text`, joined by ``and``, each perhaps after ``not``."""
    return tuple(term for part in text.split(" and ") if (term := _term(part.strip(), complain)))


def _term(text: str, complain: Complain) -> Given | Looked | None:
    words = text.split()
    negated = words[:1] == ["not"]
    plain = " ".join(words[1:] if negated else words)
    if any(form.pattern.match(plain) for form in LOOKED):
        return Looked(plain, negated)
    found = next((match for form in GIVEN if (match := form.pattern.match(plain))), None)
    if found:
        return Given(found[1], found[2], negated)
    complain("W105", f"`{text}` is none of: {listed((*GIVEN, *LOOKED))}")
    return None


def directives(title: str, complain: Complain) -> Directives:
    """The directives of a link's title: ``when GUARD`` and ``remember KEY=VALUE``, joined by ``;``."""
    found = Directives()
    for part in filter(None, (piece.strip() for piece in title.split(";"))):
        word, _, rest = part.partition(" ")
        if word == "when":
            found.when += guard(rest, complain)
        elif word == "remember":
            key, _, value = rest.strip().partition("=")
            if not (NAME.match(key) and NAME.match(value)):
                complain("W104", f"`{part}`: write remember KEY=VALUE with plain lower-case names")
            elif key in SETTINGS and value not in SETTINGS[key]:
                complain("W209", f"`{key}` can be {', '.join(SETTINGS[key])}")
            else:
                found.remember.append((key, value))
        else:
            complain("W104", f"`{part}` is none of: {listed(DIRECTIVES)}")
    return found


def target(href: str, complain: Complain) -> Target | None:
    """Where a link leads, or None with a diagnostic."""
    if href in {"done:", "back:", "exit:", "keep:"}:
        return Target(href[:-1])  # type: ignore[arg-type]  # one of the four literals
    file, hash_, state = href.partition("#")
    flow = file.removesuffix(".md")
    if (not file or (file.endswith(".md") and NAME.match(flow))) and (not hash_ or NAME.match(state)) and href:
        return Target("flow", flow, state) if file else Target("state", "", state)
    complain("W110", f"`{href}` is none of: {listed(TARGETS)}")
    return None


def choice_key(label: str, href: str, title: str) -> str:
    """A key made of a choice's content: it survives being moved, and not being changed."""
    return "c" + blake2b(f"{label}\0{href}\0{title}".encode(), digest_size=4).hexdigest()


def is_block(text: str) -> tuple[str, str] | None:
    """The kind and topic of a paragraph that is nothing but one placeholder, such as ``{law.nda}``."""
    whole = PLACEHOLDER.fullmatch(text)
    if not whole:
        return None
    kind, _, topic = whole[1].partition(".")
    if kind in LOOKED_UP and NAME.match(topic):
        return kind, topic
    return (kind, "") if whole[1] in {*GENERATED, "languages"} else None
