"""A strict Bot API server for tests, in a thread of its own, so that a bot in any loop or process can talk to it."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

import fake_telegram_schema as schema
from aiohttp import web
from fake_telegram_deliveries import Deliveries
from fake_telegram_faults import PRECEDE, REFUSALS, Fault, Kind, take
from fake_telegram_person import Person
from fake_telegram_rules import RULES, chat_of
from fake_telegram_state import BOT, Changes, RefusedError, State, refuse
from fake_telegram_wire import Answer, body, garbled, interfere, no, refused, travel, written

PATH = re.compile(r"/bot(?P<token>\d{1,20}:[\w-]{35})/(?P<method>\w+)", re.ASCII)
POLLED_ELSEWHERE = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
SET_MEANWHILE = "Conflict: terminated by setWebhook request"
LONGEST_POLL = 50


@dataclass(slots=True)
class Call:
    """One request of the bot: `at` is monotonic time, `answer` the JSON answered, None while it waits."""

    method: str
    params: dict[str, Any]
    at: float
    answer: Any = None
    fault: str = ""


@dataclass(slots=True)
class Poll:
    """One getUpdates that waits."""

    ended: Literal["", "conflict", "early"] = ""


class FakeTelegram:
    """The server, and what a test may do to it."""

    def __init__(
        self,
        latency: float = 0.0,
        token: str = f"{BOT['id']}:FAKE-" + "t0ken_" * 5,
        quick: Callable[[float], float] = lambda seconds: seconds / 100,
    ) -> None:
        """`quick` makes of the seconds before an update is brought again those that are really waited."""
        self.latency = latency
        self.token = token
        self.api = ""
        self.calls: list[Call] = []
        self.state = State()
        self.changes = Changes()
        self._people: dict[int, Person] = {}
        self._faults: list[Fault] = []
        self._poll: Poll | None = None
        self.deliveries = Deliveries(self.state, self.changes, quick)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="fake telegram", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait(lambda: self.api)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def violations(self) -> list[str]:
        """What the bot asked against the official tables; a test asserts that it is empty."""
        return self.state.violations

    @property
    def undeletable(self) -> set[int]:
        return self.state.undeletable

    @property
    def skew(self) -> float:
        return self.state.skew

    @skew.setter
    def skew(self, seconds: float) -> None:
        self.state.skew = seconds
        self.changes.tell()

    @property
    def limits(self) -> bool:
        return self.state.limits

    @limits.setter
    def limits(self, on: bool) -> None:
        self.state.limits = on

    def clock(self) -> float:
        return self.state.clock()

    def person(self, chat: int, name: str = "Somebody", username: str = "somebody") -> Person:
        """The person with this id; the same object each time."""
        with self.changes.lock:
            if chat not in self._people:
                self._people[chat] = Person(self.state, self.changes, chat, name, username)
            return self._people[chat]

    def calls_of(self, method: str) -> list[Call]:
        with self.changes.lock:
            return [call for call in self.calls if call.method == method]

    def redeliver(self, count: int) -> None:
        """Queues the last updates again, under the ids they had."""
        with self.changes.lock:
            self.state.requeue(count)
            self.changes.tell()

    def push(self, raw: dict[str, Any] | str) -> int:
        """Queues any update, asked for or not; in a fragment UPDATE_ID is the next id; with no id it comes once."""
        with self.changes.lock:
            fresh = self.state.next_update
            text = (
                json.dumps({"update_id": fresh} | raw)
                if isinstance(raw, dict)
                else raw.replace("UPDATE_ID", str(fresh))
            )
            found = update_id(text)
            update = fresh if found is None else found
            self.state.queue_raw(text, update, again=True, once=found is None)
            self.changes.tell()
            return update

    def fail(self, method: str, kind: Kind, times: int | None = 1, chat: int | None = None, **options: Any) -> None:
        """Makes the next calls of a method ("*": any) go wrong; None times: until `heal`; an idle poll ends at once."""
        with self.changes.lock:
            self._faults.append(Fault(method, kind, times, chat, **options))
            if self._poll and method in {"getUpdates", "*"}:
                self._poll.ended = self._poll.ended or "early"
            self.changes.tell()

    def heal(self) -> None:
        """Takes back all faults."""
        with self.changes.lock:
            self._faults.clear()

    def wait(self, condition: Callable[[], object], timeout: float = 60) -> None:
        """Blocks until the condition holds; an AssertionError in it, as of a screen not there yet, counts as no."""
        assert self.changes.wait(condition, timeout), self._story()

    async def until(self, condition: Callable[[], object], within: float = 60) -> None:
        """Waits until the condition holds, in the loop of the test."""
        assert await self.changes.until(condition, within), self._story()

    def _story(self) -> str:
        with self.changes.lock:
            lines = [f"  {call.method} {call.params} {call.fault} -> {call.answer}" for call in self.calls[-30:]]
            return "\n".join(["waited in vain; the last calls were:", *lines, *self.violations])

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._respond)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.01)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.api = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
        self.changes.tell()
        delivering = asyncio.create_task(self.deliveries.run())
        await self._stop.wait()
        delivering.cancel()
        await asyncio.wait({delivering})
        if not delivering.cancelled() and delivering.exception():
            self.violations.append(f"the fake itself failed: {delivering.exception()!r}")
        await runner.cleanup()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        """One request, with the way there and back."""
        asked = PATH.fullmatch(request.path)
        if asked is None:
            return written(Answer(404, no(404, "Not Found")))
        if asked["token"] != self.token:
            return written(Answer(401, no(401, "Unauthorized")))
        try:
            answer = await self._answer(request, asked["method"])
        except ConnectionResetError:
            raise  # whoever asked went away in the midst of it, as happens
        except Exception as error:
            self.violations.append(f"the fake itself failed: {error!r}")
            raise
        await asyncio.sleep(self.latency / 2)
        return written(answer)

    async def _answer(self, request: web.Request, method: str) -> Answer:
        """What one method answers, faults included."""
        if method not in schema.METHODS:
            self._violate([f"{method} is no method of the Bot API, or none of ours"])
            return Answer(404, no(404, "Not Found: method not found"))
        try:
            raw, textual = await body(request)
        except RefusedError as error:
            self._violate([f"{method}: {error}"])
            return refused(error)
        params, problems = schema.read(method, raw, textual=textual)
        await travel(self.latency / 2, arrives=method != "getUpdates")
        with self.changes.lock:
            fault = take(self._faults, method, params)
            call = Call(method, params, time.monotonic(), fault=fault.kind if fault else "")
            self.calls.append(call)
            self._violate(problems)
            answer = None if method == "getUpdates" else self._do(call, problems, fault)
            self._finish(call, answer)
        if answer is None:
            answer = await self._poll_or_refuse(call, problems, fault)
            self._finish(call, answer)
        await interfere(request, fault)
        return garbled(request, fault) or answer

    def _violate(self, problems: list[str]) -> None:
        if problems:
            with self.changes.lock:
                self.violations.extend(problems)
                self.changes.tell()

    def _finish(self, call: Call, answer: Answer | None) -> None:
        with self.changes.lock:
            call.answer = answer.told if answer else None
            self.changes.tell()

    def _do(self, call: Call, problems: list[str], fault: Fault | None) -> Answer:
        """Does the work of one call, unless a fault comes first."""
        try:
            self._precede(problems, fault)
            if fault and fault.kind in PRECEDE:
                return Answer(502, {"ok": False})
            if fault and fault.kind == "lie":
                chat_of(self.state, call.params)
                return Answer(200, {"ok": True, "result": True})
            return Answer(200, {"ok": True, "result": RULES[call.method](self.state, call.params)})
        except RefusedError as error:
            return refused(error)

    def _precede(self, problems: list[str], fault: Fault | None) -> None:
        """Refuses what the tables do not allow, and what a fault refuses."""
        if fault and fault.kind in REFUSALS:
            raise REFUSALS[fault.kind](fault)
        if problems:
            raise refuse("; ".join(problems))

    async def _poll_or_refuse(self, call: Call, problems: list[str], fault: Fault | None) -> Answer:
        """Answers getUpdates."""
        try:
            self._precede(problems, fault)
            if fault and fault.kind in PRECEDE:
                return Answer(502, {"ok": False})
            return await self._updates(call.params)
        except RefusedError as error:
            return refused(error)

    async def _updates(self, params: dict[str, Any]) -> Answer:
        """Confirms, waits for an update, and offers what there is."""
        mine = Poll()
        with self.changes.lock:
            if self.state.webhook:
                raise RefusedError(409, HOOKED)
            if self._poll:
                self._poll.ended = "conflict"
            self._poll = mine
            if "allowed_updates" in params:
                self.state.allowed = set(params["allowed_updates"])
            self.state.confirm(params.get("offset", 0))
            self.changes.tell()
        try:
            seconds = min(max(params.get("timeout", 0), 0), LONGEST_POLL)
            await self.changes.until(lambda: mine.ended or self.state.webhook or self.state.live(), seconds)
            return self._offer(mine, params.get("limit", 100))
        finally:
            with self.changes.lock:
                self._poll = None if self._poll is mine else self._poll

    def _offer(self, mine: Poll, limit: int) -> Answer:
        """The updates a poll ends with; in the call's record their ids only, as they may be anything."""
        with self.changes.lock:
            if mine.ended == "conflict":
                raise RefusedError(409, POLLED_ELSEWHERE)
            if self.state.webhook:
                raise RefusedError(409, SET_MEANWHILE)
            offered = [] if mine.ended else self.state.offer(min(max(limit, 1), 100))
        text = f'{{"ok": true, "result": [{", ".join(update.body for update in offered)}]}}'
        return Answer(200, {"ok": True, "result": [update.id for update in offered]}, text)


def update_id(text: str) -> int | None:
    """The id a bot could read out of an update."""
    try:
        found = json.loads(text)["update_id"]
    except (ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, int) else None
