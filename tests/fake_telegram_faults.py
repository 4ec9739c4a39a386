"""What a test may make go wrong between the bot and the fake Bot API server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from fake_telegram_rules import slow_down
from fake_telegram_state import RefusedError

Kind = Literal[
    "retry_after",
    "server_error",
    "hang",
    "drop",
    "drop_after",
    "half",
    "lie",
    "forbidden",
    "unauthorized",
    "bad_request",
    "garbage",
]
PRECEDE = {"retry_after", "server_error", "drop", "forbidden", "unauthorized", "bad_request"}


@dataclass(slots=True)
class Fault:
    """Something that will go wrong."""

    method: str
    kind: Kind
    times: int | None
    chat: int | None
    skip: int = 0
    seconds: int = 3
    description: str = ""


def take(faults: list[Fault], method: str, params: dict[str, Any]) -> Fault | None:
    """The fault that meets this call, if any; it is used up by it."""
    for fault in faults:
        if fault.method not in {method, "*"} or (fault.chat and str(fault.chat) != str(params.get("chat_id"))):
            continue
        if fault.skip:
            fault.skip -= 1
            continue
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                faults.remove(fault)
        return fault
    return None


REFUSALS: dict[str, Callable[[Fault], RefusedError]] = {
    "retry_after": lambda fault: slow_down(fault.seconds),
    "forbidden": lambda fault: RefusedError(403, fault.description or "Forbidden: bot was blocked by the user"),
    "unauthorized": lambda _: RefusedError(401, "Unauthorized"),
    "bad_request": lambda fault: RefusedError(400, f"Bad Request: {fault.description}"),
}
