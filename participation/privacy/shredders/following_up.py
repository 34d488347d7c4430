"""What came of a contribution: whether a reply helped, with what it was put together, and guesses at secret codes."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import Select

from participation.models import (
    BundleMember,
    CodeAttempt,
    Contribution,
    ContributionLikeness,
    ReplyVerdict,
)
from participation.privacy.shredders.kind import Kind, Subject, delete_rows


class ReplyVerdicts(Kind):
    """Whether an answer of the griffie helped."""

    name: ClassVar[str] = "hielp"
    tables: ClassVar[frozenset[str]] = frozenset({"reply_verdict"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Each verdict with the contribution it was about."""
        rows = await session.execute(
            select(Contribution.reference, ReplyVerdict)
            .join(ReplyVerdict, ReplyVerdict.contribution_id == Contribution.id)
            .where(Contribution.resident_id == subject.resident_id)
            .order_by(ReplyVerdict.created_at)
        )
        return [
            {"nummer": reference, "hielp": row.verdict, "tijd": row.created_at.isoformat()} for reference, row in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase what is still tied to the resident; the rest is nobody's any more."""
        return await delete_rows(
            session, delete(ReplyVerdict).where(ReplyVerdict.contribution_id.in_(_theirs(subject)))
        )


class Bundled(Kind):
    """That a contribution was put together with others, and the numbers by which it is compared with them.

    The subject that was found with those numbers goes with them, by the database.
    """

    name: ClassVar[str] = "samengevoegd"
    tables: ClassVar[frozenset[str]] = frozenset({"bundle_member", "contribution_likeness", "subject_member"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Which contributions are compared, and since when one is together with others; never with which."""
        rows = await session.execute(
            select(Contribution.reference, ContributionLikeness.created_at, BundleMember.created_at)
            .outerjoin(ContributionLikeness, ContributionLikeness.contribution_id == Contribution.id)
            .outerjoin(BundleMember, BundleMember.contribution_id == Contribution.id)
            .where(Contribution.resident_id == subject.resident_id)
            .order_by(Contribution.created_at)
        )
        return [
            {
                "nummer": reference,
                "vergeleken": compared is not None,
                "samengevoegd_sinds": joined.isoformat() if joined else None,
            }
            for reference, compared, joined in rows
            if compared or joined
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase what is still tied to the resident; of what the council took up the place in its bundle stays."""
        theirs = _theirs(subject)
        erased = [
            await delete_rows(session, delete(table).where(table.contribution_id.in_(theirs)))
            for table in (BundleMember, ContributionLikeness)
        ]
        return sum(erased)


class CodeAttempts(Kind):
    """Wrong guesses at a secret code, of the last day."""

    name: ClassVar[str] = "pogingen"
    tables: ClassVar[frozenset[str]] = frozenset({"code_attempt"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """When each was made."""
        rows = await session.scalars(
            select(CodeAttempt.created_at)
            .where(CodeAttempt.resident_id == subject.resident_id)
            .order_by(CodeAttempt.created_at)
        )
        return [{"tijd": row.isoformat()} for row in rows]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase them."""
        return await delete_rows(session, delete(CodeAttempt).where(CodeAttempt.resident_id == subject.resident_id))


def _theirs(subject: Subject) -> Select[Any]:
    return select(Contribution.id).where(Contribution.resident_id == subject.resident_id)
