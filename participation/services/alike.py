"""Contributions that say the same, found by comparing sentences; a clerk decides whether they do.

The limits were chosen on half of tests/unit/language/gelijke_inbreng.tsv and measured on the other half; docs/adr has
the numbers. Embeddings stand in a `bytea` column and are compared in memory: the newest five thousand of a municipality
are 7.5 MB, and production needs no extension in its database.
"""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.language import encoder
from participation.models import BundleMember, Contribution, ContributionLikeness, ContributionStatus
from participation.models.contribution import WITHDRAWN
from participation.services.contributions import latest_status

WORTH_SHOWING = 0.865
"""Cosine from which a contribution is proposed to a clerk beside another."""

SAYS_THE_SAME = 0.895
"""Cosine from which a resident may hear that others said this; stricter, since nobody looks first."""

AMONG_EACH_OTHER = 0.88
"""Mean cosine of those others with one another: a group, and not five accidents."""

LEAST_OTHERS = 5
"""Fewer other residents than this are never mentioned: one could find out what somebody said (docs/inbreng.md)."""

DAYS = 365
NEWEST = 5000
PROPOSALS = 5
AT_ONCE = 200
"""Contributions that one round of the worker makes comparable."""


@dataclass(frozen=True)
class Proposal:
    """Another contribution that may say the same. `bundle_id` is set when it is in a bundle already."""

    contribution: Contribution
    status: str
    likeness: float
    bundle_id: uuid.UUID | None


async def remember(session: AsyncSession, contribution: Contribution) -> bool:
    """Keep by what a contribution is compared; returns False when it can not be: unmasked, withdrawn, or no encoder.

    Takes some ten milliseconds, of processor time.
    """
    loaded = await asyncio.to_thread(encoder.load)
    if loaded is None or contribution.masked_at is None or contribution.text == WITHDRAWN:
        return False
    embedding = (await asyncio.to_thread(loaded.encode, [contribution.masked_text or ""]))[0]
    statement = insert(ContributionLikeness).values(
        contribution_id=contribution.id,
        municipality_code=contribution.municipality_code,
        embedding=embedding.tobytes(),
        created_at=contribution.created_at,
    )
    await session.execute(statement.on_conflict_do_nothing(index_elements=["contribution_id"]))
    return True


async def waiting(session: AsyncSession) -> Sequence[Contribution]:
    """Return contributions that can not be compared yet, oldest first."""
    found = await session.scalars(
        select(Contribution)
        .where(
            Contribution.masked_at.is_not(None),
            Contribution.text != WITHDRAWN,
            ~exists(select(ContributionLikeness).where(ContributionLikeness.contribution_id == Contribution.id)),
        )
        .order_by(Contribution.created_at)
        .limit(AT_ONCE)
    )
    return found.all()


async def proposals(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID, now: datetime
) -> Sequence[Proposal]:
    """Return what is most like a contribution and not yet in a bundle with it, the likest first."""
    ids, likeness, _ = await _compared(session, municipality_code, contribution_id, now)
    near = {ids[row]: float(likeness[row]) for row in np.argsort(-likeness) if likeness[row] >= WORTH_SHOWING}
    if not near:
        return []
    own = await session.scalar(select(BundleMember.bundle_id).where(BundleMember.contribution_id == contribution_id))
    latest = latest_status().where(ContributionStatus.contribution_id.in_(list(near))).subquery()
    rows = await session.execute(
        select(Contribution, latest.c.status, BundleMember.bundle_id)
        .join(latest, latest.c.contribution_id == Contribution.id)
        .outerjoin(BundleMember, BundleMember.contribution_id == Contribution.id)
        .where(Contribution.municipality_code == municipality_code)
    )
    found = [
        Proposal(contribution, status, near[contribution.id], bundle_id)
        for contribution, status, bundle_id in rows
        if status != "geannuleerd" and (bundle_id is None or bundle_id != own)
    ]
    return sorted(found, key=lambda proposal: -proposal.likeness)[:PROPOSALS]


async def said_by_others(session: AsyncSession, contribution: Contribution, *, now: datetime) -> bool:
    """Whether enough other residents of the municipality said the same in the last year; never who or how many."""
    ids, likeness, vectors = await _compared(session, contribution.municipality_code, contribution.id, now)
    near = [row for row in range(len(ids)) if likeness[row] >= SAYS_THE_SAME]
    if len(near) < LEAST_OTHERS:
        return False
    group = vectors[near] @ vectors[near].T
    pairs = group[np.triu_indices(len(near), k=1)]
    if float(pairs.mean()) < AMONG_EACH_OTHER:
        return False
    residents = await session.scalars(
        select(Contribution.resident_id)
        .where(
            Contribution.id.in_([ids[row] for row in near]),
            Contribution.resident_id.is_not(None),
            Contribution.resident_id != contribution.resident_id,
        )
        .distinct()
    )
    return len(residents.all()) >= LEAST_OTHERS


async def _compared(
    session: AsyncSession, municipality_code: str, contribution_id: uuid.UUID, now: datetime
) -> tuple[list[uuid.UUID], "np.ndarray", "np.ndarray"]:
    """Return the ids of the newest others, how like each is, and their embeddings; empty when it has none itself."""
    nothing: tuple[list[uuid.UUID], np.ndarray, np.ndarray]
    nothing = ([], np.zeros(0, dtype=np.float32), np.zeros((0, encoder.DIMENSIONS), dtype=np.float32))
    own = await session.get(ContributionLikeness, contribution_id)
    if own is None:
        return nothing
    rows = (
        await session.execute(
            select(ContributionLikeness.contribution_id, ContributionLikeness.embedding)
            .where(
                ContributionLikeness.municipality_code == municipality_code,
                ContributionLikeness.contribution_id != contribution_id,
                ContributionLikeness.created_at >= now - timedelta(days=DAYS),
            )
            .order_by(ContributionLikeness.created_at.desc())
            .limit(NEWEST)
        )
    ).all()
    if not rows:
        return nothing
    vectors = np.frombuffer(b"".join(row.embedding for row in rows), dtype=np.float32)
    vectors = vectors.reshape(len(rows), encoder.DIMENSIONS)
    return [row.contribution_id for row in rows], vectors @ np.frombuffer(own.embedding, dtype=np.float32), vectors
