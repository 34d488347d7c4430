"""The mail with counts: how often a person wants it."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtDesk, Sender, person_at_desk
from desk.context import NO_MUNICIPALITY, desk_of
from desk.pages import go_to, render
from participation.services import digests
from participation.services.clerks import SignedIn
from participation.services.digests import RhythmUnknown

router = APIRouter()

RHYTHMS = {"dag": "Elke werkdag", "week": "Eén keer in de week, op de eerste werkdag", "uit": "Nooit"}


@router.get("/mail", name="digest")
async def show(request: Request, person: AtDesk) -> Response:
    """Show the choice."""
    return await _page(request, person)


@router.post("/mail", name="choose_digest")
async def choose(request: Request, person: Sender, hoe_vaak: Annotated[str, Form()] = "") -> Response:
    """Keep the choice."""
    await person_at_desk(person)
    desk = desk_of(request)
    try:
        async with desk.database.session(NO_MUNICIPALITY) as session:
            await digests.choose(session, clerk=person.clerk, rhythm=hoe_vaak, now=desk.clock())
    except RhythmUnknown:
        return await _page(request, person, 422, error="Kies hoe vaak u de mail wilt.")
    return go_to(request, "digest", done="mail")


async def _page(request: Request, person: SignedIn, status_code: int = 200, error: str = "") -> Response:
    desk = desk_of(request)
    async with desk.database.session(NO_MUNICIPALITY) as session:
        chosen = await digests.rhythm_of(session, clerk_id=person.clerk.id)
        latest = await digests.latest(session, clerk_id=person.clerk.id)
    return render(
        request,
        "mail.html",
        person=person,
        status_code=status_code,
        rhythms=RHYTHMS,
        chosen=chosen,
        latest=latest,
        can_send=bool(desk.settings.smtp_host),
        error=error,
    )
