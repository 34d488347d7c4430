"""Four eyes: somebody sends a campaign in, somebody else looks and agrees or gives it back."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import part_writing, parts, states
from participation.campaigns.checks import check
from participation.campaigns.faults import FieldsWrong, NotReady, ReviewerTheSame
from participation.models import Campaign, CampaignEvent, CampaignMunicipality, Clerk

MAX_REASON = 500
BY_MAKERS = ("gemaakt", "bewerkt", "insturen", "stellingen", "verbeterd", "verlengen")
"""What who agrees may not have done: every event that changes what residents read or are asked."""


async def send_in(session: AsyncSession, campaign: Campaign, *, of_no_party: bool, clerk: Clerk, now: datetime) -> None:
    """Ask a colleague to look. From here the texts stand still.

    Args:
        of_no_party: the clerk states that it is not of a political party, nor for one: the terms refuse those.

    Raises:
        NotReady: with codes of what is missing, `party` among them.
        StepNotAllowed: it is no draft any more.
    """
    found = await parts.of(session, campaign.id)
    statements = await part_writing.statements_by_part(session, campaign.id)
    missing = check(campaign, found, statements, now=now).missing
    if not of_no_party:
        missing = (*missing, "party")
    if missing:
        raise NotReady(missing)
    await states.take(session, campaign, "insturen", clerk=clerk, now=now, detail={"geen_partij": "ja"})
    campaign.sent_in_by = clerk.id
    campaign.reviewed_by = campaign.reviewed_at = None
    await session.flush()


async def makers(session: AsyncSession, campaign: Campaign) -> frozenset[uuid.UUID]:
    """Return who made it, changed it or sent it in."""
    found = await session.scalars(
        select(CampaignEvent.clerk_id).where(
            CampaignEvent.campaign_id == campaign.id, CampaignEvent.what.in_(BY_MAKERS)
        )
    )
    return frozenset({*found.all(), campaign.made_by, campaign.sent_in_by} - {None})  # type: ignore[arg-type]


async def approve(session: AsyncSession, campaign: Campaign, *, clerk: Clerk, now: datetime) -> None:
    """Agree: it can start, by hand or at its moment.

    Raises:
        ReviewerTheSame: the clerk worked on it.
        StepNotAllowed: it does not wait for this.
    """
    if clerk.id in await makers(session, campaign):
        raise ReviewerTheSame
    await states.take(session, campaign, "goedkeuren", clerk=clerk, now=now)
    campaign.reviewed_by, campaign.reviewed_at = clerk.id, now
    await session.flush()


async def give_back(session: AsyncSession, campaign: Campaign, *, reason: str, clerk: Clerk, now: datetime) -> None:
    """Give it back to who made it, and say why.

    Raises:
        FieldsWrong: `reden` to `leeg` or `lang`.
        StepNotAllowed: it does not wait for this.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > MAX_REASON:
        raise FieldsWrong({"reden": "lang" if reason else "leeg"})
    await states.take(session, campaign, "terugsturen", clerk=clerk, now=now, detail={"reden": reason})


async def take_back(session: AsyncSession, campaign: Campaign, *, clerk: Clerk, now: datetime) -> None:
    """Make it a draft again; what a colleague or another municipality agreed to no longer counts.

    Raises:
        StepNotAllowed: it has started.
    """
    await states.take(session, campaign, "terughalen", clerk=clerk, now=now)
    campaign.sent_in_by = campaign.reviewed_by = campaign.reviewed_at = None
    await session.execute(
        update(CampaignMunicipality)
        .where(
            CampaignMunicipality.campaign_id == campaign.id,
            CampaignMunicipality.municipality_code != campaign.municipality_code,
        )
        .values(agreed_at=None, agreed_by=None)
    )
    await session.flush()
