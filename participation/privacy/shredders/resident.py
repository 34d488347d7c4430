"""The pseudonym by which a resident is known."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Resident
from participation.privacy.shredders.kind import Kind, Subject, delete_rows


class Pseudonym(Kind):
    """That this resident was here. Nobody can read a person from it, but it ties their data together."""

    name: ClassVar[str] = "pseudoniem"
    tables: ClassVar[frozenset[str]] = frozenset({"resident"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """The pseudonym, and since when it is known."""
        rows = await session.scalars(select(Resident).where(Resident.id == subject.resident_id))
        return [
            {
                "pseudoniem": row.pseudonym.hex(),
                "kanaal": row.channel,
                "sinds": row.created_at.isoformat(),
                "laatst": row.last_seen_at.isoformat(),
            }
            for row in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase it; last, since everything else refers to it."""
        return await delete_rows(session, delete(Resident).where(Resident.id == subject.resident_id))
