"""How we stand with Telegram: who we are there, and where it brings updates."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.messengers.telegram import chat
from bot.messengers.telegram.hook import Hook
from bot.messengers.telegram.refusal import TOKEN, RefusedError
from bot.messengers.telegram.updates import ALLOWED
from bot.messengers.telegram.wire import Prepared, Wire
from bot.privacy.logs import fault

log = logging.getLogger(__name__)
CONNECTIONS = 100
"""How many updates Telegram may bring at a time: the most it knows."""

EVERY = 60.0
"""Seconds after which we look whether the webhook is still ours."""

Commands = Mapping[str, tuple[tuple[str, str], ...]]
"""Commands and what they do, by language; the empty language is what everybody else sees."""


class _Me(msgspec.Struct):
    id: int
    username: str = ""
    can_join_groups: bool = False
    can_read_all_group_messages: bool = False
    supports_inline_queries: bool = False


class Bringing(msgspec.Struct):
    """Where Telegram brings updates, and how that goes."""

    url: str = ""
    has_custom_certificate: bool = False
    pending_update_count: int = 0
    last_error_date: int = 0
    last_error_message: str = ""
    max_connections: int = 0
    allowed_updates: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The host alone: what follows it may be somebody's secret."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


class _Command(msgspec.Struct):
    command: str
    description: str


async def _told(wire: Wire, method: str, kind: Any, **parameters: Any) -> Any:
    """What a method tells. Raises `RefusedError` for a token that is refused, `TelegramError` for anything else."""
    try:
        return msgspec.convert(await wire.call(method, **parameters), kind)
    except InvalidToken:
        raise RefusedError(TOKEN) from None
    except msgspec.ValidationError:
        raise TelegramError("an answer that is none") from None


async def bringing(wire: Wire) -> Bringing:
    """Where Telegram brings updates. Raises as `wire.call` does, and `RefusedError` for a token that is refused."""
    found: Bringing = await _told(wire, "getWebhookInfo", Bringing)
    return found


async def make_way(wire: Wire, *, remove: bool) -> None:
    """Before polling: no webhook may be set. One that is, is removed if the operator said so, and never silently.

    Raises `RefusedError` where it stays.
    """
    try:
        held = await bringing(wire)
        if held.url and remove:
            await wire.call("deleteWebhook")
            log.warning("removed the webhook at %s, as you asked; what waits comes now", held.host)
    except TelegramError as error:
        fault(log, error)  # the network may come back, and polling says what is wrong
        return
    if held.url and not remove:
        raise RefusedError(
            f"Telegram brings updates to a webhook at {held.host}: run with --webhook to go on so, "
            "or with --poll to remove it and ask for updates instead; what waits is kept either way"
        )


async def hang(wire: Wire, hook: Hook, secret: str) -> None:
    """Set the webhook, trying until Telegram answers. What waits there stays. Raises `RefusedError` for a no."""
    parameters = {
        "url": hook.url,
        "secret_token": secret,
        "allowed_updates": list(ALLOWED),
        "max_connections": CONNECTIONS,
    }
    failures = 0
    while True:
        try:
            await wire.send("setWebhook", _body(parameters, hook.own))
        except RetryAfter as error:
            await asyncio.sleep(chat.seconds_of(error))
        except InvalidToken:
            raise RefusedError(TOKEN) from None
        except BadRequest as error:
            raise RefusedError(f"--webhook: Telegram does not take it: {error.message}") from None
        except TelegramError as error:
            fault(log, error)
            await asyncio.sleep(chat.pause(min(failures, 3)))
            failures += 1
        else:
            return


async def watch(wire: Wire, hook: Hook, pause: Callable[[], Awaitable[object]] = lambda: asyncio.sleep(EVERY)) -> None:
    """Look now and then whether updates still come to us. Raises `RefusedError` where they never will again."""
    said = 0
    while True:
        await pause()
        try:
            held = await bringing(wire)
        except TelegramError as error:
            fault(log, error)
            continue
        if held.url != hook.url:
            raise RefusedError(
                "another program uses this token: it removed the webhook, or set its own; one bot, one process"
            )
        if held.last_error_date > said:
            said = held.last_error_date
            log.warning("Telegram could not bring an update: %s", held.last_error_message)


def _body(parameters: dict[str, Any], certificate: bytes) -> bytes | Prepared:
    """The call as JSON, or with the certificate as the form that files need."""
    if not certificate:
        return msgspec.json.encode(parameters)
    border = secrets.token_hex(16).encode()
    parts = [
        b'Content-Disposition: form-data; name="%b"\r\n\r\n%b'
        % (name.encode(), value.encode() if isinstance(value, str) else msgspec.json.encode(value))
        for name, value in parameters.items()
    ]
    parts.append(
        b'Content-Disposition: form-data; name="certificate"; filename="certificate.pem"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n%b" % certificate
    )
    body = b"".join(b"--%b\r\n%b\r\n" % (border, part) for part in parts) + b"--%b--\r\n" % border
    return Prepared(body, f"multipart/form-data; boundary={border.decode()}")


async def check(wire: Wire, commands: Commands) -> list[str]:
    """What Telegram thinks of us, a line each. Asks, and changes nothing. Raises `RefusedError` where it is silent."""
    try:
        return await _check(wire, commands)
    except TelegramError as error:
        raise RefusedError(f"Telegram does not answer ({type(error).__name__}): try again later") from None


async def _check(wire: Wire, commands: Commands) -> list[str]:
    me: _Me = await _told(wire, "getMe", _Me)
    held = await bringing(wire)
    lines = [f"the bot: {me.id}, @{me.username}", *_identity(me), *_updates(held)]
    for language, wanted in commands.items():
        of = {"language_code": language} if language else {}
        found = await _told(wire, "getMyCommands", tuple[_Command, ...], **of)
        name = language or "every other language"
        if not found:
            lines.append(f"commands, {name}: none; they are set at the next start")
        else:
            same = tuple((each.command, each.description) for each in found) == wanted
            names = ", ".join(each.command for each in found)
            lines.append(f"commands, {name}: {names}{'' if same else '; others are set at the next start'}")
    return lines


def _identity(me: _Me) -> Iterator[str]:
    for is_on, what, how in (
        (me.can_join_groups, "groups", "/setjoingroups"),
        (me.can_read_all_group_messages, "reading along in groups", "/setprivacy"),
        (me.supports_inline_queries, "inline mode", "/setinline"),
    ):
        yield f"{what}: {f'on; turn it off with {how} at @BotFather' if is_on else 'off'}"


def _updates(held: Bringing) -> Iterator[str]:
    """The webhook, what waits, and what went wrong last."""
    if held.url:
        own = ", with a certificate of its own" if held.has_custom_certificate else ""
        yield f"updates: brought to a webhook at {held.host}{own}, {held.max_connections} at a time"
    else:
        yield "updates: asked for; no webhook is set"
    yield f"kinds asked for: {', '.join(held.allowed_updates) or 'not said yet'}"
    yield f"updates that wait: {held.pending_update_count}"
    if held.last_error_date:
        at = datetime.fromtimestamp(held.last_error_date, UTC)
        yield f"last error: {held.last_error_message}, {at:%Y-%m-%d %H:%M} UTC"
    else:
        yield "last error: none"
