"""How many requests the process has in hand at once.

Work that came in faster than it is done used to pile up without end: everybody waited longer and longer, the question
whether the process is alive as well, and it was started again in the middle of the crowd. Who comes when it is full now
hears so at once. The chat tries again by itself and keeps what was typed.
"""

import json

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.metrics import Metrics

MOST_IN_HAND = 160
"""Twice the turns that may wait for Rasa (see `bot.room`), so that the desk and short requests fit beside them."""
RETRY_SECONDS = 5
ALWAYS = "/gezondheid/"
"""Whether the process works has to be answered above all when it is full."""

_TOLD = (
    "Het is nu erg druk. Probeer het over een paar tellen opnieuw. "
    "Is er gevaar? Bel 112. Denkt u aan zelfdoding? Bel 113."
)
_PROBLEM = json.dumps({"type": "about:blank", "status": 503, "title": "Erg druk", "detail": _TOLD}).encode()
_PAGE = (
    '<!doctype html><html lang="nl"><meta charset="utf-8"><title>Erg druk</title>'
    f"<h1>Het is nu erg druk</h1><p>{_TOLD}</p></html>"
).encode()


BODIES = ("POST", "PUT", "PATCH", "DELETE")


class Crowd:
    """Turn away at once who comes when the process has its hands full.

    A request counts once: from when all of it is there, so that who sends slowly keeps nobody out, until the last of
    its answer is handed over, so that who reads slowly keeps nobody out either. A stream of events counts until it
    begins.
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
        taken = left = False

        def take() -> None:
            nonlocal taken
            if not (taken or left):
                taken = True
                self._in_hand += 1

        def leave() -> None:
            nonlocal left
            if taken and not left:
                self._in_hand -= 1
            left = True

        async def received() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                take()
            return message

        async def sent(message: Message) -> None:
            if _begins_a_stream(message) or _is_the_last(message):
                leave()
            else:
                take()
            await send(message)

        try:
            if scope["method"] not in BODIES:
                take()
            await self.app(scope, received, sent)
        finally:
            leave()


def _begins_a_stream(message: Message) -> bool:
    if message["type"] != "http.response.start":
        return False
    return Headers(raw=message.get("headers", [])).get("content-type", "").startswith("text/event-stream")


def _is_the_last(message: Message) -> bool:
    return message["type"] == "http.response.body" and not message.get("more_body")


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
