"""How many turns one process handles at once, who waits, and who hears at once that it is busy."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from bot import timing
from bot.metrics import Metrics
from bot.rasa import LEAST_SECONDS

AT_ONCE, TURNED_AWAY_AT_ONCE = 12, 4
"""Turns that are handled together; each may hold two of the pool's connections, of which some are kept free for the
desk and for who is in danger. Others wait their turn; who hears that it is busy takes a connection too."""
MOST_WAITING = 64
"""Turns that wait: some four seconds of work. Who comes after, or waits too long, hears that it is busy, and may leave
the words."""


class Room:
    """The places of one process."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._places = asyncio.Semaphore(AT_ONCE)
        self._doorway = asyncio.Semaphore(TURNED_AWAY_AT_ONCE)
        self._waiting = 0

    @contextlib.asynccontextmanager
    async def entered(self, *, until: float) -> AsyncIterator[bool]:
        """Hold a place for as long as the block lasts; gives whether it is too crowded to ask Rasa.

        Args:
            until: on the clock of `time.monotonic`; who has no place in time for Rasa hears that it is busy.
        """
        if self._waiting < MOST_WAITING and await self._has_place(until):
            try:
                yield False
            finally:
                self._places.release()
        else:
            async with self._doorway:
                yield True

    async def _has_place(self, until: float) -> bool:
        seconds = until - time.monotonic()
        if seconds < LEAST_SECONDS:
            return False
        self._waiting += 1
        try:
            with timing.stage(timing.WAITING), self._metrics.waits():
                async with asyncio.timeout(seconds):
                    return await self._places.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
