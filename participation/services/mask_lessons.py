"""Words that stay readable in all later texts of a municipality: its public places and holders of an office.

What has to be hidden is not taught. Such words are personal data, and a list of them would be one of the people whom
residents talk about.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import LessonNotAllowed, LessonUnknown
from participation.models import Clerk, MaskLesson
from participation.privacy.masking_cues import INTERFIXES
from participation.privacy.masking_decisions import TEACHABLE
from participation.privacy.masking_words import tables
from participation.privacy.word_patterns import key_of
from participation.services import audit


@dataclass(frozen=True)
class Lesson:
    """Words that stay readable, with who taught them."""

    id: uuid.UUID
    words: str
    kind: str
    who: str
    at: datetime


async def all_of(session: AsyncSession, *, municipality_code: str) -> Sequence[Lesson]:
    """Return what a municipality taught, by name."""
    rows = await session.execute(
        select(MaskLesson, Clerk.name)
        .join(Clerk, Clerk.id == MaskLesson.taught_by)
        .where(MaskLesson.municipality_code == municipality_code)
        .order_by(MaskLesson.key)
    )
    return [Lesson(row.id, row.words, row.kind, who, row.taught_at) for row, who in rows]


async def teach(
    session: AsyncSession,
    *,
    municipality_code: str,
    words: str,
    kind: str,
    masked_as: Collection[str],
    clerk: Clerk,
    now: datetime,
) -> None:
    """Keep words readable from now on. Teaching twice teaches once.

    The log says what kind of words and not which: it can never be erased, and a clerk may be mistaken.

    Args:
        kind: by what they are public, one of `TEACHABLE`.
        masked_as: the kinds of personal data that the rules took them for.

    Raises:
        LessonNotAllowed: the same words can be personal data of somebody else.
    """
    key = key_of(words)
    if kind not in TEACHABLE or not TEACHABLE[kind].issuperset(masked_as) or _may_be_anyone(key, kind):
        raise LessonNotAllowed
    lesson_id = await session.scalar(
        insert(MaskLesson)
        .values(
            id=uuid.uuid4(),
            municipality_code=municipality_code,
            key=key,
            words=words,
            kind=kind,
            taught_by=clerk.id,
            taught_at=now,
        )
        .on_conflict_do_nothing(index_elements=["municipality_code", "key"])
        .returning(MaskLesson.id)
    )
    if lesson_id is not None:
        await _record(session, "masker.geleerd", lesson_id, kind, municipality_code, clerk, now)


async def forget(
    session: AsyncSession, *, municipality_code: str, lesson_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """Mask these words again from now on, where the rules find them. What was masked before stays as it is.

    Raises:
        LessonUnknown: not in this municipality, or forgotten already.
    """
    kind = await session.scalar(
        delete(MaskLesson)
        .where(MaskLesson.id == lesson_id, MaskLesson.municipality_code == municipality_code)
        .returning(MaskLesson.kind)
    )
    if kind is None:
        raise LessonUnknown
    await _record(session, "masker.vergeten", lesson_id, kind, municipality_code, clerk, now)


def _may_be_anyone(key: str, kind: str) -> bool:
    """A first name or a surname alone is that of many people, also of those without an office."""
    names = [word for word in key.split() if word not in INTERFIXES]
    if len(names) > 1:
        return False
    known = tables()
    return kind == "ambt" or not names or names[0] in known.first_names or names[0] in known.surnames


async def _record(
    session: AsyncSession,
    action: str,
    lesson_id: uuid.UUID,
    kind: str,
    municipality_code: str,
    clerk: Clerk,
    now: datetime,
) -> None:
    await audit.record(
        session,
        action=action,
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(lesson_id),
        details={"soort": kind},
        now=now,
    )
