"""A catalog as the program reads it fastest: made of a PO file and the flows, and good for nothing but just those.

`make` and the wheel have one beside each catalog. It is never committed, never written while the bot runs, and left
alone where the catalog it names is another: then the catalog itself is read.
"""

from __future__ import annotations

from hashlib import blake2b
from importlib.resources.abc import Traversable

import msgspec

from bot.language.tongue import Messages, Tongue

NAME = "messages.compiled"
_FORM = 2
"""Another number, another form: a copy made by another version of this file is left alone."""


class Compiled(msgspec.Struct, array_like=True, frozen=True):
    """One catalog. `whole` and `parts` are the editions of the flows of which it has every message, or not.

    `name` is the language's own: what knows it otherwise takes five milliseconds to load for each language.
    """

    form: int
    of: str
    name: str
    plural: str
    messages: dict[str, dict[str, str | tuple[str, ...]]]
    whole: dict[str, str]
    parts: dict[str, str]

    def flat(self) -> Messages:
        """The messages by context and English text."""
        return {
            (context, english): said for context, inside in self.messages.items() for english, said in inside.items()
        }


def digest(po: bytes) -> str:
    """Names the bytes of a catalog."""
    return blake2b(po, digest_size=16).hexdigest()


def written(po: bytes, tongue: Tongue, plural: str, whole: dict[str, str], parts: dict[str, str]) -> bytes:
    """The compiled copy of a catalog."""
    inside: dict[str, dict[str, str | tuple[str, ...]]] = {}
    for (context, english), said in tongue.messages.items():
        inside.setdefault(context, {})[english] = said
    return msgspec.msgpack.encode(Compiled(_FORM, digest(po), tongue.name, plural, inside, whole, parts))


def read(po: Traversable, beside: Traversable) -> Compiled | None:
    """The compiled copy of the catalog `po`; None where there is none, or it is of other words, or damaged."""
    try:
        found = msgspec.msgpack.decode(beside.read_bytes(), type=Compiled)
        return found if found.form == _FORM and found.of == digest(po.read_bytes()) else None
    except (OSError, ValueError):  # of msgspec every error is one
        return None
