"""The only way into Rasa: a small internal channel for the gateway.

POST /webhooks/samenspel/beurt with header X-Samenspel-Secret and
`{"gesprek": id, "beurt": id, "herhaald": bool, "tekst": str, "keuze": {"intent": str} | null, "metadata": {...}}`
answers `{"beurt": id, "berichten": [...]}`; by the id the gateway sees that the answer is to what it asked. A turn that
is asked again, because nobody knows how the first time ended, gets the answer of that time when it was done: Rasa's
own record of the conversation, which all replicas share, tells. Every fault is an explicit status with
`{"fout": ...}`; nothing is lost in silence.

POST /webhooks/samenspel/begrip with the same header and `{"teksten": [str]}`, of `MOST_TEXTS` at most, answers
`{"begrepen": [[label, confidence], ...]}`: what the model takes each text for, outside any conversation. Turns of
residents come in between.
"""

import asyncio
import hmac
import logging
import os
from typing import Any, Awaitable, Callable, Dict, List, Optional, Tuple

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.nlu.constants import (
    ENTITIES,
    FULL_RETRIEVAL_INTENT_NAME_KEY,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from nlu.components import trace
from nlu.components.action_response import check_schema_once
from participation import logs
from participation.language.text import for_understanding

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Samenspel-Secret"  # noqa: S105  the header's name
MOST_TEXTS = 50
"""To understand in one request. Each is short: `for_understanding` leaves a thousand characters."""


class SamenspelChannel(InputChannel):
    """Takes one turn at a time from the gateway and answers with all messages of that turn."""

    @classmethod
    def name(cls) -> str:
        """Name in the URL and in the tracker."""
        return "samenspel"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "SamenspelChannel":
        """Read the shared secret from credentials.yml."""
        secret = (credentials or {}).get("secret") or ""
        if not secret:
            cls.raise_missing_credentials_exception()
        check_schema_once()
        if os.environ.get("SAMENSPEL_LOG_FORMAT") == logs.JSON:
            logs.write_json()
        return cls(secret)

    def __init__(self, secret: str) -> None:
        """Keep the secret."""
        self._secret = secret.encode()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Define the three routes."""
        routes = Blueprint("samenspel", "samenspel")

        @routes.get("/health")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/beurt")
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_known(request):
                return response.json({"fout": "secret"}, status=401)
            passed = trace.read(request.headers.get(trace.HEADER))
            try:
                message, collector = _message(request.json)
            except (KeyError, TypeError, AttributeError):
                return response.json({"fout": "body"}, status=400)
            if passed is not None:
                message.metadata = {**message.metadata, trace.KEY: passed.carried}
            agent = getattr(request.app.ctx, "agent", None)
            try:
                fail_aloud(getattr(agent, "tracker_store", None))
                if request.json.get("herhaald") and (said := await _said_before(agent, message)):
                    return response.json({"beurt": request.json.get("beurt"), "berichten": said})
                await on_new_message(message)
            except Exception as error:  # noqa: BLE001  whatever Rasa raises, the gateway has to hear of it
                # The exception's text may hold the resident's words: its class is enough to find it.
                logger.error("A turn failed: %s", type(error.__cause__ or error).__name__)
                return response.json({"fout": "rasa"}, status=500)
            answer = {"beurt": request.json.get("beurt"), "berichten": _custom_messages(collector)}
            return response.json({**answer, trace.TOLD: passed.told()} if passed is not None else answer)

        @routes.post("/begrip")
        async def understood(request: Request) -> HTTPResponse:
            if not self._is_known(request):
                return response.json({"fout": "secret"}, status=401)
            try:
                texts = _texts(request.json)
            except (KeyError, TypeError, ValueError):
                return response.json({"fout": "body"}, status=400)
            try:
                return response.json({"begrepen": await _understood(request.app.ctx.agent, texts)})
            except Exception as error:  # noqa: BLE001  as for a turn; also while the model is being loaded
                logger.error("Texts could not be understood: %s", type(error).__name__)
                return response.json({"fout": "rasa"}, status=500)

        return routes

    def _is_known(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret)


def _texts(body: Dict[str, Any]) -> List[str]:
    texts = body["teksten"]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts) or len(texts) > MOST_TEXTS:
        raise ValueError
    return [for_understanding(text) for text in texts]


async def _understood(agent: Any, texts: List[str]) -> List[Tuple[str, float]]:
    found = []
    for text in texts:
        intent = (await agent.parse_message(text))[INTENT]
        label = intent.get(FULL_RETRIEVAL_INTENT_NAME_KEY) or intent[INTENT_NAME_KEY]
        found.append((label, intent[PREDICTED_CONFIDENCE_KEY]))
        await asyncio.sleep(0)
    return found


def fail_aloud(store: Any) -> None:
    """Have a turn fail when the record of its conversation can not be read or kept.

    Rasa would go on with an empty record, or keep this turn in the memory of one process only: the next turn would not
    know of it. It would also write the resident's words in the log, which stand in the message of the error.
    """
    if isinstance(store, FailSafeTrackerStore):
        store._on_tracker_store_error = _raise


def _raise(error: Exception) -> None:
    raise error


def _message(body: Dict[str, Any]) -> Any:
    collector = CollectingOutputChannel()
    choice = body.get("keuze")
    message = UserMessage(
        for_understanding(body["tekst"]),
        collector,
        body["gesprek"],
        input_channel=SamenspelChannel.name(),
        metadata=body["metadata"],
        message_id=body.get("beurt"),
        parse_data=_parsed(body["tekst"], choice["intent"]) if choice else None,
    )
    return message, collector


async def _said_before(agent: Any, message: UserMessage) -> List[Dict[str, Any]]:
    """What was answered to this turn, when it is the last one that was done.

    It waits while this process is doing it; of another replica that is still at it, it knows nothing.
    """
    async with agent.lock_store.lock(message.sender_id):
        tracker = await agent.tracker_store.retrieve(message.sender_id)
    said: List[Dict[str, Any]] = []
    for event in reversed(tracker.events if tracker else ()):
        if isinstance(event, UserUttered):
            return said[::-1] if event.message_id == message.message_id else []
        if isinstance(event, BotUttered) and event.data.get("custom"):
            said.append(event.data["custom"])
    return []


def _parsed(title: str, label: str) -> Dict[str, Any]:
    """A pressed button needs no understanding: its meaning is known."""
    intent = {INTENT_NAME_KEY: label.split("/")[0], PREDICTED_CONFIDENCE_KEY: 1.0}
    if "/" in label:
        intent[FULL_RETRIEVAL_INTENT_NAME_KEY] = label
    return {TEXT: title, INTENT: intent, ENTITIES: [], INTENT_RANKING_KEY: [{**intent, INTENT_NAME_KEY: label}]}


def _custom_messages(collector: CollectingOutputChannel) -> List[Dict[str, Any]]:
    return [message["custom"] for message in collector.messages if "custom" in message]
