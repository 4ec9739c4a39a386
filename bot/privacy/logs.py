"""Logs that cannot hold what somebody typed, where they are, or who they are."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

FOREIGN = (
    *("telegram", "httpx", "httpcore", "aiohttp", "uvicorn", "starlette", "asyncio"),
    *("transitions", "babel", "markdown_it"),
)
"""Libraries that put tokens, typed text or states into their log lines: see the measurements in the safety guidance."""

_factory = logging.getLogRecordFactory()


def quiet() -> None:
    """Make every log line of the process safe, and every uncaught error a kind and a place, in any thread.

    Called once, before anything that may log.
    """
    logging.setLogRecordFactory(_record)
    sys.excepthook = _excepthook
    threading.excepthook = lambda args: _say(args.exc_value)
    sys.unraisablehook = lambda args: _say(args.exc_value)


def fault(log: logging.Logger, error: BaseException) -> None:
    """Log that something went wrong: the kind of error and where in the code, never what it was about."""
    log.error("fault: %s", place_of(error))


def place_of(error: BaseException) -> str:
    """An error as its class and the lines of code it came through; no message, no values."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-3:]))
    return f"{type(error).__name__} at {where}" if where else type(error).__name__


def _record(  # noqa: PLR0913, PLR0917 - the signature of a log record factory
    name: str,
    level: int,
    pathname: str,
    lineno: int,
    msg: object,
    args: tuple[object, ...] | Mapping[str, object],
    exc_info: object,
    func: str | None = None,
    sinfo: str | None = None,
    **kwargs: object,
) -> logging.LogRecord:
    """A record without arguments and traceback where it is not ours, and without traceback where it is."""
    if name.partition(".")[0] in FOREIGN:
        # Their template says what kind of thing happened. One that was formatted before it came here may hold
        # anything, and cannot be told apart where it has no argument; so without arguments only the logger is named.
        msg, args = (msg if args and isinstance(msg, str) else name), ()
    del exc_info, sinfo  # a traceback ends in a message, and a message may hold what somebody typed
    return _factory(name, level, pathname, lineno, msg, args, None, func, None, **kwargs)


def _excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    del kind
    _say(error.with_traceback(trace))


def _say(error: BaseException | None) -> None:
    """Say on stderr what kind of fault it was and where, for the operator; nothing of what it was about."""
    if error is not None:
        sys.stderr.write(f"waymark: fault: {place_of(error)}\n")
