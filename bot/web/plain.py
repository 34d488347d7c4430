"""The chat without JavaScript: a page and plain forms, for old browsers, strict ones, and who reads with a terminal."""

import uuid
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadSignature

from bot.gateway import MAX_CHARACTERS
from bot.limits import TooMuch
from bot.turn import Turn
from bot.visits import Opened
from bot.web.api import Chat, address_of, chat_of, message_json, take
from bot.web.own_data import ADDRESS, own_data_file
from bot.web.pages import choices_of, page
from participation import markup
from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import AMSTERDAM, dutch_date
from participation.errors import ConversationUnknown
from participation.language.danger import check_danger
from participation.models import Message
from participation.municipality_choices import Choices
from participation.reply import ENDING
from participation.services import municipalities
from participation.settings import settings

router = APIRouter(include_in_schema=False)

LONGEST_CAMPAIGN = 64

EXPIRED = "Uw vorige gesprek is verlopen. Dit is een nieuw gesprek."
TOO_MUCH = "Het is nu druk. Wacht een minuut, en verstuur uw bericht dan opnieuw."
STALE = "Uw keuze hoorde bij het vorige gesprek. Stel uw vraag nog een keer."


@dataclass(frozen=True)
class Visit:
    """Who asks for the page of which municipality, and the conversation that their cookie is the key to."""

    chat: Chat
    code: str
    choices: Choices
    conversation_id: uuid.UUID | None

    @property
    def cookie(self) -> str:
        """The name of the cookie: each municipality has a conversation of its own, as in the widget."""
        return f"samenspel_{self.code}"

    @property
    def path(self) -> str:
        return f"/chat/{self.code}/eenvoudig"

    @property
    def own_data_path(self) -> str:
        """Below the page, so that the cookie goes along: a link has no room for the key that the API asks for."""
        return f"{self.path}/gegevens"


async def visit_of(request: Request, code: str) -> Visit:
    """Read the cookie; a forged or old one counts as none."""
    choices = await choices_of(request, code)
    chat = chat_of(request)
    token = request.cookies.get(f"samenspel_{code}", "")
    try:
        known = uuid.UUID(chat.tokens.loads(token, max_age=chat.token_seconds)) if token else None
    except (BadSignature, ValueError, TypeError):
        known = None
    return Visit(chat, code, choices, known)


AsVisit = Annotated[Visit, Depends(visit_of)]


@router.get("/chat/{code}/eenvoudig")
async def plain_chat(request: Request, visit: AsVisit, campagne: str = "") -> HTMLResponse:
    """The conversation so far, and a form. Nothing is opened before somebody writes.

    Who has a conversation and comes by the link of a campaign is offered that, once.
    """
    messages: list[Message] = []
    notice = ""
    if visit.conversation_id is not None:
        try:
            messages = (await _gone_on(request, visit, visit.conversation_id, campagne)).messages
        except ConversationUnknown:
            notice = EXPIRED
    return await _show(request, visit, messages, notice=notice, campaign=campagne)


@router.post("/chat/{code}/eenvoudig")
async def plain_turn(
    request: Request,
    visit: AsVisit,
    tekst: Annotated[str, Form(max_length=4 * MAX_CHARACTERS)] = "",
    keuze: Annotated[str | None, Form(max_length=64)] = None,
    bericht: Annotated[str, Form(max_length=64, pattern=r"^[\w-]{1,64}$")] = "",
    campagne: Annotated[str, Form(max_length=LONGEST_CAMPAIGN)] = "",
) -> Response:
    """Handle one turn and show the conversation; sent twice, a form is one turn."""
    if keuze is None and not tekst.strip():
        return RedirectResponse(visit.path, status_code=303)
    turn_id = bericht or str(uuid.uuid4())
    if visit.conversation_id is not None:
        try:
            turn = Turn(visit.conversation_id, turn_id, text=None if keuze else tekst, choice=keuze)
            answers = await take(request, turn)
        except TooMuch:
            messages = (await visit.chat.gateway.visits.current(visit.conversation_id)).messages
            return await _show(request, visit, messages, notice=TOO_MUCH, campaign=campagne, typed=tekst, status=429)
        except ConversationUnknown:
            if keuze is not None:
                return _forget(visit, await _show(request, visit, [], notice=STALE, campaign=campagne))
        else:
            return await _answered(request, visit, visit.conversation_id, answers)
    if keuze is not None:
        return await _show(request, visit, [], notice=STALE, campaign=campagne)
    try:
        if not check_danger(tekst):
            visit.chat.limits.opening(address_of(request))
        opened = await visit.chat.gateway.visits.open(
            channel="web", municipality_code=visit.code, campaign=campagne.replace("\x00", "") or None
        )
        answers = await take(request, Turn(opened.conversation_id, turn_id, text=tekst))
    except TooMuch:
        return await _show(request, visit, [], notice=TOO_MUCH, campaign=campagne, typed=tekst, status=429)
    return await _answered(request, visit, opened.conversation_id, answers)


@router.get("/chat/{code}/eenvoudig/gegevens")
async def plain_own_data(visit: AsVisit) -> Response:
    """Everything that is kept of this resident, as a file; whose conversation is gone reads that on the page."""
    if visit.conversation_id is not None:
        try:
            return await own_data_file(visit.chat, visit.conversation_id)
        except ConversationUnknown:
            pass
    return RedirectResponse(visit.path, status_code=303)


@router.post("/chat/{code}/eenvoudig/opnieuw")
async def plain_again(visit: AsVisit) -> Response:
    """Let go of the conversation; what went to the griffie stays there."""
    return _forget(visit, RedirectResponse(visit.path, status_code=303))


async def _gone_on(request: Request, visit: Visit, conversation_id: uuid.UUID, campaign: str) -> Opened:
    gateway = visit.chat.gateway
    if wanted := campaign.replace("\x00", "")[:LONGEST_CAMPAIGN]:
        try:
            visit.chat.limits.turn_from(address_of(request))
            return await gateway.visits.come_again(conversation_id, wanted)
        except TooMuch:
            pass  # looking at the conversation costs little; the link works again in a minute
    return await gateway.visits.current(conversation_id)


async def _answered(request: Request, visit: Visit, conversation_id: uuid.UUID, answers: list[Message]) -> Response:
    if any(answer.body["soort"] == ENDING for answer in answers):
        return _forget(visit, await _show(request, visit, answers))
    response = RedirectResponse(f"{visit.path}#laatste", status_code=303)
    response.set_cookie(
        visit.cookie,
        visit.chat.tokens.dumps(str(conversation_id)),
        max_age=visit.chat.token_seconds,
        path=visit.path,
        secure=settings().public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response


def _forget(visit: Visit, response: Response) -> Response:
    response.delete_cookie(visit.cookie, path=visit.path)
    return response


async def _show(
    request: Request,
    visit: Visit,
    messages: list[Message],
    *,
    notice: str = "",
    campaign: str = "",
    typed: str = "",
    status: int = 200,
) -> HTMLResponse:
    shown = [_view(visit, message) for message in messages]
    database: Database = request.app.state.database
    async with database.session(EVERY_MUNICIPALITY) as session:
        days = await visit.chat.gateway.visits.days_kept(session, visit.code)
    newest = max((at for at, one in enumerate(shown) if one["van"] == "inwoner"), default=0)
    shown_page = page(
        request,
        "eenvoudig.html",
        "'none'",
        form_action="'self'",
        dagen=days,
        getypt=typed,
        gemeente_code=visit.code,
        gemeente_naam=visit.choices.shown_name or municipalities.names()[visit.code],
        choices=visit.choices,
        berichten=shown,
        laatste=newest,
        melding=notice,
        pad=visit.path,
        nieuw=str(uuid.uuid4()),
        campagne=campaign[:LONGEST_CAMPAIGN],
        most=MAX_CHARACTERS,
    )
    shown_page.status_code = status
    return shown_page


def _view(visit: Visit, message: Message) -> dict[str, Any]:
    """A message as the template writes it: what the API gives, with HTML, links that work, a moment in words."""
    seen = message_json(message)
    at = message.created_at.astimezone(AMSTERDAM)
    return seen | {
        "html": markup.blocks(seen["tekst"], urgent=seen["soort"] == "nood"),
        "meer_html": markup.blocks(seen["meer"]) if seen["meer"] else None,
        "links": [
            link | {"url": visit.own_data_path} if link["url"].endswith(ADDRESS) else link
            for link in seen["links"]
            if markup.safe_url(link["url"])
        ],
        "moment": f"{dutch_date(at.date())} om {at:%H:%M} uur",
    }
