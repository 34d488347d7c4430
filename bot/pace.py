"""Keeping to the number of messages that a channel takes from us, in all and in one chat."""

import asyncio
import time
import uuid
from datetime import timedelta

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Pace:
    """The pace of one process. Answers are counted and never wait; messages of a mailing wait for their turn."""

    def __init__(self, per_second: float | None) -> None:
        self._between = 1 / per_second if per_second else 0.0
        self._next = 0.0

    def count(self) -> None:
        """Count a message that leaves at once; what waits its turn makes room for it."""
        self._next = max(self._next, time.monotonic()) + self._between

    async def turn(self) -> None:
        """Wait until the next message may leave, and count it."""
        now = time.monotonic()
        at = max(self._next, now)
        self._next = at + self._between
        if at > now:
            await asyncio.sleep(at - now)


class ChatPace:
    """The pace in each chat. Who is told a long story gets it in portions, and the channel has no reason to refuse."""

    def __init__(self, most: RateLimitItem | None) -> None:
        self._most = most
        self._counter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, chat: uuid.UUID) -> timedelta | None:
        """Count a message that may leave now; otherwise return after how long it may be asked again."""
        if self._most is None or self._counter.hit(self._most, str(chat)):
            return None
        free_at = self._counter.get_window_stats(self._most, str(chat)).reset_time
        return timedelta(seconds=max(free_at - time.time(), 0.0))
