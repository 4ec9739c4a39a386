"""Stores: one contract, kept in memory and on a disk."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import Record, Saved, SessionStore, StoreError
from bot.privacy import seal
from bot.privacy.keys import BadKeyFileError, Key, Keys
from bot.stores.memory import MemoryStore
from bot.stores.records import parts_of, read_part, record_of
from bot.stores.sqlite import SqliteStore

DAY = date(2026, 11, 20)
CANARY = "quetzalword"


def record(address: str = "1001", turn: int = 1, **changes: object) -> Record:
    return Record(address, b"a session", turn, 0, 7, 70, (3, 5), 1_000_000, 15)._replace(**changes)  # type: ignore[arg-type]


class Open:
    """A cipher that seals nothing and keeps the size: what the tests look for can then be found."""

    @staticmethod
    def seal(row: bytes, name: bytes, key: Key) -> bytes:
        del name, key
        return (len(row).to_bytes(2, "big") + row).ljust(seal.SEALED, b"\0")

    @staticmethod
    def unseal(sealed: bytes, name: bytes, key: Key) -> bytes:
        del name, key
        return sealed[2 : 2 + int.from_bytes(sealed[:2], "big")]


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SessionStore]:
    opened: SessionStore = (
        MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "db", Keys.open(tmp_path / "keys", DAY))
    )
    yield opened
    await opened.close()


async def test_a_record_comes_back_as_it_was(store: SessionStore) -> None:
    assert await store.load("1001") is None
    assert await store.save(record(), None) is Saved.KEPT
    assert await store.load("1001") == record()
    assert await store.load("1002") is None
    assert await store.all() == [record()]


async def test_a_turn_that_was_overtaken_is_not_kept(store: SessionStore) -> None:
    await store.save(record(turn=1), None)
    assert await store.save(record(turn=1), None) is Saved.OVERTAKEN
    assert await store.save(record(turn=2), 1) is Saved.KEPT
    assert await store.save(record(turn=2, session=b"late"), 1) is Saved.OVERTAKEN
    held = await store.load("1001")
    assert held
    assert held.session == b"a session"


async def test_an_update_is_taken_once_also_after_the_chat_was_forgotten(store: SessionStore) -> None:
    assert await store.save(record(), None, 500) is Saved.KEPT
    assert await store.save(record(turn=2), 1, 500) is Saved.DUPLICATE
    await store.drop("1001")
    assert await store.save(record(), None, 500) is Saved.DUPLICATE
    assert await store.save(record(), None, 501) is Saved.KEPT


async def test_a_refused_turn_leaves_those_beside_it(store: SessionStore) -> None:
    await store.save(record("1"), None)
    saved = await asyncio.gather(*(store.save(record(str(number)), None, 600 + number) for number in range(6)))
    assert saved == [Saved.KEPT, Saved.OVERTAKEN, *[Saved.KEPT] * 4]
    assert await store.save(record("1", turn=2), 1, 601) is Saved.KEPT  # what was refused was not remembered as taken


async def test_what_was_shown_and_erased_is_noted_without_undoing_a_later_turn(store: SessionStore) -> None:
    await store.save(record(), None)
    await store.shown(record(shown=1, screen=9, screen_at=90, erase=()), (3,))
    held = await store.load("1001")
    assert held == record(shown=1, screen=9, screen_at=90, erase=(5,))
    await store.save(held._replace(turn=2, session=b"later"), 1)
    await store.shown(record(shown=1, screen=9, screen_at=90, erase=(8,)), (5,))
    later = await store.load("1001")
    assert later
    assert (later.turn, later.session, later.erase) == (2, b"later", (8,))


async def test_what_may_be_noted_soon_is_noted_with_the_next_turn(store: SessionStore) -> None:
    await store.save(record("1", shown=0), None)
    await store.shown(record("1", shown=1, erase=()), soon=True)
    await store.save(record("2"), None)
    held = await store.load("1")
    assert held
    assert held.shown == 1


async def test_a_chat_that_began_anew_is_not_forgotten_with_what_was_before(store: SessionStore) -> None:
    await store.save(record(turn=1, session=b""), None)
    await store.save(record(turn=2), 1)
    await store.drop("1001", 1)
    assert await store.load("1001") == record(turn=2)
    await store.drop("1001", 2)
    assert await store.load("1001") is None


async def test_ids_to_erase_are_added_to_those_on_the_list(store: SessionStore) -> None:
    await store.save(record(erase=(3, 5)), None)
    await store.shown(record(shown=1, erase=()), (3,))
    await store.save(record(turn=2, erase=(9,)), 1)
    held = await store.load("1001")
    assert held
    assert held.erase == (5, 9)


async def test_what_is_noted_of_a_chat_that_is_gone_brings_nothing_back(store: SessionStore) -> None:
    await store.save(record(), None)
    await store.drop("1001")
    await store.shown(record(shown=1), (3,))
    assert await store.load("1001") is None
    assert await store.all() == []


async def test_a_tombstone_takes_as_many_rows_as_it_needs(store: SessionStore) -> None:
    ids = tuple(sorted(random.Random(4).sample(range(1, 10**9), 1500)))
    await store.save(record(session=b"", erase=ids), None)
    assert await store.load("1001") == record(session=b"", erase=ids)
    assert await store.all() == [record(session=b"", erase=ids)]
    await store.shown(record(session=b"", erase=()), ids[10:])
    held = await store.load("1001")
    assert held
    assert held.erase == ids[:10]
    await store.drop("1001")
    assert await store.all() == []


async def test_what_does_not_fit_is_said_to_be_too_large(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "db", Keys.open(tmp_path / "keys", DAY))
    with pytest.raises(seal.TooLargeError):
        await store.save(record(session=os.urandom(seal.ROOM)), None)
    assert await store.save(record(session=os.urandom(seal.ROOM - 200)), None) is Saved.KEPT
    await store.close()


@given(st.lists(st.integers(1, 2**40), max_size=900, unique=True), st.binary(max_size=200), st.integers(0, 2**31))
def test_records_survive_their_rows(ids: list[int], session: bytes, at: int) -> None:
    whole = record(erase=tuple(sorted(ids)), session=session, at=at)
    assert record_of([read_part(row) for row in parts_of(whole)]) == whole


# On a disk


def opened(folder: Path, day: date = DAY, **options: object) -> SqliteStore:
    return SqliteStore(folder / "db", Keys.open(folder / "keys", day), **options)  # type: ignore[arg-type]


async def test_what_was_kept_is_there_after_closing_and_what_was_dropped_is_not(tmp_path: Path) -> None:
    store = opened(tmp_path)
    await store.save(record("1"), None, 5)
    await store.save(record("2"), None, 6)
    await store.drop("2")
    await store.close()
    store = opened(tmp_path)
    assert await store.all() == [record("1")]
    assert await store.save(record("2"), None, 6) is Saved.DUPLICATE
    await store.close()


async def test_every_row_has_one_size_and_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    store = opened(tmp_path)
    await store.save(record("1", session=b""), None)
    await store.save(record("2", session=os.urandom(1500), erase=tuple(range(1, 900))), None)
    await store.close()
    rows = sqlite3.connect(tmp_path / "db").execute("SELECT length(name), length(sealed) FROM records").fetchall()
    assert set(rows) == {(seal.NAME, seal.SEALED)}
    for name in ("db", "keys", "db.lock"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


async def test_records_are_written_under_todays_key_and_read_under_each(tmp_path: Path) -> None:
    keys = Keys.open(tmp_path / "keys", DAY)
    store = SqliteStore(tmp_path / "db", keys)
    await store.save(record("1"), None)
    await store.save(record("2"), None)
    for days in (1, 2):
        await store.sweep(DAY + timedelta(days), 0)
    assert await store.load("1") == record("1")
    await store.save(record("1", turn=2), 1)  # rewritten on touch
    await store.sweep(DAY + timedelta(3), 0)
    assert await store.load("1") == record("1", turn=2)
    assert await store.load("2") is None
    assert await store.all() == [record("1", turn=2)]
    await store.close()


async def test_an_altered_row_is_as_good_as_none_and_the_others_stay(tmp_path: Path) -> None:
    store = opened(tmp_path)
    for address in ("1", "2"):
        await store.save(record(address), None)
    await store.close()
    with sqlite3.connect(tmp_path / "db") as database:
        name, sealed = database.execute("SELECT name, sealed FROM records").fetchone()
        database.execute("UPDATE records SET sealed=? WHERE name=?", (sealed[:-1] + bytes([sealed[-1] ^ 1]), name))
    database.close()
    store = opened(tmp_path)
    assert len(await store.all()) == 1
    await store.close()


async def test_a_row_moved_under_another_name_does_not_open(tmp_path: Path) -> None:
    store = opened(tmp_path)
    await store.save(record("1"), None)
    await store.save(record("2"), None)
    await store.close()
    with sqlite3.connect(tmp_path / "db") as database:
        (one, first), (two, _) = database.execute("SELECT name, sealed FROM records").fetchall()
        database.execute("UPDATE records SET sealed=? WHERE name=?", (first, two))
    database.close()
    store = opened(tmp_path)
    assert len(await store.all()) == 1
    assert one != two
    await store.close()


async def test_a_second_process_on_one_database_is_refused(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(StoreError, match="another process uses it"):
        opened(tmp_path)
    await store.close()
    await opened(tmp_path).close()


@pytest.mark.parametrize("damage", ["text", "other", "readable", "folder"])
def test_a_database_that_cannot_be_trusted_is_refused_and_left_alone(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "db"
    if damage == "folder":
        path.mkdir(mode=0o700)
    elif damage == "other":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE somebodys (thing)")
        other.close()
        path.chmod(0o600)
    else:
        path.write_bytes(b"not a database at all, but a text of some length" * 100)
        path.chmod(0o644 if damage == "readable" else 0o600)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError, match=r"/db: "):
        opened(tmp_path)
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert not [
        file for file in tmp_path.iterdir() if file.name.startswith("db") and file.name not in {"db", "db.lock"}
    ]


async def test_a_disk_that_is_full_refuses_and_loses_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    await store.save(record("1"), None)
    store._db.execute("PRAGMA max_page_count=8")  # noqa: SLF001 - how a disk is made full in a test
    with pytest.raises(StoreError, match="cannot be written"):
        await asyncio.gather(*(store.save(record(f"x{number}"), None) for number in range(100)))
    assert await store.load("1") == record("1")
    await store.drop("1")
    assert await store.load("1") is None
    await store.close()


# Keys


def test_keys_turn_at_midnight_and_the_oldest_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keys = Keys.open(path, DAY)
    first = keys.newest
    assert not keys.turn(DAY)
    for days in (1, 2):
        assert keys.turn(DAY + timedelta(days))
    assert [key.day for key in keys] == [DAY + timedelta(2), DAY + timedelta(1), DAY]
    assert keys.turn(DAY + timedelta(3))
    assert first not in list(keys)
    assert first.secret.hex() not in path.read_text(encoding="ascii")
    assert list(Keys.open(path, DAY + timedelta(3))) == list(keys)


def test_a_clock_that_jumps_makes_no_key_twice(tmp_path: Path) -> None:
    keys = Keys.open(tmp_path / "keys", DAY)
    newest = keys.newest
    assert not keys.turn(DAY - timedelta(30))
    assert keys.newest is newest
    assert keys.turn(DAY + timedelta(400))
    assert [key.day for key in keys] == [DAY + timedelta(400)]


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"2026-11-20": "ab"}', '{"today": "00"}', "\0\1\2"])
def test_a_key_file_that_cannot_be_used_is_said_to_be_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text, encoding="ascii")
    path.chmod(0o600)
    with pytest.raises(BadKeyFileError, match=r"/keys: "):
        Keys.open(path, DAY)
    assert path.read_text(encoding="ascii") == text


def test_a_key_file_others_may_read_is_refused(tmp_path: Path) -> None:
    Keys.open(tmp_path / "keys", DAY)
    (tmp_path / "keys").chmod(0o640)
    with pytest.raises(BadKeyFileError, match="chmod 600"):
        Keys.open(tmp_path / "keys", DAY)


def test_names_say_nothing_and_differ_by_day() -> None:
    one, two = Key.of(DAY, b"a" * 32), Key.of(DAY, b"b" * 32)
    assert seal.name_of("1001", one) != seal.name_of("1001", two) != seal.name_of("1002", two)
    assert b"1001" not in seal.name_of("1001", one)
    assert "a" * 32 not in repr(one)


@given(st.binary(max_size=1500))
def test_what_is_sealed_opens_only_whole_and_under_its_name(text: bytes) -> None:
    key = Key.of(DAY, b"k" * 32)
    sealed = seal.seal(text, b"name", key)
    assert len(sealed) == seal.SEALED
    assert seal.unseal(sealed, b"name", key) == text
    for altered, name in ((sealed, b"other"), (sealed[:-1], b"name"), (b"", b"name")):
        with pytest.raises(seal.BrokenSealError):
            seal.unseal(altered, name, key)


# Residues: what is dropped is nowhere in the files. With the seal off, because a sealed word could not be found anyway.


async def work(folder: Path, seed: int, cipher: type[Open]) -> None:
    chance = random.Random(seed)
    store = opened(folder, cipher=cipher)
    held: dict[str, int] = {}
    for _ in range(chance.randint(20, 60)):
        address = str(chance.randint(1, 12))
        if address in held and chance.random() < 0.3:
            await store.drop(address)
            del held[address]
            continue
        turn = held.get(address, 0) + 1
        filler = bytes(chance.randrange(97, 123) for _ in range(chance.randint(0, 1200)))
        ids = tuple(chance.sample(range(1, 10**6), chance.choice((0, 3, 100))))
        row = record(address, turn, session=CANARY.encode() + filler, erase=ids)
        assert await store.save(row, held.get(address)) is Saved.KEPT
        held[address] = turn
        if chance.random() < 0.1:
            await store.sweep(DAY, 0)
    for address in held:
        await store.drop(address)
    await store.sweep(DAY, 0)
    found = [file.name for file in folder.iterdir() if CANARY.encode() in file.read_bytes()]
    assert found == [], f"seed {seed}"
    await store.close()


@pytest.mark.parametrize("seed", range(int(os.environ.get("WAYMARK_RESIDUES", "40"))))
async def test_what_was_dropped_is_in_no_file(tmp_path: Path, seed: int) -> None:
    await work(tmp_path, seed, cipher=Open)


async def test_the_same_search_finds_what_is_held_with_the_seal_off_and_not_with_it_on(tmp_path: Path) -> None:
    for cipher, there in ((Open, True), (seal, False)):
        folder = tmp_path / str(there)
        folder.mkdir()
        store = opened(folder, cipher=cipher)
        await store.save(record(CANARY, session=CANARY.encode()), None)
        await store.close()
        assert any(CANARY.encode() in file.read_bytes() for file in folder.iterdir()) is there
