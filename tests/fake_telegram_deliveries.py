"""How the fake Bot API server brings updates to a webhook: as the real one does in its WebhookActor."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import aiohttp
from fake_telegram_state import Changes, State, Update

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LONGEST_DELAY = 60
LONGEST_RETRY_AFTER = 3600
FOREVER = 10**6


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to the webhook: `status` is 0 where there was no answer, `delay` how long it waited before it."""

    update: int
    queue: Hashable
    status: int
    delay: float


class Deliveries:
    """Brings updates: many side by side, one at a time from each queue, and the same one again until it is taken."""

    def __init__(self, state: State, changes: Changes, quick: Callable[[float], float]) -> None:
        self.attempts: list[Attempt] = []
        self.most = 0
        """The most that were on their way at a time."""
        self._state, self._changes, self._quick = state, changes, quick
        self._busy: dict[Hashable, Update] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Bring whatever waits, until cancelled."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            try:
                while True:
                    await self._changes.until(self._ready, FOREVER)
                    self._begin(http)
            finally:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ready(self) -> list[tuple[Hashable, Update]]:
        """The first update of each queue that is free, if there is a webhook on this machine."""
        if "//127.0.0.1" not in self._state.webhook:
            return []
        first: dict[Hashable, Update] = {}
        for update in self._state.live():
            first.setdefault(queue_of(update), update)
        room = self._state.hook.connections - len(self._busy)
        return [(queue, update) for queue, update in first.items() if queue not in self._busy][: max(room, 0)]

    def _begin(self, http: aiohttp.ClientSession) -> None:
        with self._changes.lock:
            for queue, update in self._ready():
                self._busy[queue] = update
                self.most = max(self.most, len(self._busy))
                task = asyncio.create_task(self._bring(http, queue, update))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _bring(self, http: aiohttp.ClientSession, queue: Hashable, update: Update) -> None:
        """One update, again and again until it is taken, too old, or the webhook is another."""
        generation, failures, doubling, delay = self._state.hook.generation, 0, 1, 0.0
        try:
            while self._state.hook.generation == generation and update in self._state.live():
                status, retry_after, reason = await self._once(http, update)
                with self._changes.lock:
                    self.attempts.append(Attempt(update.id, queue, status, delay))
                    if update.once:
                        return
                    if 200 <= status <= 299:
                        self._state.pending = [each for each in self._state.pending if each is not update]
                        return
                    self._state.hook.failed, self._state.hook.failure = int(self._state.clock()), reason
                    self._changes.tell()
                delay = float(retry_after)
                if not retry_after and failures:
                    delay = doubling = min(LONGEST_DELAY, doubling * 2)
                failures += 1
                await self._changes.until(lambda: self._state.hook.generation != generation, self._quick(delay))
        except Exception as error:  # noqa: BLE001 - whatever it was, the test must hear of it
            self._state.violations.append(f"the fake itself failed: {error!r}")
            update.once = True
        finally:
            with self._changes.lock:
                if update.once:
                    self._state.pending = [each for each in self._state.pending if each is not update]
                del self._busy[queue]
                self._changes.tell()

    async def _once(self, http: aiohttp.ClientSession, update: Update) -> tuple[int, int, str]:
        """One request: the status, how long we are asked to wait, and what went wrong."""
        hook = self._state.hook
        tls = ssl.create_default_context(cadata=hook.certificate) if hook.certificate else True
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        if hook.secret:
            headers[SECRET] = hook.secret
        try:
            async with http.post(
                self._state.webhook,
                data=update.body.encode(errors="surrogatepass"),
                headers=headers,
                ssl=tls,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=60),
            ) as answer:
                said = await answer.read()
                if answer.ok and said:
                    self._state.violations.append("an answer to an update says something")
                wait = answer.headers.get("Retry-After", "0")
                return (
                    answer.status,
                    min(int(wait), LONGEST_RETRY_AFTER),
                    f"Wrong response from the webhook: {answer.status} {answer.reason}",
                )
        except (aiohttp.ClientError, TimeoutError):
            return 0, 0, "Webhook connection closed"


def queue_of(update: Update) -> Hashable:
    """The queue of an update. A press is in another than the messages of the same person, so both may come at once."""
    try:
        told = json.loads(update.body)
        for kind, shift in (("message", 0), ("edited_message", 0), ("callback_query", 3), ("my_chat_member", 5)):
            if kind in told:
                of = told[kind]["from" if kind == "callback_query" else "chat"]["id"]
                return int(of) + (shift << 33)
    except (ValueError, TypeError, KeyError):
        pass
    return "nobody's", update.id
