"""python-telegram-bot: a `ConversationHandler` with inline keyboards, as its examples have it; nothing is kept.

Run as `python -m bench.peers.ptb_dialogue API TOKEN`.
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from bench.peers.states import LABEL, STATES, TICKS, Row, after, arrival, screen

ARRIVAL = STATES
Context = ContextTypes.DEFAULT_TYPE


def keyboard(rows: list[Row]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in rows]
    )


def kept(context: Context) -> dict[str, Any]:
    """What is remembered of a user."""
    assert context.user_data is not None
    return context.user_data


async def start(update: Update, context: Context) -> int:
    """Arrival, on the screen there is or a new one; what was typed is deleted, as Waymark does."""
    assert update.message
    user = kept(context)
    number = user.get("screen")
    user.clear()
    user |= {"state": ARRIVAL, "trail": [], "ticked": frozenset(), "language": "en", "screen": number}
    text, rows = arrival("en")
    if number:
        await context.bot.edit_message_text(text, update.message.chat_id, number, reply_markup=keyboard(rows))
    else:
        user["screen"] = (await update.message.reply_text(text, reply_markup=keyboard(rows))).message_id
    await update.message.delete()
    return ARRIVAL


async def shown(update: Update, context: Context, state: int) -> int:
    """Answer the button, and edit the screen."""
    query = update.callback_query
    assert query
    user = kept(context)
    user["state"] = state
    text, rows = screen(state, user["ticked"], user["language"])
    await query.answer()
    await query.edit_message_text(text, reply_markup=keyboard(rows))
    return state


async def enter(update: Update, context: Context) -> int:
    return await shown(update, context, 0)


async def go(update: Update, context: Context) -> int:
    assert update.callback_query
    assert update.callback_query.data
    user = kept(context)
    user["trail"].append(user["state"])
    return await shown(update, context, after(user["state"], int(update.callback_query.data.partition(":")[2])))


async def back(update: Update, context: Context) -> int:
    user = kept(context)
    return await shown(update, context, user["trail"].pop() if user["trail"] else user["state"])


async def tick(update: Update, context: Context) -> int:
    assert update.callback_query
    assert update.callback_query.data
    user = kept(context)
    user["ticked"] ^= {update.callback_query.data.partition(":")[2]}
    return await shown(update, context, TICKS)


async def label(update: Update, context: Context) -> int:
    """A typed answer: it is kept, the screen is edited, and what was typed is deleted."""
    assert update.message
    user = kept(context)
    user["label"] = update.message.text
    user["trail"].append(LABEL)
    user["state"] = after(LABEL, 0)
    text, rows = screen(user["state"], user["ticked"], user["language"])
    await context.bot.edit_message_text(text, update.message.chat_id, user["screen"], reply_markup=keyboard(rows))
    await update.message.delete()
    return int(user["state"])


def main(api: str, token: str) -> None:
    application = Application.builder().token(token).base_url(api).build()
    moves = [CallbackQueryHandler(go, pattern="^go:"), CallbackQueryHandler(back, pattern="^back$")]
    states: dict[object, list[Any]] = {state: [*moves] for state in range(STATES)}
    states[TICKS].append(CallbackQueryHandler(tick, pattern="^tick:"))
    states[LABEL].append(MessageHandler(filters.TEXT & ~filters.COMMAND, label))
    states[ARRIVAL] = [CallbackQueryHandler(enter, pattern="^in$")]
    entrance: Any = CommandHandler("start", start)
    application.add_handler(
        ConversationHandler(entry_points=[entrance], states=states, fallbacks=[entrance], allow_reentry=True)
    )
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
