"""How residents come to a campaign: addresses, QR codes and posters per place, and how many came by each."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from desk import campaign_words
from desk.access import AtWork, Campaigning, PageUnknown, Workplace
from desk.campaign_page import campaign_page
from desk.context import desk_of
from desk.pages import go_to
from desk.work import Work, working
from participation.campaigns import checks, links, making, part_writing, parts, posters, reach, telling
from participation.dates import AMSTERDAM, dutch_date
from participation.errors import LinkUnknown
from participation.models import Campaign, DeepLink
from participation.services import municipality_settings

router = APIRouter()
HERE = "/{code}/campagnes/{campaign_id}/plekken"
EVERYWHERE = "overal"
"""In an address: the campaign without a place."""

KEPT = {"Cache-Control": "private, no-cache"}


@router.get(HERE, name="campaign_places")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show the addresses, and the numbers per place."""
    return await _page(request, place, campaign_id)


@router.post(HERE, name="add_place")
async def add(
    request: Request, place: Campaigning, campaign_id: uuid.UUID, plek: Annotated[str, Form()] = ""
) -> Response:
    """Make a link for a place of this municipality."""
    name = plek.replace("\0", "")
    try:
        async with working(request, place) as work:
            campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
            await links.add(work.session, campaign, municipality_code=place.code, place=name, now=work.now)
    except campaign_words.REFUSALS as refusal:
        return await _page(request, place, campaign_id, refusal=refusal, typed=name)
    return go_to(request, "campaign_places", done="campagne_plek", code=place.code, campaign_id=campaign_id)


@router.get(HERE + "/{link_id}/qr.{kind}", name="place_code")
async def code_picture(request: Request, place: AtWork, campaign_id: uuid.UUID, link_id: str, kind: str) -> Response:
    """Give the QR code of a place as SVG for a printer, or as PNG for a letter."""
    async with working(request, place) as work:
        campaign, link = await _found(work, place, campaign_id, link_id)
    address = _address(request, campaign, link)
    headers = KEPT | {"Content-Disposition": f'inline; filename="qr-{campaign.public_id}.{kind}"'}
    if kind == "svg":
        return Response(posters.qr_svg(address), media_type="image/svg+xml", headers=headers)
    if kind == "png":
        return Response(posters.qr_png(address), media_type="image/png", headers=headers)
    raise PageUnknown(place.person)


@router.get(HERE + "/{link_id}/poster.pdf", name="place_poster")
async def poster(request: Request, place: AtWork, campaign_id: uuid.UUID, link_id: str) -> Response:
    """Give the poster of a place."""
    public_url = desk_of(request).settings.public_url
    async with working(request, place) as work:
        campaign, link = await _found(work, place, campaign_id, link_id)
        found = await parts.of(work.session, campaign.id)
        statements = await part_writing.statements_by_part(work.session, campaign.id)
        logo = await municipality_settings.logo(work.session, place.code)
    shown = posters.Poster(
        municipality=place.name,
        title=campaign.title,
        question=campaign.intro,
        minutes=checks.check(campaign, found, statements, now=work.now).minutes,
        closes_at=campaign.closes_at,
        link=_address(request, campaign, link),
        address=links.spoken_address(public_url, campaign.public_id),
        place=f"Plek: {link.place}" if link else "",
    )
    body = await run_in_threadpool(posters.pdf, shown, colors=place.choices.colors, logo=logo, now=work.now)
    headers = KEPT | {"Content-Disposition": f'inline; filename="poster-{campaign.public_id}.pdf"'}
    return Response(body, media_type="application/pdf", headers=headers)


async def _found(
    work: Work, place: Workplace, campaign_id: uuid.UUID, link_id: str
) -> tuple[Campaign, DeepLink | None]:
    campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
    if link_id == EVERYWHERE:
        return campaign, None
    try:
        return campaign, await links.find(work.session, campaign, municipality_code=place.code, link_id=link_id)
    except LinkUnknown:
        raise PageUnknown(place.person) from None


def _address(request: Request, campaign: Campaign, link: DeepLink | None) -> str:
    return links.page_address(desk_of(request).settings.public_url, campaign.public_id, link.id if link else None)


async def _page(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    *,
    refusal: Exception | None = None,
    typed: str = "",
) -> Response:
    settings = desk_of(request).settings
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        found = await links.of(work.session, campaign, municipality_code=place.code)
        numbers = await reach.by_place(work.session, campaign_id=campaign.id, municipality_code=place.code)
        asked = await parts.of(work.session, campaign.id)
        statements = await part_writing.statements_by_part(work.session, campaign.id)
        minutes = checks.check(campaign, asked, statements, now=work.now).minutes
        telegram_name = settings.telegram_name if place.choices.on_telegram else ""
        own = (
            await links.without_place(work.session, campaign, municipality_code=place.code, now=work.now)
            if telegram_name
            else None
        )
    return campaign_page(
        request,
        "campagnes/plekken.html",
        place=place,
        campaign=campaign,
        tab="campaign_places",
        status_code=422 if refusal else 200,
        problems=campaign_words.problems_of(refusal) if refusal else [],
        links=found,
        reach={one.place: one for one in numbers},
        numbers=numbers,
        shown=reach.shown,
        not_shown=telling.NOT_SHOWN,
        typed=typed,
        everywhere=EVERYWHERE,
        address=_address(request, campaign, None),
        address_of=lambda link: _address(request, campaign, link),
        telegram_of=(lambda link: links.telegram_address(telegram_name, link.id)) if telegram_name else None,
        own=own,
        public_url=settings.public_url.rstrip("/"),
        minutes=minutes,
        until=dutch_date(campaign.closes_at.astimezone(AMSTERDAM).date()) if campaign.closes_at else "",
    )
