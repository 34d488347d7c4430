"""Erasing chat texts when their time is up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy
from sqlalchemy import delete, exists, or_, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import (
    AnswerVerdict,
    Choice,
    Contribution,
    Conversation,
    Incoming,
    LoginAttempt,
    Message,
    Resident,
    UnsureQuestion,
)
from participation.privacy.shredders.tracker import tracker_exists

DAYS_A_REPEAT_IS_KNOWN = 2
"""Telegram offers an update for at most 24 hours (Bot API, Getting updates)."""
DAYS_OF_VERDICTS = 90
"""What the griffie sees of them; only in conversations that go on are there older ones."""

_TRACKER = sqlalchemy.text(
    "DELETE FROM rasa.events WHERE timestamp < :before "
    "OR NOT EXISTS (SELECT FROM conversation WHERE conversation.id::text = sender_id)"
)


@dataclass(frozen=True)
class Erased:
    """How many rows of each kind were erased."""

    messages: int
    choices: int
    conversations: int
    residents: int
    tracker_events: int
    login_attempts: int
    updates: int
    verdicts: int
    unsure_questions: int


async def erase_expired(session: AsyncSession, *, days: int, now: datetime) -> Erased:
    """Erase messages, buttons and Rasa's own record older than `days`, and conversations and residents left empty.

    What still has to be sent goes with its message, a chat address with its conversation. What Rasa wrote down of a
    conversation that is no more (it answered too late, and meanwhile a resident had all erased) goes as well.
    A resident whose contribution is still kept stays, as a pseudonym without texts: the answer must find its way back.
    """
    before = now - timedelta(days=days)
    messages = await _delete(session, delete(Message).where(Message.created_at < before))
    choices = await _delete(session, delete(Choice).where(Choice.created_at < before))
    conversations = await _delete(
        session,
        delete(Conversation).where(
            Conversation.last_turn_at < before,
            ~exists(select(Contribution.id).where(Contribution.conversation_id == Conversation.id)),
        ),
    )
    residents = await _delete(
        session,
        delete(Resident).where(
            Resident.last_seen_at < before,
            ~exists(select(Contribution.id).where(Contribution.resident_id == Resident.id)),
            ~exists(select(Conversation.id).where(Conversation.resident_id == Resident.id)),
        ),
    )
    tracker = 0
    if await tracker_exists(session):
        erased = await session.execute(_TRACKER, {"before": before.timestamp()})
        tracker = erased.rowcount if isinstance(erased, CursorResult) else 0
    attempts = await _delete(session, delete(LoginAttempt).where(LoginAttempt.created_at < now - timedelta(days=1)))
    handled_before = now - timedelta(days=DAYS_A_REPEAT_IS_KNOWN)
    updates = await _delete(
        session, delete(Incoming).where(or_(Incoming.handled_at < handled_before, Incoming.received_at < before))
    )
    verdicts_before = now - timedelta(days=DAYS_OF_VERDICTS)
    verdicts = await _delete(session, delete(AnswerVerdict).where(AnswerVerdict.created_at < verdicts_before))
    unsure = await _delete(session, delete(UnsureQuestion).where(UnsureQuestion.created_at < before))
    return Erased(messages, choices, conversations, residents, tracker, attempts, updates, verdicts, unsure)


async def _delete(session: AsyncSession, statement: sqlalchemy.Delete) -> int:
    result = await session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0
