"""`waymark doctor`: each thing that can be wrong is found, what is well is left alone, and nothing secret is said."""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from fake_telegram import FakeTelegram
from harness import TODAY
from real_bot import RealBot

from bot.cli import main
from bot.doctor import machine
from bot.doctor.lines import SAYS, Finding, verdict
from bot.doctor.looks import LOOKS, examine
from bot.doctor.surroundings import Answer, Room, Surroundings, ask
from bot.privacy import logs
from bot.privacy.keys import Keys
from bot.stores.opening import PRAGMAS
from bot.stores.sqlite import SqliteStore

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC).timestamp()
SECRET = "123456:SECRETsecretSECRET"  # noqa: S105 - of nobody
PAGE = Path(__file__).parent.parent / "docs" / "operating.md"
SWAPS = "Filename\t\tType\t\tSize\tUsed\tPriority\n"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    before = logging.getLogRecordFactory(), sys.excepthook
    logs.quiet()
    yield
    logging.setLogRecordFactory(before[0])
    sys.excepthook = before[1]


@pytest.fixture
async def around(tmp_path: Path) -> Surroundings:
    """A machine on which all is well, with a database and its keys, and a bot that does not run."""
    data, secret, root = tmp_path / "data", tmp_path / "secret", tmp_path / "root"
    for folder in (data, secret):
        folder.mkdir(mode=0o700)
    (root / "proc" / "sys" / "kernel").mkdir(parents=True)
    (root / "proc" / "sys" / "kernel" / "core_pattern").write_text("core\n")
    (root / "proc" / "swaps").write_text(SWAPS)
    store = SqliteStore(data / "sessions.db", Keys.open(secret / "keys", TODAY))
    await store.close()
    for file in (data / "sessions.db", secret / "keys"):
        written_at_noon(file)
    return Surroundings(
        environment={
            "WAYMARK_HOME": str(data),
            "WAYMARK_KEY_FILE": str(secret / "keys"),
            "WAYMARK_TOKEN": SECRET,
            "WAYMARK_OPERATOR_NAME": "A small office",
            "WAYMARK_OPERATOR_CONTACT": "office@example.org",
            "WAYMARK_OPERATOR_COUNTRY": "Ireland",
        },
        now=lambda: NOON,
        boot=lambda: 1000.0,
        core=0,
        room=lambda _: Room(10**10),
        root=root,
    )


def written_at_noon(file: Path) -> None:
    os.utime(file, (NOON, NOON))


def with_settings(around: Surroundings, **environment: str) -> Surroundings:
    return replace(around, environment={**around.environment, **environment})


def at(around: Surroundings, *, days: float = 0) -> Surroundings:
    return replace(around, now=lambda: NOON + days * 86_400)


def data(around: Surroundings) -> Path:
    return Path(around.environment["WAYMARK_HOME"])


def keys(around: Surroundings) -> Path:
    return Path(around.environment["WAYMARK_KEY_FILE"])


def secrets_in(file: Path) -> list[str]:
    try:
        return list(json.loads(file.read_text(encoding="ascii")).values())
    except (OSError, ValueError):
        return []


def wrong(around: Surroundings) -> dict[str, list[str]]:
    """What is not well, by what it is about; and nothing secret is in any of it."""
    found = list(examine(around))
    assert not any(part in str(each) for each in found for part in (SECRET, "SECRET", "A small office", "office@"))
    assert not any(secret in str(each) for each in found for secret in secrets_in(keys(around)))
    lines: dict[str, list[str]] = {}
    for each in found:
        if not each.well:
            lines.setdefault(each.about, []).append(each.line)
    return lines


def only(around: Surroundings, about: str) -> str:
    """The one line that is not well."""
    lines = wrong(around)
    assert set(lines) == {about}, lines
    [line] = lines[about]
    return line


def test_where_all_is_well_each_thing_is_one_word(around: Surroundings) -> None:
    found = list(examine(around))
    assert [str(each) for each in found] == [f"{about}: well" for about in LOOKS if about != "Telegram"]
    assert verdict(found) == 0


async def test_before_the_first_start_there_is_nothing_to_find(around: Surroundings) -> None:
    (data(around) / "sessions.db").unlink()
    keys(around).unlink()
    assert wrong(around) == {}
    assert wrong(with_settings(around, WAYMARK_HOME=str(data(around) / "not" / "there"))) == {}


def test_wrong_comes_before_unseen_and_unseen_before_well() -> None:
    well, bad, unseen = Finding("a"), Finding("b", "wrong"), Finding("c", "unseen", seen=False)
    assert [verdict(found) for found in ([well], [well, unseen], [unseen, bad, well])] == [0, 2, 1]


# The token, Telegram, and who runs this


@pytest.mark.parametrize(("token", "said"), [("", "no token"), ("SECRET", "not a token"), ("1: SECRET", "not a token")])
def test_a_token_that_is_none(around: Surroundings, token: str, said: str) -> None:
    assert said in only(with_settings(around, WAYMARK_TOKEN=token), "token")


def test_a_token_file_that_others_may_read(around: Surroundings, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(SECRET)
    file.chmod(0o644)
    assert "mode 644" in only(replace(around, token_file=file), "token")
    file.chmod(0o600)
    assert wrong(replace(around, token_file=file)) == {}
    assert "FileNotFoundError" in only(replace(around, token_file=tmp_path / "none"), "token")


@pytest.mark.parametrize(
    ("api", "said"),
    [
        ("ftp://x/bot", "must be an address"),
        ("http://10.0.0.9:8081/bot", "in clear"),
        ("http://localhost:8081/bot", ""),
    ],
)
def test_an_address_where_all_can_be_read_on_the_way(around: Surroundings, api: str, said: str) -> None:
    lines = wrong(with_settings(around, WAYMARK_TELEGRAM_API=api))
    assert bool(lines) is bool(said)
    if said == "in clear":
        assert lines["address"] == [SAYS["in-clear"]]
    elif said:
        assert said in lines["address"][0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(200, NOON - 5), ""),
        (Answer(401, NOON), "refuses the token"),
        (Answer(404, NOON), "refuses the token"),
        (Answer(0), "no answer"),
        (Answer(502), "no answer from Telegram (502)"),
        (Answer(200, NOON + 90), "-90 s from Telegram's"),
    ],
)
def test_what_telegram_says(around: Surroundings, answer: Answer, said: str) -> None:
    asked = replace(around, ask=lambda api, token: answer if (api, token) == (API, SECRET) else Answer(999))
    lines = wrong(asked)
    assert set(lines) == ({"Telegram"} if said else set())
    assert said in "".join(lines.get("Telegram", ""))
    assert verdict(list(examine(asked))) == (0 if not said else 2 if "no answer" in said else 1)


API = "https://api.telegram.org/bot"


def test_nobody_is_asked_unless_told_to(around: Surroundings) -> None:
    assert around.ask is None
    assert "Telegram" not in {each.about for each in examine(around)}


def test_telegram_is_asked_with_its_own_words() -> None:
    with FakeTelegram() as telegram:
        answer = ask(telegram.api, telegram.token)
        assert (answer.status, bool(answer.clock)) == (200, True)
        assert ask(telegram.api, "1:wrong").status in {401, 404}
        assert telegram.violations == []
        assert {call.method for call in telegram.calls} == {"getMe"}
    assert ask(telegram.api, telegram.token) == Answer(0)
    assert ask("http://127.0.0.1:1/bot", "1:has\x7fcontrols") == Answer(0)


@pytest.mark.parametrize("value", ["…", "...", "x" * 300, "two\nlines"])
def test_who_runs_it_is_really_filled_in(around: Surroundings, value: str) -> None:
    assert "WAYMARK_OPERATOR_NAME" in only(with_settings(around, WAYMARK_OPERATOR_NAME=value), "operator")


def test_who_runs_it_is_missing(around: Surroundings) -> None:
    assert "set WAYMARK_OPERATOR_CONTACT" in only(with_settings(around, WAYMARK_OPERATOR_CONTACT=" "), "operator")


# The machine


@pytest.mark.parametrize(("days", "said"), [(-365 * 56, "the year 1970"), (365 * 100, "the year 2126")])
def test_a_clock_in_another_age(around: Surroundings, days: int, said: str) -> None:
    assert said in wrong(at(around, days=days))["clock"][0]


def test_a_clock_before_the_texts_were_checked(around: Surroundings) -> None:
    lines = wrong(at(around, days=-200))["clock"]
    assert "the texts were checked on" in lines[0]
    assert "still to come" in lines[1]


def test_a_clock_that_went_back_since_the_bot_wrote(around: Surroundings) -> None:
    late = NOON + 120
    os.utime(keys(around), (late, late))
    assert only(around, "clock") == SAYS["ahead"].format(path=keys(around))


def test_a_clock_that_jumps_while_it_is_looked_at(around: Surroundings) -> None:
    hands = iter([NOON, NOON])
    jumping = replace(around, now=lambda: next(hands, NOON + 30))
    assert "jumped by 30 s" in wrong(jumping)["clock"][0]
    steady = replace(around, now=lambda: next(hands, NOON), boot=lambda: 1000.0)
    assert wrong(steady) == {}


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (Room(5_000_000), "5 MB are left"),
        (Room(10**10, files=False), "no more files"),
        (Room(10**10, writable=False), "read-only"),
    ],
)
def test_a_disk_that_takes_nothing_more(around: Surroundings, room: Room, said: str) -> None:
    full = replace(around, room=lambda folder: room if folder == data(around) else Room(10**10))
    line = only(full, "disk")
    assert said in line
    assert str(data(around)) in line


def test_the_disk_under_us_can_be_looked_at(around: Surroundings) -> None:
    assert replace(Surroundings(), root=around.root).room(data(around)).writable


def test_swap_on_a_disk(around: Surroundings) -> None:
    swaps, blocks = around.root / "proc" / "swaps", around.root / "sys" / "block"
    swaps.write_text(f"{SWAPS}/swapfile file 1 0 -2\n/dev/zram0 partition 1 0 5\n/dev/dm-1 partition 1 0 5\n")
    assert [line.split(" ")[0] for line in wrong(around)["swap"]] == ["/swapfile", "/dev/dm-1"]
    (blocks / "dm-1" / "dm").mkdir(parents=True)
    (blocks / "dm-1" / "dm" / "uuid").write_text("CRYPT-PLAIN-swap\n")
    assert "/swapfile is swap" in only(around, "swap")
    swaps.unlink()
    assert only(around, "swap") == SAYS["swap-unseen"]
    assert verdict(list(examine(around))) == 2


@pytest.mark.parametrize(("limit", "said"), [(1024, "limit 1024"), (resource.RLIM_INFINITY, "limit unlimited")])
def test_a_crash_that_may_write_memory(around: Surroundings, limit: int, said: str) -> None:
    assert said in only(replace(around, core=limit), "core dumps")


@pytest.mark.parametrize(
    ("pattern", "well"), [("|/usr/share/apport/apport %p", False), ("|/lib/systemd/systemd-coredump %P", True)]
)
def test_a_crash_that_is_handed_on(around: Surroundings, pattern: str, well: bool) -> None:
    (around.root / "proc" / "sys" / "kernel" / "core_pattern").write_text(pattern)
    assert (wrong(around) == {}) is well


def running(around: Surroundings, process: int, *files: Path) -> Path:
    """A process of the machine that has these files open."""
    folder = around.root / "proc" / str(process)
    (folder / "fd").mkdir(parents=True)
    for number, file in enumerate(files):
        (folder / "fd" / str(number)).symlink_to(file)
    return folder


def lock(around: Surroundings) -> Path:
    return data(around) / "sessions.db.lock"


def test_the_limits_of_the_bot_that_runs_count_and_not_ours(around: Surroundings) -> None:
    bot = running(around, 77, lock(around), data(around) / "sessions.db")
    (bot / "limits").write_text(
        "Limit  Soft\nMax core file size        0                    unlimited            bytes\n"
    )
    (bot / "cgroup").write_text("0::/system.slice/waymark.service\n")
    (around.root / "proc" / "swaps").write_text(f"{SWAPS}/swapfile file 1 0 -2\n")
    high = replace(around, core=resource.RLIM_INFINITY)
    assert set(wrong(high)) == {"swap"}
    group = around.root / "sys" / "fs" / "cgroup" / "system.slice" / "waymark.service"
    group.mkdir(parents=True)
    (group / "memory.swap.max").write_text("0\n")
    assert wrong(high) == {}


def test_lines_of_other_libraries_lose_what_they_were_given(around: Surroundings) -> None:
    assert list(machine.logs(around)) == []
    logging.setLogRecordFactory(logging.LogRecord)
    assert len(wrong(around)["logs"]) == len(logs.FOREIGN)


@pytest.mark.parametrize("name", machine.UNSAFE)
def test_a_python_that_writes_down_what_it_does(around: Surroundings, name: str) -> None:
    assert name in only(with_settings(around, **{name: "1"}), "logs")


# What is kept


def test_files_that_others_may_read(around: Surroundings) -> None:
    for file, about in ((data(around) / "sessions.db", "files"), (lock(around), "files")):
        file.chmod(0o640)
        assert only(around, about) == SAYS["mode"].format(path=file, mode="640")
        file.chmod(0o600)
    keys(around).chmod(0o604)
    assert set(wrong(around)) == {"files", "keys"}


def test_folders_that_others_may_change_or_look_into(around: Surroundings) -> None:
    data(around).chmod(0o770)
    assert only(around, "files") == SAYS["folder-mode"].format(path=data(around), mode="770")
    data(around).chmod(0o755)  # names of texts are no secret
    keys(around).parent.chmod(0o755)
    assert only(around, "files") == SAYS["keys-folder-mode"].format(path=keys(around).parent, mode="755")


def test_files_of_somebody_else(around: Surroundings) -> None:
    lines = wrong(replace(around, user=around.user + 1))["files"]
    assert len(lines) == 4
    assert all(f"belongs to user {around.user}, and this is user {around.user + 1}" in line for line in lines)


def test_a_database_of_something_else(around: Surroundings) -> None:
    (data(around) / "sessions.db").write_bytes(b"not a database")
    written_at_noon(data(around) / "sessions.db")
    assert only(around, "database") == SAYS["not-ours"].format(path=data(around) / "sessions.db")


def test_a_database_that_another_program_changed(around: Surroundings) -> None:
    database = data(around) / "sessions.db"
    held = bytearray(database.read_bytes())
    held[18:20] = b"\1\1"
    database.write_bytes(held)
    written_at_noon(database)
    assert only(around, "database") == SAYS["journal"].format(path=database)


def test_a_sqlite_that_does_not_hold_a_setting(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRAGMAS, "cell_size_check", 7)  # no build of SQLite holds it
    assert only(around, "database") == SAYS["pragma"].format(name="cell_size_check", wanted=7)


def test_a_process_that_reads_the_database_and_is_no_bot(around: Surroundings) -> None:
    running(around, 77, lock(around), data(around) / "sessions.db")
    assert wrong(around) == {}
    running(around, 78, data(around) / "sessions.db")
    assert only(around, "database") == SAYS["others"].format(process=78)


def test_keys_that_are_gone(around: Surroundings) -> None:
    keys(around).unlink()
    assert only(around, "database") == SAYS["no-keys"].format(path=keys(around))


def test_keys_that_are_none(around: Surroundings) -> None:
    keys(around).write_text("rubbish")
    written_at_noon(keys(around))
    assert "not a key file of ours" in only(around, "keys")


def test_keys_beside_what_they_open(around: Surroundings) -> None:
    beside = data(around) / "inside" / "keys"
    beside.parent.mkdir(mode=0o700)
    keys(around).rename(beside)
    assert only(with_settings(around, WAYMARK_KEY_FILE=str(beside)), "keys") == SAYS["beside"].format(
        path=beside.parent
    )
    folder = data(around) / "keys"
    folder.mkdir(mode=0o700)
    beside.rename(folder / "waymark.keys")
    assert only(with_settings(around, WAYMARK_KEY_FILE=""), "keys") == SAYS["beside"].format(path=folder)


def test_keys_older_than_three_days_while_no_bot_runs(around: Surroundings) -> None:
    assert wrong(at(around, days=2)) == {}
    assert only(at(around, days=3), "keys") == SAYS["old-key"].format(day=TODAY)


def test_a_bot_that_runs_without_a_key_of_today(around: Surroundings) -> None:
    running(around, 77, lock(around), data(around) / "sessions.db")
    assert wrong(at(around, days=0.5)) == {}, "midnight: it has a little time"
    assert only(at(around, days=0.51), "keys") == SAYS["not-turned"]


def test_a_key_of_a_day_to_come(around: Surroundings) -> None:
    Keys.open(keys(around), TODAY + timedelta(1))
    written_at_noon(keys(around))
    assert only(around, "keys") == SAYS["ahead-key"].format(day=TODAY + timedelta(1))


# What is said


def test_what_should_have_been_checked_again(around: Surroundings) -> None:
    lines = wrong(at(around, days=2000))["facts"]
    assert "`waymark facts --within 0`" in lines[0]


def test_own_texts_that_do_not_pass(around: Surroundings) -> None:
    flows = data(around) / "flows"
    flows.mkdir()
    (flows / "menu.md").write_text("# Menu\n\nNot whole SECRET.\n")
    line = only(around, "own texts")
    assert line.endswith(SAYS["own-texts"].partition("{path}")[2])


def test_a_directory_of_services_that_is_broken_or_open(around: Surroundings) -> None:
    store = data(around) / "services.db"
    store.write_bytes(b"rubbish" * 100)
    store.chmod(0o666)
    broken, mode = sorted(wrong(around)["services"], key=lambda line: "mode" in line)
    assert "put it back whole" in broken
    assert "mode 666" in mode


def test_what_cannot_be_looked_at_hides_nothing_else(around: Surroundings) -> None:
    def broken(folder: Path) -> Room:
        raise PermissionError(f"{folder} SECRET")

    blind = replace(with_settings(around, WAYMARK_OPERATOR_NAME=""), room=broken)
    lines = wrong(blind)
    assert lines["disk"] == [SAYS["unseen"].format(kind="PermissionError")]
    assert "operator" in lines
    assert verdict(list(examine(blind))) == 1
    assert verdict([each for each in examine(blind) if each.about != "operator"]) == 2


# The command


def run(*arguments: str, **environment: str | None) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["doctor", *arguments], env=environment)
    return done.exit_code, done.output


def test_the_command_says_what_is_wrong_and_only_that_where_asked(tmp_path: Path) -> None:
    settings: dict[str, str | None] = {
        "WAYMARK_HOME": str(tmp_path / "data"),
        "WAYMARK_KEY_FILE": str(tmp_path / "keys"),
        "WAYMARK_TOKEN": SECRET,
        "WAYMARK_OPERATOR_NAME": "",
    }
    code, whole = run(**settings)
    assert code == 1
    assert "token: well\n" in whole
    code, quiet = run("--quiet", **settings)
    assert code == 1
    assert "well" not in quiet
    assert set(quiet.splitlines()) < set(whole.splitlines())
    assert SECRET not in whole
    assert list(tmp_path.iterdir()) == [], "it writes nothing"


def test_beside_a_live_bot_it_changes_nothing_and_the_bot_goes_on(tmp_path: Path) -> None:
    def there() -> dict[str, tuple[int, int]]:
        files = [file for folder in ("data", "secret") for file in (tmp_path / folder).rglob("*") if file.is_file()]
        return {str(file): (file.stat().st_mtime_ns, file.stat().st_size) for file in files}

    with FakeTelegram() as telegram, RealBot(telegram, tmp_path) as bot:
        person = telegram.person(1001)
        person.type("/start")
        telegram.wait(lambda: "Is it all right" in person.screen.text and len(person.messages) == 1)
        assert bot.process
        os.kill(bot.process.pid, signal.SIGSTOP)  # so that whatever is written now, the doctor wrote
        before = there()
        done = subprocess.run(
            [sys.executable, "-m", "bot", "doctor", "--online"],
            env=bot.environment, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert there() == before
        os.kill(bot.process.pid, signal.SIGCONT)
        for line in ("token: well", "Telegram: well", "database: well", "keys: well", "files: well"):
            assert line in done.stdout.splitlines(), done.stdout + done.stderr
        assert not any(secret in done.stdout + done.stderr for secret in (telegram.token, "1001", "small office"))
        person.type("1")
        telegram.wait(lambda: "I ask, you choose" in person.screen.text)
        assert bot.stop() == 0
        assert telegram.violations == []
    before = there()
    subprocess.run([sys.executable, "-m", "bot", "doctor"], env=bot.environment, capture_output=True, check=False)
    assert there() == before, "nor does it leave anything beside a database that nobody uses"


@pytest.mark.parametrize("template", sorted(set(SAYS.values()) - {"{said}"}))
def test_every_line_it_can_say_is_in_the_docs(template: str) -> None:
    assert " ".join(template.split()) in " ".join(PAGE.read_text(encoding="utf-8").split())


def test_every_thing_it_looks_at_is_in_the_docs() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| {about} |" in page for about in LOOKS)
