"""Signs of floods and bots in a campaign: shown, set aside with a reason, and put back."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from desk.access import AtWork, Campaigning, Workplace
from desk.campaign_page import campaign_page
from desk.dates import short_moment
from desk.pages import go_to
from desk.work import working
from participation.campaigns import fairness, making
from participation.campaigns.fairness import BURST, FAST, SAME_VOTES, SAME_WORDS, Sign
from participation.campaigns.faults import OutcomePublished, ReasonMissing, SignUnknown

router = APIRouter()

KINDS = {
    FAST: "Snel gestemd",
    SAME_WORDS: "Precies dezelfde tekst",
    SAME_VOTES: "Precies dezelfde stemmen",
    BURST: "Veel deelnemers in één uur",
}
NO_REASON = f"Schrijf op waarom deze deelnames niet tellen, in ten hoogste {fairness.LONGEST_REASON} tekens."
PUBLISHED = "De uitkomst is gepubliceerd. Daarom verandert de telling niet meer."
GONE = "Dit teken is er niet meer. Misschien was een collega eerder. Kijk bij “Opzij gezet” wat er gedaan is."


@router.get("/{code}/campagnes/{campaign_id}/eerlijkheid", name="campaign_fairness")
async def show(request: Request, place: AtWork, campaign_id: uuid.UUID) -> Response:
    """Show the signs among one's own participants, and who is set aside."""
    return await _page(request, place, campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/eerlijkheid/opzij", name="set_aside")
async def set_aside(
    request: Request,
    place: Campaigning,
    campaign_id: uuid.UUID,
    teken: Annotated[str, Form()] = "",
    reden: Annotated[str, Form()] = "",
) -> Response:
    """Leave the participants of a sign out of the count."""
    try:
        async with working(request, place) as work:
            campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
            await fairness.set_aside(work.session, campaign, key=teken, reason=reden.replace("\0", ""), **work.by)
    except ReasonMissing:
        return await _page(request, place, campaign_id, 422, error=NO_REASON, key=teken)
    except OutcomePublished:
        return await _page(request, place, campaign_id, 409, error=PUBLISHED)
    except SignUnknown:
        return await _page(request, place, campaign_id, 409, error=GONE)
    return go_to(request, "campaign_fairness", done="opzij", code=place.code, campaign_id=campaign_id)


@router.post("/{code}/campagnes/{campaign_id}/eerlijkheid/terug", name="put_back")
async def put_back(
    request: Request, place: Campaigning, campaign_id: uuid.UUID, moment: Annotated[datetime, Form()]
) -> Response:
    """Count them again."""
    try:
        async with working(request, place) as work:
            campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
            await fairness.put_back(work.session, campaign, moment=moment, **work.by)
    except OutcomePublished:
        return await _page(request, place, campaign_id, 409, error=PUBLISHED)
    except SignUnknown:
        return await _page(request, place, campaign_id, 409, error=GONE)
    return go_to(request, "campaign_fairness", done="teruggezet", code=place.code, campaign_id=campaign_id)


async def _page(
    request: Request,
    place: Workplace,
    campaign_id: uuid.UUID,
    status_code: int = 200,
    *,
    error: str = "",
    key: str = "",
) -> Response:
    async with working(request, place) as work:
        campaign = await making.find(work.session, municipality_code=place.code, campaign_id=campaign_id)
        about: dict[str, Any] = {"campaign_id": campaign.id, "municipality_code": place.code}
        signs = await fairness.signs_of(work.session, **about)
        aside = await fairness.aside(work.session, **about)
        now = work.now
    field = next((f"reden-{number}" for number, sign in enumerate(signs, 1) if sign.key == key), "")
    return campaign_page(
        request,
        "campagnes/eerlijkheid.html",
        place=place,
        campaign=campaign,
        tab="campaign_fairness",
        status_code=status_code,
        problems=[(field, error)] if error else [],
        signs=[(sign, _words(sign, now)) for sign in signs],
        aside=aside,
        kinds=KINDS,
        error=error,
        key=key,
    )


def _words(sign: Sign, now: datetime) -> str:
    number = len(sign.people)
    if sign.kind == FAST:
        return f"{number} deelnemers stemden steeds binnen een seconde. Zo snel kan niemand een stelling lezen."
    if sign.kind == SAME_WORDS:
        return f"{number} deelnemers schreven precies dezelfde tekst."
    if sign.kind == SAME_VOTES:
        return f"{number} deelnemers stemden op alle stellingen precies gelijk. Dat is veel vaker dan toeval."
    hour, place = sign.detail.split("|", 1)
    by = f" via {place}" if place else ""
    return f"{number} deelnemers begonnen in hetzelfde uur{by}: {short_moment(datetime.fromisoformat(hour), now)}."
