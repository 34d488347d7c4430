"""How many turns one process handles at once, who waits, and who hears at once that it is busy."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot import timing
from bot.metrics import Metrics

AT_ONCE, TURNED_AWAY_AT_ONCE = 12, 4
"""Turns that are handled together; each may hold two of the pool's 40 connections, of which some are kept free for the
desk and for who is in danger. Others wait their turn; who hears that it is busy takes a connection too."""
MOST_WAITING = 64
"""Turns that wait: some four seconds of work. Who comes after hears that it is busy, and may leave the words."""


class Room:
    """The places of one process."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._places = asyncio.Semaphore(AT_ONCE)
        self._doorway = asyncio.Semaphore(TURNED_AWAY_AT_ONCE)
        self._waiting = 0

    @contextlib.asynccontextmanager
    async def entered(self, *, in_danger: bool) -> AsyncIterator[bool]:
        """Hold a place for as long as the block lasts; gives whether it is too crowded to ask Rasa.

        Somebody in danger never waits for others: what they need does not come from Rasa.
        """
        if in_danger:
            yield False
        elif self._waiting >= MOST_WAITING:
            async with self._doorway:
                yield True
        else:
            await self._wait()
            try:
                yield False
            finally:
                self._places.release()

    async def _wait(self) -> None:
        self._waiting += 1
        try:
            with timing.stage(timing.WAITING), self._metrics.waits():
                await self._places.acquire()
        finally:
            self._waiting -= 1
