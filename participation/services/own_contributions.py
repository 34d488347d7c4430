"""What residents do themselves with what they passed on: withdraw it, or add to it."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import ContributionUnknown, TextMissing, TransitionNotAllowed
from participation.models import (
    Contribution,
    ContributionCheck,
    ContributionEntry,
    ContributionSorting,
    ContributionStatus,
    Conversation,
)
from participation.models.contribution import WITHDRAWN
from participation.privacy import withdrawn_words
from participation.services import audit, consents, masking
from participation.services.contributions import ContributionRow, of_resident
from participation.services.lifecycle import ALLOWED, CLOSING

WITHDRAWN_REASON = "ingetrokken door inwoner"
LATEST = 50
"""Contributions of one resident among which is looked."""


def can_withdraw(status: str) -> bool:
    """Whether a contribution with this status in force may still be withdrawn."""
    return "geannuleerd" in ALLOWED[status]


def can_add(status: str) -> bool:
    """Whether something may still be added to a contribution with this status in force."""
    return status not in CLOSING


async def all_of(session: AsyncSession, *, resident_id: uuid.UUID) -> Sequence[ContributionRow]:
    """Return what this resident passed on, newest first."""
    return await of_resident(session, resident_id=resident_id, limit=LATEST)


async def withdraw(
    session: AsyncSession, *, resident_id: uuid.UUID, contribution_id: uuid.UUID, now: datetime
) -> Contribution:
    """Withdraw a contribution: its words are gone for good, that it was there stays. A second time changes nothing.

    How it was sorted goes too: it would teach the next model from words that are no longer there.

    Raises:
        ContributionUnknown: this resident has no such contribution.
        TransitionNotAllowed: the council works on it, or it is closed.
    """
    contribution, last = await _locked(session, resident_id, contribution_id)
    if last.status == "geannuleerd":
        return contribution
    if not can_withdraw(last.status):
        raise TransitionNotAllowed
    await _take_out_of_chat(session, contribution)
    contribution.text = contribution.masked_text = WITHDRAWN
    contribution.masked_at = now
    contribution.kind = contribution.theme = None
    await session.execute(
        update(ContributionEntry)
        .where(ContributionEntry.contribution_id == contribution_id, ContributionEntry.clerk_id.is_(None))
        .values(text=WITHDRAWN, masked_text=WITHDRAWN, masked_at=now)
    )
    await session.execute(
        update(ContributionCheck)
        .where(ContributionCheck.contribution_id == contribution_id)
        .values(signature=None, group_id=contribution_id)
    )
    await session.execute(delete(ContributionSorting).where(ContributionSorting.contribution_id == contribution_id))
    await consents.withdraw(
        session, resident_id=resident_id, channel=contribution.channel, now=now, contribution_id=contribution_id
    )
    await _append(session, last, "geannuleerd", reason=WITHDRAWN_REASON, now=now)
    await audit.record(
        session,
        action="inbreng.ingetrokken",
        clerk=None,
        municipality_code=contribution.municipality_code,
        record=str(contribution_id),
        details={"van": last.status, "naar": "geannuleerd"},
        now=now,
    )
    await session.flush()
    return contribution


async def add(
    session: AsyncSession,
    *,
    resident_id: uuid.UUID,
    contribution_id: uuid.UUID,
    text: str,
    submission: uuid.UUID,
    now: datetime,
) -> Contribution:
    """Add a text of the resident to the thread of a contribution; returns the contribution.

    Masked like the contribution itself. When the griffie waits for a reaction, this is it.
    `submission` is the random id of the question that was agreed with: a repeated yes adds nothing.

    Raises:
        TextMissing: there is nothing to add.
        ContributionUnknown: this resident has no such contribution.
        TransitionNotAllowed: it is closed.
    """
    text = text.strip()
    if not text:
        raise TextMissing
    for_desk = await masking.readable(text, now=now)
    await session.execute(select(func.pg_advisory_xact_lock(submission.int % 2**63)))
    contribution, last = await _locked(session, resident_id, contribution_id)
    if await session.scalar(select(ContributionEntry.id).where(ContributionEntry.submission == submission)):
        return contribution
    if not can_add(last.status):
        raise TransitionNotAllowed
    session.add(
        ContributionEntry(
            id=uuid.uuid4(),
            contribution_id=contribution_id,
            municipality_code=contribution.municipality_code,
            submission=submission,
            text=text,
            masked_text=for_desk.text,
            masked_at=for_desk.at,
            created_at=now,
            delivered_at=now,
        )
    )
    if last.status == "reactie_gevraagd":
        await _append(session, last, "reactie_ontvangen", reason=None, now=now)
    await audit.record(
        session,
        action="inbreng.aanvulling",
        clerk=None,
        municipality_code=contribution.municipality_code,
        record=str(contribution_id),
        details={"tekens": len(text)},
        now=now,
    )
    await session.flush()
    return contribution


async def _take_out_of_chat(session: AsyncSession, contribution: Contribution) -> None:
    """The words, and what was added to them, also stand where they were said."""
    added = await session.scalars(
        select(ContributionEntry.text).where(
            ContributionEntry.contribution_id == contribution.id, ContributionEntry.clerk_id.is_(None)
        )
    )
    theirs = await session.scalars(select(Conversation.id).where(Conversation.resident_id == contribution.resident_id))
    await withdrawn_words.take_out(session, conversation_ids=theirs.all(), texts=[contribution.text, *added])


async def _locked(
    session: AsyncSession, resident_id: uuid.UUID, contribution_id: uuid.UUID
) -> tuple[Contribution, ContributionStatus]:
    """The contribution and the status in force; the desk waits with changing it until this transaction ends."""
    contribution = await session.scalar(
        select(Contribution)
        .where(Contribution.id == contribution_id, Contribution.resident_id == resident_id)
        .with_for_update()
    )
    if contribution is None:
        raise ContributionUnknown
    last = await session.scalars(
        select(ContributionStatus)
        .where(ContributionStatus.contribution_id == contribution_id)
        .order_by(ContributionStatus.number.desc())
        .limit(1)
    )
    return contribution, last.one()


async def _append(
    session: AsyncSession, last: ContributionStatus, status: str, *, reason: str | None, now: datetime
) -> None:
    session.add(
        ContributionStatus(
            contribution_id=last.contribution_id,
            municipality_code=last.municipality_code,
            number=last.number + 1,
            status=status,
            reason=reason,
            created_at=now,
        )
    )
    await session.flush()
