"""Telling open chats, and who pushes messages, that something new came, through PostgreSQL's LISTEN and NOTIFY."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Iterator

import psycopg

from participation.services.notify import NOTIFY_CHANNEL, Change
from participation.settings import Settings

logger = logging.getLogger(__name__)

EVERYTHING = "*"


class LiveConversations:
    """One listening connection a process; each open chat has an event that is set when its conversation changed."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.app_database_url or settings.database_url
        self._waiting: dict[str, set[Change]] = {}
        self.ended = False

    @contextlib.contextmanager
    def watch(self, subject: uuid.UUID | str) -> Iterator[Change]:
        """Give an event that is set whenever the subject changes; the holder clears it.

        Args:
            subject: a conversation, the name of a channel that updates come in by, or EVERYTHING.
        """
        event, key = Change(), str(subject)
        self._waiting.setdefault(key, set()).add(event)
        if self.ended:
            _end(event)
        try:
            yield event
        finally:
            self._waiting[key].discard(event)
            if not self._waiting[key]:
                del self._waiting[key]

    async def run(self) -> None:
        """Listen until cancelled. After a lost connection all chats look for themselves what they missed."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {NOTIFY_CHANNEL}".encode())
                    for key in list(self._waiting):
                        self._wake(key)
                    async for notice in connection.notifies():
                        self._wake(notice.payload)
                        self._wake(EVERYTHING)
            except psycopg.OperationalError as error:
                logger.warning("Listening to the database failed: %s", type(error).__name__)
                await asyncio.sleep(2)

    def end(self) -> None:
        """Tell all who watch that this process stops."""
        self.ended = True
        for events in self._waiting.values():
            for event in events:
                _end(event)

    def _wake(self, key: str) -> None:
        for event in self._waiting.get(key, ()):
            event.set()


def _end(event: Change) -> None:
    event.ended = True
    event.set()
