"""Internal notes on a contribution: for colleagues, never for the chat."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import TextMissing, TextTooLong
from participation.models import Clerk, ContributionNote
from participation.services import audit, statuses

MAX_CHARACTERS = 2_000


async def write(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_id: uuid.UUID,
    text: str,
    clerk: Clerk,
    submission: uuid.UUID,
    now: datetime,
) -> ContributionNote:
    """Keep a note. Sending the form twice keeps one.

    Raises:
        ContributionUnknown: not in this municipality.
        TextMissing, TextTooLong: nothing was kept.
    """
    text = text.strip()
    if not text:
        raise TextMissing
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong
    # The lock makes a second click wait for the first, and says whose the contribution is.
    await statuses.lock(session, contribution_id=contribution_id, municipality_code=municipality_code)
    existing = await session.scalar(select(ContributionNote).where(ContributionNote.submission == submission))
    if existing is not None:
        return existing
    note = ContributionNote(
        id=uuid.uuid4(),
        contribution_id=contribution_id,
        municipality_code=municipality_code,
        clerk_id=clerk.id,
        submission=submission,
        text=text,
        created_at=now,
    )
    session.add(note)
    await audit.record(
        session,
        action="inbreng.notitie",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(contribution_id),
        now=now,
    )
    await session.flush()
    return note


async def of_contribution(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID
) -> Sequence[ContributionNote]:
    """Return the notes, oldest first."""
    found = await session.scalars(
        select(ContributionNote)
        .where(
            ContributionNote.municipality_code == municipality_code,
            ContributionNote.contribution_id == contribution_id,
        )
        .order_by(ContributionNote.created_at, ContributionNote.id)
    )
    return found.all()
