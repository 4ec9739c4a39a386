"""Keys and seals to the byte: what lies on the disk is for its owner alone, opens later as well, and tells nothing."""

from __future__ import annotations

import json
import os
import random
import stat
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.privacy import seal
from bot.privacy.keys import BadKeyFileError, Key, Keys, days_in

DAY = date(2026, 11, 20)
SECRET = bytes(range(32))
KEY = Key.of(DAY, SECRET)
NOISE = random.Random(7).randbytes(seal.ROOM + 1)


def written(path: Path, *days: int) -> Path:
    """A key file with a key for so many days after today each, in this order."""
    path.write_text(json.dumps({str(DAY + timedelta(day)): f"{day % 100:064x}" for day in days}), encoding="ascii")
    path.chmod(0o600)
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Keys


def test_a_key_is_made_the_same_way_by_every_version() -> None:
    """Otherwise everybody would be forgotten by an update, and what they left could not be erased."""
    key = Key.of(DAY, SECRET)
    assert key.naming.hex() == "b8c324cc659e5eedf66bde753992db72db1d57e53e6010a2ff06fb8e0bc89baa"
    assert key.sealing.hex() == "6202998251d40c544a443448cb8d555f1f4f5f7825de92684de616074c81baac"
    assert seal.name_of("1001", key).hex() == "4ca348105056ffd1403cb071b1190681"
    assert seal.name_of("1001", key, 0) == seal.name_of("1001", key)
    assert seal.name_of("1001", key, 1).hex() == "59ec09848fb87703febb3c454acce0c2"


def test_the_file_and_its_folder_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "below" / "deeper" / "keys"
    before = os.umask(0)
    try:
        Keys.open(path, DAY)
    finally:
        os.umask(before)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert [file.name for file in path.parent.iterdir()] == ["keys"]
    assert days_in(path) == (DAY,)


def test_what_a_kill_or_somebody_else_left_in_the_way_is_not_written_through(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("theirs", encoding="ascii")
    (tmp_path / "keys.new").symlink_to(elsewhere)
    keys = Keys.open(tmp_path / "keys", DAY)
    assert elsewhere.read_text(encoding="ascii") == "theirs"
    assert not (tmp_path / "keys").is_symlink()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["elsewhere", "keys"]
    assert keys.turn(DAY + timedelta(1))


def test_a_new_key_is_on_the_disk_before_the_old_file_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, seen = tmp_path / "keys", []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        whole = stat.S_ISREG(os.fstat(descriptor).st_mode) and os.fstat(descriptor).st_size
        seen.append((bool(whole), path.exists() and days_in(path)[0]))
        sync(descriptor)

    Keys.open(path, DAY)
    monkeypatch.setattr(os, "fsync", noted)
    Keys.open(path, DAY + timedelta(1))
    assert seen == [(True, DAY), (False, DAY + timedelta(1))], "the file, then its place in the folder"


def test_keys_are_read_newest_first_in_whatever_order_they_were_written(tmp_path: Path) -> None:
    path = written(tmp_path / "keys", -1, 0, -2)
    assert days_in(path) == (DAY, DAY - timedelta(1), DAY - timedelta(2))
    assert Keys.open(path, DAY).newest.secret.hex() == f"{0:064x}"


def test_no_more_than_three_days_are_kept_and_none_that_is_older(tmp_path: Path) -> None:
    keys = Keys.open(written(tmp_path / "keys", -3, -2, -1), DAY)
    assert [key.day for key in keys] == [DAY, DAY - timedelta(1), DAY - timedelta(2)]
    assert days_in(tmp_path / "keys") == tuple(key.day for key in keys)
    for days in (-3, -4):
        gap = Keys.open(written(tmp_path / f"asleep{days}", days), DAY)
        assert [key.day for key in gap] == [DAY], "also where nothing ran for days"
    many = Keys.open(written(tmp_path / "many", 4, 3, 2, 1, 0), DAY)
    assert [key.day for key in many] == [DAY + timedelta(days) for days in (4, 3, 2)]
    old = Keys.open(written(tmp_path / "old", -9), DAY)
    assert [key.day for key in old] == [DAY]
    assert len({key.secret for key in (*keys, *many, *old)}) == 7, "a new key is a new one"


def test_a_key_file_that_was_deleted_while_it_was_used_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keys = Keys.open(path, DAY)
    newest = keys.newest
    path.unlink()
    assert keys.turn(DAY)
    assert keys.newest == newest
    assert not keys.turn(DAY), "and then it is there"
    assert list(Keys.open(path, DAY)) == [newest]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('{"2026-11-20": "quetzalword"}', "not a key file of ours (ValueError)"),
        ("quetzalword", "not a key file of ours (JSONDecodeError)"),
        ('["quetzalword"]', "not a key file of ours (AttributeError)"),
        ('{"2026-11-20": 7}', "not a key file of ours (TypeError)"),
    ],
)
def test_what_is_wrong_with_a_key_file_is_said_without_what_is_in_it(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text, encoding="ascii")
    path.chmod(0o600)
    with pytest.raises(BadKeyFileError) as caught:
        days_in(path)
    assert str(caught.value) == (
        f"{path}: {wrong}; put the right one back, or move it away to begin with new keys and forget every session"
    )
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_key_that_is_too_short_or_none_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    for text in ("{}", json.dumps({str(DAY): "00" * 32, str(DAY - timedelta(1)): "00" * 31})):
        path.write_text(text, encoding="ascii")
        path.chmod(0o600)
        with pytest.raises(BadKeyFileError) as caught:
            days_in(path)
        assert str(caught.value) == (
            f"{path}: holds no whole key; put the right one back, or move it away to begin anew"
        )


@pytest.mark.parametrize("bit", [0o001, 0o002, 0o004, 0o010, 0o020, 0o040])
def test_any_right_of_others_to_the_key_file_is_too_much(tmp_path: Path, bit: int) -> None:
    path = written(tmp_path / "keys", 0)
    path.chmod(0o600 | bit)
    with pytest.raises(BadKeyFileError) as caught:
        Keys.open(path, DAY)
    assert str(caught.value) == f"{path}: others may read it (mode {0o600 | bit:o}); run `chmod 600` on it"
    path.chmod(0o400)
    assert days_in(path) == (DAY,)


# Seals


def test_a_record_is_one_size_on_the_disk_and_opens_again_whatever_its_length() -> None:
    for record in (b"", b"x", NOISE[:-1], b"word " * 5000, NOISE[:100] * 30):
        sealed = seal.seal(record, b"name", KEY)
        assert len(sealed) == seal.SEALED
        assert seal.unseal(sealed, b"name", KEY) == record
        bare = seal.seal(record, b"name", KEY, pad=False)
        assert len(bare) <= seal.SEALED
        assert seal.unseal(bare, b"name", KEY) == record
    assert len(seal.seal(b"x", b"name", KEY, pad=False)) == 12 + 2 + 1 + 16


def test_what_fits_and_what_does_not_is_the_same_before_and_while_it_is_sealed() -> None:
    squeezed = (NOISE[:size] + bytes(2_000) for size in range(seal.ROOM, 0, -1))
    just = next(record for record in squeezed if len(zlib.compress(record)) == seal.ROOM)
    for record in (b"", NOISE[:-1], b"word " * 5000, just):
        seal.check_fits([record])
        seal.check_fits([record, b""])
        assert seal.unseal(seal.seal(record, b"name", KEY), b"name", KEY) == record
    for records in ([NOISE], [b"", NOISE], [NOISE, b""]):
        with pytest.raises(seal.TooLargeError) as caught:
            seal.check_fits(records)
        assert str(caught.value) == ""
    with pytest.raises(seal.TooLargeError):
        seal.seal(NOISE, b"name", KEY)


def test_nothing_is_sealed_twice_alike_and_nothing_shows() -> None:
    word = b"quetzalword " * 9
    one, two = seal.seal(word, b"name", KEY), seal.seal(word, b"name", KEY)
    assert one != two
    assert one[:12] != two[:12], "a nonce that comes twice under one key opens both"
    assert b"quetzal" not in one


def test_what_was_sealed_before_still_opens() -> None:
    """With the seal of an older version; and a broken one says nothing of what is in it."""
    short = bytes.fromhex("3caa3c8aa39d17e5dff24c71f3dee21e79760f5fdd0bd612d78b87565ad620df2320f5cd9e82a7")
    assert seal.unseal(short, b"name", KEY) == b"a session"
    for altered in (short[:12], short[:-1] + b"\0", b"", bytes(40)):
        with pytest.raises(
            seal.BrokenSealError, match=r"^a record was altered, or sealed under another key$"
        ) as caught:
            seal.unseal(altered, b"name", KEY)
        assert caught.value.__suppress_context__
    with pytest.raises(seal.BrokenSealError):
        seal.unseal(short, b"name", Key.of(DAY, SECRET[::-1]))
