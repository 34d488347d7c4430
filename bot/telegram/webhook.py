"""Where Telegram sends its updates to: keep each, say 200. The telegram process handles them."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from telegram import Update

from bot.telegram.inbox import Inbox
from bot.telegram.polling import WEBHOOK_PATH
from bot.telegram.pressing import METHOD, acknowledgement
from bot.telegram.reading import readable


def webhook(inbox: Inbox, *, secret: str) -> APIRouter:
    """The route. When keeping an update fails, the fault makes Telegram send it again."""
    router = APIRouter(include_in_schema=False)

    @router.post(WEBHOOK_PATH)
    async def receive(request: Request, x_telegram_bot_api_secret_token: Annotated[str, Header()] = "") -> Response:
        if not hmac.compare_digest(x_telegram_bot_api_secret_token.encode(), secret.encode()):
            return Response(status_code=403)
        try:
            update = Update.de_json(readable(await request.json()), None)
        except (ValueError, TypeError, KeyError, AttributeError):
            return Response(status_code=400)
        await inbox.receive(update)
        if update.callback_query is not None:  # Telegram takes one call of a method in our answer
            return JSONResponse({"method": METHOD, **acknowledgement(update.callback_query)})
        return Response(status_code=200)

    return router
