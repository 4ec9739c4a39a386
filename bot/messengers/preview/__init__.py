"""The preview: the bot as a phone would show it, on a page that only this machine can open."""
