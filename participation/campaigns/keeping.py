"""How long a campaign keeps hold of people: their chat as an address, and the thread from their answers to them.

Chat texts go as everywhere (28 days). Beside that, who takes part in a campaign that is not over, or agreed to messages
about campaigns, keeps an empty conversation: without it no message could arrive, and with the resident their votes
would go. Some time after the end that thread is cut, and the answers are of nobody any more.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.campaigns import own_statements, taking_part
from participation.models import Campaign, CampaignAnswer, Consent, Conversation, Participant, Resident, Statement
from participation.models.consent import CAMPAIGN

NOT_READABLE = "[gewist]"

LONGEST = timedelta(days=365)
"""After the end, for who still waits for the outcome; after somebody was last here, for who agreed to messages."""


def keeps(resident_id: Any, last_seen: Any, *, now: datetime) -> ColumnElement[bool]:
    """Whether a campaign keeps hold of this resident."""
    takes_part = exists().where(Participant.resident_id == resident_id)
    later = aliased(Consent)
    withdrawn = exists().where(
        later.resident_id == Consent.resident_id,
        later.municipality_code == Consent.municipality_code,
        later.purpose == CAMPAIGN,
        later.id > Consent.id,
        ~later.given,
    )
    agreed = exists().where(Consent.resident_id == resident_id, Consent.purpose == CAMPAIGN, Consent.given, ~withdrawn)
    return or_(takes_part, and_(agreed, last_seen > now - LONGEST))


def keeps_conversation(*, now: datetime) -> ColumnElement[bool]:
    """Whether a conversation stays for a campaign when its texts have gone."""
    return keeps(Conversation.resident_id, Conversation.last_turn_at, now=now)


def keeps_resident(*, now: datetime) -> ColumnElement[bool]:
    """Whether a resident stays for a campaign."""
    return keeps(Resident.id, Resident.last_seen_at, now=now)


async def cut(session: AsyncSession, *, days: int, now: datetime) -> int:
    """Cut participants loose from residents where the campaign is over; returns how many.

    Their own words go in the same step: only what is masked stays, and what the worker could not mask in all that time
    goes as a whole. Without the thread nobody could ask for it to be erased any more.

    Args:
        days: how long after the end; who wants to hear the outcome stays until it can hardly come any more.
    """
    over = select(Campaign.id).where(
        Campaign.state == "gesloten",
        or_(
            Campaign.closed_at < now - LONGEST,
            and_(Campaign.closed_at < now - timedelta(days=days), Participant.wants_outcome.is_not(True)),
        ),
    )
    for mask_waiting in (taking_part.mask_waiting, own_statements.mask_waiting):
        while await mask_waiting(session, now=now):
            pass
    await session.flush()
    loose = Participant.resident_id.is_not(None), Participant.campaign_id.in_(over.correlate(Participant))
    writes = [
        update(CampaignAnswer)
        .where(
            CampaignAnswer.words.is_not(None), CampaignAnswer.participant_id.in_(select(Participant.id).where(*loose))
        )
        .values(words=CampaignAnswer.masked_words),
        update(Statement)
        .where(
            Statement.writer_code.is_not(None),
            exists().where(
                Participant.campaign_id == Statement.campaign_id,
                Participant.resident_id == Statement.resident_id,
                *loose,
            ),
        )
        .values(text=func.coalesce(Statement.masked_text, NOT_READABLE)),
    ]
    for write in writes:
        await session.execute(write.execution_options(synchronize_session=False))
    result = await session.execute(
        update(Participant)
        .where(*loose)
        .values(resident_id=None, conversation_id=None)
        .execution_options(synchronize_session=False)
    )
    return result.rowcount if isinstance(result, CursorResult) else 0
