"""Statements of participants themselves: taken in here, shown to others once somebody of the municipality agreed."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import states
from participation.errors import DomainError
from participation.models import Campaign, CampaignPart, Participant, Statement
from participation.models.campaign import LONGEST_STATEMENT
from participation.services import masking

MOST = 5
"""Of one participant in one campaign: somebody has to read each of them."""


class StatementTooLong(DomainError):
    """More than fits on one card."""


class StatementsEnough(DomainError):
    """This participant added as many as somebody can."""


async def add(
    session: AsyncSession, *, participant: Participant, part: CampaignPart, words: str, now: datetime
) -> Statement:
    """Keep a statement, to be looked at. The same words twice are one statement.

    Raises:
        CampaignClosed: it takes no answers now.
        StatementTooLong, StatementsEnough: nothing was kept.
    """
    words = " ".join(words.split())
    if len(words) > LONGEST_STATEMENT:
        raise StatementTooLong
    # Numbers count per campaign: who adds one waits for who adds one before.
    campaign = await session.get_one(Campaign, participant.campaign_id, populate_existing=True)
    await session.execute(select(func.pg_advisory_xact_lock(campaign.id.int % 2**63)))
    states.assert_open(campaign, now)
    rows = await session.scalars(
        select(Statement).where(Statement.campaign_id == campaign.id, Statement.resident_id == participant.resident_id)
    )
    theirs = rows.all()
    if same := next((one for one in theirs if one.text.casefold() == words.casefold()), None):
        return same
    if len(theirs) >= MOST:
        raise StatementsEnough
    last = await session.scalar(select(func.max(Statement.number)).where(Statement.campaign_id == campaign.id))
    masked = await masking.readable(words, now=now)
    statement = Statement(
        id=uuid.uuid4(),
        campaign_id=campaign.id,
        part_id=part.id,
        municipality_code=campaign.municipality_code,
        number=(last or 0) + 1,
        text=words,
        masked_text=masked.text if masked.at else None,
        state="wacht",
        resident_id=participant.resident_id,
        writer_code=participant.municipality_code,
        created_at=now,
    )
    session.add(statement)
    await session.flush()
    return statement


async def mask_waiting(session: AsyncSession, *, now: datetime, limit: int = 50) -> int:
    """Mask statements that could not be masked when they came in; returns how many are done. For the worker."""
    waiting = await session.scalars(
        select(Statement)
        .where(Statement.masked_text.is_(None), Statement.writer_code.is_not(None))
        .order_by(Statement.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    done = 0
    for statement in waiting.all():
        masked = await masking.readable(statement.text, now=now)
        if masked.at:
            statement.masked_text, done = masked.text, done + 1
    return done
