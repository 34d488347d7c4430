"""Updates on their way in: kept before Telegram hears that we have them, handled once and in order."""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from telegram import Update

from bot.limits import TooMuch
from bot.telegram import CHANNEL
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import SealBroken
from participation.language.danger import check_danger
from participation.privacy.pseudonym import pseudonym
from participation.privacy.sealing import Sealer
from participation.services import incoming
from participation.settings import Settings

logger = logging.getLogger(__name__)

WANTED = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
"""The kinds of updates that Telegram is asked for; others are not kept."""

Handle = Callable[[Update, float], Awaitable[None]]
"""Does what an update asks; is told for how many seconds we have had it."""


class Inbox:
    """Used by who receives (the poll, or the web process) and by who handles; they may be different processes."""

    def __init__(self, database: Database, settings: Settings, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._key = settings.pseudonym_key
        self._sealer = Sealer(settings.pseudonym_key, purpose="incoming")
        self._clock = clock
        self._began = clock()

    async def receive(self, update: Update) -> None:
        """Keep an update; only when this has returned may Telegram be told that we have it."""
        chat = update.effective_chat or update.effective_user
        if chat is None or not any(getattr(update, kind) for kind in WANTED):
            return
        message = update.message or update.edited_message
        words = (message.text or message.caption or "") if message else ""
        received = incoming.Update(
            channel=CHANNEL,
            id=update.update_id,
            sender=pseudonym(self._key, channel=CHANNEL, channel_user=str(chat.id)),
            sealed=self._sealer.seal(update.to_json()),
            urgent=check_danger(words) is not None,
        )
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            await incoming.store(session, received, now=self._clock())

    async def handle_next(self, handle: Handle, *, only_urgent: bool = False) -> bool:
        """Handle one update, if one waits. A process that dies meanwhile lets go of it, and another one takes it.

        What came while nobody was there to handle it has not waited: it is answered, however late that is.
        """
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            waiting = await incoming.next_waiting(session, channel=CHANNEL, now=self._clock(), only_urgent=only_urgent)
            if waiting is None:
                return False
            try:
                update = Update.de_json(json.loads(self._sealer.open(waiting.body or b"")), None)
            except SealBroken:
                logger.error("An update was given up: it was sealed with another SAMENSPEL_PSEUDONYM_KEY")
                incoming.finish(waiting, now=self._clock())
                return True
            waited = (self._clock() - max(waiting.due_at, self._began)).total_seconds()
            try:
                await handle(update, max(waited, 0.0))
            except TooMuch as much:
                await incoming.hold_back(session, waiting, now=self._clock(), wait=timedelta(seconds=much.seconds))
            except Exception as error:  # noqa: BLE001  whatever goes wrong with one update, the next ones must not wait
                # The class alone: the text of an exception may hold what the resident wrote.
                logger.error("An update failed and waits: %s", type(error).__name__)
                await incoming.postpone(session, waiting, now=self._clock())
            else:
                incoming.finish(waiting, now=self._clock())
        return True

    async def next_due(self) -> datetime | None:
        """Return when the first update that waits may be tried."""
        async with self._database.session(EVERY_MUNICIPALITY) as session:
            return await incoming.next_due(session, channel=CHANNEL)
