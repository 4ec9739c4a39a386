"""Sealing: a record encrypted and authenticated, in a fixed size, under a name that says nothing."""

from __future__ import annotations

import os
import zlib
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.privacy.keys import Key

SEALED = 1_984
"""Bytes of a sealed record on disk: two fit a page, and rows of one size leave nothing behind when they change."""

NAME = 16
_NONCE, _TAG, _LENGTH = 12, 16, 2
_SQUEEZED = 1 << 15
ROOM = SEALED - _NONCE - _TAG - _LENGTH
"""Bytes of a record; a larger one is compressed first."""


class TooLargeError(Exception):
    """A record that does not fit its size."""


class BrokenSealError(Exception):
    """A record that was altered, or sealed under another key."""


def name_of(address: str, key: Key, part: int = 0) -> bytes:
    """What a record is called: without the key, nobody can tell whose it is, even by trying every address.

    A keyed hash made for this (BLAKE2, RFC 7693); HMAC over OpenSSL took twenty times as long, three times a turn.
    """
    return blake2b(f"{part}:{address}".encode(), key=key.naming, digest_size=NAME).digest()


def check_fits(records: list[bytes]) -> None:
    """Raises `TooLargeError` unless every record fits."""
    if any(len(record) > ROOM and len(zlib.compress(record)) > ROOM for record in records):
        raise TooLargeError


def seal(record: bytes, name: bytes, key: Key, *, pad: bool = True) -> bytes:
    """The record sealed under its name, so that it opens under no other. Raises `TooLargeError`."""
    squeezed = len(record) > ROOM  # rows have one size, so there is nothing to gain before
    packed = zlib.compress(record) if squeezed else record
    if len(packed) > ROOM:
        raise TooLargeError
    body = (len(packed) | _SQUEEZED * squeezed).to_bytes(_LENGTH, "big") + packed
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key.sealing).encrypt(nonce, body.ljust(ROOM + _LENGTH, b"\0") if pad else body, name)


def unseal(sealed: bytes, name: bytes, key: Key) -> bytes:
    """The record again. Raises `BrokenSealError`, and nothing that holds any of it."""
    try:
        body = AESGCM(key.sealing).decrypt(sealed[:_NONCE], sealed[_NONCE:], name)
        length = int.from_bytes(body[:_LENGTH], "big")
        packed = body[_LENGTH : _LENGTH + (length & ~_SQUEEZED)]
        return zlib.decompress(packed) if length & _SQUEEZED else packed
    except (InvalidTag, ValueError, zlib.error):
        raise BrokenSealError("a record was altered, or sealed under another key") from None
