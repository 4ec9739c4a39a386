"""Calls to the Bot API: the library's request class over `aiohttp`, with its error tree and none of its logs."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import msgspec
from telegram._utils.defaultvalue import DEFAULT_NONE
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.messengers.telegram.updates import mended

CONNECTIONS = 256
TIMEOUT = 20.0
"""Seconds an answer may take; a long poll adds its own."""

TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS


JSON = "application/json"


class _Updates(msgspec.Struct):
    result: list[msgspec.Raw]


_updates = msgspec.json.Decoder(_Updates).decode
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Prepared(RequestData):  # type: ignore[misc]  # final by its docs alone: it has no way to hold a ready body
    """A request whose body is ready: JSON, or what `kind` says."""

    def __init__(self, body: bytes, kind: str = JSON) -> None:
        super().__init__()
        self.body, self.kind = body, kind


class Wire(BaseRequest):
    """The library's request class over `aiohttp`: a third of the time of the one it ships."""

    __slots__ = ("_base", "_proxy", "_session", "_timeout", "api")

    def __init__(self, api: str, token: str, timeout: float = TIMEOUT) -> None:
        """`api` ends in ``/bot``; the token follows it, as in every address of the Bot API. `timeout` is in seconds."""
        self.api = api
        self._timeout = timeout
        self._base = f"{api}{token}/"
        self._session: aiohttp.ClientSession | None = None
        self._proxy: str | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take."""
        return self._timeout

    async def initialize(self) -> None:
        """Open the connections."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=75)
            )
            self._proxy = _proxy(self.api)

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, method: str, timeout: float | None = None, **parameters: Any) -> Any:  # noqa: ASYNC109 - the server's
        """The result of a method. Raises the library's errors, with nothing of the request in them."""
        return await self.send(method, _encode(parameters), timeout)

    async def send(self, method: str, body: bytes | Prepared, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - as above
        """The result of a method whose parameters are JSON already, or made ready some other way."""
        ready = body if isinstance(body, Prepared) else Prepared(body)
        return await self.post(self._base + method, ready, read_timeout=timeout)

    async def updates(self, timeout: float, **parameters: Any) -> list[msgspec.Raw]:  # noqa: ASYNC109 - the server's
        """Updates as they came: each is read by itself, so that a bad one spoils no other."""
        body = Prepared(_encode({**parameters, "timeout": int(timeout)}))
        payload = await self._request_wrapper(
            self._base + "getUpdates", "POST", body, read_timeout=timeout + self._timeout
        )
        for text in (payload, mended(payload)):
            with suppress(msgspec.MsgspecError, UnicodeDecodeError):
                return _updates(text).result
        raise GarbledError("updates that are not JSON")

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = DEFAULT_NONE,
        write_timeout: Any = DEFAULT_NONE,
        connect_timeout: Any = DEFAULT_NONE,
        pool_timeout: Any = DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See the library's `BaseRequest.do_request`."""
        del write_timeout, connect_timeout, pool_timeout
        assert self._session is not None, "initialize() comes first"
        body = request_data.body if isinstance(request_data, Prepared) else b""
        if request_data is not None and not isinstance(request_data, Prepared):
            body = _encode(request_data.parameters)
        seconds = self._timeout if read_timeout is DEFAULT_NONE or read_timeout is None else float(read_timeout)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                proxy=self._proxy,
                headers={"Content-Type": request_data.kind if isinstance(request_data, Prepared) else JSON},
                timeout=aiohttp.ClientTimeout(total=seconds, connect=self._timeout),
            ) as answer:
                status, payload = answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise UnconnectedError(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except aiohttp.ClientError as error:
            raise Unanswered(type(error).__name__) from None
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or (status == TOO_MANY and b"retry_after" not in payload):
            raise UnwellError(f"the server answered {status}")  # a gateway's page may hold the path, and so the token
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """The answer as an object; where it is none, an error that holds nothing of it."""
        try:
            found = _decode(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise GarbledError("an answer that is not JSON") from None
        if not isinstance(found, dict):
            raise GarbledError("an answer that is not an object")
        return found


class Unanswered(TimedOut):
    """The connection broke: whether the request was carried out, nobody knows."""


class UnconnectedError(NetworkError):
    """There was no connection, by name, address or certificate: nothing was carried out."""


class UnwellError(NetworkError):
    """The server, or a gateway before it, is not well: whether the request was carried out, nobody knows."""


class GarbledError(TelegramError):
    """An answer that nobody can read: the request may have been carried out."""


IN_DOUBT = (TimedOut, UnwellError, GarbledError)
"""Errors after which nobody knows whether the request was carried out."""

PASSING = (*IN_DOUBT, UnconnectedError)
"""Errors that trying again may mend, each by its name: the library's `NetworkError` is also the parent of refusals."""


def _proxy(api: str) -> str | None:
    """The proxy the environment names for an address, looked up once: `aiohttp` would ask a thread at every call."""
    parts = urlsplit(api)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)
