"""How many requests the process has in hand at once.

Work that came in faster than it is done used to pile up without end: everybody waited longer and longer, the question
whether the process is alive as well, and it was started again in the middle of the crowd. Who comes when it is full now
hears so at once. The chat tries again by itself and keeps what was typed.
"""

import json
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.metrics import Metrics

MOST_IN_HAND = 160
"""Twice the turns that may wait for Rasa (see `bot.room`), so that the desk and short requests fit beside them."""
RETRY_SECONDS = 5
ALWAYS = "/gezondheid/"
"""Whether the process works has to be answered above all when it is full."""

_TOLD = "Het is nu erg druk. Probeer het over een paar tellen opnieuw. Is er gevaar? Bel 112."
_PROBLEM = json.dumps({"type": "about:blank", "status": 503, "title": "Erg druk", "detail": _TOLD}).encode()
_PAGE = (
    '<!doctype html><html lang="nl"><meta charset="utf-8"><title>Erg druk</title>'
    f"<h1>Het is nu erg druk</h1><p>{_TOLD}</p></html>"
).encode()


class Crowd:
    """Turn away at once who comes when the process has its hands full.

    A request counts from when all of it is there, so that who sends slowly keeps nobody out, until its answer has been
    sent. A stream of events counts until it begins.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, most: int = MOST_IN_HAND) -> None:
        self.app = app
        self._metrics = metrics
        self._most = most
        self._in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(ALWAYS):
            await self.app(scope, receive, send)
        elif self._in_hand >= self._most:
            self._metrics.refused("process")
            await _turn_away(scope, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        counted = False

        def count(*, more: bool) -> None:
            nonlocal counted
            if counted != more:
                counted = more
                self._in_hand += 1 if more else -1

        try:
            if not _has_body(scope):
                count(more=True)
            await self.app(scope, _received(receive, count), _sent(send, count))
        finally:
            count(more=False)


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


def _received(receive: Receive, count: Callable[..., None]) -> Receive:
    async def received() -> Message:
        message = await receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            count(more=True)
        return message

    return received


def _sent(send: Send, count: Callable[..., None]) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message.get("headers", [])).get("content-type", "")
            if kind.startswith("text/event-stream"):
                count(more=False)
        await send(message)

    return sent


async def _turn_away(scope: Scope, send: Send) -> None:
    of_api = scope["path"].startswith("/api/")
    kind, body = (b"application/problem+json", _PROBLEM) if of_api else (b"text/html; charset=utf-8", _PAGE)
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(RETRY_SECONDS).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
