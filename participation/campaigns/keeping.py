"""How long a campaign keeps hold of people: their chat as an address, and the thread from their answers to them.

Chat texts go as everywhere (28 days). Beside that, who takes part in a campaign that is not over, or agreed to messages
about campaigns, keeps an empty conversation: without it no message could arrive, and with the resident their votes
would go. Some time after the end that thread is cut, and the answers are of nobody any more.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.models import Campaign, Consent, Conversation, Participant, Resident
from participation.models.consent import CAMPAIGN

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

    Args:
        days: how long after the end; who wants to hear the outcome stays until it can hardly come any more.
    """
    over = select(Campaign.id).where(
        Campaign.state == "gesloten",
        or_(
            Campaign.closed_at < now - LONGEST,
            and_(Campaign.closed_at < now - timedelta(days=days), ~Participant.wants_outcome),
        ),
    )
    result = await session.execute(
        update(Participant)
        .where(Participant.resident_id.is_not(None), Participant.campaign_id.in_(over.correlate(Participant)))
        .values(resident_id=None, conversation_id=None)
        .execution_options(synchronize_session=False)
    )
    return result.rowcount if isinstance(result, CursorResult) else 0
