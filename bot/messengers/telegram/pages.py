"""A page as Telegram wants it: text with entities, and an inline keyboard."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.ports import Button, Content, Page, Passage

SEPARATOR = "|"
"""Between the stamp and the key in what a button carries; the runtime reads it."""

_STAMP = "\x1a"
_encode = msgspec.json.Encoder().encode
KEPT = 4_096
"""How many prepared pages are held; only pages that are the same for everybody are."""


@dataclass(frozen=True, slots=True)
class Message:
    """The body of a message, with a mark where the stamp of a session goes."""

    body: bytes

    def stamped(self, stamp: str) -> bytes:
        """The JSON of text, entities and keyboard, without braces."""
        return self.body.replace(b"\\u001a", stamp.encode())


class Pages:
    """Prepares messages, and keeps those of pages that are the same for everybody."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Content, Message]] = {}

    def message(self, page: Page) -> bytes:
        """The JSON members of a page."""
        content = page.content
        if not content.still:
            return prepared(content).stamped(page.stamp)
        held = self._kept.get(id(content))
        if held is None or held[0] is not content:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            held = self._kept[id(content)] = (content, prepared(content))
        return held[1].stamped(page.stamp)


def prepared(content: Content) -> Message:
    """Text, entities and keyboard as JSON members."""
    text, entities = _text(content.passages)
    rows = [[_button(button)] for button in content.buttons]
    if content.fixed:
        rows.append([_button(button) for button in content.fixed])
    members = _encode(
        {
            "text": text,
            "entities": entities,
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": rows},
        }
    )
    return Message(members[1:-1])


def _button(button: Button) -> dict[str, str]:
    tick = "" if button.ticked is None else "[x] " if button.ticked else "[ ] "
    number = f"{button.typed}. " if button.typed.isdecimal() else ""
    data = f"{_STAMP}{SEPARATOR}{button.key}"
    assert len(data.encode()) + 20 <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA, "a key is too long for a button"
    return {"text": f"{tick}{number}{button.label}", "callback_data": data}


def _text(passages: tuple[Passage, ...]) -> tuple[str, list[dict[str, str | int]]]:
    """The words of a page, and where they are bold, a link, or there to be copied with one tap."""
    parts: list[str] = []
    entities: list[dict[str, str | int]] = []
    at = 0

    def put(text: str, **entity: str) -> None:
        nonlocal at
        length = len(text.encode("utf-16-le")) // 2
        if entity and length:
            entities.append({**entity, "offset": at, "length": length})
        parts.append(text)
        at += length

    for number, passage in enumerate(passages):
        if number:
            put("\n\n")
        if passage.kind == "copy":
            put(passage.text, type="pre")
            continue
        for span in passage.spans:
            if span.link:
                put(span.text, type="text_link", url=span.link)
            elif span.bold:
                put(span.text, type="bold")
            elif span.copied:
                put(span.text, type="code")
            else:
                put(span.text)
    text = "".join(parts)
    assert len(text) <= MessageLimit.MAX_TEXT_LENGTH, "a page is too long for a message"
    return text, entities
