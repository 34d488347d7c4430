"""The gateway's client of Rasa's internal channel, at one or more replicas.

What is tried a second time, and what is not:

* a replica that can not be reached has heard nothing: the next one is asked, as long as there is time;
* a replica that breaks off or answers with a fault may have done the turn: one other is asked, once, and told that it
  is a second time (`herhaald`). When Rasa's own record shows the turn as done, it only gives the same answer;
* a replica that takes too long may be at it still: nobody else is asked, since the resident has waited long enough.
  When the connection is closed Rasa stops with the turn at its next step, so before it keeps anything of it.
"""

import asyncio
import time
import uuid
from collections.abc import Sequence
from typing import Any

import httpx

from bot.metrics import ANSWERED, Metrics
from bot.replicas import Replica, Replicas, resolved
from participation import tracing
from participation.settings import Settings

SECRET_HEADER = "X-Samenspel-Secret"  # noqa: S105  the header's name
CONNECT_SECONDS = 2.0
LEAST_SECONDS = 0.2
"""With less time left than this nobody is asked any more."""
IDLE_SECONDS = 3.0
"""How long a silent connection is kept: less than the five seconds after which Rasa closes it."""


class RasaUnavailable(Exception):
    """Rasa did not answer in time, or answered with a fault."""


class _NotReached(Exception):
    """The turn did not get there."""


class _MayBeDone(Exception):
    """The replica had the turn, and failed."""


class RasaClient:
    """Sends turns to Rasa over one connection pool."""

    def __init__(self, settings: Settings, metrics: Metrics | None = None) -> None:
        self._metrics = metrics or Metrics()
        self._http = httpx.AsyncClient(
            headers={SECRET_HEADER: settings.rasa_secret},
            limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS),
            trust_env=False,
        )
        self._replicas = Replicas(settings.rasa_urls, resolve=resolved, ask=self._answers)
        self._metrics.watch_replicas(self._replicas.counts)

    async def turn(
        self,
        *,
        conversation_id: uuid.UUID,
        turn_id: str,
        again: bool = False,
        text: str,
        choice: dict[str, Any] | None,
        metadata: dict[str, Any],
        until: float,
    ) -> list[dict[str, Any]]:
        """Handle one turn and return the replies in Reply.to_json form.

        Args:
            turn_id: of this turn alone; by it Rasa knows that it has done this one.
            again: it may have, since nobody knows how an earlier try ended.
            until: on the clock of `time.monotonic`; nobody waits for an answer after that.

        Raises:
            RasaUnavailable: no answer in time, or a fault.
        """
        body: dict[str, Any] = {
            "gesprek": str(conversation_id),
            "beurt": turn_id,
            "herhaald": again,
            "tekst": text,
            "keuze": choice,
            "metadata": metadata,
        }
        failed: list[Replica] = []
        reason: Exception = RasaUnavailable("no time")
        for replica in await self._ranked(conversation_id, until):
            if until - time.monotonic() < LEAST_SECONDS:
                break
            try:
                replies = await self._ask(replica, body, until)
            except _NotReached as error:
                reason = error
                self._replicas.leave_out(replica)
            except _MayBeDone as error:
                reason = error
                failed.append(replica)
                body["herhaald"] = True
                if len(failed) > 1:  # two of them: it is this turn, or what they both need
                    break
            else:
                for one in failed:
                    self._replicas.leave_out(one)
                return replies
        raise RasaUnavailable(str(reason)) from reason

    async def understood(self, texts: Sequence[str], *, until: float) -> list[tuple[str, float]]:
        """Return the label that the model takes each text for, such as `vraag/college`, and how sure it is of that.

        Raises:
            RasaUnavailable: no answer before `until`, or a fault.
        """
        reason: Exception = RasaUnavailable("no time")
        for replica in await self._ranked(uuid.uuid4(), until):
            timeout = httpx.Timeout(max(until - time.monotonic(), LEAST_SECONDS), connect=CONNECT_SECONDS)
            try:
                response = await self._http.post(
                    f"{replica.url}/webhooks/samenspel/begrip", json={"teksten": list(texts)}, timeout=timeout
                )
                response.raise_for_status()
                return [(str(label), float(confidence)) for label, confidence in response.json()["begrepen"]]
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                reason = error
            if until - time.monotonic() < LEAST_SECONDS:
                break
        raise RasaUnavailable(type(reason).__name__) from reason

    async def _ranked(self, conversation_id: uuid.UUID, until: float) -> list[Replica]:
        try:
            async with asyncio.timeout(until - time.monotonic()):
                return await self._replicas.ranked(conversation_id)
        except TimeoutError as error:
            raise RasaUnavailable("not found") from error

    async def _ask(self, replica: Replica, body: dict[str, Any], until: float) -> list[dict[str, Any]]:
        with tracing.part("vraag aan rasa") as part:
            part.say(replica=replica.url)
            try:
                replies = await self._post(replica, body, until)
            except (_NotReached, _MayBeDone, RasaUnavailable) as error:
                self._metrics.replied(replica.url, str(error))
                part.failed(str(error))
                raise
        self._metrics.replied(replica.url, ANSWERED)
        return replies

    async def _post(self, replica: Replica, body: dict[str, Any], until: float) -> list[dict[str, Any]]:
        timeout = httpx.Timeout(max(until - time.monotonic(), LEAST_SECONDS), connect=CONNECT_SECONDS)
        try:
            response = await self._http.post(
                f"{replica.url}/webhooks/samenspel/beurt", json=body, timeout=timeout, headers=tracing.headers()
            )
            response.raise_for_status()
            answer = response.json()
            replies = answer["berichten"]
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _NotReached(type(error).__name__) from error
        except httpx.TimeoutException as error:
            self._replicas.leave_out(replica)
            raise RasaUnavailable(type(error).__name__) from error
        except httpx.HTTPStatusError as error:
            kind = _MayBeDone if error.response.is_server_error else RasaUnavailable
            raise kind(type(error).__name__) from error
        except httpx.TransportError as error:
            raise _MayBeDone(type(error).__name__) from error
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise RasaUnavailable(type(error).__name__) from error
        if answer.get("beurt", body["beurt"]) != body["beurt"]:  # a Rasa of before tells no id
            raise RasaUnavailable("another's")
        tracing.of_rasa(answer.get("spoor"))
        if not replies:
            raise RasaUnavailable("silence")
        if not isinstance(replies, list) or not all(_is_reply(reply) for reply in replies):
            raise RasaUnavailable("malformed")
        return replies

    async def working(self) -> tuple[int, int]:
        """Return how many replicas listen now, and how many there are."""
        return await self._replicas.working()

    async def _answers(self, url: str) -> bool:
        try:
            response = await self._http.get(f"{url}/webhooks/samenspel/health", timeout=2.0)
        except httpx.HTTPError:
            return False
        return response.status_code == 200

    async def close(self) -> None:
        """Close the connections."""
        await self._replicas.close()
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
