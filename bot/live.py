"""Telling open chats that something new was said, through PostgreSQL's LISTEN and NOTIFY."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Iterator

import psycopg

from participation.services.conversations import NOTIFY_CHANNEL
from participation.settings import Settings

logger = logging.getLogger(__name__)


class LiveConversations:
    """One listening connection a process; each open chat has an event that is set when its conversation changed."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.app_database_url or settings.database_url
        self._waiting: dict[uuid.UUID, set[asyncio.Event]] = {}

    @contextlib.contextmanager
    def watch(self, conversation_id: uuid.UUID) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever the conversation changes; the holder clears it."""
        event = asyncio.Event()
        self._waiting.setdefault(conversation_id, set()).add(event)
        try:
            yield event
        finally:
            self._waiting[conversation_id].discard(event)
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id]

    async def run(self) -> None:
        """Listen until cancelled. After a lost connection all chats look for themselves what they missed."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {NOTIFY_CHANNEL}".encode())
                    for conversation_id in list(self._waiting):
                        self._wake(conversation_id)
                    async for notice in connection.notifies():
                        self._wake(uuid.UUID(notice.payload))
            except psycopg.OperationalError as error:
                logger.warning("Listening to the database failed: %s", type(error).__name__)
                await asyncio.sleep(2)

    def _wake(self, conversation_id: uuid.UUID) -> None:
        for event in self._waiting.get(conversation_id, ()):
            event.set()
