"""The small languages inside a flow: names, guards, directives, targets and placeholders."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from bot.engine.flow import ABILITIES, GENERATED, SETTINGS, Target
from bot.engine.guard import Given, Guard, Looked

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
"""States, flows, answers, items: lower case, so that nobody has to remember which letter was big."""

PLACE = re.compile(r"[A-Z]{2,3}(-[A-Z0-9]{1,3})?\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?\Z")

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
WHEN = re.compile(r"\s*\{when ([^{}]*)\}\s*\Z")
LOOKED_UP = ("law", "services", "reading")

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
    words = words[1:] if negated else words
    match words:
        case ["place-known"]:
            return Looked("place-known", negated)
        case ["place", "in", code] if PLACE.match(code):
            return Looked(f"place in {code}", negated)
        case ["language", "is", code] if LANGUAGE.match(code):
            return Looked(f"language is {code}", negated)
        case [("fact" | "service" | "narrows") as kind, topic] if NAME.match(topic):
            return Looked(f"{kind} {topic}", negated)
        case ["can", ability] if ability in ABILITIES:
            return Looked(f"can {ability}", negated)
        case [key, "has", item] if NAME.match(key) and NAME.match(item):
            return Given(key, item, negated)
        case [pair] if pair.count("=") == 1 and all(map(NAME.match, pair.split("="))):
            key, _, value = pair.partition("=")
            return Given(key, value, negated)
    complain("W105", f"`{text}` is none of: key=value, key has item, place in XX, place-known, language is xx, "
             "fact TOPIC, service TOPIC, narrows TERM, can keep, can resend")  # fmt: skip
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
            complain("W104", f"`{part}` is none of: when GUARD, remember KEY=VALUE")
    return found


def target(href: str, complain: Complain) -> Target | None:
    """Where a link leads, or None with a diagnostic."""
    if href in {"done:", "back:", "exit:", "keep:"}:
        return Target(href[:-1])  # type: ignore[arg-type]  # one of the four literals
    file, hash_, state = href.partition("#")
    flow = file.removesuffix(".md")
    if (not file or (file.endswith(".md") and NAME.match(flow))) and (not hash_ or NAME.match(state)) and href:
        return Target("flow", flow, state) if file else Target("state", "", state)
    complain("W110", f"`{href}` is none of: #state, flow.md, flow.md#state, done:, back:, exit:, keep:")
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
