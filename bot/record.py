"""A session as bytes and back."""

from __future__ import annotations

import msgspec

from bot.engine.session import Session

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Session)


class BadRecordError(Exception):
    """Bytes that are no session of ours. The message holds nothing of them."""


def encode(session: Session) -> bytes:
    """The session as bytes."""
    return _encoder.encode(session)


def decode(record: bytes) -> Session:
    """The session in `record`; raises `BadRecordError` for anything else."""
    try:
        session = _decoder.decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        session = None
    if session is None or not session.stack:
        raise BadRecordError("a session could not be read back")
    return session
