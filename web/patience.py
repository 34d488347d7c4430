"""How long a connection may take to say what it wants.

Uvicorn closes a connection that says nothing after an answer, and waits for ever for one that never finishes its first
lines. A few thousand of those ("slowloris") would keep everybody else out. A proxy in front of us usually sees to that;
this holds also without one. How long the rest of a request may take is in `desk.security.BodyLimit`.
"""

from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20.0
"""From the connection, or the first byte after an answer, until the last line of the headers."""
MAX_HEAD_BYTES = 64 * 1024
"""As much as uvicorn takes with its other parser; this one has no limit of its own."""


class ImpatientProtocol(HttpToolsProtocol):
    """HTTP, on connections that are closed when no request comes in time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting: TimerHandle | None = None
        self._unfinished = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start waiting for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        super().connection_lost(exc)
        self._stop_waiting()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest, unless this was all that we need to begin."""
        super().data_received(data)
        if self._is_at_work():
            self._stop_waiting()
            return
        self._unfinished += len(data)
        if self._unfinished > MAX_HEAD_BYTES:
            self.transport.close()
        elif self._waiting is None:
            self._wait()

    def _is_at_work(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        self._unfinished = 0
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if not self._is_at_work():
            self.transport.close()
