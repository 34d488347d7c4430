"""Looking at what participants wrote themselves, before others see it: agree, or refuse and say why.

Only for what nobody should read or vote on: names, insults, two things in one, the same again. That somebody disagrees
with a statement is no reason: then it belongs in the campaign all the more.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process, utils
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events
from participation.campaigns.faults import CampaignFixed, FieldsWrong, StatementUnknown
from participation.models import Campaign, Clerk, Statement

MAX_REASON = 300
ALIKE = 70
"""Score of rapidfuzz's `token_sort_ratio`, of 100, from which one is shown beside another: rather one too many."""

MOST_BESIDE = 3
OPEN_FOR_DECIDING = ("loopt", "pauze")


@dataclass(frozen=True)
class Waiting:
    """A statement that somebody has to decide on, with those that are like it."""

    statement: Statement
    alike: tuple[Statement, ...]


async def of_participants(session: AsyncSession, campaign_id: uuid.UUID) -> Sequence[Statement]:
    """Return all that participants wrote, the oldest first."""
    found = await session.scalars(
        select(Statement)
        .where(Statement.campaign_id == campaign_id, Statement.writer_code.is_not(None))
        .order_by(Statement.number)
    )
    return found.all()


async def waiting(session: AsyncSession, campaign_id: uuid.UUID) -> list[Waiting]:
    """Return what waits for a decision, each with what is there already and looks like it."""
    everything = await session.scalars(select(Statement).where(Statement.campaign_id == campaign_id))
    rows = sorted(everything, key=lambda one: one.number)
    return [Waiting(one, alike(one, rows)) for one in rows if one.state == "wacht"]


def alike(one: Statement, others: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the statements that say nearly the same in nearly the same words; refused ones are left out."""
    compared = [other for other in others if other.id != one.id and other.state != "afgewezen"]
    found = process.extract(
        shown(one),
        [shown(other) for other in compared],
        scorer=fuzz.token_sort_ratio,
        processor=utils.default_process,
        score_cutoff=ALIKE,
        limit=MOST_BESIDE,
    )
    return tuple(compared[at] for _, _, at in found)


def shown(statement: Statement) -> str:
    """Return what the desk reads: never what was not masked yet."""
    return statement.masked_text or ""


async def decide(
    session: AsyncSession,
    campaign: Campaign,
    *,
    statement_id: uuid.UUID,
    agrees: bool,
    reason: str,
    clerk: Clerk,
    now: datetime,
) -> Statement:
    """Let others see a statement, or not. Its writer hears it in the chat, with the reason of a refusal.

    Raises:
        StatementUnknown: not of this campaign, or decided on already, or not masked yet.
        CampaignFixed: the campaign has ended: nobody could vote on it any more.
        FieldsWrong: `reden` to `leeg` or `lang`.
    """
    if campaign.state not in OPEN_FOR_DECIDING:
        raise CampaignFixed
    statement = await session.get(Statement, statement_id, with_for_update=True)
    if (
        statement is None
        or statement.campaign_id != campaign.id
        or statement.state != "wacht"
        or statement.masked_text is None
    ):
        raise StatementUnknown
    reason = " ".join(reason.split())
    if not agrees and (not reason or len(reason) > MAX_REASON):
        raise FieldsWrong({"reden": "lang" if reason else "leeg"})
    statement.state = "goed" if agrees else "afgewezen"
    statement.reason = None if agrees else reason
    statement.decided_by, statement.decided_at = clerk.id, now
    await events.record(
        session,
        campaign,
        what="stelling_goed" if agrees else "stelling_afgewezen",
        clerk=clerk,
        now=now,
        detail={"nummer": statement.number},
    )
    return statement
