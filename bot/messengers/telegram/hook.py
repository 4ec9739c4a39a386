"""Where Telegram brings updates to, and where we listen for them: looked at before anything is opened."""

from __future__ import annotations

import ipaddress
import ssl
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from bot.messengers.telegram.refusal import RefusedError

OFFICIAL = "api.telegram.org"
PORTS = (443, 80, 88, 8443)
"""The ports that Telegram's own servers bring updates to."""

HEALTH = "/healthz"
PLAIN = ("127.0.0.1", 8080)
"""Where we listen behind a proxy, if nothing else is said."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook: its address, the host and port to listen at, and a certificate and its key if TLS ends with us."""

    url: str
    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None

    @property
    def path(self) -> str:
        """The path of the address, as a request names it."""
        return urlsplit(self.url).path or "/"

    @property
    def own(self) -> bytes:
        """The certificate, where it vouches for itself and Telegram must therefore be given it; else nothing."""
        if self.certificate is None:
            return b""
        pem = self.certificate.read_bytes()
        first = x509.load_pem_x509_certificate(pem)
        return pem if first.issuer == first.subject else b""


def hook_of(  # noqa: PLR0913 - what an operator said, and what it is looked at against
    url: str, listen: str | None, certificate: Path | None, key: Path | None, *, api: str, token: str
) -> Hook:
    """The webhook an operator asks for. Raises `RefusedError` for the first thing that cannot be."""
    port = _port_of(url, official=urlsplit(api).hostname == OFFICIAL)
    if token.partition(":")[2] in url:
        raise RefusedError(
            "--webhook: the token must not stand in the address; servers on the way write addresses down"
        )
    if (certificate is None) != (key is None):
        raise RefusedError("--cert and --key go together: the certificate, and the key it was made with")
    host, number = _listen(listen) if listen else ("0.0.0.0", port) if certificate else PLAIN  # noqa: S104 - with TLS
    if certificate and key:
        _check_pair(certificate, key)
    elif not _loopback(host):
        raise RefusedError(
            f"--listen {listen}: without --cert anybody on the network could read along; listen at 127.0.0.1, "
            "behind a proxy on the same machine, or give --cert and --key"
        )
    return Hook(url, host, number, certificate, key)


def _port_of(url: str, *, official: bool) -> int:
    """The port of a webhook's address, if Telegram would go there. A Bot API server of one's own goes anywhere."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise RefusedError("--webhook: that is no address; one looks like https://bot.example.org/telegram")
    if official and parts.scheme != "https":
        raise RefusedError("--webhook: the address must begin with https://; Telegram brings updates to no other")
    port = port or (443 if parts.scheme == "https" else 80)
    if official and port not in PORTS:
        raise RefusedError(f"--webhook: port {port}: Telegram knows only {', '.join(map(str, PORTS))}")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise RefusedError(
            "--webhook: only a host, a port and a path; the secret is made at each start, and sent apart"
        )
    if parts.path == HEALTH or "%" in parts.path:
        raise RefusedError(f"--webhook: another path: {HEALTH} is taken, and none may hold a %")
    return port


def _listen(said: str) -> tuple[str, int]:
    """HOST:PORT, with an IPv6 host in brackets."""
    host, port = None, None
    with suppress(ValueError):
        parts = urlsplit(f"//{said}")
        if parts.netloc == said:
            host, port = parts.hostname, parts.port
    if not host or port is None:
        raise RefusedError(f"--listen {said}: a host and a port, such as 127.0.0.1:8080 or [::1]:8080")
    return host, port


def _loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _check_pair(certificate: Path, key: Path) -> None:
    """Refuse what cannot be used, or can be read by anybody."""
    try:
        if stat.S_IMODE(key.stat().st_mode) & 0o007:
            raise RefusedError(f"--key {key}: anybody may read it; run `chmod 600` on it")
        x509.load_pem_x509_certificate(certificate.read_bytes())
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, password=lambda: b"")
    except (OSError, ValueError) as error:
        raise RefusedError(
            f"--cert {certificate}, --key {key}: not a certificate and its own key, as PEM and without a passphrase "
            f"({type(error).__name__})"
        ) from None
