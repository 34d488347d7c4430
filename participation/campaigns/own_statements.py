"""Statements of participants themselves: taken in here, shown to others once somebody of the municipality agreed."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events, states
from participation.campaigns.texts import text
from participation.errors import DomainError
from participation.models import Campaign, CampaignPart, Conversation, Participant, Statement
from participation.models.campaign import LONGEST_STATEMENT
from participation.reply import Reply
from participation.services import conversations, delivery, masking

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


async def settle_ended(session: AsyncSession, *, now: datetime, limit: int = 50) -> int:
    """Refuse what still waits when its campaign has ended; returns how many. For the worker.

    Nobody could vote on it any more. Its writer was told that they hear it when a statement does not take part.
    """
    late = await session.execute(
        select(Statement, Campaign)
        .join(Campaign, Campaign.id == Statement.campaign_id)
        .where(Statement.state == "wacht", Campaign.state == "gesloten")
        .order_by(Statement.campaign_id, Statement.number)
        .limit(limit)
        .with_for_update(of=Statement, skip_locked=True)
    )
    rows = late.all()
    for statement, campaign in rows:
        statement.state, statement.reason, statement.decided_at = "afgewezen", text("eigen_te_laat"), now
        detail = {"nummer": statement.number}
        await events.record(session, campaign, what="stelling_afgewezen", clerk=None, now=now, detail=detail)
    return len(rows)


async def tell_next(session: AsyncSession, *, now: datetime) -> bool:
    """Tell one writer what was decided about their statement, with the reason. Returns whether there was one.

    Whose chat has been erased can not be told.
    """
    statement = await session.scalar(
        select(Statement)
        .where(Statement.decided_at.is_not(None), Statement.told_at.is_(None), Statement.resident_id.is_not(None))
        .order_by(Statement.decided_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if statement is None:
        return False
    statement.told_at = now
    chat = await session.scalar(
        select(Conversation)
        .where(Conversation.resident_id == statement.resident_id)
        .order_by(Conversation.last_turn_at.desc())
        .limit(1)
    )
    campaign = await session.get_one(Campaign, statement.campaign_id)
    if chat is not None and statement.state in ("goed", "afgewezen"):
        refused = statement.state == "afgewezen"
        told = text(
            "eigen_afgewezen" if refused else "eigen_goedgekeurd",
            titel=campaign.title,
            tekst=statement.text,
            reden=statement.reason or "",
        )
        reply = Reply(told).to_json()
        open_question = await delivery.still_asked(session, chat.id, now)
        if open_question is not None:
            reply["verwacht"] = open_question
        await conversations.answer(session, conversation_id=chat.id, replies=[reply], in_reply_to=None, now=now)
    await session.flush()
    return True


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
