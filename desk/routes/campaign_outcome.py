"""The outcome of a campaign at the desk: as it was counted last, and the decision to publish it."""

import asyncio
import uuid
from typing import Annotated

from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from desk import campaign_words
from desk.access import AtWork, Campaigning, PageUnknown, Workplace
from desk.campaign_page import campaign_page
from desk.context import desk_of, path_for
from desk.pages import go_to
from desk.work import Work, working
from participation.campaigns import group_picture, links, making, members, outcome, outcome_paper, telling
from participation.campaigns.faults import OutcomeNotFinal
from participation.campaigns.page_blocks import as_html
from participation.campaigns.suppression import DESK, FEWEST, PUBLIC
from participation.insight import pictures
from participation.models import Campaign
from participation.models.campaign_outcome import EVERYWHERE
from participation.services import audit

router = APIRouter()

OWN, ALL = "eigen", "alle"


@router.get("/{code}/campagnes/{campaign_id}/uitkomst", name="campaign_outcome")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID, deel: str = "") -> Response:
    """Show what was counted: of all together, or of this municipality alone."""
    return await _page(request, place, campaign_id, deel=deel)


@router.get("/{code}/campagnes/{campaign_id}/uitkomst/groepen.svg", name="campaign_groups_picture")
async def picture(request: Request, place: AtWork, campaign_id: uuid.UUID, kleur: str = "") -> Response:
    """Draw the groups."""
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        found = await outcome.of(work.session, campaign.id, EVERYWHERE, reader=_reader(place))
    drawn = group_picture.picture_of(found.content) if found else None
    if drawn is None:
        raise PageUnknown(place.person)
    body = await asyncio.to_thread(pictures.draw, drawn, form=pictures.SVG, dark=kleur == "donker")
    return Response(body, media_type="image/svg+xml")


@router.get("/{code}/campagnes/{campaign_id}/uitkomst.pdf", name="campaign_outcome_pdf")
async def pdf(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Give the outcome of all together as a paper; before publication it says that it is a draft."""
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        content = await outcome_paper.of(work.session, campaign, reader=_reader(place))
        if content is None:
            raise PageUnknown(place.person)
        details = {"naam": campaign.title}
        await audit.record(work.session, action="uitvoer.uitkomst", record=str(campaign.id), details=details, **work.by)
    body = await asyncio.to_thread(outcome_paper.as_pdf, content)
    name = f"uitkomst-{campaign.public_id}.pdf"
    return Response(
        body, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.post("/{code}/campagnes/{campaign_id}/uitkomst/publiceren", name="publish_outcome")
async def publish(
    request: Request, place: Campaigning, campaign_id: uuid.UUID, citaat: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Show the outcome to everybody, with the quotes that were chosen."""
    try:
        async with working(request, place) as work:
            campaign = await making.led(work.session, municipality_code=place.code, campaign_id=campaign_id)
            await outcome.publish(work.session, campaign, quotes=citaat or [], clerk=work.clerk, now=work.now)
    except OutcomeNotFinal:
        wrong = (
            "De uitkomst is nog niet klaar. Is de campagne gesloten? Wacht dan een paar minuten op de laatste telling. "
            "Sluit haar anders eerst."
        )
        return await _page(request, place, campaign_id, status_code=422, problems=[("publiceren", wrong)])
    return go_to(request, "campaign_outcome", done="uitkomst_gepubliceerd", code=place.code, campaign_id=campaign_id)


def _reader(place: Workplace) -> str:
    """Who only reads for the council sees what everybody may see."""
    return DESK if place.may_handle or place.may_campaign else PUBLIC


async def _page(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    *,
    deel: str = "",
    status_code: int = 200,
    problems: list[tuple[str, str]] | None = None,
) -> Response:
    reader = _reader(place)
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        takes_part = await members.takes_part(work.session, campaign, municipality_code=place.code)
        own = deel == OWN or not takes_part
        found = await outcome.of(work.session, campaign.id, place.code if own else EVERYWHERE, reader=reader)
        html = await _html(request, work, campaign, found, place, reader) if found else Markup()
        public = await outcome.of(work.session, campaign.id, EVERYWHERE, reader=DESK)
        together = takes_part and len(await outcome_paper.inhabitants_of(work.session, campaign.id)) > 1
    return campaign_page(
        request,
        "campagnes/uitkomst.html",
        place=place,
        campaign=campaign,
        tab="campaign_outcome",
        status_code=status_code,
        problems=problems or [],
        found=found,
        html=html,
        own=own,
        takes_part=takes_part,
        public_page=links.page_address(desk_of(request).settings.public_url, campaign.public_id) + "/uitkomst",
        together=together,
        quotes=await _quotes(request, place, campaign) if public else [],
        states=campaign_words.STATES,
    )


async def _html(
    request: Request, work: Work, campaign: Campaign, found: outcome.Outcome, place: Workplace, reader: str
) -> Markup:
    inhabitants = await outcome_paper.inhabitants_of(work.session, campaign.id)
    if found.about != EVERYWHERE:
        inhabitants = {place.code: inhabitants[place.code]}
    blocks = telling.tell(found.content, inhabitants=inhabitants, fewest=FEWEST[reader])
    address = path_for(request, "campaign_groups_picture", code=place.code, campaign_id=campaign.id)
    has_picture = group_picture.picture_of(found.content) is not None
    return Markup(  # noqa: S704  (every text in it was escaped)
        as_html(
            blocks,
            picture=address if has_picture else "",
            dark_picture=f"{address}?kleur=donker",
            words=group_picture.WORDS,
        )
    )


async def _quotes(request: Request, place: Workplace, campaign: Campaign) -> list[tuple[str, bool]]:
    """The quotes that could be shown to all, and whether they are."""
    if not place.may_campaign or campaign.municipality_code != place.code:
        return []
    async with working(request, place) as work:
        return await outcome.quotes_of(work.session, campaign.id)
