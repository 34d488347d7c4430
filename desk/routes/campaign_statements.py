"""What participants wrote themselves: looking at it before others see it."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import campaign_words
from desk.access import AtWork, Campaigning, PageUnknown, Workplace
from desk.campaign_page import campaign_page, changing
from desk.pages import go_to
from desk.work import working
from participation.campaigns import making, moderation
from participation.services import clerks

router = APIRouter()
HERE = "/{code}/campagnes/{campaign_id}/van-inwoners"


@router.get(HERE, name="own_statements")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show what waits, and what was decided."""
    return await _page(request, place, campaign_id)


@router.post(HERE + "/{statement_id}", name="decide_statement")
async def decide(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    statement_id: uuid.UUID,
    stap: Annotated[str, Form()] = "",
    reden: Annotated[str, Form()] = "",
) -> Response:
    """Let others see it, or refuse it with a reason."""
    reason = reden.replace("\0", "")
    try:
        async with changing(request, place, campaign_id) as (work, campaign):
            await moderation.decide(
                work.session,
                campaign,
                statement_id=statement_id,
                agrees=stap == "goed",
                reason=reason,
                clerk=work.clerk,
                now=work.now,
            )
    except campaign_words.REFUSALS as refusal:
        return await _page(request, place, campaign_id, refusal=refusal, typed={statement_id: reason})
    return go_to(request, "own_statements", done="stelling_besluit", code=place.code, campaign_id=campaign_id)


async def _page(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    *,
    refusal: Exception | None = None,
    typed: dict[uuid.UUID, str] | None = None,
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        if campaign.municipality_code != place.code:
            raise PageUnknown(place.person)
        waiting = await moderation.waiting(work.session, campaign.id)
        written = await moderation.of_participants(work.session, campaign.id)
        names = await clerks.names_of(work.session, clerk_ids={one.decided_by for one in written if one.decided_by})
    problems = campaign_words.problems_of(refusal) if refusal else []
    return campaign_page(
        request,
        "campagnes/van_inwoners.html",
        place=place,
        campaign=campaign,
        tab="own_statements",
        status_code=422 if refusal else 200,
        problems=[
            (f"reden-{one}" if field == "reden" else "", text) for field, text in problems for one in typed or {}
        ],
        errors=dict(problems),
        waiting=waiting,
        decided=[one for one in written if one.state != "wacht"],
        names=names,
        typed=typed or {},
        shown=moderation.shown,
        can_decide=campaign.state in moderation.OPEN_FOR_DECIDING,
    )
