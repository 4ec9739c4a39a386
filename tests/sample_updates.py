"""One update of each kind there is, and one message of each kind a person can send, as the Bot API writes them."""

from __future__ import annotations

from typing import Any

ME = 1001
DATE = 1_795_176_000
"""Noon of the day it is in the tests."""
USER = {"id": ME, "is_bot": False, "first_name": "Somebody", "username": "somebody", "language_code": "en"}
OTHER = {"id": 2002, "is_bot": False, "first_name": "Other"}
BOT = {"id": 7000000001, "is_bot": True, "first_name": "Notebook", "username": "quiet_notebook_bot"}
PRIVATE = {"id": ME, "type": "private", "first_name": "Somebody"}
GROUP = {"id": -1009000000001, "type": "supergroup", "title": "A group"}
CHANNEL = {"id": -1009000000002, "type": "channel", "title": "A channel"}
FILE = {"file_id": "AgAD", "file_unique_id": "AQAD", "file_size": 1}
SIZED = {**FILE, "width": 1, "height": 1}
PLACE = {"latitude": 53.35, "longitude": -6.26}

Fields = dict[str, Any]


def message(number: int = 7, **rest: Any) -> Fields:
    """A private message from a person."""
    return {"message_id": number, "date": DATE, "chat": PRIVATE, "from": USER, **rest}


def press(data: str, number: int = 7, **rest: Any) -> Fields:
    """A press on a button of ours."""
    under = {"message_id": number, "date": DATE, "chat": PRIVATE, "from": BOT, "text": "a screen"}
    return {"id": "4000", "from": USER, "chat_instance": "1", "message": under, "data": data, **rest}


def member(chat: Fields, status: str) -> Fields:
    """What became of the bot in a chat."""
    old = {"user": BOT, "status": "member"}
    return {
        "chat": chat,
        "from": USER,
        "date": DATE,
        "old_chat_member": old,
        "new_chat_member": {"user": BOT, "status": status},
    }


_POSTED = {"message_id": 7, "date": DATE, "chat": CHANNEL, "sender_chat": CHANNEL, "text": "exit"}
_BOOST = {"boost_id": "b", "add_date": 1, "expiration_date": 2, "source": {"source": "premium", "user": USER}}

TAKEN: dict[str, Fields] = {
    "message": message(text="hello"),
    "edited_message": message(text="hello", edit_date=DATE + 1),
    "callback_query": press("stamp|key"),
    "my_chat_member": member(PRIVATE, "kicked"),
}
"""Updates that are something to us."""

LEFT: dict[str, Fields] = {
    "message": {**message(text="/start"), "chat": GROUP},
    "edited_message": {**message(text="/start"), "chat": GROUP},
    "callback_query": press("a|b", message={"message_id": 7, "date": 0, "chat": GROUP}),
    "my_chat_member": member(GROUP, "member"),
    "channel_post": _POSTED,
    "edited_channel_post": _POSTED,
}
"""Updates from where we do not stay."""

DROPPED: dict[str, Fields] = {
    "business_connection": {
        "id": "c",
        "user": USER,
        "user_chat_id": ME,
        "date": 1,
        "can_reply": True,
        "is_enabled": True,
    },
    "business_message": message(text="exit", business_connection_id="c"),
    "edited_business_message": message(text="exit", business_connection_id="c"),
    "deleted_business_messages": {"business_connection_id": "c", "chat": PRIVATE, "message_ids": [7]},
    "guest_message": message(text="exit", guest_query_id="g"),
    "message_reaction": {
        "chat": PRIVATE,
        "message_id": 7,
        "user": USER,
        "date": 1,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "\U0001f44d"}],
    },
    "message_reaction_count": {
        "chat": CHANNEL,
        "message_id": 7,
        "date": 1,
        "reactions": [{"type": {"type": "emoji", "emoji": "\U0001f44d"}, "total_count": 1}],
    },
    "inline_query": {"id": "q", "from": USER, "query": "exit", "offset": ""},
    "chosen_inline_result": {"result_id": "r", "from": USER, "query": "exit", "inline_message_id": "i"},
    "shipping_query": {
        "id": "s",
        "from": USER,
        "invoice_payload": "p",
        "shipping_address": {
            "country_code": "IE",
            "state": "",
            "city": "",
            "street_line1": "",
            "street_line2": "",
            "post_code": "",
        },
    },
    "pre_checkout_query": {"id": "p", "from": USER, "currency": "EUR", "total_amount": 1, "invoice_payload": "p"},
    "purchased_paid_media": {"from": USER, "paid_media_payload": "p"},
    "poll": {
        "id": "p",
        "question": "q",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
    },
    "poll_answer": {"poll_id": "p", "user": USER, "option_ids": [0]},
    "chat_member": member(GROUP, "member"),
    "chat_join_request": {"chat": GROUP, "from": USER, "user_chat_id": ME, "date": 1},
    "chat_boost": {"chat": CHANNEL, "boost": _BOOST},
    "removed_chat_boost": {"chat": CHANNEL, "boost_id": "b", "remove_date": 1, "source": _BOOST["source"]},
    "managed_bot": {"user": USER, "bot": BOT},
}
"""Updates we never ask for, and do nothing about."""

CONTENTS: dict[str, Fields] = {
    "forwarded": {"text": "exit", "forward_origin": {"type": "user", "sender_user": OTHER, "date": 1}},
    "forwarded, as old servers say it": {"text": "exit", "forward_date": 1},
    "via a bot": {"text": "exit", "via_bot": {"id": 3003, "is_bot": True, "first_name": "Gif"}},
    "animation": {"animation": {**SIZED, "duration": 1}, "document": FILE},
    "audio": {"audio": {**FILE, "duration": 1}},
    "document": {"document": FILE, "caption": "exit"},
    "paid media": {"paid_media": {"star_count": 1, "paid_media": []}},
    "photo": {"photo": [SIZED], "caption": "exit"},
    "sticker": {"sticker": {**SIZED, "type": "regular", "is_animated": False, "is_video": False}},
    "story": {"story": {"chat": PRIVATE, "id": 1}},
    "video": {"video": {**SIZED, "duration": 1}},
    "video note": {"video_note": {**FILE, "length": 1, "duration": 1}},
    "voice": {"voice": {**FILE, "duration": 1}},
    "checklist": {"checklist": {"title": "exit", "tasks": []}},
    "contact": {"contact": {"phone_number": "+353", "first_name": "Other"}},
    "dice": {"dice": {"emoji": "\U0001f3b2", "value": 6}},
    "game": {"game": {"title": "g", "description": "d", "photo": [SIZED]}},
    "poll": {"poll": DROPPED["poll"]},
    "venue": {"venue": {"location": PLACE, "title": "t", "address": "a"}, "location": PLACE},
    "location": {"location": PLACE},
    "something nobody knows yet": {"hologram": {"depth": 3}},
}
"""What a person may send that is not their own text."""

NOTICES: dict[str, Fields] = {
    "pinned": {"pinned_message": message(3, text="exit")},
    "timer": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
    "background": {"chat_background_set": {"type": {"type": "fill"}}},
    "write access": {"write_access_allowed": {}},
}
"""Lines of Telegram's own in a private chat."""
