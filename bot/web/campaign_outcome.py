"""What came of a campaign, for everybody: a page without script or cookie, open data, and papers.

Nothing is here before somebody at the desk decided to publish it.
"""

from dataclasses import asdict, dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from markupsafe import Markup
from starlette.exceptions import HTTPException

from bot.web.made_before import MadeBefore
from bot.web.pages import page
from participation.campaigns import (
    feedback,
    final_report,
    group_picture,
    open_data,
    outcome,
    outcome_paper,
    states,
    telling,
)
from participation.campaigns.outcome import Outcome
from participation.campaigns.page_blocks import as_html
from participation.campaigns.suppression import FEWEST, PUBLIC
from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import AMSTERDAM, dutch_date
from participation.insight import pictures
from participation.models import Campaign, CampaignFeedback
from participation.services import municipalities, municipality_settings
from participation.tables import BYTE_ORDER_MARK

router = APIRouter(include_in_schema=False)

CACHED = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
LONGEST_ID = 12


@dataclass(frozen=True)
class Published:
    """What everybody may see of a campaign."""

    campaign: Campaign
    found: Outcome
    inhabitants: dict[str, tuple[str, int]]
    points: list[CampaignFeedback]
    report: int | None
    """The number of the latest final report."""


@router.get("/c/{public_id}/uitkomst")
async def outcome_page(request: Request, public_id: str) -> HTMLResponse:
    """Show the outcome in words first, and what is done with it."""
    shown = await _published(request, public_id)
    campaign, code = shown.campaign, shown.campaign.municipality_code
    database: Database = request.app.state.database
    async with database.session(EVERY_MUNICIPALITY) as session:
        choices = await municipality_settings.of(session, code)
    blocks = telling.tell(shown.found.content, inhabitants=shown.inhabitants, fewest=FEWEST[PUBLIC])
    address = f"/c/{public_id}/uitkomst/groepen.svg" if group_picture.picture_of(shown.found.content) else ""
    return page(
        request,
        "uitkomst.html",
        "'none'",
        campagne=campaign,
        gemeente_code=code,
        gemeente_naam=choices.shown_name or municipalities.names()[code],
        choices=choices,
        blokken=Markup(as_html(blocks, picture=address, words=group_picture.WORDS)),  # noqa: S704  (escaped there)
        punten=shown.points,
        verslag=shown.report,
        geteld=dutch_date(shown.found.counted_at.astimezone(AMSTERDAM).date()),
    )


@router.get("/c/{public_id}/uitkomst/groepen.svg")
async def groups_picture(request: Request, public_id: str) -> Response:
    """Draw the groups."""
    drawn = group_picture.picture_of((await _published(request, public_id)).found.content)
    if drawn is None:
        raise HTTPException(404)
    body = await _made(request).get("beeld", asdict(drawn), lambda: pictures.draw(drawn, form=pictures.SVG))
    return Response(body, media_type="image/svg+xml", headers=CACHED)


@router.get("/c/{public_id}/uitkomst/uitkomst.json")
async def data_json(request: Request, public_id: str) -> JSONResponse:
    """Give all numbers with a codebook."""
    shown = await _published(request, public_id)
    return JSONResponse(open_data.as_json(shown.campaign, shown.found), headers=CACHED)


@router.get("/c/{public_id}/uitkomst/uitkomst.csv")
async def data_csv(request: Request, public_id: str) -> Response:
    """Give all numbers as a table."""
    shown = await _published(request, public_id)
    body = BYTE_ORDER_MARK + open_data.as_csv(shown.found.content)
    headers = CACHED | {"Content-Disposition": f'attachment; filename="uitkomst-{shown.campaign.public_id}.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/c/{public_id}/uitkomst/uitkomst.pdf")
async def paper(request: Request, public_id: str) -> Response:
    """Give the outcome as a paper."""
    shown = await _published(request, public_id)
    database: Database = request.app.state.database
    async with database.session(EVERY_MUNICIPALITY) as session:
        content = await outcome_paper.of(session, shown.campaign, reader=PUBLIC)
    if content is None:
        raise HTTPException(404)
    body = await _made(request).get("pdf", content, lambda: outcome_paper.as_pdf(content))
    return Response(body, media_type="application/pdf", headers=CACHED)


@router.get("/c/{public_id}/uitkomst/eindverslag.pdf")
async def report(request: Request, public_id: str) -> Response:
    """Give the latest final report."""
    shown = await _published(request, public_id)
    if shown.report is None:
        raise HTTPException(404)
    database: Database = request.app.state.database
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await final_report.find(session, campaign_id=shown.campaign.id, number=shown.report)
    body = await _made(request).get("pdf", found.content, lambda: outcome_paper.as_pdf(found.content))
    return Response(body, media_type="application/pdf", headers=CACHED)


def _made(request: Request) -> MadeBefore:
    made: MadeBefore = request.app.state.made_before
    return made


async def _published(request: Request, public_id: str) -> Published:
    if not (public_id.isascii() and public_id.isalnum() and len(public_id) <= LONGEST_ID):
        raise HTTPException(404)
    database: Database = request.app.state.database
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await states.by_public_id(session, public_id)
        found = await outcome.published(session, campaign) if campaign else None
        if campaign is None or found is None:
            raise HTTPException(404)
        told = await feedback.published_at(session, campaign.id)
        points = list(await feedback.points_of(session, campaign.id)) if told else []
        reports = await final_report.all_of(session, campaign.id)
        inhabitants = await outcome_paper.inhabitants_of(session, campaign.id)
    return Published(campaign, found, inhabitants, points, reports[0].number if reports else None)
