"""Trying a campaign in the chat before it starts: making the link, and its QR codes."""

import uuid
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Campaigning, PageUnknown, Workplace
from desk.campaign_page import changing
from desk.context import desk_of
from desk.pages import go_to
from desk.work import working
from participation.campaigns import links, making, posters, trials
from participation.campaigns.faults import StepNotAllowed
from participation.models import CampaignTrial

router = APIRouter()
HERE = "/{code}/campagnes/{campaign_id}/proef"
WEB, TELEGRAM = "web", "telegram"


@dataclass(frozen=True)
class Way:
    """An address by which the trial is done. `key` stands in the address of its QR code."""

    key: str
    title: str
    address: str


@router.post(HERE, name="make_trial")
async def make(request: Request, place: Campaigning, campaign_id: uuid.UUID) -> Response:
    """Make a link, or another in place of the one there was; not of a campaign that a colleague started meanwhile."""
    try:
        async with changing(request, place, campaign_id) as (work, campaign):
            await trials.make(work.session, campaign, clerk=work.clerk, now=work.now)
    except StepNotAllowed:
        return go_to(request, "campaign", done="campagne_proef_te_laat", code=place.code, campaign_id=campaign_id)
    return go_to(request, "campaign", done="campagne_proef", code=place.code, campaign_id=campaign_id)


@router.get(HERE + "/{way}.svg", name="trial_code")
async def code_picture(request: Request, place: AtWork, campaign_id: uuid.UUID, way: str) -> Response:
    """Give the QR code of the link, for who may make one."""
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        trial = await trials.current(work.session, campaign, now=work.now)
    shown = ways(request, place, trial) if trial and place.may_campaign else []
    address = next((one.address for one in shown if one.key == way), None)
    if address is None:
        raise PageUnknown(place.person)
    picture = posters.qr_svg(address)
    return Response(picture, media_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})


def ways(request: Request, place: Workplace, trial: CampaignTrial) -> list[Way]:
    """Return the addresses of a trial: on the site, and in Telegram where the municipality is there."""
    settings = desk_of(request).settings
    in_chat = links.chat_trial_address(settings.public_url, place.code, trials.value_of(trial.id))
    found = [Way(WEB, "In de chat op de site", in_chat)]
    if settings.telegram_name and place.choices.on_telegram:
        found.append(Way(TELEGRAM, "In Telegram", links.telegram_address(settings.telegram_name, trial.id)))
    return found
