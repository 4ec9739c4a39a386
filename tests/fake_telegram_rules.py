"""What the fake Bot API server does for each method, as strictly as the real one."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from fake_telegram_state import ABOUT_BOT, BOT, HOUR, PRESS_LIVES, Hook, Message, RefusedError, State, refuse
from fake_telegram_text import keyboard, normal

Params = dict[str, Any]
Rule = Callable[[State, Params], Any]
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
WEBHOOK_PORTS = {443, 80, 88, 8443}
SENDS_A_SECOND = 20
RETRY_AFTER = 3
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}


def slow_down(seconds: int) -> RefusedError:
    """The answer to too much at once."""
    return RefusedError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def chat_of(state: State, params: Params) -> int:
    """The chat a request is about."""
    chat = str(params["chat_id"])
    number = int(chat) if chat.removeprefix("-").isdecimal() else 0
    if number not in state.chats:
        raise refuse("chat not found")
    if number in state.left:
        raise RefusedError(403, "Forbidden: bot is not a member of the supergroup chat")
    return number


def may_write(state: State, chat: int) -> None:
    """Refuses where the person has blocked the bot."""
    if chat in state.blocked:
        raise RefusedError(403, "Forbidden: bot was blocked by the user")


def keep_pace(state: State, chat: int) -> None:
    """Refuses the twenty-first send of a second to one chat, and all that follow before the time is over."""
    now = time.monotonic()
    left = state.quiet_until.get(chat, 0.0) - now
    if left > 0:
        raise slow_down(int(left) + 1)
    sends = state.sends.setdefault(chat, deque())
    while sends and now - sends[0] > 1:
        sends.popleft()
    if len(sends) >= SENDS_A_SECOND:
        state.quiet_until[chat] = now + RETRY_AFTER
        raise slow_down(RETRY_AFTER)
    sends.append(now)


def content(state: State, params: Params) -> tuple[str, list[dict[str, Any]], dict[str, Any] | None]:
    """The text, entities and keyboard of a request, if all three are allowed."""
    markup = params.get("reply_markup")
    if markup is not None and "inline_keyboard" not in markup:
        state.violations.append("reply_markup: anything but an inline keyboard makes old messages uneditable")
        raise refuse("only inline keyboards are allowed here")
    if params.get("parse_mode"):
        state.violations.append("parse_mode: this server reads message entities only")
        raise refuse("unsupported parse_mode")
    text, entities = normal(params.get("text", ""), params.get("entities", []))
    return text, entities, keyboard(markup)


def send_message(state: State, params: Params) -> Any:
    chat = chat_of(state, params)
    text, entities, markup = content(state, params)
    may_write(state, chat)
    if state.limits:
        keep_pace(state, chat)
    sent = state.add(chat, ours=True, sender=BOT, text=text, entities=entities, markup=markup)
    return sent.written()


def edit_message_text(state: State, params: Params) -> Any:
    if "chat_id" not in params or "message_id" not in params:
        raise refuse("message identifier is not specified")
    chat = chat_of(state, params)
    text, entities, markup = content(state, params)
    may_write(state, chat)
    message = state.message(chat, params["message_id"])
    if message is None:
        raise refuse("message to edit not found")
    if not message.ours:
        raise refuse("message can't be edited")
    if (text, entities, markup) == (message.text, message.entities, message.markup):
        raise refuse(NOT_MODIFIED)
    message.text, message.entities, message.markup = text, entities, markup
    message.edited = int(state.clock())
    return message.written()


def stuck(state: State, message: Message) -> bool:
    """Whether a message can no longer be deleted for both sides."""
    age = state.clock() - message.date
    return message.id in state.undeletable or age > 48 * HOUR or ("dice" in message.content and age < 24 * HOUR)


def delete(state: State, chat: int, ids: list[int]) -> int:
    """Deletes all of a list or nothing of it, skipping what is not there."""
    found = [message for each in dict.fromkeys(ids) if (message := state.message(chat, each)) is not None]
    if any(stuck(state, message) for message in found):
        raise refuse("message can't be deleted for everyone")
    for message in found:
        del state.chats[chat][message.id]
    return len(found)


def delete_message(state: State, params: Params) -> Any:
    if not delete(state, chat_of(state, params), [params["message_id"]]):
        raise refuse("message to delete not found")
    return True


def delete_messages(state: State, params: Params) -> Any:
    chat, ids = chat_of(state, params), params["message_ids"]
    if not ids:
        raise refuse("message identifiers are not specified")
    if len(ids) > 100:
        raise refuse("too many message identifiers specified")
    if min(ids) <= 0:
        raise refuse("invalid message identifier specified")
    delete(state, chat, ids)
    return True


def answer_callback_query(state: State, params: Params) -> Any:
    press = state.presses.get(params["callback_query_id"])
    if press is None or state.clock() - press.born > PRESS_LIVES:
        raise refuse(TOO_OLD)
    if len(params.get("text", "")) > 200:
        raise refuse("MESSAGE_TOO_LONG")
    press.answered = True
    return True


def language_of(params: Params) -> str:
    """The language a request is about, which must have two letters."""
    code = str(params.get("language_code", ""))
    if code and not re.fullmatch("[a-z]{2}", code):
        raise refuse("invalid language code specified")
    return code


def command_key(params: Params) -> tuple[str, str]:
    """What commands are stored under."""
    return json.dumps(params.get("scope", {"type": "default"}), sort_keys=True), language_of(params)


def set_my_commands(state: State, params: Params) -> Any:
    commands = params["commands"]
    if len(commands) > 100:
        raise refuse("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
            raise refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    state.commands[command_key(params)] = commands
    return True


def get_my_commands(state: State, params: Params) -> Any:
    return state.commands.get(command_key(params), [])


def delete_my_commands(state: State, params: Params) -> Any:
    state.commands.pop(command_key(params), None)
    return True


def setter(field: str) -> Rule:
    """The rule that stores one of the bot's own texts for a language."""

    def rule(state: State, params: Params) -> Any:
        text = params.get(field, "")
        if len(text) > TEXT_LIMITS[field]:
            raise refuse(f"bot {field.replace('_', ' ')} is too long")
        state.texts[field, language_of(params)] = text
        return True

    return rule


def getter(field: str) -> Rule:
    """The rule that returns one of the bot's own texts for a language."""

    def rule(state: State, params: Params) -> Any:
        unset = BOT["first_name"] if field == "name" else ""
        return {field: state.texts.get((field, language_of(params))) or state.texts.get((field, "")) or unset}

    return rule


def set_webhook(state: State, params: Params) -> Any:
    url, secret = urlsplit(params["url"]), params.get("secret_token", "")
    local = url.hostname == "127.0.0.1"  # as a server of one's own allows
    if url.scheme != "https" and not (local and url.scheme == "http"):
        raise refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if not local and (url.port or 443) not in WEBHOOK_PORTS:
        raise refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if len(secret) > 256:
        raise refuse("secret token is too long")
    if not re.fullmatch(r"[\w-]*", secret, re.ASCII):
        raise refuse("secret token contains unallowed characters")
    certificate = params.get("certificate", {}).get("content", "")
    if certificate and "BEGIN CERTIFICATE" not in certificate:
        raise refuse("bad webhook: certificate")
    state.webhook = params["url"]
    connections = min(max(params.get("max_connections", 40), 1), 100)
    state.hook = Hook(secret, certificate, connections, state.hook.generation + 1)
    if "allowed_updates" in params:
        state.allowed = set(params["allowed_updates"])
    return drop_pending(state, params)


def delete_webhook(state: State, params: Params) -> Any:
    state.webhook, state.hook = "", Hook(generation=state.hook.generation + 1)
    return drop_pending(state, params)


def drop_pending(state: State, params: Params) -> bool:
    """Drops what waits, if asked to."""
    if params.get("drop_pending_updates"):
        state.pending.clear()
    return True


def get_webhook_info(state: State, _: Params) -> Any:
    hook = state.hook
    told: Params = {
        "url": state.webhook,
        "has_custom_certificate": bool(hook.certificate),
        "pending_update_count": len(state.live()),
        "allowed_updates": sorted(state.allowed),
    }
    if state.webhook:
        told["max_connections"] = hook.connections
    if hook.failed:
        told |= {"last_error_date": hook.failed, "last_error_message": hook.failure}
    return told


def leave_chat(state: State, params: Params) -> Any:
    chat = chat_of(state, params)
    if chat > 0:
        raise refuse("chat member status can't be changed in private chats")
    state.left.add(chat)
    return True


def get_me(state: State, _: Params) -> Any:
    return ABOUT_BOT | {"first_name": state.texts.get(("name", "")) or BOT["first_name"]}


def say_true(_: State, __: Params) -> Any:
    return True


RULES: dict[str, Rule] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": setter("name"),
    "getMyName": getter("name"),
    "setMyDescription": setter("description"),
    "getMyDescription": getter("description"),
    "setMyShortDescription": setter("short_description"),
    "getMyShortDescription": getter("short_description"),
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "leaveChat": leave_chat,
    "logOut": say_true,
    "close": say_true,
}
