"""The canary: marked words, everywhere they could have gone, found nowhere but on the screen."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import HERE, Talk

from bot.engine import step as engine
from bot.language.understand import Understanding
from bot.privacy import logs

CANARY = "quetzalword"
TYPED = (
    f"my name is {CANARY} and they want me to sign an nda",
    "3",
    f"{CANARY} " * 40,
    "1",
    "1",
    "1",
    "1",
    "skip",
    "1 2 3",
    "done",
    "go on",
    "go on",
    f"he is here {CANARY}",
    "back",
    "see more",
    "1",
    "the law where i am",
    "1",
    f"{CANARY}land",
    "Ireland",
    "go on",
    "a page to take along",
    "yes",
    f"tell {CANARY} first",
)

PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, filename={log!r})
from bot import cli
from bot.privacy import logs
cli.main(["chat"], standalone_mode=False)
"""


@pytest.fixture(autouse=True)
def restore() -> Iterator[None]:
    factory, hook = logging.getLogRecordFactory(), sys.excepthook
    yield
    logging.setLogRecordFactory(factory)
    sys.excepthook = hook


def everything_below(folder: Path) -> bytes:
    return b"".join(str(path).encode() + (path.read_bytes() if path.is_file() else b"") for path in folder.rglob("*"))


def test_a_conversation_leaves_nothing_in_any_file_log_or_error(tmp_path: Path) -> None:
    log = tmp_path / "home" / "debug.log"
    log.parent.mkdir()
    places = {key: str(tmp_path / "home") for key in ("HOME", "TMPDIR", "TMP", "XDG_DATA_HOME", "XDG_CACHE_HOME",
              "XDG_CONFIG_HOME", "XDG_STATE_HOME", "WAYMARK_HOME")}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(log=str(log))],
        input="\n".join(TYPED).encode(),
        capture_output=True,
        check=False,
        cwd=tmp_path / "home",
        env={**os.environ, **places, "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert f"tell {CANARY} first" in done.stdout.decode()  # on the card, and nowhere else
    assert done.stdout.decode().count(CANARY) == 1
    assert CANARY.encode() not in done.stderr
    assert CANARY.encode() not in everything_below(tmp_path)
    assert [path.name for path in log.parent.iterdir()] == ["debug.log"]


def test_the_same_search_finds_a_word_that_was_written(tmp_path: Path) -> None:
    (tmp_path / "leak.txt").write_text(f"x {CANARY} y", encoding="utf-8")
    assert CANARY.encode() in everything_below(tmp_path)


@pytest.mark.parametrize("part", ["step", "understand", "page"])
async def test_a_fault_says_where_and_never_what(
    part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    logs.quiet()
    caplog.set_level(logging.DEBUG)
    talk = await Talk().say("/start", "3")

    def fail(*arguments: object, **_: object) -> None:
        raise ValueError(f"{CANARY} {arguments}")

    if part == "step":
        monkeypatch.setattr("bot.runtime.step", fail)
    elif part == "understand":
        monkeypatch.setattr(Understanding, "event", fail)
    else:
        monkeypatch.setattr(talk.runtime.pages.renderer, "content", fail)
    await talk.say(f"{CANARY}")
    assert "Something went wrong here" in talk.text
    assert CANARY not in talk.text
    assert CANARY not in caplog.text
    assert "ValueError at" in caplog.text
    monkeypatch.undo()
    await talk.say("2")
    assert await talk.where() == ("pressure_to_sign", "start")  # nobody lost their place


async def test_leaving_works_while_everything_else_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = await Talk().say("/start", "3")

    def fail(*_: object, **__: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(Understanding, "event", fail)
    monkeypatch.setattr(engine, "show", fail)
    await talk.say("exit")
    assert talk.shown.left == [""]
    assert await talk.store.load(HERE) is None


def test_nothing_that_holds_words_shows_them(caplog: pytest.LogCaptureFixture) -> None:
    from bot.engine.event import Answered  # noqa: PLC0415
    from bot.engine.session import Frame, Session  # noqa: PLC0415
    from bot.ports import Content, Incoming, Page, Passage, Record, Span  # noqa: PLC0415
    from bot.record import BadRecordError, decode  # noqa: PLC0415

    held = [
        Answered(CANARY),
        Session("n", (Frame("a", "b", "c", {"d": (CANARY,)}),)),
        Incoming(CANARY, CANARY, press=CANARY),
        Page("s", Content("en", (Passage("text", (Span(CANARY),)),), (), ())),
        Record(CANARY, CANARY.encode(), 1, 1, dull=CANARY),
    ]
    for each in held:
        assert CANARY not in repr(each)
        assert CANARY not in str(each)
    with pytest.raises(BadRecordError) as caught:
        decode(CANARY.encode())
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert CANARY not in caplog.text


def test_libraries_say_what_kind_of_thing_happened_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    logs.quiet()
    caplog.set_level(logging.DEBUG)
    for name in ("telegram.ext", "httpx", "aiohttp.access", "transitions.core"):
        log = logging.getLogger(name)
        log.disabled = False
        try:
            int(CANARY)
        except ValueError:
            log.exception("template %s", CANARY)
            log.warning(f"already formatted {CANARY}")  # noqa: G004 - what libraries do
    logging.getLogger("transitions.core").disabled = True
    assert caplog.records
    assert CANARY not in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


def test_an_uncaught_error_is_a_kind_and_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    logs.quiet()
    try:
        dict[str, str]()[CANARY]
    except KeyError as error:
        sys.excepthook(KeyError, error, error.__traceback__)
    said = capsys.readouterr().err
    assert "KeyError at test_canary.py:" in said
    assert CANARY not in said


def deep(calls: int) -> None:
    """An error five calls down, whose message holds a word."""
    if calls:
        deep(calls - 1)
    raise ValueError(CANARY)


def test_a_fault_is_named_by_its_kind_and_the_three_places_nearest_to_it(caplog: pytest.LogCaptureFixture) -> None:
    logs.quiet()
    line = deep.__code__.co_firstlineno
    with pytest.raises(ValueError, match=CANARY) as caught:
        deep(4)
    here = f"ValueError at test_canary.py:{line + 4} < test_canary.py:{line + 3} < test_canary.py:{line + 3}"
    assert logs.place_of(caught.value) == here
    assert logs.place_of(KeyError(CANARY)) == "KeyError", "one that was never raised came from nowhere"
    with caplog.at_level(logging.ERROR):
        logs.fault(logging.getLogger("bot.somewhere"), caught.value)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [("ERROR", f"fault: {here}")]


def test_an_uncaught_error_is_one_line_for_the_operator(capsys: pytest.CaptureFixture[str]) -> None:
    logs.quiet()
    with pytest.raises(KeyError) as caught:
        dict[str, str]()[CANARY]
    trace, error = caught.value.__traceback__, caught.value.with_traceback(None)
    sys.excepthook(KeyError, error, trace)
    line = trace.tb_lineno if trace else 0
    assert capsys.readouterr().err == f"waymark: fault: KeyError at test_canary.py:{line}\n"


def test_a_line_of_a_library_keeps_its_template_and_its_origin_and_loses_what_was_filled_in(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logs.quiet()
    caplog.set_level(logging.DEBUG)
    log = logging.getLogger("telegram.bot")
    log.warning("waited for %s", CANARY)
    log.warning("waited for %(what)s", {"what": CANARY})
    log.warning(CANARY)
    log.warning(ValueError(CANARY), CANARY)
    log.warning("where", stack_info=True)
    logging.getLogger("bot.somewhere").warning("ours %s", 7, stack_info=True, exc_info=ValueError(CANARY))
    assert [record.getMessage() for record in caplog.records] == [
        *("waited for %s", "waited for %(what)s", "telegram.bot", "telegram.bot", "telegram.bot", "ours 7")
    ]
    code = test_a_line_of_a_library_keeps_its_template_and_its_origin_and_loses_what_was_filled_in.__code__
    for record in caplog.records:
        assert (record.exc_info, record.stack_info) == (None, None)
        assert (record.funcName, record.filename) == (code.co_name, "test_canary.py")
        assert record.levelname == "WARNING"
        assert code.co_firstlineno < record.lineno < code.co_firstlineno + 15
    assert {record.name for record in caplog.records} == {"telegram.bot", "bot.somewhere"}
    made = logging.getLogRecordFactory()("httpx", logging.INFO, "p", 1, f"/bot{CANARY}", (), None, some="thing")
    assert (made.name, made.getMessage()) == ("httpx", "httpx")


def test_an_error_in_a_thread_or_where_nobody_can_catch_it_is_one_line_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terminal reads what is typed in a thread of its own."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    logs.quiet()
    thread = threading.Thread(target=deep, args=(0,), name=CANARY)
    thread.start()
    thread.join()
    line = deep.__code__.co_firstlineno + 4
    assert capsys.readouterr().err.startswith(f"waymark: fault: ValueError at test_canary.py:{line} < threading.py:")

    class Held:
        def __repr__(self) -> str:
            return CANARY

        def __del__(self) -> None:
            deep(0)

    held = [Held()]
    held.clear()
    said = capsys.readouterr().err
    assert said.startswith(f"waymark: fault: ValueError at test_canary.py:{line} < test_canary.py:")
    assert (CANARY in said, said.count("\n")) == (False, 1)
    threading.excepthook(threading.ExceptHookArgs((ValueError, None, None, None)))
    assert capsys.readouterr().err == ""
