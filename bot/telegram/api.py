"""The connection with Telegram's Bot API, and asking it until it answers."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.telegram.reading import readable
from participation.settings import Settings

logger = logging.getLogger(__name__)

T = TypeVar("T")

LONG_POLL_SECONDS = 30
FIRST_WAIT, LONGEST_WAIT, REFUSED_WAIT = 1.0, 30.0, 60.0


def quiet_logs() -> None:
    """Keep the libraries from writing down addresses (they hold the token) and answers (they hold what people say)."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class Polling(HTTPXRequest):
    """Fetches updates. One that can not be read would otherwise take along all that came with it."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer of the Bot API."""
        answer = HTTPXRequest.parse_json_payload(payload)
        if isinstance(updates := answer.get("result"), list):
            answer["result"] = [readable(update) for update in updates]
        return answer


@contextlib.asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Bot]:
    """A bot for as long as the block lasts. Asks nothing yet: the network may be away at the start."""
    os.environ["PTB_TIMEDELTA"] = "true"  # how python-telegram-bot wants to be told that times are timedeltas
    # One connection for the long poll, so that it never keeps an answer waiting.
    polling = Polling(connection_pool_size=1, read_timeout=LONG_POLL_SECONDS + 10)
    other = HTTPXRequest(connection_pool_size=16, read_timeout=10, pool_timeout=10)
    base = settings.telegram_api_url.rstrip("/")
    bot = Bot(settings.telegram_token, base_url=f"{base}/bot", request=other, get_updates_request=polling)
    try:
        yield bot
    finally:
        await polling.shutdown()
        await other.shutdown()


async def persistently(what: str, ask: Callable[[], Awaitable[T]]) -> T:
    """Ask until there is an answer: the network comes back, and a refused token gets mended in the settings.

    Only the class of an error is logged: its text may hold the token.
    """
    wait = FIRST_WAIT
    while True:
        try:
            return await ask()
        except RetryAfter as error:
            await asyncio.sleep(seconds(error))
        except (InvalidToken, Forbidden, BadRequest) as error:
            logger.error("Telegram refuses %s: %s", what, type(error).__name__)
            await asyncio.sleep(REFUSED_WAIT)
        except TelegramError as error:
            logger.warning("Telegram can not be reached for %s: %s", what, type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
