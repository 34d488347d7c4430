"""What a municipality sets itself about handling contributions."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import DaysOutOfRange
from participation.models import Clerk, HandlingRule
from participation.services import audit

ANSWER_DAYS = 14
"""How long a resident has to answer a question of the griffie, where the municipality set nothing."""

FEWEST_DAYS, MOST_DAYS = 1, 90


async def answer_days(session: AsyncSession, *, municipality_code: str) -> int:
    """Return how many days a resident has to answer a question."""
    days = await session.scalar(
        select(HandlingRule.answer_days).where(HandlingRule.municipality_code == municipality_code)
    )
    return ANSWER_DAYS if days is None else days


async def set_answer_days(
    session: AsyncSession, *, municipality_code: str, days: int, clerk: Clerk, now: datetime
) -> None:
    """Set it for questions that are asked from now on.

    Raises:
        DaysOutOfRange: fewer than one day or more than ninety.
    """
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise DaysOutOfRange
    values = {"answer_days": days, "changed_by": clerk.id, "changed_at": now}
    statement = insert(HandlingRule).values(municipality_code=municipality_code, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["municipality_code"], set_=values))
    await audit.record(
        session,
        action="afhandeling.dagen",
        clerk=clerk,
        municipality_code=municipality_code,
        details={"dagen": days},
        now=now,
    )
    await session.flush()
