"""What the desk reads of a contribution: its text without personal data, and the whole text for who says why."""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import ContributionUnknown, ReasonMissing, ReasonTooLong
from participation.models import Clerk, Contribution, ContributionEntry
from participation.models.contribution import FROM_RESIDENT, NOT_YET_READABLE
from participation.privacy.masking import mask
from participation.privacy.masking_decisions import NOTHING, Decisions
from participation.services import audit, mask_decisions

PATIENCE_SECONDS = 2.0
"""What a resident waits for masking; the worker does what takes longer, such as the first text of a process."""

AT_ONCE = 50
"""Texts that the worker masks in one transaction."""

MAX_REASON_CHARACTERS = 500

Masker = Callable[[str, Decisions], Awaitable[str]]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Readable:
    """The text for the desk; `at` is empty when it hides everything because masking has not succeeded yet."""

    text: str
    at: datetime | None


async def masked(text: str, decisions: Decisions = NOTHING) -> str:
    """Mask in a thread: it takes long enough to hold up the conversations of others."""
    return (await asyncio.to_thread(mask, text, decisions)).text


async def readable(text: str, *, decisions: Decisions = NOTHING, now: datetime, masker: Masker = masked) -> Readable:
    """Return what the desk may read of a text. Never fails: what can not be masked is hidden for now.

    Args:
        decisions: what its municipality taught, and what was corrected in its contribution (`mask_decisions`).
    """
    try:
        return Readable(await asyncio.wait_for(masker(text, decisions), PATIENCE_SECONDS), now)
    except TimeoutError:
        logger.info("Masking takes longer than a resident should wait; the worker does it")
    except Exception:  # whatever is wrong with masking, the resident's words are logged
        logger.exception("Masking failed; the worker tries again")
    return Readable(NOT_YET_READABLE, None)


async def unless_corrected(
    session: AsyncSession, contribution_id: uuid.UUID, made: Readable, *, decisions: Decisions
) -> Readable:
    """Return what was made by these decisions before the contribution was locked, as it is now.

    When a clerk decided otherwise meanwhile it is hidden, and the worker masks by what holds.
    """
    if await mask_decisions.of_contribution(session, contribution_id) == decisions:
        return made
    return Readable(NOT_YET_READABLE, None)


async def warm_up() -> None:
    """Load the lists of names before the first resident needs them."""
    try:
        await masked("")
    except Exception:
        logger.exception("Masking is not available; contributions stay hidden at the desk until it is")


async def mask_waiting(
    session: AsyncSession, *, now: datetime, after: uuid.UUID | None = None, masker: Masker = masked
) -> uuid.UUID | None:
    """Mask texts that are still hidden, in the order of their ids; a text that fails stays hidden.

    Args:
        after: go on behind this id.

    Returns:
        The last id of this round; none when there was nothing left.
    """
    query = select(Contribution).where(Contribution.masked_at.is_(None)).order_by(Contribution.id).limit(AT_ONCE)
    if after is not None:
        query = query.where(Contribution.id > after)
    last = None
    for contribution in await session.scalars(query.with_for_update(skip_locked=True)):
        last = contribution.id
        await _mask(session, contribution, contribution.id, now=now, masker=masker)
    return last


async def mask_waiting_additions(
    session: AsyncSession, *, now: datetime, after: uuid.UUID | None = None, masker: Masker = masked
) -> uuid.UUID | None:
    """The same for what residents added to a contribution."""
    query = (
        select(ContributionEntry)
        .where(ContributionEntry.kind.in_(FROM_RESIDENT), ContributionEntry.masked_at.is_(None))
        .order_by(ContributionEntry.id)
        .limit(AT_ONCE)
    )
    if after is not None:
        query = query.where(ContributionEntry.id > after)
    last = None
    for entry in await session.scalars(query.with_for_update(skip_locked=True)):
        last = entry.id
        await _mask(session, entry, entry.contribution_id, now=now, masker=masker)
    return last


async def _mask(
    session: AsyncSession,
    row: Contribution | ContributionEntry,
    contribution_id: uuid.UUID,
    *,
    now: datetime,
    masker: Masker,
) -> None:
    decisions = await mask_decisions.of_contribution(session, contribution_id)
    try:
        row.masked_text = await masker(row.text, decisions)
    except Exception:  # one text that can not be masked must not keep the others hidden
        logger.exception("%s %s could not be masked", type(row).__name__, row.id)
    else:
        row.masked_at = now


async def reveal_original(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_id: uuid.UUID,
    reason: str,
    clerk: Clerk,
    now: datetime,
    addition_id: uuid.UUID | None = None,
) -> str:
    """Return the resident's own words and record who read them, and why.

    Args:
        addition_id: read what they added to the contribution, or how they reacted, instead of its first text.

    Raises:
        ContributionUnknown: not in this municipality, or it has no such addition.
        ReasonMissing, ReasonTooLong: nothing was read.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    if len(reason) > MAX_REASON_CHARACTERS:
        raise ReasonTooLong
    query = select(Contribution.text).where(
        Contribution.id == contribution_id, Contribution.municipality_code == municipality_code
    )
    if addition_id is not None:
        query = select(ContributionEntry.text).where(
            ContributionEntry.id == addition_id,
            ContributionEntry.contribution_id == contribution_id,
            ContributionEntry.municipality_code == municipality_code,
            ContributionEntry.kind.in_(FROM_RESIDENT),
        )
    text = await session.scalar(query)
    if text is None:
        raise ContributionUnknown
    await audit.record(
        session,
        action="inbreng.origineel",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(contribution_id),
        details={"aanvulling": str(addition_id)} if addition_id else {},
        words=reason,
        now=now,
    )
    await session.flush()
    return text
