"""What was done with a campaign: for who takes part, for the colleagues, and in the log of the desk."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Campaign, CampaignEvent, Clerk
from participation.services import audit

CODES = (
    *("gemaakt", "bewerkt", "insturen", "terughalen", "terugsturen", "goedkeuren"),
    *("starten", "pauzeren", "hervatten", "sluiten", "verbeterd", "verlengen"),
    *("stellingen", "stelling_goed", "stelling_afgewezen"),
    *("gemeente_gevraagd", "gemeente_weg", "meedoen", "niet_meedoen"),
    *("bericht_starten", "bericht_pauzeren", "bericht_hervatten", "bericht_stoppen"),
    *("opnieuw_onzeker", "opnieuw_mislukt"),
    *("uitkomst_gepubliceerd", "citaten_gekozen", "punt_geschreven", "punt_weg", "terugkoppeling_gepubliceerd"),
    *("eindverslag", "opzij_gezet", "teruggezet"),
)
"""All that can be done. The desk has words for each, on the page of a campaign and in the log."""


async def record(
    session: AsyncSession,
    campaign: Campaign,
    *,
    what: str,
    clerk: Clerk | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
    municipality_code: str | None = None,
) -> None:
    """Add to both histories, in the transaction of what it is about. Without a clerk the program did it.

    A municipality that takes part but does not lead writes what it did itself with its own `municipality_code`.

    `detail` holds texts of the campaign itself and numbers; never anything about a participant: it can not be erased.

    Raises:
        ValueError: `what` is none of `CODES`: a mistake in the program.
    """
    if what not in CODES:
        raise ValueError(what)
    session.add(
        CampaignEvent(
            campaign_id=campaign.id,
            municipality_code=municipality_code or campaign.municipality_code,
            what=what,
            detail=detail or {},
            clerk_id=clerk.id if clerk else None,
            created_at=now,
        )
    )
    await audit.record(
        session,
        action=f"campagne.{what}",
        clerk=clerk,
        municipality_code=municipality_code or campaign.municipality_code,
        record=str(campaign.id),
        details=detail,
        now=now,
    )
    await session.flush()


async def of(session: AsyncSession, campaign_id: uuid.UUID) -> Sequence[CampaignEvent]:
    """Return the history, the newest first."""
    found = await session.scalars(
        select(CampaignEvent).where(CampaignEvent.campaign_id == campaign_id).order_by(CampaignEvent.id.desc())
    )
    return found.all()


async def note_edit(session: AsyncSession, campaign: Campaign, *, clerk: Clerk, now: datetime) -> None:
    """Note that somebody worked on a draft, once until somebody else does something: they can not agree to it."""
    last = (await of(session, campaign.id))[:1]
    if not (last and last[0].clerk_id == clerk.id and last[0].what in ("gemaakt", "bewerkt")):
        await record(session, campaign, what="bewerkt", clerk=clerk, now=now)
