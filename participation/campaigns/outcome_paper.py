"""The outcome as a paper: the words and tables of the page in the form that all papers have."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import outcome, telling
from participation.campaigns.suppression import FEWEST, PUBLIC
from participation.dates import AMSTERDAM, dutch_date
from participation.models import Campaign, CampaignMunicipality, CampaignOutcome, Municipality
from participation.models.campaign_outcome import EVERYWHERE


async def inhabitants_of(session: AsyncSession, campaign_id: uuid.UUID) -> dict[str, tuple[str, int]]:
    """Return the municipalities that take part, as far as this one may know: name and inhabitants (CBS).

    Who takes part without leading knows the others from the outcome of all together. Who stopped reads only its own
    outcome, and is in it.
    """
    total = await session.get(CampaignOutcome, (campaign_id, EVERYWHERE))
    counted = list(total.content[PUBLIC].get("per_gemeente", {})) if total is not None else []
    agreed = select(CampaignMunicipality.municipality_code).where(
        CampaignMunicipality.campaign_id == campaign_id, CampaignMunicipality.agreed_at.is_not(None)
    )
    own = select(CampaignOutcome.about).where(CampaignOutcome.campaign_id == campaign_id)
    rows = await session.execute(
        select(Municipality.code, Municipality.name, Municipality.inhabitants)
        .where(or_(*(Municipality.code.in_(codes) for codes in (agreed, counted, own))))
        .order_by(Municipality.name)
    )
    return {code: (name, people) for code, name, people in rows}


async def of(session: AsyncSession, campaign: Campaign, *, reader: str) -> dict[str, Any] | None:
    """Return the paper for this reader; None before anything was counted."""
    found = await outcome.of(session, campaign.id, EVERYWHERE, reader=reader)
    if found is None:
        return None
    blocks = telling.tell(found.content, inhabitants=await inhabitants_of(session, campaign.id), fewest=FEWEST[reader])
    name = await session.scalar(select(Municipality.name).where(Municipality.code == campaign.municipality_code))
    day = found.counted_at.astimezone(AMSTERDAM).date()
    return {
        "titel": f"Uitkomst: {campaign.title}",
        "gemeente": name,
        "nummer": "Uitkomst van een campagne" if campaign.outcome_published_at else "Nog niet gepubliceerd",
        "datum": day.isoformat(),
        "feiten": [*facts(campaign), ["Geteld op", dutch_date(day)]],
        # The picture is for the page: the paper has the same numbers in its table.
        "blokken": [block for block in blocks if block["soort"] != "beeld"],
    }


def facts(campaign: Campaign) -> list[list[str]]:
    """What the campaign was, in a few lines."""
    lines = [
        ["Waarom deze vraag", campaign.why],
        ["Wie beslist", campaign.decides],
        ["Bestuurder", campaign.portfolio_holder],
        ["Verantwoordelijk bij de gemeente", campaign.official],
        ["Begonnen op", dutch_date(campaign.started_at.astimezone(AMSTERDAM).date()) if campaign.started_at else ""],
        ["Gesloten op", dutch_date(campaign.closed_at.astimezone(AMSTERDAM).date()) if campaign.closed_at else ""],
    ]
    return [line for line in lines if line[1]]


def as_pdf(content: Mapping[str, Any]) -> bytes:
    """Make the file. Takes a second of processor time: call it in a thread."""
    from participation.reports.documents.pdf import compile_pdf

    return compile_pdf(dict(content))
