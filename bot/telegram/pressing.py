"""Telling Telegram that a press of a button has come, on arrival: until then the button keeps spinning."""

import logging

from telegram import Bot, CallbackQuery
from telegram.error import TelegramError

from bot.telegram.rendering import CHOSEN
from participation import content

logger = logging.getLogger(__name__)

METHOD = "answerCallbackQuery"


def acknowledgement(query: CallbackQuery) -> dict[str, str]:
    """What is told of a press, as parameters of `answerCallbackQuery`; of a button that was chosen already, that."""
    told = {"text": content.text("telegram_al_gekozen")} if query.data == CHOSEN else {}
    return {"callback_query_id": query.id, **told}


async def acknowledge(bot: Bot, query: CallbackQuery) -> None:
    """Tell it. It is not worth a retry: after a while nobody waits for it."""
    told = acknowledgement(query)
    try:
        await bot.answer_callback_query(told["callback_query_id"], told.get("text"))
    except TelegramError as error:
        logger.warning("A press of a button could not be acknowledged: %s", type(error).__name__)
