"""What a person at the desk has to look at in a contribution, and what the desk noted when it entered one."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Contribution, ContributionCheck, ContributionFlag, ContributionIntake
from participation.privacy.shredders.kind import Kind, Subject, delete_rows


class Signs(Kind):
    """Signs of danger or a threat, and whether others wrote nearly the same. Without any words of the resident.

    Of what the desk entered for somebody the resident is unknown: there is nothing here to find it by, and it goes
    with its contribution.
    """

    name: ClassVar[str] = "signalen"
    tables: ClassVar[frozenset[str]] = frozenset({"contribution_check", "contribution_flag", "contribution_intake"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Each sign with what the griffie made of it."""
        rows = await session.execute(
            select(ContributionFlag, Contribution.reference)
            .join(Contribution, Contribution.id == ContributionFlag.contribution_id)
            .where(Contribution.resident_id == subject.resident_id)
            .order_by(ContributionFlag.created_at, ContributionFlag.kind)
        )
        return [
            {
                "nummer": reference,
                "soort": row.kind,
                "tijd": row.created_at.isoformat(),
                "klopt_volgens_griffie": row.is_right,
            }
            for row, reference in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase what is still tied to the resident; the rest went with its contribution, or is nobody's any more."""
        theirs = select(Contribution.id).where(Contribution.resident_id == subject.resident_id)
        gone = 0
        for table in (ContributionFlag, ContributionCheck, ContributionIntake):
            gone += await delete_rows(session, delete(table).where(table.contribution_id.in_(theirs)))
        return gone
