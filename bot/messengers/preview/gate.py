"""Who may speak to the preview: the page it made itself, in a browser on this machine, and nobody else."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

Headers = Iterable[tuple[bytes, bytes]]

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""On every answer: nothing from elsewhere, nothing kept, nothing framed, no address handed on."""


class Gate:
    """What a request must bring: our own address in `Host` and `Origin`, and for anything but the bare page the key.

    A name that somebody else's server lets point here (DNS rebinding) is not ours, so it stands in neither. The key is
    in no request line and in no cookie, which a server on another port of this machine would be sent too: the page has
    it from the part of its address that browsers keep to themselves.
    """

    def __init__(self, port: int) -> None:
        self.key = secrets.token_urlsafe(32)
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    def lets(self, method: str, headers: Headers, *, bare: bool) -> bool:
        """Whether a request may come in; `bare` is one for what everybody has who has the program."""
        given: dict[str, list[str]] = {}
        for name, value in headers:
            given.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        if len(given.get("host", ())) != 1 or given["host"][0] not in self._hosts:
            return False
        origins = given.get("origin", [])
        if any(origin != f"http://{given['host'][0]}" for origin in origins) or (method == "POST" and not origins):
            return False
        if given.get("sec-fetch-site", ["none"]) not in (["none"], ["same-origin"]):
            return False
        keys = given.get("authorization", [])
        return bare or (len(keys) == 1 and secrets.compare_digest(keys[0].encode(), f"Bearer {self.key}".encode()))
