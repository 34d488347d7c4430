"""Whether an answer was clear: what residents press below it, and what the griffie sees of that."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import AnswerVerdict

DAYS = 90
"""How far back the griffie sees, and how long a verdict is kept in a conversation that goes on."""


@dataclass
class TopicVerdicts:
    """The verdicts on one topic."""

    topic: str
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


async def give(
    session: AsyncSession,
    *,
    conversation_id: uuid.UUID,
    turn_id: int,
    municipality_code: str,
    topic: str,
    verdict: str,
    reason: str | None,
    now: datetime,
) -> None:
    """Keep what a resident thinks of an answer; what they thought before is replaced."""
    statement = insert(AnswerVerdict).values(
        conversation_id=conversation_id,
        turn_id=turn_id,
        municipality_code=municipality_code,
        topic=topic,
        verdict=verdict,
        reason=reason,
        created_at=now,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["conversation_id", "turn_id"],
            set_={"verdict": verdict, "reason": reason, "created_at": now},
        )
    )


async def by_topic(session: AsyncSession, *, municipality_code: str, now: datetime) -> Sequence[TopicVerdicts]:
    """Count the verdicts of the last 90 days for each topic, those with most "nee" first."""
    rows = await session.execute(
        select(AnswerVerdict.topic, AnswerVerdict.verdict, AnswerVerdict.reason, func.count())
        .where(
            AnswerVerdict.municipality_code == municipality_code,
            AnswerVerdict.created_at >= now - timedelta(days=DAYS),
        )
        .group_by(AnswerVerdict.topic, AnswerVerdict.verdict, AnswerVerdict.reason)
    )
    found: dict[str, TopicVerdicts] = {}
    for topic, verdict, reason, count in rows:
        of_topic = found.setdefault(topic, TopicVerdicts(topic))
        of_topic.verdicts[verdict] += count
        if reason:
            of_topic.reasons[reason] += count
    return sorted(found.values(), key=lambda one: (-one.verdicts["nee"], -one.verdicts["ja"], one.topic))
