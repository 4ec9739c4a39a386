"""aiogram: an echo, as in its README. Run as `python -m bench.peers.aiogram_echo API TOKEN`."""
# mypy: ignore-errors
# aiogram is installed beside us, not with us.

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    await message.answer(message.text)


async def main(api: str, token: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.removesuffix("/bot")))
    await dispatcher.start_polling(Bot(token, session=session))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
