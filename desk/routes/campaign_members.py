"""Other municipalities in a campaign: asking them, and answering when one is asked."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import campaign_words
from desk.access import AtWork, Campaigning, Workplace
from desk.campaign_page import campaign_page, changing
from desk.pages import go_to
from desk.work import working
from participation.campaigns import making, members
from participation.services import municipalities

router = APIRouter()
HERE = "/{code}/campagnes/{campaign_id}/gemeenten"


@router.get(HERE, name="campaign_members")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show who takes part."""
    return await _page(request, place, campaign_id)


@router.post(HERE, name="ask_member")
async def ask(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    gemeente: Annotated[str, Form()] = "",
    stap: Annotated[str, Form()] = "vraag",
) -> Response:
    """Ask a municipality, or take the question back."""
    try:
        async with changing(request, place, campaign_id) as (work, campaign):
            act = members.take_out if stap == "weg" else members.ask
            await act(work.session, campaign, code=gemeente.replace("\0", ""), clerk=work.clerk, now=work.now)
    except campaign_words.REFUSALS as refusal:
        return await _page(request, place, campaign_id, refusal=refusal, chosen=gemeente)
    return go_to(request, "campaign_members", done="campagne", code=place.code, campaign_id=campaign_id)


@router.post(HERE + "/antwoord", name="answer_member")
async def answer(
    request: Request, place: Campaigning, campaign_id: uuid.UUID, stap: Annotated[str, Form()] = ""
) -> Response:
    """Agree for one's own municipality, or refuse."""
    try:
        async with working(request, place) as work:
            campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
            await members.answer(work.session, campaign, agrees=stap == "ja", **work.by)
    except campaign_words.REFUSALS as refusal:
        return await _page(request, place, campaign_id, refusal=refusal)
    return go_to(request, "campaign_members", done="campagne", code=place.code, campaign_id=campaign_id)


async def _page(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    *,
    refusal: Exception | None = None,
    chosen: str = "",
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        found = await members.of(work.session, campaign)
    names = municipalities.names()
    taken = {member.code for member in found if member.refused_at is None}
    return campaign_page(
        request,
        "campagnes/gemeenten.html",
        place=place,
        campaign=campaign,
        tab="campaign_members",
        status_code=422 if refusal else 200,
        problems=campaign_words.problems_of(refusal) if refusal else [],
        members=found,
        own=next((member for member in found if member.code == place.code), None),
        names=names,
        choices=sorted(((code, name) for code, name in names.items() if code not in taken), key=lambda one: one[1]),
        chosen=chosen,
        can_ask=campaign.state in members.OPEN_FOR_ASKING,
        can_answer=campaign.state in members.OPEN_FOR_AGREEING,
    )
