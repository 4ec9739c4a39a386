"""A disk that is full, read-only or damaged: people leave all the same, nothing is guessed, and one line says so.

WAYMARK_FLIPS is how many damaged databases are tried.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from at_telegram import START, Bot, at_once, damaged, in_a_hurry, read_only, running, typed
from fake_telegram import FakeTelegram
from fake_telegram_person import Person
from real_bot import RealBot

from bot import lanes
from bot.ports import Record, Saved, StoreError
from bot.privacy.keys import Keys
from bot.stores.ballast import BALLAST
from bot.stores.sqlite import SqliteStore

DAY = date(2026, 11, 20)
FLIPS = int(os.environ.get("WAYMARK_FLIPS", "25"))
WRONG = "Something went wrong"
SMALL = 8 << 20
"""Bytes of the small disk."""

Disk = Callable[[Bot], AbstractContextManager[None]]


@pytest.fixture
async def bot(telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    async with in_a_hurry(telegram, tmp_path, monkeypatch) as found:
        yield found


@contextmanager
def no_room(bot: Bot) -> Iterator[None]:
    """F21: no file of this process may grow, so the log cannot be written, whatever is thrown off."""
    bot.store._scanner.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # noqa: SLF001 - the log's own room is none
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


DISKS = pytest.mark.parametrize("disk", [read_only, no_room])
"""F21 and F22, where reading still works."""


def settled(person: Person, text: str) -> bool:
    """Whether the chat holds one message, of ours, that says this."""
    return len(person.messages) == 1 and person.messages[0].ours and text in person.screen.text


def ours(person: Person) -> list[str]:
    return [message.text for message in person.messages if message.ours]


@DISKS
async def test_leaving_works_and_is_noted_as_soon_as_it_can_be(telegram: FakeTelegram, bot: Bot, disk: Disk) -> None:
    """F21, F22: by word and by tap, with all that stood there."""
    people = [telegram.person(1001), telegram.person(2002)]
    for person in people:
        await bot.arrives(person)
    with disk(bot):
        await bot.types(people[0], "exit")
        await bot.presses(people[1], "Leave now")
        assert people[0].messages == people[1].messages == []
        for text in ("hello", "is anybody there"):  # after leaving, nothing is answered
            await bot.types(people[0], text)
            assert people[0].messages == []
        sent = len(telegram.calls_of("sendMessage"))
        with pytest.raises(StoreError):
            await bot.runtime.sweep()
        assert len(telegram.calls_of("sendMessage")) == sent
        assert len(await bot.store.all()) == 2
    await bot.runtime.sweep()
    assert await bot.store.all() == []
    assert not bot.runtime.lanes.left
    await bot.types(people[0], "/start")
    assert START in people[0].screen.text


@DISKS
async def test_who_left_begins_anew_as_soon_as_the_disk_is_back(telegram: FakeTelegram, bot: Bot, disk: Disk) -> None:
    """F21, F22: without waiting for a sweep, and not where they were."""
    person = telegram.person(1001)
    await bot.arrives(person)
    with disk(bot):
        await bot.types(person, "exit")
    await bot.types(person, "/start")
    assert START in person.screen.text
    assert len(person.messages) == 1


@DISKS
async def test_leaving_leaves_the_dull_line_somebody_chose(telegram: FakeTelegram, bot: Bot, disk: Disk) -> None:
    """F21, F22."""
    person = telegram.person(1001)
    await bot.arrives(person)
    await bot.set(person, leaving="dull")
    with disk(bot):
        await bot.types(person, "exit")
        assert ours(person) == ["Nothing new."]


@pytest.mark.parametrize("disk", [read_only, no_room, damaged])
async def test_nothing_begins_and_one_line_says_so_and_goes_again(
    telegram: FakeTelegram, bot: Bot, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    """F21, F22, F23."""
    person, other = telegram.person(1001), telegram.person(2002)
    with caplog.at_level(logging.ERROR), disk(bot):
        for text in ("/start", "hello", "3", "what is this"):
            await bot.types(person, text)
            assert len(person.messages) == 1
            assert WRONG in person.screen.text
        await bot.types(other, "/start")
        await bot.types(other, "exit")
        assert other.messages == []
    assert len([record for record in caplog.records if "fault" in record.getMessage()]) <= 2  # not a line a turn
    await bot.types(person, "/start")
    assert START in person.screen.text
    assert len(person.messages) == 1


async def test_a_line_of_trouble_goes_with_time(telegram: FakeTelegram, bot: Bot) -> None:
    """F21: it is in no store, and is cleared all the same."""
    person = telegram.person(1001)
    with read_only(bot):
        await bot.types(person, "/start")
        assert len(person.messages) == 1
    telegram.skew = 14 * 60
    await bot.runtime.sweep()
    assert len(person.messages) == 1
    telegram.skew = 15 * 60 + 1
    await bot.runtime.sweep()
    assert person.messages == []
    assert not bot.runtime.lanes.unkept


@DISKS
async def test_who_is_in_a_conversation_stays_there_and_reads_that_something_is_wrong(
    telegram: FakeTelegram, bot: Bot, disk: Disk
) -> None:
    """F21, F22."""
    person = telegram.person(1001)
    await bot.arrives(person)
    with disk(bot):
        await bot.types(person, "2")
        assert len(person.messages) == 1
        assert WRONG in person.screen.text
        assert any(text.startswith("2.") for row in person.screen.buttons for text, _ in row)
    await bot.types(person, "2")
    assert "a paper that asks" in person.screen.text


@DISKS
async def test_screens_are_cleared_in_time_and_what_the_disk_says_is_not_believed(
    telegram: FakeTelegram, bot: Bot, disk: Disk
) -> None:
    """F21, F22: expiry needs no disk."""
    person = telegram.person(1001)
    await bot.arrives(person)
    telegram.skew = 16 * 60
    with disk(bot):
        for _ in range(3):
            with pytest.raises(StoreError):
                await bot.runtime.sweep()
        assert person.messages == []
        deletes = len(telegram.calls_of("deleteMessages"))
        with pytest.raises(StoreError):
            await bot.runtime.sweep()
        assert len(telegram.calls_of("deleteMessages")) == deletes
    await bot.runtime.sweep()
    assert await bot.store.all() == []


async def test_a_tombstone_that_was_kept_and_could_not_be_dropped_is_tried_again(
    telegram: FakeTelegram, bot: Bot
) -> None:
    """F22: the disk went while somebody was leaving."""
    person = telegram.person(1001)
    await bot.arrives(person)
    work = await bot.runtime.take(typed(person, "exit"))
    assert work
    with read_only(bot):
        await bot.runtime.lanes.finish(work)
        assert person.messages == []
    [stone] = await bot.store.all()
    assert not stone.session
    await bot.runtime.sweep()
    assert await bot.store.all() == []


async def test_a_screen_that_was_sent_and_could_not_be_noted_is_deleted_on_leaving(
    telegram: FakeTelegram, bot: Bot
) -> None:
    """F21: the disk filled up between the turn and its screen."""
    person = telegram.person(1001)
    work = await bot.runtime.take(typed(person, "/start"))
    assert work
    with read_only(bot):
        await bot.runtime.lanes.finish(work)
        assert START in person.screen.text
        await bot.types(person, "exit")
        assert person.messages == []


async def test_one_chat_whose_pages_are_damaged_spoils_no_other_turn(bot: Bot) -> None:
    """F23: they were in one commit."""
    rows = bot.store._rows  # noqa: SLF001 - where SQLite is asked

    def sometimes(connection: sqlite3.Connection, address: str) -> object:
        if address == "3":
            raise sqlite3.DatabaseError("database disk image is malformed")
        return rows(connection, address)

    bot.store._rows = sometimes  # type: ignore[method-assign,assignment]  # noqa: SLF001 - as above
    record = Record("", b"a session", 1)
    saved = await asyncio.gather(
        *(bot.store.save(record._replace(address=str(number)), None) for number in range(6)), return_exceptions=True
    )
    assert [each for each in saved if each is Saved.KEPT] == [Saved.KEPT] * 5
    assert isinstance(saved[3], StoreError)
    assert "3" not in str(saved[3]).removeprefix(str(bot.store._path))  # noqa: SLF001 - nothing of whose


# Damage


def flipped(path: Path, chance: random.Random, count: int) -> None:
    """Change some bytes anywhere in a file but the first page, which would have it refused as a whole."""
    found = bytearray(path.read_bytes())
    for _ in range(count):
        found[chance.randrange(4096, len(found))] ^= 1 << chance.randrange(8)
    path.write_bytes(found)


@pytest.mark.parametrize("seed", range(FLIPS))
async def test_a_damaged_database_gives_what_was_written_or_nothing(tmp_path: Path, seed: int) -> None:
    """F23: the seal finds what SQLite's own check does not; never a guess, never a crash."""
    chance = random.Random(seed)
    store = SqliteStore(tmp_path / "db", Keys.open(tmp_path / "keys", DAY))
    written = {
        str(number): Record(str(number), os.urandom(chance.randrange(1, 900)), 1, 0, 7, 70, (3, 5), 1_000_000)
        for number in range(60)
    }
    for record in written.values():
        await store.save(record, None)
    await store.close()
    flipped(tmp_path / "db", chance, 20)
    try:
        store = SqliteStore(tmp_path / "db", Keys.open(tmp_path / "keys", DAY))
    except StoreError:
        return  # refused as a whole, and left as it is
    for record in await store.all():
        assert record == written[record.address]
    lost = 0
    for address, record in written.items():
        try:
            held = await store.load(address)
            assert held in {record, None}
            lost += held is None
            await store.save(record._replace(turn=2), 1 if held else None)
            await store.drop(address)
        except StoreError:
            lost += 1
    assert lost <= 60
    for _ in range(2):
        try:
            await store.sweep(DAY, 1_000_000)
        except StoreError:
            break
    await store.close()


@pytest.mark.parametrize("seed", range(min(FLIPS, 8)))
async def test_people_in_a_damaged_database_begin_again_or_read_one_line(
    telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """F23."""
    monkeypatch.setattr(lanes, "sleep", at_once)
    people = [telegram.person(1000 + number) for number in range(24)]
    async with running(telegram, tmp_path) as bot:
        for person in people:
            await bot.arrives(person)
    flipped(tmp_path / "db", random.Random(seed), 40)
    with suppress(StoreError):  # refused as a whole, and left as it is
        async with running(telegram, tmp_path) as bot:
            for person in people:
                await bot.types(person, "2")
                assert any(text in person.screen.text for text in ("a paper that asks", START, WRONG))
            for person in people:
                screen = person.screen.id
                await bot.presses(person, "Leave now") if person.screen.buttons else await bot.types(person, "exit")
                assert screen not in [message.id for message in person.messages]


# A disk that is really full: a small one, mounted for the test where the system lets us


def small_disk(folder: Path) -> list[str]:
    """How to start a program that sees a disk of 8 MB at `folder`; skips where that is not allowed."""
    mount = f'mount -t tmpfs -o size={SMALL} none {folder} && exec "$@"'
    start = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    if not shutil.which("unshare") or subprocess.run([*start, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    return start


class OnSmallDisk(RealBot):
    """The real process, with its database on a small disk of its own."""

    def start(self) -> None:
        disk = self.home / "data"
        disk.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*small_disk(disk), sys.executable, "-m", "bot", "telegram"],
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.home,
            )

    @property
    def disk(self) -> Path:
        """The small disk, as its process sees it."""
        assert self.process
        return Path(f"/proc/{self.process.pid}/root{self.home}/data")

    def fill(self) -> Path:
        """Take all the room there is: on the small disk and on no other, and never more than that has."""
        there = os.statvfs(self.disk)
        assert there.f_blocks * there.f_frsize == SMALL, "the small disk is not there: nothing is filled"
        filler = self.disk / "filler"
        with filler.open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                with suppress(OSError):
                    for _ in range(SMALL // size if size > 1 else 1 << 12):
                        file.write(b"x" * size)
        return filler


def test_on_a_full_disk_people_leave_nobody_begins_and_it_goes_on_when_there_is_room(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    """F21: with what SQLite really does, and the ballast."""
    people = [telegram.person(1001 + number) for number in range(12)]
    stays, stranger = telegram.person(2002), telegram.person(3003)
    with OnSmallDisk(telegram, tmp_path) as bot:
        for person in (*people, stays):
            person.type("/start")
        telegram.wait(lambda: all(settled(person, START) for person in (*people, stays)))
        filler = bot.fill()
        stays.type("3")
        telegram.wait(lambda: WRONG in stays.screen.text)
        for person in people:
            person.type("exit")
        telegram.wait(lambda: all(person.messages == [] for person in people))
        assert "only leaving goes on" in bot.said()
        assert not (bot.disk / "sessions.db.ballast").exists()
        stranger.type("/start")
        telegram.wait(lambda: WRONG in stranger.screen.text and len(stranger.messages) == 1)
        filler.unlink()
        stays.type("3")
        telegram.wait(lambda: "What would you like?" in stays.screen.text)
        assert (bot.disk / "sessions.db.ballast").stat().st_size == BALLAST
        stranger.type("/start")
        telegram.wait(lambda: START in stranger.screen.text and len(stranger.messages) == 1)
        for person in people:
            person.type("/start")
        telegram.wait(lambda: all(START in person.screen.text for person in people))
        assert bot.said().count("fault") <= 4


async def test_a_key_that_could_not_be_written_seals_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """F21: at midnight the disk is full; what is kept after it can still be read after a restart."""
    store = SqliteStore(tmp_path / "db", Keys.open(tmp_path / "keys", DAY))
    fsync = os.fsync

    def full(descriptor: int) -> None:
        if "keys" in Path(f"/proc/self/fd/{descriptor}").readlink().name:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    tomorrow = DAY + timedelta(1)
    await store.sweep(tomorrow, 1_000_000)
    record = Record("1001", b"a session", 1)
    assert await store.save(record, None) is Saved.KEPT
    await store.close()
    store = SqliteStore(tmp_path / "db", Keys.open(tmp_path / "keys", DAY))
    assert await store.load("1001") == record
    monkeypatch.undo()
    await store.sweep(tomorrow, 1_000_000)
    assert [key.day for key in store._keys] == [tomorrow, DAY]  # noqa: SLF001 - the promise
    await store.close()


async def test_neither_the_disk_nor_telegram_can_be_reached_and_leaving_goes_on_when_both_are_back(
    telegram: FakeTelegram, bot: Bot
) -> None:
    """F12, F22: until then nothing is answered."""
    person = telegram.person(1001)
    await bot.arrives(person)
    with read_only(bot):
        telegram.fail("*", "drop", times=None)
        await bot.types(person, "exit")
        assert len(person.messages) == 2
    telegram.heal()
    await bot.types(person, "hello")
    assert len(telegram.calls_of("sendMessage")) == 1
    await bot.runtime.sweep()
    assert person.messages == []
    assert not bot.runtime.lanes.left
    assert not bot.runtime.lanes.unkept
    assert await bot.store.all() == []


async def test_what_is_kept_in_memory_while_the_disk_is_away_holds_no_session(telegram: FakeTelegram, bot: Bot) -> None:
    """F22."""
    person = telegram.person(1001)
    await bot.arrives(person)
    with read_only(bot):
        await bot.types(person, "2")
        assert [record.session for record in bot.runtime.lanes.unkept.values()] == [b""]
    await bot.types(person, "2")
    assert not bot.runtime.lanes.unkept
