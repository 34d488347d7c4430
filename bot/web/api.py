"""The chat API: open a conversation, send a turn, hear later messages."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response, Security
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictBool, model_validator

from bot import timing
from bot.gateway import MAX_CHARACTERS, Gateway
from bot.limits import Limits
from bot.live import LiveConversations
from bot.turn import Turn
from bot.visits import Opened
from bot.web.problems import NoToken, problems
from participation.errors import ConversationUnknown
from participation.language.danger import check_danger
from participation.models import Message
from participation.services import municipalities

router = APIRouter(prefix="/api/v1/chat", responses=problems(401, 404, 429))

KEEP_ALIVE_SECONDS = 20.0
WITHOUT_NUL = r"^[^\x00]*$"
"""PostgreSQL can not store a NUL. In the text itself the gateway leaves it out, since words must not be lost."""


@dataclass(frozen=True)
class Chat:
    """What the routes need; set on the application by the composition root."""

    gateway: Gateway
    live: LiveConversations
    limits: Limits
    tokens: URLSafeTimedSerializer
    token_seconds: int
    clock: Callable[[], datetime]


def _name_the_codes(schema: dict[str, Any]) -> None:
    """Tell which codes there are: another one is refused."""
    schema["enum"] = [*sorted(municipalities.names()), None]


class NewConversation(BaseModel):
    """Body of POST gesprekken."""

    model_config = ConfigDict(extra="forbid")

    gemeente: str | None = Field(None, pattern=r"^GM\d{4}$", json_schema_extra=_name_the_codes)
    campagne: str | None = Field(None, max_length=64, pattern=WITHOUT_NUL)
    taal: str = Field("nl", pattern=r"^[a-z]{2}$")


class Coming(BaseModel):
    """Body of POST gesprekken/huidig."""

    model_config = ConfigDict(extra="forbid")

    campagne: str = Field(min_length=1, max_length=64, pattern=WITHOUT_NUL)


_ONE_OF_BOTH: list[JsonValue] = [
    {"required": [given], "properties": {given: {"type": "string"}, other: {"type": "null"}}}
    for given, other in (("tekst", "keuze"), ("keuze", "tekst"))
]


class NewTurn(BaseModel):
    """Body of POST berichten: a text or the id of a button.

    With `alleen_gevaar` it is handled only if somebody is in danger: for a channel that sends one message at a time.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"oneOf": _ONE_OF_BOTH})

    tekst: str | None = Field(None, max_length=4 * MAX_CHARACTERS)
    keuze: str | None = Field(None, max_length=64)
    bericht_id: str | None = Field(None, min_length=1, max_length=64, pattern=WITHOUT_NUL)
    alleen_gevaar: StrictBool = False

    @model_validator(mode="after")
    def one_of_both(self) -> "NewTurn":
        """Refuse nothing and refuse both."""
        if (self.tekst is None) == (self.keuze is None):
            raise ValueError("tekst or keuze")
        return self


def chat_of(request: Request) -> Chat:
    """The parts this process works with."""
    found: Chat = request.app.state.chat
    return found


KEY = HTTPBearer(auto_error=False, description="Het token van een gesprek.")


async def conversation_of(
    request: Request, key: Annotated[HTTPAuthorizationCredentials | None, Security(KEY)] = None
) -> uuid.UUID:
    """Read the signed token.

    Raises:
        NoToken: missing, forged or expired.
    """
    chat = chat_of(request)
    if key is None:
        raise NoToken
    try:
        return uuid.UUID(chat.tokens.loads(key.credentials, max_age=chat.token_seconds))
    except (BadSignature, ValueError, TypeError):
        raise NoToken from None


ConversationId = Annotated[uuid.UUID, Depends(conversation_of)]


@router.post("/gesprekken", status_code=201)
async def open_conversation(body: NewConversation, request: Request) -> dict[str, Any]:
    """Start a conversation; the token in the answer is the key to it."""
    chat = chat_of(request)
    chat.limits.opening(address_of(request))
    opened = await chat.gateway.visits.open(
        channel="web", municipality_code=body.gemeente, campaign=body.campagne, language=body.taal
    )
    return {"token": chat.tokens.dumps(str(opened.conversation_id)), **_conversation(opened)}


@router.get("/gesprekken/huidig")
async def current_conversation(conversation_id: ConversationId, request: Request) -> dict[str, Any]:
    """The conversation with its last 200 messages, for after a reload."""
    chat = chat_of(request)
    chat.limits.look(conversation_id)
    return _conversation(await chat.gateway.visits.current(conversation_id))


@router.post("/gesprekken/huidig")
async def come_again(body: Coming, conversation_id: ConversationId, request: Request) -> dict[str, Any]:
    """The same, for who comes back by the link of a campaign: that is offered, once."""
    chat = chat_of(request)
    chat.limits.turn_from(address_of(request))
    return _conversation(await chat.gateway.visits.come_again(conversation_id, body.campagne))


@router.post(
    "/berichten",
    response_model=dict[str, Any],
    responses={204: {"description": "With alleen_gevaar: nobody is in danger, and nothing is kept"}},
)
async def send(
    body: NewTurn, conversation_id: ConversationId, request: Request, response: Response
) -> dict[str, Any] | Response:
    """Handle one turn. The same `bericht_id` twice is one turn with one and the same answer."""
    if body.alleen_gevaar and not check_danger(body.tekst or ""):
        chat_of(request).limits.aside(conversation_id)
        return Response(status_code=204)
    turn = Turn(
        conversation_id=conversation_id,
        message_id=body.bericht_id or str(uuid.uuid4()),
        text=body.tekst,
        choice=body.keuze,
    )
    with timing.turn() as stages:
        messages = await take(request, turn)
    response.headers["Server-Timing"] = timing.header(stages)
    return {"berichten": [message_json(message) for message in messages]}


async def take(request: Request, turn: Turn) -> list[Message]:
    """Have a turn answered, unless too much is asked; somebody in danger is always heard.

    Raises:
        TooMuch: nothing was kept of it; the same turn may be sent again.
        ConversationUnknown: it never was, or its time is up.
    """
    chat = chat_of(request)
    if not check_danger(turn.text or ""):
        chat.limits.turn_from(address_of(request))
    return await chat.gateway.handle(turn)


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy the server reads that from its headers (FORWARDED_ALLOW_IPS)."""
    return request.client.host if request.client else ""


@router.get(
    "/gebeurtenissen",
    response_class=StreamingResponse,
    responses={200: {"description": "Successful Response", "content": {"text/event-stream": {}}}},
)
async def events(
    conversation_id: ConversationId,
    request: Request,
    last_event_id: Annotated[str, Header()] = "",
) -> StreamingResponse:
    """Server-sent events: messages that come later, such as the griffie's. Resumes after `Last-Event-ID`."""
    chat = chat_of(request)
    chat.limits.listen(conversation_id)
    newest = await chat.gateway.visits.newest(conversation_id)
    last = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else 0
    after = last or newest
    return StreamingResponse(
        _stream(chat, conversation_id, min(after, 2**62)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(chat: Chat, conversation_id: uuid.UUID, after: int) -> AsyncIterator[str]:
    with chat.limits.listening(conversation_id), chat.live.watch(conversation_id) as changed:
        changed.set()  # look once: something may have come between the request and now
        yield ": open\n\n"
        while True:
            try:
                await asyncio.wait_for(changed.wait(), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                yield ": nog hier\n\n"
                continue
            if changed.ended:
                return  # this process stops: who asks again is served by another
            changed.clear()
            try:
                news = await chat.gateway.visits.news(conversation_id, after=after)
            except ConversationUnknown:
                return  # erased meanwhile: who asks again hears that
            for message in news:
                after = message.id
                data = json.dumps(message_json(message), ensure_ascii=False)
                yield f"id: {message.id}\nevent: bericht\ndata: {data}\n\n"


def message_json(message: Message) -> dict[str, Any]:
    """One message as channels see it: buttons have ids, their meaning stays here."""
    body = message.body
    known_by = {"bericht_id": message.external_id} if message.sender == "inwoner" else {}
    return {
        **known_by,
        "id": message.id,
        "van": message.sender,
        "tijd": message.created_at.isoformat(),
        "tekst": body["tekst"],
        "soort": body.get("soort", "inwoner"),
        "knoppen": body.get("knoppen", []),
        "links": body.get("links", []),
        "meer": body.get("meer"),
    }


def _conversation(opened: Opened) -> dict[str, Any]:
    return {
        "gesprek": str(opened.conversation_id),
        "gemeente": opened.municipality_code,
        "gemeente_naam": opened.municipality_name,
        "berichten": [message_json(message) for message in opened.messages],
    }
