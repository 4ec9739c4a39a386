"""What every test may use."""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fake_telegram import FakeTelegram
    from playwright.sync_api import Browser
    from preview_here import Running

    from bot.messengers.telegram.wire import Wire


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="Rewrite tests/transcripts with what is said now.")


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite"))


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """The fake Telegram; at the end nothing was asked of it that the real one would not take, or that loses updates."""
    from fake_telegram import FakeTelegram  # noqa: PLC0415 - most tests need none of it

    with FakeTelegram() as fake:
        yield fake
        assert fake.violations == []
        assert not [call for call in fake.calls if call.params.get("drop_pending_updates")]


@pytest.fixture
async def wire(telegram: FakeTelegram) -> AsyncIterator[Wire]:
    """What calls it."""
    from bot.messengers.telegram.wire import Wire  # noqa: PLC0415 - most tests need none of it

    found = Wire(telegram.api, telegram.token)
    await found.initialize()
    yield found
    await found.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, once for each file of tests."""
    from preview_here import browsing  # noqa: PLC0415 - most tests need none of it

    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A preview of one conversation, which a file of tests shares."""
    from preview_here import copied, running  # noqa: PLC0415 - as above

    with running(copied(tmp_path_factory.mktemp("texts"), "pressure_to_sign")) as found:
        yield found


@pytest.fixture(autouse=True)
def hooks() -> Iterator[None]:
    """What pytest hears of errors that nobody can catch it hears after a command of ours too, which sets its own."""
    thread, unraisable = threading.excepthook, sys.unraisablehook
    yield
    threading.excepthook, sys.unraisablehook = thread, unraisable
