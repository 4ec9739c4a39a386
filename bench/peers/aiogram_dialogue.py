"""aiogram: its FSM over memory storage, as its documentation has it; nothing is kept.

Run as `python -m bench.peers.aiogram_dialogue API TOKEN`.
"""
# mypy: ignore-errors
# aiogram is installed beside us, not with us.

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.peers.states import LABEL, STATES, TICKS, Row, after, arrival, screen

router = Router()


class Talk(StatesGroup):
    """The states."""

    arrival = State()
    s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11 = (State() for _ in range(STATES))


PLACES = [getattr(Talk, f"s{number}") for number in range(STATES)]


def keyboard(rows: list[Row]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data) for text, data in row] for row in rows]
    )


async def shown(query: CallbackQuery, state: FSMContext, number: int, **changes: object) -> None:
    """Keep where the user is, answer the button, and edit the screen."""
    await state.set_state(PLACES[number])
    user = await state.update_data(at=number, **changes)
    text, rows = screen(number, user["ticked"], user["language"])
    await query.answer()
    await query.message.edit_text(text, reply_markup=keyboard(rows))


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    """Arrival, on the screen there is or a new one; what was typed is deleted, as Waymark does."""
    number = (await state.get_data()).get("screen")
    text, rows = arrival("en")
    if number:
        await message.bot.edit_message_text(
            text, chat_id=message.chat.id, message_id=number, reply_markup=keyboard(rows)
        )
    else:
        number = (await message.answer(text, reply_markup=keyboard(rows))).message_id
    await state.set_state(Talk.arrival)
    await state.set_data({"screen": number, "at": 0, "trail": [], "ticked": frozenset(), "language": "en"})
    await message.delete()


@router.callback_query(Talk.arrival, F.data == "in")
async def enter(query: CallbackQuery, state: FSMContext) -> None:
    await shown(query, state, 0)


@router.callback_query(StateFilter(*PLACES), F.data.startswith("go:"))
async def go(query: CallbackQuery, state: FSMContext) -> None:
    user = await state.get_data()
    number = after(user["at"], int(query.data.partition(":")[2]))
    await shown(query, state, number, trail=[*user["trail"], user["at"]])


@router.callback_query(StateFilter(*PLACES), F.data == "back")
async def back(query: CallbackQuery, state: FSMContext) -> None:
    user = await state.get_data()
    *trail, number = user["trail"] or [user["at"]]
    await shown(query, state, number, trail=trail)


@router.callback_query(PLACES[TICKS], F.data.startswith("tick:"))
async def tick(query: CallbackQuery, state: FSMContext) -> None:
    user = await state.get_data()
    await shown(query, state, TICKS, ticked=user["ticked"] ^ {query.data.partition(":")[2]})


@router.message(PLACES[LABEL], F.text)
async def label(message: Message, state: FSMContext) -> None:
    """A typed answer: it is kept, the screen is edited, and what was typed is deleted."""
    user, number = await state.get_data(), after(LABEL, 0)
    await state.set_state(PLACES[number])
    await state.update_data(at=number, trail=[*user["trail"], LABEL], label=message.text)
    text, rows = screen(number, user["ticked"], user["language"])
    await message.bot.edit_message_text(
        text, chat_id=message.chat.id, message_id=user["screen"], reply_markup=keyboard(rows)
    )
    await message.delete()


async def main(api: str, token: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.removesuffix("/bot")))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    await dispatcher.start_polling(Bot(token, session=session))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
