"""The terminal: one screen, redrawn. Keeps nothing, writes nothing, and clears the window when left."""

from __future__ import annotations

import asyncio
import io
import shutil
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import IO, Protocol

from bot.ports import Button, Capabilities, Incoming, Page, Passage, Record

ADDRESS = "terminal"
WIDTH = 72
_ENTER, _EXIT, _CLEAR = "\x1b[?1049h\x1b[?2501h", "\x1b[?2501l\x1b[?1049l", "\x1b[H\x1b[2J"
"""The second screen, on which each line runs in the direction of its words, where the terminal knows directions."""

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_RIGHT, _ISOLATE, _END = "\u200f\u2067", "\u2068", "\u2069"
"""Around each line that runs from right to left: to a terminal every line is a paragraph, whatever it begins with."""

_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")
"""Left out of a page that runs from left to right. In the other direction a phone number needs them: without, its
groups change places, and it is another number."""


class ClosedError(Exception):
    """There is nothing to read from, or to write to."""


class Turns(Protocol):
    """What a conversation in a terminal needs of the runtime."""

    async def receive(self, incoming: Incoming) -> None:
        """Take a turn."""

    async def expire(self, address: str) -> None:
        """Forget, after nothing came for too long."""

    async def stay(self, address: str) -> int:
        """How many minutes that is."""


class Terminal:
    """A `Messenger` over two streams: a window to redraw, or a pipe to write one page after another to."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._window = out.isatty()
        self._dull = ""
        self.left = False

    @property
    def capabilities(self) -> Capabilities:
        """See `Messenger.capabilities`."""
        return Capabilities(
            name="terminal", edits=True, erases_ours=True, erases_theirs=True, buttons=False, end_to_end="local"
        )

    def open(self) -> None:
        """Use the second screen of the terminal, which leaves nothing to scroll back to."""
        if self._window:
            self._write(_ENTER + _CLEAR)

    def close(self) -> None:
        """Back to what was there before."""
        if self._window:
            self._write(_CLEAR + _EXIT + self._dull)

    async def show(self, record: Record, page: Page, /, *, anew: bool = True) -> Record:
        """See `Messenger.show`."""
        del anew
        width = min(shutil.get_terminal_size().columns, WIDTH) if self._window else WIDTH
        text = written(page, width, bold=self._window)
        self._write(f"{_CLEAR}{text}\n\n> " if self._window else f"{text}\n\n")
        return record._replace(shown=record.turn, screen=1)

    async def erase(self, record: Record, /) -> tuple[int, ...]:
        """See `Messenger.erase`: the next page takes the place of everything here."""
        return record.erase

    async def leave(self, record: Record, /) -> None:
        """See `Messenger.leave`."""
        self.left = True
        if self._window:
            self._write(_CLEAR)
        self._dull = f"{record.dull}\n" if record.dull else ""
        if not self._window:
            self._write(self._dull)

    async def pressed(self, press: str, /) -> None:
        """See `Messenger.pressed`: there are no buttons here."""

    def _write(self, text: str) -> None:
        # A reader that went away must not keep somebody from leaving.
        with suppress(BrokenPipeError):
            self._out.write(text)
            self._out.flush()


def written(page: Page, width: int = WIDTH, *, bold: bool = False) -> str:
    """A page as lines of text."""
    left, right = (_ISOLATE, _END) if page.content.right_to_left else ("", "")
    parts = [_passage(passage, width, left, right, bold=bold) for passage in page.passages]
    chosen = "\n".join(_numbered(button) for button in page.buttons)
    row = " · ".join(button.label for button in page.fixed)
    text = "\n\n".join(filter(None, (*parts, chosen, row, page.content.prompt)))
    if not page.content.right_to_left:
        return text.translate(_ISOLATES)
    return "\n".join(_to_the_left(text.split("\n")))


def _to_the_left(lines: Iterable[str]) -> Iterator[str]:
    """Lines that run from right to left, each by itself: what is isolated over two of them is so on both."""
    open_ = 0
    for line in lines:
        begun = open_
        open_ += line.count(_ISOLATE) - line.count(_END)
        yield f"{_RIGHT}{_ISOLATE * begun}{line}{_END * open_}{_END}" if line else ""


def _passage(passage: Passage, width: int, left: str, right: str, *, bold: bool) -> str:
    """A paragraph as lines; `left` and `right` stand around the address of a link."""
    text = "".join(
        f"{_BOLD}{span.text}{_PLAIN}"
        if bold and span.bold
        else f"{span.text} ({left}{span.link}{right})"
        if span.link
        else span.text
        for span in passage.spans
    )
    indent = "    " if passage.kind == "copy" else ""
    return "\n".join(_wrapped(line, width, indent) for line in text.split("\n"))


def _wrapped(line: str, width: int, indent: str) -> str:
    return textwrap.fill(
        line, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _numbered(button: Button) -> str:
    tick = "" if button.ticked is None else "[x] " if button.ticked else "[ ] "
    label = f"{tick}{button.label}"
    return f"  {button.typed}  {label}" if button.typed.isdecimal() else f"  -  {label}"


async def talk(terminal: Terminal, turns: Turns, source: Iterable[bytes]) -> None:
    """A conversation, from arrival until somebody leaves, the input ends, or the program is told to stop."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(NotImplementedError, AttributeError):  # not every system has all of them
            loop.add_signal_handler(getattr(signal, name), lines.put_nowait, None)
    _listen(source, lambda line: loop.call_soon_threadsafe(lines.put_nowait, line))
    terminal.open()
    try:
        await turns.receive(Incoming(ADDRESS, text="/start"))
        while not terminal.left:
            await _one(terminal, turns, lines)
    finally:
        terminal.close()


async def _one(terminal: Terminal, turns: Turns, lines: asyncio.Queue[str | None]) -> None:
    """Wait for a line for as long as the screen may stay, and take its turn."""
    minutes = await turns.stay(ADDRESS)
    try:
        line = await asyncio.wait_for(lines.get(), minutes * 60)
    except TimeoutError:
        await turns.expire(ADDRESS)
        terminal.left = False  # the window is empty; whoever comes back begins as a stranger
        line = await lines.get()  # an exit word or a cry for help is one, whoever types it
    await turns.receive(Incoming(ADDRESS, text="/x" if line is None else line))


def _listen(source: Iterable[bytes], heard: Callable[[str | None], object]) -> None:
    """Read lines in the background: a blocked read must not keep the screen from clearing itself."""

    def read() -> None:
        with suppress(RuntimeError):  # the conversation is over
            try:
                for line in _decoded(source):
                    heard(line)
            except (OSError, ValueError):
                pass  # the terminal is gone: that leaves too
            finally:
                heard(None)

    threading.Thread(target=read, daemon=True).start()


def _decoded(source: Iterable[bytes]) -> Iterator[str]:
    for line in source:
        text = line.decode("utf-8", "replace").strip()
        if text:
            yield text


def standard() -> tuple[Terminal, Iterable[bytes]]:
    """The terminal this process was started in. Its input is read without a buffer, which would outlive the read."""
    if sys.stdin is None or sys.stdout is None:
        raise ClosedError("a conversation needs an input and an output; one of them is closed")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    return Terminal(sys.stdout), io.FileIO(sys.stdin.fileno(), closefd=False)
