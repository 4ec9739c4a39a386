"""Nobody but its own page speaks to the preview."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest

from bot.messengers.preview.server import BODY_LIMIT, HOST, Server, TakenError
from bot.preview.draft import Drafts
from bot.preview.stage import Stage

Given = Mapping[str, str]
DRAFTS = Drafts()
"""The shipped texts, read once."""

NONE: Given = {}


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Stage, Server]]:
    stage = Stage(DRAFTS)
    server = Server(stage)
    await stage.open()
    task = asyncio.create_task(server.run())
    try:
        yield stage, server
    finally:
        server.stop()
        await task


async def ask(server: Server, path: str, method: str = "GET", body: bytes = b"", *, given: Given = NONE) -> Answer:
    """What is answered; `given` are headers in place of those our own page sends. An empty one is not sent."""
    here = f"127.0.0.1:{server.port}"
    usual = {"host": here, "authorization": f"Bearer {server.gate.key}"}
    if method == "POST":
        usual["origin"] = f"http://{here}"
    headers = {**usual, **given}

    def one() -> Answer:
        connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            if value:
                connection.putheader(name, value)
        if body:
            connection.putheader("content-length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        try:
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    return await asyncio.to_thread(one)


async def test_its_own_page_is_let_in() -> None:
    async with served() as (stage, server):
        before = await stage.view()
        done = await ask(server, "/act/say", "POST", json.dumps({"text": "3"}).encode())
        assert done.status == 204
        assert (await stage.view())[0] > before[0]
        assert (await ask(server, "/places?text=calif")).body.startswith(b'[{"code":"US-CA"')


STRANGE: tuple[dict[str, str], ...] = (
    {"authorization": ""},
    {"authorization": "Bearer guessed"},
    {"authorization": "Bearer \u00e9"},
    {"host": "evil.example"},
    {"host": ""},
    {"host": "127.0.0.1:1"},
    {"host": "127.0.0.1"},
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"origin": ""},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
)


async def test_anything_else_is_refused() -> None:
    async with served() as (stage, server):
        before = await stage.view()
        for given in STRANGE:
            # Without a name of a host it is answered, and the line closed, before anything that follows is read.
            body = b'{"text": "3"}' if given.get("host") != "" else b""
            refused = await ask(server, "/act/say", "POST", body, given=given)
            assert refused.status in {400, 403}, given
            assert not refused.body or b"waymark" not in refused.body.lower()
            assert await stage.view() == before, given
            if "origin" not in given or given["origin"]:
                for path in ("/events", "/places?text=x"):
                    assert (await ask(server, path, given=given)).status in {400, 403}, given


async def test_a_name_that_points_here_is_not_ours_even_for_the_bare_page() -> None:
    bare = {"authorization": ""}
    async with served() as (_, server):
        assert (await ask(server, "/", given=bare)).status == 200
        for path in ("/", "/static/main.js", "/diagnostics/W302"):
            assert (await ask(server, path, given={**bare, "host": f"rebound.example:{server.port}"})).status == 403


async def test_it_listens_at_loopback_alone() -> None:
    async with served() as (_, server):
        others = [info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
        for address in {"127.0.0.2", *map(str, others)} - {"127.0.0.1"}:
            with pytest.raises(OSError, match=r"."):
                await asyncio.to_thread(socket.create_connection, (address, server.port), 5)


async def test_a_port_that_is_taken_is_said() -> None:
    async with served() as (stage, server):
        with pytest.raises(TakenError, match=f"127.0.0.1:{server.port}"):
            Server(stage, server.port)


async def test_every_answer_keeps_the_page_to_itself() -> None:
    async with served() as (_, server):
        for path in ("/", "/static/main.js", "/places?text=x", "/diagnostics/W101", "/nothing", "/static/../gate.py"):
            headers = (await ask(server, path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-content-type-options"] == "nosniff"
            assert "set-cookie" not in headers
            assert "server" not in headers
            assert not [name for name in headers if name.startswith("access-control")]


NOT_OF_THE_PAGE = (
    "/static/../gate.py", "/static/../../../../etc/passwd", "/static/%2e%2e/gate.py", "/static/vendor", "/static/",
    "/static/vendor/README.md", "/static//etc/passwd", "/diagnostics/../W101", "/diagnostics/README", "/favicon.ico",
)  # fmt: skip


async def test_only_the_files_of_the_page_are_served() -> None:
    async with served() as (_, server):
        for path in NOT_OF_THE_PAGE:
            assert (await ask(server, path)).status == 404, path


async def test_what_is_no_deed_or_no_request_of_ours_is_refused() -> None:
    async with served() as (_, server):
        assert (await ask(server, "/act/fly", "POST", b"{}")).status == 404
        assert (await ask(server, "/act/say", "POST", b"[1]")).status == 400
        assert (await ask(server, "/act/say", "POST", b"\xff")).status == 400
        assert (await ask(server, "/act/say", "POST", b" " * (BODY_LIMIT + 1))).status == 413
        assert (await ask(server, "/act/say")).status == 404
        assert (await ask(server, "/", "POST", b"{}")).status == 404


async def test_the_key_is_new_each_time_and_stands_in_no_request_line() -> None:
    async with served() as (stage, server):
        with_key = server.address
        assert with_key == f"http://127.0.0.1:{server.port}/#{server.gate.key}"
        assert len(server.gate.key) >= 40
        other = Server(stage)
        assert other.gate.key != server.gate.key
        other.stop()
        await other.run()


async def test_the_page_is_brought_every_view_until_the_program_ends() -> None:
    async with served() as (stage, server):
        reader, writer = await asyncio.open_connection(HOST, server.port)
        head = (
            f"GET /events HTTP/1.1\r\nhost: 127.0.0.1:{server.port}\r\nauthorization: Bearer {server.gate.key}\r\n\r\n"
        )
        writer.write(head.encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in answer
        assert b"cache-control: no-store" in answer
        first = await reader.readuntil(b"\n\n")
        assert b"Is it all right" in first
        await stage.act("say", {"text": "1"})
        assert b"I ask, you choose" in await reader.readuntil(b"\n\n")
        server.stop()
        await reader.read()
        writer.close()
        await writer.wait_closed()


async def test_a_fault_ends_the_stream_and_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(Stage):
        async def view(self) -> tuple[int, bytes]:
            raise ValueError("quetzalword")

    stage = Faulty(DRAFTS)
    server = Server(stage)
    await stage.open()
    task = asyncio.create_task(server.run())
    answer = await ask(server, "/events")
    assert (answer.status, answer.body) == (200, b"")
    assert (await ask(server, "/")).status == 200
    server.stop()
    await task
    assert "fault: ValueError" in caplog.text
    assert "quetzalword" not in caplog.text
