"""What every page of one campaign has: its name, its state and the tabs to its other pages."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from desk import campaign_words
from desk.access import Workplace
from desk.pages import render
from desk.work import Work, working
from participation.campaigns import making
from participation.models import Campaign


@dataclass(frozen=True)
class Tab:
    """A page of a campaign. Some are only for the municipality that leads it."""

    route: str
    title: str
    leader_only: bool = False


TABS = (
    Tab("campaign", "Overzicht"),
    Tab("campaign_texts", "Teksten"),
    Tab("campaign_parts", "Vragen"),
    Tab("campaign_places", "Plekken en posters"),
    Tab("own_statements", "Stellingen van inwoners", leader_only=True),
    Tab("mailings", "Berichten"),
    Tab("campaign_members", "Gemeenten"),
    Tab("campaign_outcome", "Uitkomst"),
    Tab("campaign_feedback", "Terugkoppeling"),
    Tab("campaign_fairness", "Eerlijk tellen"),
)


def campaign_page(
    request: Request,
    template: str,
    /,
    *,
    place: Workplace,
    campaign: Campaign,
    tab: str,
    status_code: int = 200,
    **context: Any,
) -> HTMLResponse:
    """Render a page of a campaign; `template` extends `campagnes/basis.html`.

    Args:
        tab: the route of the page in `TABS` that this one belongs to.
    """
    leads = campaign.municipality_code == place.code
    return render(
        request,
        template,
        place=place,
        status_code=status_code,
        part="campaigns",
        campaign=campaign,
        leads=leads,
        may_change=leads and place.may_campaign,
        tabs=[one for one in TABS if leads or not one.leader_only],
        tab=tab,
        campaign_words=campaign_words,
        **context,
    )


@asynccontextmanager
async def changing(
    request: Request, place: Workplace, campaign_id: uuid.UUID, versie: str | None = None
) -> AsyncIterator[tuple[Work, Campaign]]:
    """Do something to a campaign that this municipality leads; it is committed at the end of the block.

    Args:
        versie: the revision that the page was made of, as the form sent it; None where no change of a colleague can
            be undone by this.

    Raises:
        PageUnknown: it does not lead it.
        CampaignChanged: a colleague changed it meanwhile.
    """
    number = None if versie is None else int(versie) if versie.isascii() and versie.isdigit() else -1
    async with working(request, place) as work:
        campaign = await making.led(
            work.session, municipality_code=place.code, campaign_id=campaign_id, revision=number
        )
        yield work, campaign
