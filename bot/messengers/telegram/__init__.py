"""Telegram: one screen a chat, edited in place, and left at once."""

import os

# The library asks for this to be said: times it gives are then lengths of time, as they will be in its next edition.
os.environ.setdefault("PTB_TIMEDELTA", "true")
