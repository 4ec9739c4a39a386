"""Telegram: one screen a chat, edited in place, and left at once."""
