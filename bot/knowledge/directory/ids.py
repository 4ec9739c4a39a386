"""Ids as HSDS asks for them."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5


def uuid_of(table: str, own: object) -> str:
    """An id as a UUID: itself where it is one, else always the same one for it."""
    try:
        return str(UUID(str(own)))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, f"waymark:{table}:{own}"))
