"""How a web server of ours keeps quiet: it writes nothing down, and says nothing of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

QUIET: Mapping[str, Any] = {
    "ws": "none",
    "lifespan": "off",
    "interface": "asgi3",
    "log_config": None,
    "log_level": "critical",
    "access_log": False,
    "proxy_headers": False,
    "server_header": False,
    "date_header": False,
}
"""Settings of uvicorn that every server of ours has: an access log would name who came, and when."""
