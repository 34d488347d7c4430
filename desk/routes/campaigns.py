"""Campaigns: the list, making one, and what was done with one."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk import campaign_words
from desk.access import AtWork, Campaigning, Workplace
from desk.campaign_page import campaign_page
from desk.pages import go_to, render
from desk.work import working
from participation.campaigns import events, making, states
from participation.campaigns.faults import FieldsWrong
from participation.services import clerks

router = APIRouter()


@router.get("/{code}/campagnes", name="campaigns")
async def show_all(request: Request, place: AtWork) -> Response:
    """Show the campaigns that this municipality leads or was asked for."""
    return await _list(request, place)


@router.post("/{code}/campagnes", name="make_campaign")
async def make(
    request: Request,
    place: Campaigning,
    naam: Annotated[str, Form()] = "",
    verzending: Annotated[uuid.UUID | None, Form()] = None,
) -> Response:
    """Make a draft."""
    name = naam.replace("\0", "")
    try:
        async with working(request, place) as work:
            campaign = await making.make(
                work.session, texts=making.Texts(name), submission=verzending or uuid.uuid4(), **work.by
            )
    except FieldsWrong as fault:
        return await _list(request, place, 422, errors=campaign_words.explained(fault.faults), name=name)
    return go_to(request, "campaign", code=place.code, campaign_id=campaign.id)


@router.get("/{code}/campagnes/{campaign_id}", name="campaign")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show one campaign."""
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        done = await events.of(work.session, campaign.id)
        names = await clerks.names_of(work.session, clerk_ids={one.clerk_id for one in done if one.clerk_id})
    return campaign_page(
        request, "campagnes/overzicht.html", place=place, campaign=campaign, tab="campaign", events=done, names=names
    )


async def _list(
    request: Request, place: Workplace, status_code: int = 200, *, errors: dict[str, str] | None = None, name: str = ""
) -> Response:
    async with working(request, place) as work:
        campaigns = await states.of_municipality(work.session, municipality_code=place.code)
    return render(
        request,
        "campagnes/lijst.html",
        place=place,
        status_code=status_code,
        part="campaigns",
        campaigns=campaigns,
        campaign_words=campaign_words,
        submission=uuid.uuid4(),
        errors=errors or {},
        problems=[("naam", text) for text in (errors or {}).values()],
        name=name,
    )
