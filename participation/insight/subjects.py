"""The subjects of a municipality: looked for at night and on request, kept until the next time."""

import asyncio
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import Database
from participation.errors import SubjectUnknown
from participation.insight import grouping, telling_words
from participation.language import encoder
from participation.models import (
    BundleMember,
    Contribution,
    ContributionLikeness,
    Subject,
    SubjectMember,
    SubjectRound,
    WorklistItem,
)
from participation.models.contribution import WITHDRAWN
from participation.services import consents

logger = logging.getLogger(__name__)

DAYS = 365
MOST_TEXTS = 5000
"""The newest of the last year: distances between twice as many take four times the memory."""

MOST_SHOWN = 200
BETWEEN_WORDS = " · "


@dataclass(frozen=True)
class Found:
    """A text that belongs to a subject, as the desk may read it."""

    contribution: Contribution
    status: str
    bundle_id: uuid.UUID | None


@dataclass(frozen=True)
class _Text:
    contribution_id: uuid.UUID
    writer: uuid.UUID
    text: str
    """What may give a subject its name, which all at the desk read: empty when the council may not have it."""


async def ask(session: AsyncSession, *, municipality_code: str, now: datetime) -> None:
    """Ask for the subjects to be looked for anew; the worker does so within a minute. Asking twice asks once."""
    statement = upsert(SubjectRound).values(municipality_code=municipality_code, asked_at=now, texts=0)
    await session.execute(statement.on_conflict_do_update(index_elements=["municipality_code"], set_={"asked_at": now}))


async def look_again(session: AsyncSession, contribution: Contribution, *, now: datetime) -> None:
    """Forget by what a text was compared, now that it reads otherwise; the worker makes it anew.

    The names of subjects are made of words of many. They are looked for again when this text was among them.
    """
    if await session.scalar(select(SubjectMember.subject_id).where(SubjectMember.contribution_id == contribution.id)):
        await ask(session, municipality_code=contribution.municipality_code, now=now)
    await session.execute(delete(ContributionLikeness).where(ContributionLikeness.contribution_id == contribution.id))


async def last_round(session: AsyncSession, *, municipality_code: str) -> SubjectRound | None:
    """Return when subjects were last looked for here, and whether that was asked again."""
    return await session.get(SubjectRound, municipality_code)


async def asked_for(session: AsyncSession) -> Sequence[str]:
    """Return the municipalities where somebody waits for subjects."""
    found = await session.scalars(select(SubjectRound.municipality_code).where(SubjectRound.asked_at.is_not(None)))
    return found.all()


async def with_texts(session: AsyncSession) -> Sequence[str]:
    """Return the municipalities that have texts to look in, or subjects of texts that are gone."""
    texts = select(ContributionLikeness.municipality_code).distinct()
    found = await session.scalars(texts.union(select(Subject.municipality_code)))
    return found.all()


async def read(session: AsyncSession, *, municipality_code: str, now: datetime) -> tuple[list[_Text], "np.ndarray"]:
    """Read what subjects are looked for in: the newest texts of the last year, masked, with their embeddings."""
    kept_from_council = Contribution.id.in_(consents.not_for_council(municipality_code))
    rows = (
        await session.execute(
            select(
                ContributionLikeness.contribution_id,
                func.coalesce(Contribution.resident_id, Contribution.id),
                case((kept_from_council, ""), else_=func.coalesce(Contribution.masked_text, "")),
                ContributionLikeness.embedding,
            )
            .join(Contribution, Contribution.id == ContributionLikeness.contribution_id)
            .where(
                ContributionLikeness.municipality_code == municipality_code,
                ContributionLikeness.created_at >= now - timedelta(days=DAYS),
                Contribution.text != WITHDRAWN,
            )
            .order_by(ContributionLikeness.created_at.desc(), ContributionLikeness.contribution_id)
            .limit(MOST_TEXTS)
        )
    ).all()
    vectors = np.frombuffer(b"".join(row[3] for row in rows), dtype=np.float32).reshape(len(rows), encoder.DIMENSIONS)
    return [_Text(contribution_id, writer, text) for contribution_id, writer, text, _ in rows], vectors


def find(texts: Sequence[_Text], vectors: "np.ndarray") -> list[tuple[str, list[uuid.UUID]]]:
    """Return the subjects with their names and what belongs to each. Takes seconds of processor time for 5,000."""
    groups = grouping.subjects(vectors)
    inside = {number for group in groups for number in group}
    names = telling_words.names(
        [[(texts[number].writer, texts[number].text) for number in group] for group in groups],
        besides=[text.text for number, text in enumerate(texts) if number not in inside],
    )
    # What nobody can name is no subject to the griffie.
    return [
        (BETWEEN_WORDS.join(words), [texts[number].contribution_id for number in group])
        for words, group in zip(names, groups, strict=True)
        if words
    ]


async def keep(
    session: AsyncSession,
    *,
    municipality_code: str,
    found: Sequence[tuple[str, Sequence[uuid.UUID]]],
    texts: int,
    now: datetime,
) -> None:
    """Put these subjects in the place of those of the time before. What was erased meanwhile is left out.

    Args:
        now: when the texts were read. Who asked after that still waits.
    """
    await session.execute(delete(Subject).where(Subject.municipality_code == municipality_code))
    for words, contribution_ids in found:
        subject_id = uuid.uuid4()
        session.add(Subject(id=subject_id, municipality_code=municipality_code, words=words))
        await session.flush()
        still_there = (
            await session.scalars(
                select(ContributionLikeness.contribution_id)
                .where(ContributionLikeness.contribution_id.in_(contribution_ids))
                .with_for_update(read=True, key_share=True)
            )
        ).all()
        rows = [
            {"contribution_id": one, "subject_id": subject_id, "municipality_code": municipality_code}
            for one in still_there
        ]
        if rows:
            await session.execute(insert(SubjectMember), rows)
    values: dict[str, Any] = {"computed_at": now, "texts": texts}
    statement = upsert(SubjectRound).values(municipality_code=municipality_code, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["municipality_code"], set_=values))
    await _no_longer_asked(session, municipality_code=municipality_code, until=now)


async def _no_longer_asked(session: AsyncSession, *, municipality_code: str, until: datetime) -> None:
    await session.execute(
        update(SubjectRound)
        .where(SubjectRound.municipality_code == municipality_code, SubjectRound.asked_at <= until)
        .values(asked_at=None)
    )


async def look(database: Database, *, municipality_code: str, now: datetime) -> int:
    """Look for the subjects of a municipality; returns how many there are.

    No transaction is open while the processor works, so that nobody waits for it. When it goes wrong the subjects of
    the time before stay, and who asked waits no longer: else it would go wrong again every minute.
    """
    try:
        async with database.session(municipality_code) as session:
            texts, vectors = await read(session, municipality_code=municipality_code, now=now)
        found = await asyncio.to_thread(find, texts, vectors)
        async with database.session(municipality_code) as session:
            await keep(session, municipality_code=municipality_code, found=found, texts=len(texts), now=now)
    except Exception:
        logger.exception("The subjects of %s could not be looked for", municipality_code)
        async with database.session(municipality_code) as session:
            await _no_longer_asked(session, municipality_code=municipality_code, until=now)
        raise
    return len(found)


async def named(session: AsyncSession, *, municipality_code: str) -> dict[uuid.UUID, str]:
    """Return the names of the subjects by id."""
    query = select(Subject.id, Subject.words).where(Subject.municipality_code == municipality_code)
    return dict((await session.execute(query)).all())


async def subject(session: AsyncSession, *, municipality_code: str, subject_id: uuid.UUID) -> Subject:
    """Return one subject.

    Raises:
        SubjectUnknown: this municipality has none with this id, or no longer.
    """
    found = await session.scalar(
        select(Subject).where(Subject.id == subject_id, Subject.municipality_code == municipality_code)
    )
    if found is None:
        raise SubjectUnknown
    return found


async def members(
    session: AsyncSession, *, municipality_code: str, subject_id: uuid.UUID, may_handle: bool
) -> Sequence[Found]:
    """Return what belongs to a subject, newest first."""
    query = (
        select(Contribution, WorklistItem.status, BundleMember.bundle_id)
        .join(SubjectMember, SubjectMember.contribution_id == Contribution.id)
        .join(WorklistItem, WorklistItem.contribution_id == Contribution.id)
        .outerjoin(BundleMember, BundleMember.contribution_id == Contribution.id)
        .where(SubjectMember.subject_id == subject_id, SubjectMember.municipality_code == municipality_code)
        .order_by(Contribution.created_at.desc(), Contribution.id)
        .limit(MOST_SHOWN)
    )
    if not may_handle:
        query = query.where(Contribution.id.in_(consents.readable_by_council(municipality_code)))
    return [Found(*row) for row in await session.execute(query)]
