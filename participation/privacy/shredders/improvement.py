"""What helps the griffie to make answers better: verdicts, and questions that were not answered well."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import AnswerVerdict, UnsureQuestion
from participation.privacy.shredders.kind import Kind, Subject, delete_rows


class Verdicts(Kind):
    """Whether the resident found an answer clear."""

    name: ClassVar[str] = "oordelen"
    tables: ClassVar[frozenset[str]] = frozenset({"answer_verdict"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Each verdict with its topic."""
        rows = await session.scalars(
            select(AnswerVerdict)
            .where(AnswerVerdict.conversation_id.in_(subject.conversation_ids))
            .order_by(AnswerVerdict.created_at)
        )
        return [
            {
                "onderwerp": row.topic,
                "duidelijk": row.verdict,
                "reden": row.reason,
                "tijd": row.created_at.isoformat(),
            }
            for row in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase them."""
        theirs = AnswerVerdict.conversation_id.in_(subject.conversation_ids)
        return await delete_rows(session, delete(AnswerVerdict).where(theirs))


class UnsureQuestions(Kind):
    """Questions that were not answered well, kept without personal data."""

    name: ClassVar[str] = "onduidelijk"
    tables: ClassVar[frozenset[str]] = frozenset({"unsure_question"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Each question as it is kept."""
        rows = await session.scalars(
            select(UnsureQuestion)
            .where(UnsureQuestion.conversation_id.in_(subject.conversation_ids))
            .order_by(UnsureQuestion.created_at)
        )
        return [{"tekst": row.masked_text, "onderwerp": row.topic, "tijd": row.created_at.isoformat()} for row in rows]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase them."""
        theirs = UnsureQuestion.conversation_id.in_(subject.conversation_ids)
        return await delete_rows(session, delete(UnsureQuestion).where(theirs))
