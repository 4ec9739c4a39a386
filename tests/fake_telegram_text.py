"""What the Bot API makes of a text, its entities and its keyboard."""

from __future__ import annotations

from typing import Any

from fake_telegram_state import refuse

TEXT_LIMIT = 4096
DATA_LIMIT = 64
BUTTON_LIMIT = 100
KINDS = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    }
)


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def starts(text: str) -> set[int]:
    """The offsets in UTF-16 code units at which a character begins, and the end."""
    at, found = 0, {0}
    for character in text:
        at += 2 if ord(character) > 0xFFFF else 1
        found.add(at)
    return found


def normal(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The text and entities as they are kept: checked, in order, and without space at both ends."""
    check_letters(text)
    check_entities(text, entities)
    ordered = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"], entity["type"]))
    first = ordered[0]["offset"] if ordered else len(text)
    lead = min(len(text) - len(text.lstrip()), first)
    kept = text[lead:].rstrip()
    if not kept:
        raise refuse("message text is empty")
    if len(kept) > TEXT_LIMIT:
        raise refuse("message is too long")
    end = units(kept)
    moved = [entity | {"offset": entity["offset"] - lead} for entity in ordered]
    return kept, [e | {"length": min(e["length"], end - e["offset"])} for e in moved if e["offset"] < end]


def check_letters(text: str) -> None:
    """Refuses half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise refuse("strings must be encoded in UTF-8") from None


def check_entities(text: str, entities: list[dict[str, Any]]) -> None:
    """Refuses entities that do not lie within the text."""
    end, edges = units(text), starts(text)
    for entity in entities:
        first, last = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] not in KINDS:
            raise refuse("can't parse MessageEntity: Unsupported type specified")
        if entity["type"] == "text_link" and not entity.get("url"):
            raise refuse("can't parse MessageEntity: Can't find field \"url\"")
        if first < 0 or first >= end:
            raise refuse(f"entity begins after the end of the text at UTF-16 offset {first}")
        if last <= first:
            raise refuse(f"entity at UTF-16 offset {first} has no length")
        if last > end:
            raise refuse(
                f"entity beginning at UTF-16 offset {first} ends after the end of the text at UTF-16 offset {last}"
            )
        if first not in edges:
            raise refuse(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {first}")
        if last not in edges:
            raise refuse(
                f"entity beginning at UTF-16 offset {first} ends in a middle of a UTF-16 symbol at UTF-16 offset {last}"
            )


def keyboard(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """An inline keyboard that is allowed; one without buttons is none."""
    rows = [row for row in (markup or {}).get("inline_keyboard", []) if row]
    if sum(map(len, rows)) > BUTTON_LIMIT:
        raise refuse("reply markup is too long")
    for row in rows:
        for button in row:
            check_button(button)
    return {"inline_keyboard": rows} if rows else None


def check_button(button: dict[str, Any]) -> None:
    """Refuses a button without words, without exactly one action, or with data that does not fit."""
    if not button["text"].strip():
        raise refuse('can\'t parse inline keyboard button: Field "text" must be non-empty')
    check_letters(button["text"] + button.get("callback_data", ""))
    actions = set(button) - {"text", "icon_custom_emoji_id", "style"}
    if len(actions) != 1:
        raise refuse("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in actions and not 1 <= len(button["callback_data"].encode()) <= DATA_LIMIT:
        raise refuse("BUTTON_DATA_INVALID")
