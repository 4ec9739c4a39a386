"""Waymark itself as a contender: all of it, on Telegram, with the dialogue of the measurements as its flows.

Run as `python -m bench.waymark API FOLDER [limited]`. Its users never stop to think, so nobody is limited unless said.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import dialogue
from bot.app import build
from bot.messengers.telegram.chat import Telegram
from bot.messengers.telegram.flood import Flood, unlimited
from bot.messengers.telegram.run import run
from bot.messengers.telegram.wire import Wire
from bot.privacy.keys import Keys
from bot.runtime import Runtime
from bot.settings import Texts
from bot.stores.sqlite import SqliteStore

TOKEN = "7000000001:BENCH-token_token_token_token_token"  # noqa: S105 - nobody's


def keys(folder: Path) -> Keys:
    """A real key file, in a folder of its own."""
    return Keys.open(folder / "secret" / "keys", datetime.now(UTC).date())


def flows_in(folder: Path) -> Path:
    """The dialogue, as files."""
    texts = folder / "flows"
    texts.mkdir(parents=True, exist_ok=True)
    for name, text in dialogue.texts().items():
        (texts / f"{name}.md").write_text(text, encoding="utf-8")
    return texts


def parts(api: str, folder: Path, store: SqliteStore) -> tuple[Wire, Telegram, Runtime]:
    """A runtime that speaks to `api`."""
    wire = Wire(api, TOKEN)
    messenger = Telegram(wire, time.time)
    return wire, messenger, build(messenger, store=store, texts=Texts(flows=flows_in(folder)))


async def main(api: str, folder: Path, flood: Flood) -> None:
    """From start to stop."""
    store = SqliteStore(folder / "sessions.db", keys(folder), bot=7000000001)
    try:
        wire, messenger, runtime = parts(api, folder, store)
        await run(wire, TOKEN, messenger, runtime, {}, flood=flood)
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Flood() if sys.argv[3:] else unlimited()))
