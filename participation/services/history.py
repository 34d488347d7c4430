"""What happened to a contribution besides its statuses and texts, from the log of what was done."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import AuditEvent, AuditWords

TOLD = (
    "inbreng.gewijzigd",
    "inbreng.indeling",
    "inbreng.origineel",
    "inbreng.leesbaar",
    "inbreng.verborgen",
    "inbreng.in_bundel",
    "inbreng.uit_bundel",
    "inbreng.toegewezen",
    "inbreng.ongedaan",
)
"""Statuses and texts are told from their own tables, which say more."""


@dataclass(frozen=True)
class Event:
    """Something that was done. `words` are what was typed with it, and empty once they were erased."""

    action: str
    details: Mapping[str, Any]
    words: str
    clerk_id: uuid.UUID | None
    created_at: datetime


async def events(session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID) -> list[Event]:
    """Return them, oldest first."""
    found = await session.execute(
        select(AuditEvent, AuditWords.text)
        .outerjoin(AuditWords, AuditWords.event_id == AuditEvent.id)
        .where(
            AuditEvent.municipality_code == municipality_code,
            AuditEvent.record == str(contribution_id),
            AuditEvent.action.in_(TOLD),
        )
        .order_by(AuditEvent.id)
    )
    return [Event(row.action, row.details, words or "", row.clerk_id, row.created_at) for row, words in found]
