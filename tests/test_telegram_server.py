"""The web server alone: who keeps it waiting, who floods it, how it stops, and what it says of itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import aiohttp
import pytest
from real_bot import free_port
from test_telegram_flood import Clock

from bot.messengers.telegram.health import HOLDS, Health
from bot.messengers.telegram.hook import Hook
from bot.messengers.telegram.webhook import Webhook
from bot.ports import Record, Saved, StoreError
from bot.privacy.keys import Keys
from bot.stores.memory import MemoryStore
from bot.stores.sqlite import SqliteStore

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


class Door:
    """An intake that takes when a test lets it, and has room when a test says so."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.came = asyncio.Event()
        self.room = True

    async def take(self, raw: bytes, patience: float | None = None) -> bool:
        assert patience
        self.came.set()
        await self.gate.wait()
        if self.room:
            self.taken.append(raw)
        return self.room


class Site:
    """A server that runs, and somebody who asks it."""

    def __init__(self, webhook: Webhook, door: Door, port: int, http: aiohttp.ClientSession) -> None:
        self.webhook, self.door, self.port, self.http = webhook, door, port, http
        self.well = True

    async def bring(self, body: bytes) -> tuple[int, str]:
        url, headers = f"http://127.0.0.1:{self.port}/", {SECRET: self.webhook.secret}
        async with self.http.post(url, data=body, headers=headers) as answer:
            assert await answer.read() == b""
            return answer.status, answer.headers.get("Retry-After", "")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    port, door = free_port(), Door()
    async with aiohttp.ClientSession() as http:

        async def well() -> bool:
            return there.well

        webhook = Webhook(None, door, Hook(f"http://127.0.0.1:{port}", "127.0.0.1", port), well)  # type: ignore[arg-type]  # a part of each
        there = Site(webhook, door, port, http)
        await webhook.open()
        yield there
        await webhook.close()


async def test_an_update_is_answered_when_it_is_taken_and_not_before(site: Site) -> None:
    site.door.gate.clear()
    bringing = asyncio.create_task(site.bring(b"{}"))
    await site.door.came.wait()
    assert not bringing.done()
    site.door.gate.set()
    assert (await bringing)[0] == 200
    assert site.door.taken == [b"{}"]


async def test_where_there_is_no_room_it_is_to_come_again_in_a_second(site: Site) -> None:
    """F28."""
    site.door.room = False
    assert await site.bring(b"{}") == (503, "1")


async def test_at_a_stop_what_is_in_hand_is_answered(site: Site) -> None:
    site.door.gate.clear()
    bringing = asyncio.create_task(site.bring(b"{}"))
    await site.door.came.wait()
    closing = asyncio.create_task(site.webhook.close())
    await asyncio.sleep(0)
    site.door.gate.set()
    assert (await bringing)[0] == 200
    await closing
    with pytest.raises(aiohttp.ClientConnectionError):
        await site.bring(b"{}")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.messengers.telegram.webhook.PATIENCE", 0.05)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("sent", [b"", b"POST / HTTP/1.1\r\nHost: x\r\n"])
async def test_a_connection_on_which_no_request_comes_is_closed(site: Site, sent: bytes) -> None:
    """F28: the library alone would wait for ever."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(sent)
    async with asyncio.timeout(20):
        with suppress(ConnectionError):
            assert await reader.read() == b""
    writer.close()


@pytest.mark.usefixtures("impatient")
async def test_a_body_that_does_not_come_is_given_up(site: Site) -> None:
    """F28."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    head = f"POST / HTTP/1.1\r\nHost: x\r\n{SECRET}: {site.webhook.secret}\r\nContent-Length: 9\r\n\r\nhalf"
    writer.write(head.encode())
    async with asyncio.timeout(20):
        assert (await reader.readline()).startswith(b"HTTP/1.1 408")
        await reader.read()
    writer.close()
    assert site.door.taken == []


async def test_more_connections_than_telegram_opens_are_turned_away(site: Site) -> None:
    """F28: and as they are closed, it is there again."""
    idle = [await asyncio.open_connection("127.0.0.1", site.port) for _ in range(400)]
    assert await status_of(site) == 503
    for _, writer in idle:
        writer.close()
        await writer.wait_closed()
    async with asyncio.timeout(20):
        while await status_of(site) != 200:
            pass


async def status_of(site: Site) -> int:
    url, headers = f"http://127.0.0.1:{site.port}/", {SECRET: site.webhook.secret}
    async with site.http.post(url, data=b"{}", headers=headers) as answer:
        await answer.read()
        return answer.status


async def test_it_says_whether_it_is_well(site: Site) -> None:
    for well, status, said in ((True, 200, "ok\n"), (False, 503, "no\n")):
        site.well = well
        async with site.http.get(f"http://127.0.0.1:{site.port}/healthz") as answer:
            assert (answer.status, await answer.text()) == (status, said)


# Whether it is well


class Full(MemoryStore):
    """A store whose disk is full until a test makes room."""

    full = False
    saves = 0

    async def save(self, record: Record, after: int | None, update: int = 0) -> Saved:
        self.saves += 1
        if self.full:
            raise StoreError("quetzalword: cannot be written")
        return await super().save(record, after, update)


async def test_it_is_well_while_the_store_can_be_written_and_the_runtime_lives(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store, clock, alive = Full(), Clock(), True
    health = Health(store, lambda: alive, clock)
    assert await health.well()
    alive = False
    assert not await health.well()
    alive, store.full = True, True
    clock.now += HOLDS
    assert not await health.well()
    assert "fault: StoreError at" in caplog.text
    assert "quetzalword" not in caplog.text
    store.full = False
    clock.now += HOLDS
    assert await health.well()


async def test_however_often_one_asks_it_looks_but_now_and_then() -> None:
    store, clock = Full(), Clock()
    health = Health(store, lambda: True, clock)
    assert all(await asyncio.gather(*(health.well() for _ in range(100))))
    assert store.saves == 1
    clock.now += HOLDS
    await health.well()
    assert store.saves == 2


async def test_to_look_leaves_nothing_behind(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "db", Keys.open(tmp_path / "keys", date(2026, 11, 20)))
    assert await Health(store, lambda: True).well()
    assert await store.all() == []
    await store.close()
