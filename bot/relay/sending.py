"""How the outbox gets a message to the service: a signed POST, tried until it is taken."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
from limits import RateLimitItem

from bot.outbox import KeptOut, NotNow, TooFast, Unsendable
from bot.relay import CHANNEL, rendering, signing
from bot.relay.rendering import Piece

SECONDS = 10.0
LONGEST_PAUSE = timedelta(minutes=10)
"""However long a service asks us to wait."""


class RelayTransport:
    """The service at one address. It gets a key with each piece, by which it knows one that comes again."""

    channel = CHANNEL
    per_second: float | None = None
    per_chat: RateLimitItem | None = None

    def __init__(self, url: str, secret: str, *, clock: Callable[[], datetime]) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._client = httpx.AsyncClient(timeout=SECONDS, follow_redirects=False)

    def pieces(self, body: dict[str, Any]) -> Sequence[Piece]:
        """Cut up and written as in `rendering`."""
        return rendering.pieces(body)

    async def send(self, address: str, piece: Piece, *, key: str) -> None:
        """Send one piece. 2xx: taken; 410: the resident stopped; 429: later; other 4xx: never; anything else: again.

        Raises:
            TransportFault: the service did not take it.
        """
        body = json.dumps({"id": key, "aan": address} | as_json(piece), ensure_ascii=False).encode()
        signed = signing.headers(self._secret, body, now=self._clock())
        try:
            answer = await self._client.post(
                self._url, content=body, headers={"Content-Type": "application/json", **signed}
            )
        except httpx.HTTPError as error:
            raise NotNow(type(error).__name__) from None
        if answer.is_success:
            return
        if answer.status_code == httpx.codes.GONE:
            raise KeptOut
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise TooFast(_pause(answer.headers.get("Retry-After", "")))
        if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND):
            raise NotNow(f"HTTP {answer.status_code}", ours=True)
        if answer.is_client_error:
            raise Unsendable
        raise NotNow(f"HTTP {answer.status_code}")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


def as_json(piece: Piece) -> dict[str, Any]:
    """A piece as the service gets it."""
    return {"tekst": piece.text, "knoppen": [{"id": known, "titel": title} for known, title in piece.buttons]}


def _pause(asked: str) -> timedelta:
    """Retry-After in seconds (RFC 9110, section 10.2.3); a date or nothing counts as ten seconds."""
    seconds = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 10
    return min(timedelta(seconds=max(seconds, 1)), LONGEST_PAUSE)
