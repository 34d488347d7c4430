"""What happened to a contribution besides its statuses and texts, from the log of what was done."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import AuditEvent

TOLD = (
    "inbreng.indeling",
    "inbreng.origineel",
    "inbreng.in_bundel",
    "inbreng.uit_bundel",
)
"""Statuses and texts are told from their own tables, which say more."""


async def events(session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID) -> Sequence[AuditEvent]:
    """Return them, oldest first."""
    found = await session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.municipality_code == municipality_code,
            AuditEvent.record == str(contribution_id),
            AuditEvent.action.in_(TOLD),
        )
        .order_by(AuditEvent.id)
    )
    return found.all()
