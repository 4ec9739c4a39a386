"""The real bot process, against the fake Telegram."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from at_telegram import START
from fake_telegram import FakeTelegram
from fake_telegram_person import Person


class Line(http.client.HTTPConnection):
    """A connection on which a request goes in one piece: who is refused by the head alone is cut off while sending."""

    _held = b""

    def send(self, data: bytes) -> None:  # type: ignore[override]  # all that is sent here
        self._held += data

    def getresponse(self) -> http.client.HTTPResponse:
        held, self._held = self._held, b""
        super().send(held)
        return super().getresponse()


class RealBot:
    """`waymark telegram` in a process of its own, with its data in a folder of the test's."""

    def __init__(
        self,
        telegram: FakeTelegram,
        home: Path,
        *,
        webhook: bool = False,
        options: tuple[str, ...] = (),
        program: str = "",
        **environment: str,
    ) -> None:
        """With `webhook`, updates are brought to it at `url`; `options` are more words for the command.

        `program` is done in the process before the command, to change what a test cannot wait for.
        """
        self.telegram, self.home = telegram, home
        self.port = free_port() if webhook else 0
        self.url = f"http://127.0.0.1:{self.port}/updates"
        hooked = ("--webhook", self.url, "--listen", f"127.0.0.1:{self.port}") if webhook else ()
        self.options = (*hooked, *options)
        self.program = program
        self.log = home / "log.txt"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("WAYMARK")},
            "WAYMARK_HOME": str(home / "data"),
            "WAYMARK_KEY_FILE": str(home / "secret" / "keys"),
            "WAYMARK_TELEGRAM_API": telegram.api,
            "WAYMARK_TOKEN": telegram.token,
            "WAYMARK_SCREENS_A_SECOND": "0",  # tests of the pace set it; all others are in a hurry
            "WAYMARK_OPERATOR_NAME": "A small office",
            "WAYMARK_OPERATOR_CONTACT": "office@example.org",
            "WAYMARK_OPERATOR_COUNTRY": "Ireland",
            "TMPDIR": str(home),
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def secure(self) -> None:
        """Have the webhook reached by TLS."""
        secure = self.url.replace("http:", "https:")
        self.options = tuple(secure if option == self.url else option for option in self.options)
        self.url = secure

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process and self.process.poll() is None:
            self.kill()

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        command = ("-c", f"{self.program}\nfrom bot import cli\ncli.main()") if self.program else ("-m", "bot")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command, "telegram", *self.options],
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.home,
            )

    def stop(self) -> int:
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(30)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""


@contextmanager
def undisturbed(shared: RealBot) -> Iterator[RealBot]:
    """A process that tests share, for one of them: it runs before and after it, and asked nothing it must not ask."""
    shared.telegram.calls.clear()
    shared.telegram.deliveries.attempts.clear()
    yield shared
    assert shared.process
    assert shared.process.poll() is None
    assert shared.telegram.violations == []


def begun(telegram: FakeTelegram, chat: int = 1001) -> Person:
    """Somebody who has just begun, and sees the first screen."""
    person = telegram.person(chat)
    person.type("/start")
    telegram.wait(lambda: person.shows(START))
    return person


def free_port() -> int:
    """A port nobody listens at, below those that are given to whoever asks for any: nobody takes it meanwhile.

    Drawn from the system: two workers that are seeded alike must not draw the same.
    """
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
