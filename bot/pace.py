"""Keeping to the number of messages a second that a channel takes from us in all."""

import asyncio
import time


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
