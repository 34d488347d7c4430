"""What holds for the masking of a text: what was corrected in its contribution, and what its municipality taught."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Contribution, MaskCorrection, MaskLesson
from participation.privacy.masking_decisions import Decisions, places_of
from participation.services import audit

WITH_A_REASON = ("inbreng.origineel", "inbreng.leesbaar")
"""Actions with which a clerk says why: to read a whole text, and to let all read a piece of it."""


async def of_municipality(session: AsyncSession, municipality_code: str) -> Decisions:
    """Return what holds for each text of a municipality."""
    keys = await session.scalars(select(MaskLesson.key).where(MaskLesson.municipality_code == municipality_code))
    return Decisions(taught=frozenset(keys))


async def of_contribution(session: AsyncSession, contribution_id: uuid.UUID) -> Decisions:
    """Return what holds for a contribution and what was added to it."""
    code = select(Contribution.municipality_code).where(Contribution.id == contribution_id).scalar_subquery()
    keys = await session.scalars(select(MaskLesson.key).where(MaskLesson.municipality_code == code))
    rows = await corrections(session, contribution_id)
    return Decisions(corrections=tuple((row.words, row.hidden_as) for row in rows), taught=frozenset(keys))


async def corrections(session: AsyncSession, contribution_id: uuid.UUID) -> Sequence[MaskCorrection]:
    """Return what was corrected in a contribution, oldest first."""
    rows = await session.scalars(
        select(MaskCorrection)
        .where(MaskCorrection.contribution_id == contribution_id)
        .order_by(MaskCorrection.created_at, MaskCorrection.id)
    )
    return rows.all()


async def forget_unsaid(session: AsyncSession, contribution_id: uuid.UUID, *, texts: Collection[str]) -> None:
    """Forget corrections of words that are no longer said in any text of a contribution: `texts` are all of them.

    Why clerks read or showed something goes then too: it may name who is no longer named. That they did stays.
    """
    rows = await corrections(session, contribution_id)
    unsaid = [row.id for row in rows if not any(places_of(text, row.words) for text in texts)]
    if unsaid:
        await session.execute(delete(MaskCorrection).where(MaskCorrection.id.in_(unsaid)))
        await audit.forget_words(session, contribution_id=contribution_id, actions=WITH_A_REASON)


async def forget(session: AsyncSession, contribution_id: uuid.UUID) -> None:
    """Forget all that was corrected in a contribution, and why clerks read or showed something. That they did stays."""
    await session.execute(delete(MaskCorrection).where(MaskCorrection.contribution_id == contribution_id))
    await audit.forget_words(session, contribution_id=contribution_id, actions=WITH_A_REASON)
