"""Stopping without losing a turn: say that this process stops, let go of who only listens, finish what runs."""

import time
from collections.abc import Callable
from types import FrameType

import uvicorn

GRACE_SECONDS = 10
"""For what runs after the last request was taken: a turn has eight seconds for Rasa and some for the database."""


class DrainingServer(uvicorn.Server):
    """On SIGTERM it goes on for a while, so that load balancers see that it is not ready, and takes nothing more then.

    A second signal ends the while.
    """

    def __init__(self, config: uvicorn.Config, *, begin: Callable[[], None], seconds: float) -> None:
        """Args:
        begin: called once, when the stop begins.
        seconds: how long requests are still taken after that.
        """
        super().__init__(config)
        self._begin = begin
        self._seconds = seconds
        self._asked: tuple[int, FrameType | None] | None = None
        self._until: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take note of a signal. It may come in the middle of anything, so the next tick acts on it."""
        if self._asked is None:
            self._asked = sig, frame
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Do what has to be done ten times a second; returns whether to take no more requests."""
        if self._asked is not None:
            if self._until is None:
                self._begin()
                self._until = time.monotonic() + self._seconds
            if time.monotonic() >= self._until and not self.should_exit:
                super().handle_exit(*self._asked)
        return await super().on_tick(counter)
