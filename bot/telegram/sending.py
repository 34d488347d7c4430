"""How the outbox gets a message to Telegram."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
from limits import RateLimitItem, parse
from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.outbox import KeptOut, NotNow, TooFast, Unsendable
from bot.telegram import CHANNEL
from bot.telegram.api import seconds
from bot.telegram.rendering import Piece, pieces

MOST_PER_SECOND = 29.0
"""Bot API FAQ, "My bot is hitting limits": about 30 messages a second over all chats."""

MOST_IN_CHAT = parse("3/3 second")
"""The same page: in one chat one message a second, and short bursts. An answer with its pieces is such a burst."""

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Faults before anything was sent."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramTransport:
    """One bot. The Bot API has no way to ask whether a message arrived, so it does not know a repeat."""

    channel = CHANNEL
    per_second: float | None = MOST_PER_SECOND
    per_chat: RateLimitItem | None = MOST_IN_CHAT

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def pieces(self, body: dict[str, Any]) -> Sequence[Piece]:
        """Cut up and written as in `rendering`."""
        return pieces(body)

    async def send(self, address: str, piece: Piece, *, key: str) -> None:
        """Send one piece.

        Raises:
            TransportFault: Telegram did not take it.
        """
        try:
            await self._bot.send_message(
                int(address),
                piece.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=piece.keyboard,
            )
        except RetryAfter as error:
            raise TooFast(timedelta(seconds=seconds(error))) from None
        except Forbidden:
            raise KeptOut from None
        except BadRequest:
            raise Unsendable from None
        except TelegramError as error:
            perhaps = isinstance(error, NetworkError) and not isinstance(error.__cause__, NEVER_LEFT)
            raise NotNow(type(error).__name__, ours=isinstance(error, InvalidToken), perhaps=perhaps) from None
