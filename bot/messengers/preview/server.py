"""The web server of the preview: on 127.0.0.1, for the page it brings itself; it writes no log."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import parse_qs

import msgspec
import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from bot.messengers.preview.gate import HEADERS, Gate
from bot.privacy.logs import fault
from bot.privacy.served import QUIET

log = logging.getLogger(__name__)
HOST = "127.0.0.1"
BODY_LIMIT = 64 * 1024
"""The most bytes something said may have: more than the longest message anywhere."""

STOPPING = 1
"""Seconds a request in hand has at a stop."""

KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
}

_fields = msgspec.json.Decoder(dict[str, str])


class TakenError(Exception):
    """Something else listens at the port; the message says which."""


class Desk(Protocol):
    """What the page shows and does."""

    async def view(self) -> tuple[int, bytes]:
        """Everything there is to show, as JSON, and its number."""

    async def after(self, number: int) -> bool:
        """Wait for a view of a higher number; False where there will be none."""

    async def act(self, deed: str, fields: Mapping[str, str]) -> bool:
        """Do what somebody did on the page; False where there is no such thing to do."""

    def places(self, text: str) -> bytes:
        """Places that `text` may name, as JSON."""

    def explanation(self, code: str) -> str:
        """The page of a diagnostic; empty where there is none."""

    def close(self) -> None:
        """Let nobody wait any longer."""


class Server:
    """Serves one desk to one page. `address` is where, with the key in the part that no server is sent."""

    def __init__(self, desk: Desk, port: int = 0) -> None:
        """Begin to listen at `port`, or at any that is free. Raises `TakenError` where somebody else does."""
        try:
            self._listening = socket.create_server((HOST, port))
        except (OSError, OverflowError) as error:
            raise TakenError(f"cannot listen at {HOST}:{port}: {getattr(error, 'strerror', None) or error}") from None
        self.port: int = self._listening.getsockname()[1]
        self.gate = Gate(self.port)
        self._desk = desk
        self._server = _Quiet(self._config())

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{HOST}:{self.port}/#{self.gate.key}"

    async def run(self) -> None:
        """Serve until told to stop."""
        try:
            await self._server.serve(sockets=[self._listening])
        finally:
            self._listening.close()

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self,
            timeout_graceful_shutdown=STOPPING,
            **QUIET,
        )

    def stop(self) -> None:
        """Answer what is in hand, and listen no more."""
        self._desk.close()
        self._server.should_exit = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["path"] == "/events" and scope["method"] == "GET" and self._lets(scope, bare=False):
            try:
                await _Stream(self._desk, receive, send).run()
            except Exception as error:  # noqa: BLE001 - it ends here; the page asks again
                fault(log, error)
            return
        with suppress(ClientDisconnect):
            try:
                answer = await self._answer(Request(scope, receive))
            except ClientDisconnect:
                raise
            except Exception as error:  # noqa: BLE001 - nothing of it may reach a log, or a page
                fault(log, error)
                answer = Response(status_code=500)
            answer.headers.update(HEADERS)
            await answer(scope, receive, send)

    def _lets(self, scope: Scope, *, bare: bool) -> bool:
        return self.gate.lets(scope["method"], scope["headers"], bare=bare)

    async def _answer(self, request: Request) -> Response:
        path, method = request.scope["path"], request.method
        asks_bare = path == "/" or path.startswith(("/static/", "/diagnostics/"))
        if not self._lets(request.scope, bare=asks_bare and method == "GET"):
            return Response(status_code=403)
        if method == "GET" and asks_bare:
            return self._shipped(path)
        if method == "GET" and path == "/places":
            asked = parse_qs(request.scope["query_string"].decode("latin-1"))
            return Response(self._desk.places(asked.get("text", [""])[0]), media_type="application/json")
        if method == "POST" and path.startswith("/act/"):
            return await self._act(path.removeprefix("/act/"), request)
        return Response(status_code=404)

    async def _act(self, deed: str, request: Request) -> Response:
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > BODY_LIMIT:
                return Response(status_code=413)
        try:
            fields = _fields.decode(bytes(body) or b"{}")
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return Response(status_code=400)
        return Response(status_code=204 if await self._desk.act(deed, fields) else 404)

    def _shipped(self, path: str) -> Response:
        """A file of the page, or the page of a diagnostic: what everybody has who has the program."""
        if path.startswith("/diagnostics/"):
            text = self._desk.explanation(path.removeprefix("/diagnostics/"))
            return Response(text, media_type="text/html") if text else Response(status_code=404)
        parts = PurePosixPath(path.removeprefix("/static/") if path != "/" else "page.html").parts
        file = files("bot.messengers.preview") / "static"
        for part in parts:
            if part not in {entry.name for entry in file.iterdir()}:
                return Response(status_code=404)
            file /= part
            if not file.is_dir():
                break
        kind = KINDS.get(PurePosixPath(file.name).suffix)
        return Response(file.read_bytes(), media_type=kind) if kind and file.is_file() else Response(status_code=404)


class _Stream:
    """Server-sent events: every view as it comes, until the page or the program goes."""

    def __init__(self, desk: Desk, receive: Receive, send: Send) -> None:
        self._desk, self._receive, self._send = desk, receive, send

    async def run(self) -> None:
        headers = {**HEADERS, "content-type": "text/event-stream"}
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": 200, "headers": encoded})
        sending, gone = asyncio.create_task(self._views()), asyncio.create_task(self._gone())
        try:
            await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, gone):
                task.cancel()
            await asyncio.wait({sending, gone})
        if not sending.cancelled():
            await self._send({"type": "http.response.body", "body": b""})
            sending.result()

    async def _views(self) -> None:
        number = -1
        while await self._desk.after(number):
            number, view = await self._desk.view()
            part: Message = {"type": "http.response.body", "body": b"data: " + view + b"\n\n", "more_body": True}
            await self._send(part)

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


class _Quiet(uvicorn.Server):
    """The server without its signals: whoever runs it has them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
