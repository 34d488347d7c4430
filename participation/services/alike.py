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
from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.language import encoder
from participation.models import BundleMember, Contribution, ContributionLikeness, ContributionStatus
from participation.models.contribution import WITHDRAWN
from participation.services.contributions import latest_status

WORTH_SHOWING = 0.865
"""Cosine from which a contribution is proposed to a clerk beside another."""

SAYS_THE_SAME = 0.895
"""Cosine from which a resident may hear that others said this; stricter, since nobody looks first whether they did."""

LEAST_NEAR = 5
"""Contributions of one bundle that have to be that near: the subject of the bundle, and not one accident."""

LEAST_OTHERS = 10
"""Other residents who must be in that bundle before they are mentioned, as for all that is published. Without a clerk
who put them together, whoever sends one sentence from some new chats would find out what a neighbour said."""

DAYS = 365
NEWEST = 5000
PROPOSALS = 5
AT_ONCE = 20
"""Contributions that are made comparable in one transaction; a resident who withdraws one of them waits for it."""


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
    """Return contributions that can not be compared yet, oldest first; none when nothing can be.

    They are locked: nobody withdraws one while something is made of its words. Others may refer to them meanwhile.
    """
    if await asyncio.to_thread(encoder.load) is None:
        return []
    found = await session.scalars(
        select(Contribution)
        .where(
            Contribution.masked_at.is_not(None),
            Contribution.text != WITHDRAWN,
            ~exists(select(ContributionLikeness).where(ContributionLikeness.contribution_id == Contribution.id)),
        )
        .order_by(Contribution.created_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return found.all()


async def proposals(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID, now: datetime
) -> Sequence[Proposal]:
    """Return what is most like a contribution and not yet in a bundle with it, the likest first."""
    ids, likeness = await _compared(session, municipality_code, contribution_id, now)
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
    """Whether a contribution says what a clerk put together of many other residents; never who or how many."""
    ids, likeness = await _compared(session, contribution.municipality_code, contribution.id, now)
    near = [ids[row] for row in range(len(ids)) if likeness[row] >= SAYS_THE_SAME]
    if len(near) < LEAST_NEAR:
        return False
    same_subject = (
        select(BundleMember.bundle_id)
        .where(BundleMember.contribution_id.in_(near))
        .group_by(BundleMember.bundle_id)
        .having(func.count() >= LEAST_NEAR)
    )
    of_many = (
        select(BundleMember.bundle_id)
        .join(Contribution, Contribution.id == BundleMember.contribution_id)
        .where(
            BundleMember.bundle_id.in_(same_subject),
            Contribution.text != WITHDRAWN,
            Contribution.resident_id != contribution.resident_id,
        )
        .group_by(BundleMember.bundle_id)
        .having(func.count(Contribution.resident_id.distinct()) >= LEAST_OTHERS)
    )
    return await session.scalar(of_many.limit(1)) is not None


async def _compared(
    session: AsyncSession, municipality_code: str, contribution_id: uuid.UUID, now: datetime
) -> tuple[list[uuid.UUID], "np.ndarray"]:
    """Return the ids of the newest others and how like each is; empty when it can not be compared itself."""
    nothing: tuple[list[uuid.UUID], np.ndarray] = ([], np.zeros(0, dtype=np.float32))
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
    return [row.contribution_id for row in rows], vectors @ np.frombuffer(own.embedding, dtype=np.float32)
