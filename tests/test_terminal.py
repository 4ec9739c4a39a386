"""The terminal, through the real process: pipes, windows, and leaving."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot import app
from bot.cli import main
from bot.messengers.terminal import Terminal, talk
from bot.ports import Incoming
from bot.runtime import Runtime

CHAT = [sys.executable, "-m", "bot", "chat"]
TO_THE_CARD = ("3", "I'm asked to sign something", "1", "1", "1", "skip", "1 3", "done", "go on", "go on", "see more",
               "What could I do now?", "a page to take along", "yes", "my sister must know")  # fmt: skip
ENVIRONMENT = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "PYTHONWARNINGS": "error"}


def chat(text: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*CHAT, *options], input=text, capture_output=True, check=False, env=ENVIRONMENT, timeout=60)


def test_a_pipe_walks_to_the_card() -> None:
    done = chat("\n".join(TO_THE_CARD).encode(), "--place", "US-CA")
    said = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    card = said[said.rindex("My notes") :]
    assert "The paper asks: Stay silent about it; Pay money if I speak" in " ".join(card.split())
    assert "What I must still be able to do: my sister must know" in card
    assert "\x1b" not in said


def test_the_end_of_input_leaves() -> None:
    done = chat(b"")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("Is it all right to use this chat now?")
    assert done.stderr == b""


def test_leaving_ends_the_program_and_what_follows_is_not_read() -> None:
    said = chat(b"3\nexit\n1\n1\n").stdout.decode()
    assert said.count("You are in:") == 2
    dull = chat(b"yes\n1\n1\nskip\ngo on\nleave one dull line\nexit\n").stdout.decode()
    assert dull.endswith("\n\nNothing new.\n")


def test_bytes_that_are_no_text_are_not_understood_kindly() -> None:
    done = chat(b"\xff\xfe\x00\n\xc3\x28\n")
    assert done.returncode == 0
    assert b"so I missed that" in done.stdout
    assert done.stderr == b""


def test_a_reader_that_goes_away_keeps_nobody_from_leaving() -> None:
    with subprocess.Popen(
        CHAT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"1\n2\n3\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--language", "tlh"), "there is no such language yet; there is en"),
        (("--place", "Narnia"), "no such place; write a code such as US-CA"),
        (("--colour",), "No such option"),
    ],
)
def test_a_wrong_option_is_one_clear_line(options: tuple[str, ...], said: str) -> None:
    done = chat(b"", *options)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr


class Window:
    """The real process in a terminal of its own."""

    def __init__(self) -> None:
        self.parent, child = pty.openpty()
        self.process = subprocess.Popen(
            CHAT, stdin=child, stdout=child, stderr=child, env=ENVIRONMENT, start_new_session=True
        )
        os.close(child)
        self.seen = ""

    def until(self, text: str) -> str:
        """Everything written up to `text`."""
        while text not in self.seen:
            ready, _, _ = select.select([self.parent], [], [], 60)
            assert ready, f"nothing more came, and no {text!r}"
            try:
                self.seen += os.read(self.parent, 65536).decode()
            except OSError:
                break
        assert text in self.seen
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, text: str) -> None:
        os.write(self.parent, f"{text}\n".encode())

    def end(self) -> int:
        code = self.process.wait(60)
        os.close(self.parent)
        return code


def test_a_window_is_redrawn_and_left_as_it_was() -> None:
    window = Window()
    assert window.until("Is it all right").startswith("\x1b[?1049h")
    window.until("> ")
    window.type("yes")
    assert "\x1b[H\x1b[2J" in window.until("I ask, you choose")
    window.until("> ")
    window.type("exit")
    window.until("\x1b[?1049l")
    assert window.end() == 0


def test_a_dull_line_stays_in_the_window() -> None:
    window = Window()
    for line in ("yes", "go on", "go on", "skip", "go on", "leave one dull line"):
        window.until("> ")
        window.type(line)
    window.until("If you choose nothing")
    window.until("> ")
    window.type("exit")
    window.until("\x1b[?1049lNothing new.")
    assert window.end() == 0


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_closed_input_or_output_is_one_clear_line(closed: str) -> None:
    shell = ["/bin/sh", "-c", f"{sys.executable} -m bot chat {closed}"]
    done = subprocess.run(shell, stderr=subprocess.PIPE, check=False, env=ENVIRONMENT, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert b"needs an input and an output" in done.stderr


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_stop_leaves(told: signal.Signals) -> None:
    window = Window()
    window.until("> ")
    window.process.send_signal(told)
    window.until("\x1b[?1049l")
    assert window.end() == 0


class Impatient:
    """The real runtime for somebody whose screen may stay no time at all, once."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.expired: list[str] = []

    async def receive(self, incoming: Incoming) -> None:
        await self.runtime.receive(incoming)

    async def expire(self, address: str) -> None:
        self.expired.append(address)
        await self.runtime.expire(address)

    async def stay(self, address: str) -> int:
        return await self.runtime.stay(address) if self.expired else 0


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        (b"anything\nyes\n", ["Beginning", "Beginning", "Beginning"]),
        (b"exit\n", ["Beginning"]),
        (b"i want to die\n", ["Beginning", "Urgent help"]),
    ],
)
async def test_the_screen_clears_itself_and_whoever_comes_back_is_a_stranger(typed: bytes, seen: list[str]) -> None:
    out = io.StringIO()
    terminal = Terminal(out)
    turns = Impatient(app.build(terminal))
    await asyncio.wait_for(talk(terminal, turns, io.BytesIO(typed)), 60)
    assert turns.expired == ["terminal"]
    assert re.findall(r"^You are in: .*$", out.getvalue(), re.MULTILINE) == [f"You are in: {name}" for name in seen]


def test_every_command_is_in_the_readme_or_the_guides() -> None:
    root = Path(__file__).parent.parent
    pages = [root / "README.md", *(root / "docs").glob("*.md")]
    guides = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    for name, command in main.commands.items():
        for inner in getattr(command, "commands", {"": None}):
            assert f"waymark {name} {inner}".strip() in guides
