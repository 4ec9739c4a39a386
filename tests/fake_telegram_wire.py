"""How the fake Bot API server reads a request and writes an answer."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from fake_telegram_faults import Fault
from fake_telegram_state import RefusedError, refuse

GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway<hr>{path}</body></html>"


@dataclass(slots=True)
class Answer:
    """What goes back over the wire."""

    status: int
    told: dict[str, Any]
    text: str = ""


def no(code: int, description: str) -> dict[str, Any]:
    """A refusal as the Bot API writes it."""
    return {"ok": False, "error_code": code, "description": description}


def refused(error: RefusedError) -> Answer:
    """The answer a refusal becomes."""
    more = {"parameters": error.parameters} if error.parameters else {}
    return Answer(error.code, no(error.code, error.description) | more)


def written(answer: Answer) -> web.Response:
    """The answer on the wire: JSON, or the page of a gateway."""
    kind = "text/html" if answer.text.startswith("<") else "application/json"
    return web.Response(status=answer.status, text=answer.text or json.dumps(answer.told), content_type=kind)


async def body(request: web.Request) -> tuple[dict[str, Any], bool]:
    """The parameters as sent, and whether they are text to be read by type."""
    if request.content_type == "application/json" and request.can_read_body:
        try:
            sent = await request.json()
        except ValueError:
            raise refuse("can't parse the body as JSON") from None
        return (sent if isinstance(sent, dict) else {"": sent}), False
    return {**request.query, **{name: uploaded(value) for name, value in (await request.post()).items()}}, True


def uploaded(value: Any) -> Any:
    """A file of a form, as an object that holds its text; anything else as it is."""
    if not isinstance(value, web.FileField):
        return value
    return {"name": value.filename, "content": value.file.read().decode()}


def garbled(request: web.Request, fault: Fault | None) -> Answer | None:
    """What a gateway says in place of the server."""
    if fault and fault.kind == "server_error":
        return Answer(502, {}, GATEWAY_PAGE.format(path=request.path))
    if fault and fault.kind == "garbage":
        return Answer(200, {}, "<p>not what you asked for</p>")
    return None


async def travel(seconds: float, *, arrives: bool) -> None:
    """The way to the server: what has been sent arrives, even if its sender is gone by then."""
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        if not arrives:
            raise


async def interfere(request: web.Request, fault: Fault | None) -> None:
    """Closes the line, or keeps it silent, until the client is gone."""
    if fault is None or fault.kind not in {"hang", "drop", "drop_after", "half"}:
        return
    if fault.kind == "half":
        half = web.StreamResponse(headers={"Content-Length": "400"})
        await half.prepare(request)
        await half.write(b'{"ok": true, "resu')
    if fault.kind != "hang" and request.transport is not None:
        request.transport.abort()
    await asyncio.Event().wait()
