"""What an operator must mend before the bot can run on Telegram."""

from __future__ import annotations

TOKEN = "Telegram refuses the token: is it whole, and has it been revoked?"  # noqa: S105 - a sentence about it


class RefusedError(Exception):
    """Telegram will not have us, or we not what was asked: the message says why and what to do, in one line."""
