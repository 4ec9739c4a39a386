"""A webhook: Telegram brings the updates, and each is answered only when its turn is kept."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.messengers.telegram.hook import HEALTH, Hook
from bot.messengers.telegram.intake import Intake
from bot.messengers.telegram.refusal import RefusedError
from bot.messengers.telegram.standing import hang, watch
from bot.messengers.telegram.wire import Wire
from bot.privacy.logs import fault
from bot.privacy.served import QUIET

log = logging.getLogger(__name__)
SECRET = b"x-telegram-bot-api-secret-token"
BODY_LIMIT = 256 * 1024
"""The most bytes an update may have: eight times what the longest message, and one that it answers, come to."""

CONNECTIONS = 400
"""How many connections may be open: four times what Telegram opens; each without a request is closed in time."""

PATIENCE = 10.0
"""Seconds a request may take to come, and wait for room."""

KEEP = 75
"""Seconds a connection may stay open between two requests."""

STOPPING = 1
"""Seconds requests in hand have to be answered at a stop; an update that is not comes again at the next start."""

_CLOSE = {"connection": "close"}


class Webhook:
    """The program's own small web server: one path for updates, one for whoever watches over it."""

    def __init__(self, wire: Wire, intake: Intake, hook: Hook, well: Callable[[], Awaitable[bool]]) -> None:
        self.secret = secrets.token_urlsafe(32)
        """What Telegram says with every update: new at each start, and in memory only."""
        self._wire, self._intake, self._hook, self._well = wire, intake, hook, well
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to listen. Raises `RefusedError` where somebody else does."""
        hook = self._hook
        family = socket.AF_INET6 if ":" in hook.host else socket.AF_INET
        try:
            listening = socket.create_server((hook.host, hook.port), family=family)
        except OSError as error:
            raise RefusedError(f"cannot listen at {hook.host}:{hook.port}: {error.strerror or error}") from None
        config = uvicorn.Config(
            self,
            http=_Connection,
            timeout_keep_alive=KEEP,
            timeout_graceful_shutdown=STOPPING,
            limit_concurrency=CONNECTIONS,
            ssl_certfile=hook.certificate,
            ssl_keyfile=hook.key,
            **QUIET,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))

    async def run(self) -> None:
        """Have updates brought until cancelled. Raises `RefusedError` where they never will be.

        The webhook stays set when we stop, so that updates wait for us.
        """
        assert self._serving, "open() comes first"
        bringing = asyncio.create_task(self._brought())
        try:
            await asyncio.wait({bringing, self._serving}, return_when=asyncio.FIRST_COMPLETED)
            if not bringing.done():
                raise RefusedError("the web server ended; start the bot again")
            bringing.result()
        finally:
            bringing.cancel()

    async def _brought(self) -> None:
        await hang(self._wire, self._hook, self.secret)
        await watch(self._wire, self._hook)

    async def close(self) -> None:
        """Answer what is in hand, and listen no more."""
        if self._server and self._serving:
            self._server.should_exit = True
            await asyncio.wait({self._serving})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        with suppress(ClientDisconnect):
            try:
                answer = await self._answer(Request(scope, receive))
            except ClientDisconnect:
                raise
            except Exception as error:  # noqa: BLE001 - nothing of it may reach the library's log, or its page
                fault(log, error)
                answer = Response(status_code=500, headers=_CLOSE)
            await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        """What one request is answered. Whoever does not know the secret learns nothing, not even that there is one."""
        path, method = request.scope["path"], request.method
        if path == HEALTH and method == "GET":
            well = await self._well()
            return Response("ok\n" if well else "no\n", 200 if well else 503, media_type="text/plain")
        given = [value for name, value in request.scope["headers"] if name == SECRET]
        known = secrets.compare_digest(given[0] if given else b"", self.secret.encode())
        if path != self._hook.path or method != "POST" or len(given) != 1 or not known:
            return Response(status_code=404, headers=_CLOSE)
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _body(request)
        except TimeoutError:
            return Response(status_code=408, headers=_CLOSE)
        if body is None:
            return Response(status_code=413, headers=_CLOSE)
        if not await self._intake.take(body, PATIENCE):
            return Response(status_code=503, headers={"retry-after": "1"})
        return Response(status_code=200)


async def _body(request: Request) -> bytes | None:
    """The body; None as soon as it is too long, whatever it said of its length."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdecimal() and int(length[:16]) > BODY_LIMIT:
        return None
    held = bytearray()
    async for part in request.stream():
        held += part
        if len(held) > BODY_LIMIT:
            return None
    return bytes(held)


class _Server(uvicorn.Server):
    """The server without its signals: `run` has them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Connection(H11Protocol):
    """A connection that is closed where no request comes in time: the library waits for ever."""

    _overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the library has it
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        self._await_request(PATIENCE)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        super().connection_lost(exc)
        if self._overdue:
            self._overdue.cancel()

    def on_response_complete(self) -> None:
        """See the library's."""
        self._await_request(KEEP + PATIENCE)
        super().on_response_complete()

    def _await_request(self, seconds: float) -> None:
        if self._overdue:
            self._overdue.cancel()
        self._overdue = self.loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr]  # none before the first
            self.transport.abort()
