"""What every page of one campaign has: its name, its state and the tabs to its other pages."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from desk import campaign_words
from desk.access import Workplace
from desk.pages import render
from participation.models import Campaign


@dataclass(frozen=True)
class Tab:
    """A page of a campaign. Some are only for the municipality that leads it."""

    route: str
    title: str
    leader_only: bool = False


TABS = (Tab("campaign", "Overzicht"),)


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
