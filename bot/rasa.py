"""The gateway's client of Rasa's internal channel."""

import uuid
from typing import Any

import httpx

from participation.settings import Settings

SECRET_HEADER = "X-Samenspel-Secret"  # noqa: S105  the header's name


class RasaUnavailable(Exception):
    """Rasa did not answer in time, or answered with a fault."""


class RasaClient:
    """Sends turns to Rasa over one connection pool."""

    def __init__(self, settings: Settings) -> None:
        self._http = httpx.AsyncClient(
            base_url=settings.rasa_url,
            timeout=httpx.Timeout(settings.rasa_timeout, connect=2.0),
            headers={SECRET_HEADER: settings.rasa_secret},
            trust_env=False,
        )

    async def turn(
        self, *, conversation_id: uuid.UUID, text: str, choice: dict[str, Any] | None, metadata: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Handle one turn and return the replies in Reply.to_json form.

        Raises:
            RasaUnavailable: no answer within SAMENSPEL_RASA_TIMEOUT seconds, or a fault.
        """
        body = {"gesprek": str(conversation_id), "tekst": text, "keuze": choice, "metadata": metadata}
        try:
            response = await self._http.post("/webhooks/samenspel/beurt", json=body)
            response.raise_for_status()
            replies = response.json()["berichten"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise RasaUnavailable(type(error).__name__) from error
        if not replies:
            raise RasaUnavailable("silence")
        if not isinstance(replies, list) or not all(_is_reply(reply) for reply in replies):
            raise RasaUnavailable("malformed")
        return replies

    async def healthy(self) -> bool:
        """Whether Rasa listens."""
        try:
            response = await self._http.get("/webhooks/samenspel/health", timeout=2.0)
        except httpx.HTTPError:
            return False
        return response.status_code == 200

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _is_reply(reply: object) -> bool:
    """Whether this can be stored and shown; anything else is a fault of Rasa's, not of the resident."""
    if not isinstance(reply, dict) or not isinstance(reply.get("knoppen", []), list):
        return False
    buttons = reply.get("knoppen", [])
    return (
        isinstance(reply.get("tekst"), str)
        and isinstance(reply.get("soort"), str)
        and all(isinstance(button, dict) and {"titel", "betekenis"} <= button.keys() for button in buttons)
    )
