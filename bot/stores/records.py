"""A record as bytes and back, and how many ids go where."""

from __future__ import annotations

from itertools import accumulate, pairwise

import msgspec

from bot.ports import Record

FIRST, REST = 64, 400
"""Ids to erase in the first part of a record, and in each part after it."""


class Part(msgspec.Struct, array_like=True):
    """One row: the first holds the record and says how many follow, the others hold ids."""

    address: str
    session: bytes
    turn: int
    shown: int
    screen: int
    screen_at: int
    at: int
    stay: int
    dull: str
    doubt: int
    parts: int
    ids: tuple[int, ...]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Part)


def parts_of(record: Record) -> list[bytes]:
    """The rows of a record. Ids are kept as the steps between them, which are small."""
    ids = sorted(set(record.erase))
    chunks = [ids[:FIRST], *(ids[start : start + REST] for start in range(FIRST, len(ids), REST))]
    whole = Part(
        record.address,
        record.session,
        record.turn,
        record.shown,
        record.screen,
        record.screen_at,
        record.at,
        record.stay,
        record.dull,
        record.doubt,
        len(chunks),
        (),
    )
    rest = Part("", b"", record.turn, 0, 0, 0, 0, 0, "", 0, 0, ())
    rows = []
    for number, chunk in enumerate(chunks):
        part = rest if number else whole
        part.ids = (*chunk[:1], *(later - sooner for sooner, later in pairwise(chunk)))
        rows.append(_encoder.encode(part))
    return rows


def read_part(row: bytes) -> Part:
    """One row again; raises `ValueError` for anything else."""
    try:
        return _decoder.decode(row)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ValueError("a record could not be read back") from None


def record_of(parts: list[Part]) -> Record:
    """The record that was written as these rows."""
    first = parts[0]
    erase = tuple(each for part in parts for each in accumulate(part.ids))
    return Record(
        first.address,
        first.session,
        first.turn,
        first.shown,
        first.screen,
        first.screen_at,
        erase,
        first.at,
        first.stay,
        first.dull,
        first.doubt,
    )


def noted(held: Record, record: Record, erased: tuple[int, ...]) -> Record:
    """What is held now, with what became of this or an earlier turn's screen."""
    return held._replace(
        shown=max(held.shown, record.shown),
        screen=record.screen,
        screen_at=record.screen_at,
        erase=tuple(each for each in dict.fromkeys((*held.erase, *record.erase)) if each not in erased),
        doubt=record.doubt,
    )


def with_all(record: Record, held: Record | None) -> Record:
    """A record with all that is still to be erased: what was on the list, and what it adds."""
    return record._replace(erase=tuple(dict.fromkeys((*held.erase, *record.erase)))) if held else record
