"""Messages on their way out: sent in order for each chat, each piece noted as soon as Telegram has taken it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.gateway import ADDRESS
from bot.telegram import CHANNEL
from bot.telegram.api import seconds
from bot.telegram.rendering import Piece, pieces
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import SealBroken
from participation.models import Conversation
from participation.privacy.sealing import Sealer
from participation.services import outgoing
from participation.services.outgoing import Waiting
from participation.settings import Settings

logger = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Outbox:
    """Sends what the gateway and the griffie said. Several processes may do so; none sends what another one does.

    The Bot API has no way to ask whether a message arrived. When its answer gets lost, or the process is killed before
    the answer is noted, the piece is sent once more: a resident can skip a repeat, but not read what never came.
    """

    def __init__(self, bot: Bot, database: Database, settings: Settings, *, clock: Callable[[], datetime]) -> None:
        self._bot = bot
        self._database = database
        self._sealer = Sealer(settings.pseudonym_key, purpose=ADDRESS)
        self._clock = clock
        self._closed_until: datetime | None = None

    async def send_next(self) -> bool:
        """Send one piece of one message, if one waits. Returns whether there was one."""
        if self._closed_until and self._clock() < self._closed_until:
            return False
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            waiting = await outgoing.next_waiting(session, channel=CHANNEL, now=self._clock())
            if waiting is None:
                return False
            state = waiting.outgoing
            try:
                await self._send_piece(waiting)
            except RetryAfter as error:
                wait = timedelta(seconds=seconds(error))
                self._closed_until = self._clock() + wait
                outgoing.postpone(state, now=self._clock(), wait=wait)
            except Forbidden:
                conversation = await session.get_one(Conversation, state.conversation_id)
                await outgoing.set_blocked(
                    session, resident_id=conversation.resident_id, blocked=True, now=self._clock()
                )
            except (BadRequest, SealBroken, AttributeError, KeyError, TypeError) as error:  # or a reply of an odd shape
                logger.error("A message can not be sent and is given up: %s", type(error).__name__)
                outgoing.finish(state, now=self._clock(), given_up=True)
            except TelegramError as error:
                level = logging.ERROR if isinstance(error, InvalidToken) else logging.WARNING
                logger.log(level, "A message waits, Telegram did not take it: %s", type(error).__name__)
                outgoing.postpone(state, now=self._clock())
        return True

    async def _send_piece(self, waiting: Waiting) -> None:
        state, all_pieces = waiting.outgoing, pieces(waiting.message.body)
        if state.parts_sent < len(all_pieces):
            await self._send(self._sealer.open(waiting.sealed_address), all_pieces[state.parts_sent])
        state.parts_sent += 1
        state.attempts = 0
        if state.parts_sent >= len(all_pieces):
            outgoing.finish(state, now=self._clock())

    async def _send(self, chat_id: str, piece: Piece) -> None:
        await self._bot.send_message(
            int(chat_id),
            piece.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=piece.keyboard,
        )

    async def next_due(self) -> datetime | None:
        """Return when the first message that waits may be tried."""
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            due = await outgoing.next_due(session, channel=CHANNEL)
        return max(due, self._closed_until) if due and self._closed_until else due
