"""Where the service sends what residents write: one signed message at a time, answered when it has been dealt with."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.gateway import MAX_CHARACTERS, Gateway
from bot.relay import CHANNEL, rendering, signing
from bot.relay.sending import as_json
from bot.turn import Turn
from participation import content
from participation.errors import LinkUnknown
from participation.reply import ENDING, Reply

PATH = "/api/v1/koppeling/berichten"
WITHOUT_NUL = r"^[^\x00]*$"


class Incoming(BaseModel):
    """Body of a message. `id` and `afzender` are the service's own; `link` is a link's id that the resident came by."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=64, pattern=WITHOUT_NUL)
    afzender: str = Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)
    tekst: str | None = Field(None, max_length=4 * MAX_CHARACTERS)
    keuze: str | None = Field(None, max_length=64, pattern=WITHOUT_NUL)
    link: str | None = Field(None, max_length=64, pattern=WITHOUT_NUL)

    @model_validator(mode="after")
    def one_of_both(self) -> "Incoming":
        """Refuse nothing and refuse both; only who comes by a link may say nothing."""
        if (self.tekst is not None) + (self.keuze is not None) != 1 and not (self.link and self.keuze is None):
            raise ValueError("tekst or keuze")
        return self


_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": told, "content": {"application/problem+json": {}}}
    for status, told in (
        (403, "Niet getekend"),
        (408, "Te langzaam"),
        (413, "Te groot"),
        (422, "Geen bericht"),
        (429, "Te veel van deze inwoner"),
    )
}


def intake(gateway: Gateway, *, secret: str, clock: Callable[[], datetime]) -> APIRouter:
    """The route. Anything but 200 asks the service to send the message again: the same id is dealt with once."""
    router = APIRouter()

    @router.post(PATH, summary="A message from the service of the channel", tags=["koppeling"], responses=_REFUSALS)
    async def receive(
        request: Request,
        moment: Annotated[str, Header(alias=signing.MOMENT)] = "",
        signature: Annotated[str, Header(alias=signing.SIGNATURE)] = "",
    ) -> Response:
        body = await request.body()
        if not signing.is_signed(secret, body, moment=moment, signature=signature, now=clock()):
            return _refusal(403, "De handtekening klopt niet, of het moment ligt te ver van nu.")
        try:
            message = Incoming.model_validate(json.loads(body))
        except (ValidationError, ValueError):
            return _refusal(422, "Dit bericht heeft niet de vorm die docs/kanalen.md beschrijft.")
        return JSONResponse({"meteen": await _take(gateway, message)})

    return router


async def _take(gateway: Gateway, message: Incoming) -> list[dict[str, Any]]:
    """Have it answered; the outbox sends the answer. Returns what has to be shown now, since it is kept nowhere."""
    notices: tuple[Reply, ...] = ()
    came = {"channel": CHANNEL, "channel_user": message.afzender, "address": message.afzender}
    greet = message.link is None
    try:
        conversation = await gateway.visits.resume(**came, link=message.link, greet=greet)
    except LinkUnknown:
        conversation = await gateway.visits.resume(**came, greet=greet)
        notices = (Reply(content.text("telegram_link_onbekend")),)
    if message.link is not None:
        known_by = sha256(message.id.encode()).hexdigest()[:40]  # the id with something added could be too long
        start = Turn(conversation, f"start-{known_by}", start=True, notices=notices)
        await gateway.handle(start)
        if message.tekst is None:
            return []
    choice = message.keuze
    if choice is None and message.tekst:
        choice = await _choice(gateway, conversation, message.tekst)
    turn = Turn(conversation, message.id, text=None if choice else message.tekst, choice=choice)
    return [
        as_json(piece)
        for answer in await gateway.handle(turn)
        if answer.body["soort"] == ENDING
        for piece in rendering.pieces(answer.body)
    ]


async def _choice(gateway: Gateway, conversation: uuid.UUID, text: str) -> str | None:
    """The button that is meant by its number below the last message, if it is one."""
    number = rendering.number_in(text)
    if number is None:
        return None
    said = [one for one in (await gateway.visits.current(conversation)).messages if one.sender != "inwoner"]
    buttons = said[-1].body.get("knoppen") or [] if said else []
    return str(buttons[number - 1]["id"]) if number <= len(buttons) else None


def _refusal(status: int, detail: str) -> Response:
    return JSONResponse(
        {"type": "about:blank", "title": "Niet aangenomen", "status": status, "detail": detail},
        status_code=status,
        media_type="application/problem+json",
    )
