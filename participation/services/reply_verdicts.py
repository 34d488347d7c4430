"""Whether a text of the griffie helped the resident it was for."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import ContributionUnknown
from participation.models import Contribution, ContributionEntry, ReplyVerdict


async def give(
    session: AsyncSession, *, resident_id: uuid.UUID, entry_id: uuid.UUID, verdict: str, now: datetime
) -> Contribution:
    """Keep what a resident thinks of an answer to them; what they thought before is replaced.

    Raises:
        ContributionUnknown: the text was not for this resident, or is no longer theirs.
    """
    contribution = await session.scalar(
        select(Contribution)
        .join(ContributionEntry, ContributionEntry.contribution_id == Contribution.id)
        .where(
            ContributionEntry.id == entry_id,
            ContributionEntry.kind == "antwoord",
            Contribution.resident_id == resident_id,
        )
    )
    if contribution is None:
        raise ContributionUnknown
    statement = insert(ReplyVerdict).values(
        entry_id=entry_id,
        contribution_id=contribution.id,
        municipality_code=contribution.municipality_code,
        verdict=verdict,
        created_at=now,
    )
    await session.execute(
        statement.on_conflict_do_update(index_elements=["entry_id"], set_={"verdict": verdict, "created_at": now})
    )
    return contribution


async def of_contribution(session: AsyncSession, *, contribution_id: uuid.UUID) -> Mapping[uuid.UUID, str]:
    """Return the verdicts by the id of the text."""
    rows = await session.execute(
        select(ReplyVerdict.entry_id, ReplyVerdict.verdict).where(ReplyVerdict.contribution_id == contribution_id)
    )
    return dict(rows.all())
