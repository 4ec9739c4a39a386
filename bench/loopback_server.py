"""A fast Bot API for load, in a process of its own: sockets, answers made ahead, and users who never think.

Run as `python -m bench.loopback_server DELAY`; prints its port. `POST /run` with a JSON body starts a phase.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import parse_qs

import msgspec

from bench.users import Load, message

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
_ME = (
    b'{"ok":true,"result":{"id":7000000001,"is_bot":true,"first_name":"N","username":"n_bot","can_join_groups":false,'
    b'"can_read_all_group_messages":false,"supports_inline_queries":false}}'
)
_TRUE = b'{"ok":true,"result":true}'
_NONE = b'{"ok":true,"result":[]}'
FIXED = {"getMe": _ME, "getMyCommands": _NONE, "getWebhookInfo": b'{"ok":true,"result":{}}'}
LONGEST = 50.0


class _Asked(msgspec.Struct):
    """The parameters that matter here; a form is read into the same."""

    chat_id: int | str = 0
    message_id: int | str = 0
    reply_markup: msgspec.Raw = msgspec.Raw(b"")
    offset: int | str = 0
    limit: int | str = 100
    timeout: float | str = 0


_json = msgspec.json.Decoder(_Asked).decode


def read(body: bytes, kind: bytes) -> _Asked:
    """The parameters of a call, JSON or a form."""
    if b"json" in kind:
        return _json(body)
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    found = _Asked(**{name: form[name] for name in _Asked.__struct_fields__ if name in form})  # type: ignore[arg-type]
    if "reply_markup" in form:
        found.reply_markup = msgspec.Raw(form["reply_markup"].encode())
    return found


class Server(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load, delay: float) -> None:
        self._load = load
        self._delay = delay
        self._held = b""
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        del exc
        for task in self._tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        """Read whole requests."""
        self._held += data
        while True:
            head, there, rest = self._held.partition(b"\r\n\r\n")
            if not there:
                return
            low = head.lower()
            length = int(low.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(rest) < length:
                return
            self._held = rest[length:]
            method = head.partition(b" HTTP/")[0].rpartition(b"/")[2].decode()
            kind = low.partition(b"content-type:")[2].partition(b"\r\n")[0]
            self._asked(method, rest[:length], kind)

    def _asked(self, method: str, body: bytes, kind: bytes) -> None:
        if method == "run":
            self._start(self._run(body))
            return
        self._load.called(method)
        if method == "getUpdates":
            self._start(self._poll(read(body, kind)))
        elif method in {"sendMessage", "editMessageText"}:
            asked = read(body, kind)
            chat, number = int(asked.chat_id), int(asked.message_id) or self._load.next_message()
            answer = b'{"ok":true,"result":%b}' % message(number, chat)
            self._answer(answer, lambda: self._load.shown(chat, number, bytes(asked.reply_markup)))
        else:
            self._answer(FIXED.get(method, _TRUE))

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _answer(self, body: bytes, then: Callable[[], None] | None = None) -> None:
        """Answer, with what is added to every answer; a screen reaches its user as the answer reaches the bot."""
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._write, body, then)
        else:
            self._write(body, then)

    def _write(self, body: bytes, then: Callable[[], None] | None = None) -> None:
        self._transport.write(_HEAD % (len(body), body))
        if then:
            then()

    async def _poll(self, asked: _Asked) -> None:
        """Confirm, wait for updates, and offer them."""
        load, offset = self._load, int(asked.offset)
        load.polled.set()
        while load.delivered and load.delivered[-1][0] >= offset:
            load.updates.appendleft(load.delivered.pop())
        load.delivered.clear()
        if not load.updates:
            load.more.clear()
            try:
                await asyncio.wait_for(load.more.wait(), min(float(asked.timeout), LONGEST))
            except TimeoutError:
                self._answer(_NONE)
                return
        load.delivered.extend(load.updates.popleft() for _ in range(min(int(asked.limit), len(load.updates))))
        self._answer(b'{"ok":true,"result":[%b]}' % b",".join(body for _, body in load.delivered))

    async def _run(self, body: bytes) -> None:
        found = await self._load.run(**msgspec.json.decode(body))
        self._write(msgspec.json.encode(found))


async def main(delay: float) -> None:
    """Serve until killed."""
    load = Load()
    server = await asyncio.get_running_loop().create_server(lambda: Server(load, delay), "127.0.0.1", 0)
    gc.freeze()
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
