"""What residents do themselves with what they passed on: withdraw it, or add to it."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import TextMissing, TransitionNotAllowed
from participation.models import (
    Contribution,
    ContributionCheck,
    ContributionEntry,
    ContributionFlag,
    ContributionLikeness,
    ContributionNote,
    ContributionSorting,
    ContributionStatus,
    Conversation,
    WorklistItem,
)
from participation.models.contribution import FROM_RESIDENT, WITHDRAWN
from participation.privacy import erasures, report_edits, withdrawn_words
from participation.services import audit, consents, mask_decisions, masking, statuses, worklist
from participation.services.contributions import ContributionRow
from participation.services.lifecycle import CLOSING, INWONER, may

WITHDRAWN_REASON = "ingetrokken door inwoner"
LATEST = 50
"""Contributions of one resident among which is looked."""


def can_withdraw(status: str) -> bool:
    """Whether a contribution with this status in force may still be withdrawn."""
    return may(INWONER, status, "geannuleerd")


def can_add(status: str) -> bool:
    """Whether something may still be added to a contribution with this status in force."""
    return status not in CLOSING


def can_answer(status: str) -> bool:
    """Whether the resident may react to what the griffie wrote; what was handled is opened again by that."""
    return can_add(status) or may(INWONER, status, "heropend")


async def may_answer(session: AsyncSession, *, contribution_id: uuid.UUID) -> bool:
    """Whether the resident may react now to what the griffie wrote about this contribution."""
    status = await session.scalar(
        select(ContributionStatus.status)
        .where(ContributionStatus.contribution_id == contribution_id)
        .order_by(ContributionStatus.number.desc())
        .limit(1)
    )
    return status is not None and can_answer(status)


async def all_of(session: AsyncSession, *, resident_id: uuid.UUID) -> Sequence[ContributionRow]:
    """Return what this resident passed on, newest first, with the status in force."""
    query = (
        select(Contribution, WorklistItem.status)
        .join(WorklistItem, WorklistItem.contribution_id == Contribution.id)
        .where(Contribution.resident_id == resident_id)
        .order_by(Contribution.created_at.desc())
        .limit(LATEST)
    )
    return [ContributionRow(contribution, status) for contribution, status in await session.execute(query)]


async def withdraw(
    session: AsyncSession, *, resident_id: uuid.UUID, contribution_id: uuid.UUID, now: datetime
) -> Contribution:
    """Withdraw a contribution: its words are gone for good, that it was there stays. A second time changes nothing.

    How it was sorted goes too: it would teach the next model from words that are no longer there. So does by what it
    is compared with others.

    Raises:
        ContributionUnknown: this resident has no such contribution.
        TransitionNotAllowed: the council works on it, or it is closed.
    """
    found = await statuses.lock(session, contribution_id=contribution_id, resident_id=resident_id)
    contribution = found.contribution
    if found.status == "geannuleerd":
        return contribution
    statuses.allowed(found, "geannuleerd", by=INWONER)
    await erase_words(session, contribution, now=now)
    await consents.withdraw(
        session, resident_id=resident_id, channel=contribution.channel, now=now, contribution_id=contribution_id
    )
    await statuses.advance(
        session, found, "geannuleerd", by=INWONER, reason=WITHDRAWN_REASON, now=now, action="inbreng.ingetrokken"
    )
    return contribution


async def erase_words(session: AsyncSession, contribution: Contribution, *, now: datetime) -> None:
    """Put `WITHDRAWN` for the words of a contribution wherever they stand, and forget what was made of them.

    Notes of the griffie go whole, and so do its reasons to read or show something: they may repeat the words, and
    nobody can tell which do. A sign of danger that nobody has looked at yet stays, without the words: whoever is in
    danger still is.
    """
    await erasures.note(session, erasures.WITHDRAWN, contribution.id, now=now)
    await _take_out_of_chat(session, contribution)
    contribution.text = contribution.masked_text = WITHDRAWN
    contribution.masked_at = now
    contribution.kind = contribution.theme = None
    await session.execute(
        update(ContributionEntry)
        .where(ContributionEntry.contribution_id == contribution.id, ContributionEntry.kind.in_(FROM_RESIDENT))
        .values(text=WITHDRAWN, masked_text=WITHDRAWN, masked_at=now)
    )
    await session.execute(
        update(ContributionCheck)
        .where(ContributionCheck.contribution_id == contribution.id)
        .values(signature=None, group_id=contribution.id)
    )
    await report_edits.forget(session, contribution_ids=(contribution.id,))
    await worklist.forget_name(session, contribution_id=contribution.id)
    await mask_decisions.forget(session, contribution.id)
    for table in (ContributionSorting, ContributionLikeness, ContributionNote):
        await session.execute(delete(table).where(table.contribution_id == contribution.id))
    await session.execute(
        delete(ContributionFlag).where(
            ContributionFlag.contribution_id == contribution.id, ContributionFlag.seen_at.is_not(None)
        )
    )
    await session.flush()


async def add(
    session: AsyncSession,
    *,
    resident_id: uuid.UUID,
    contribution_id: uuid.UUID,
    text: str,
    submission: uuid.UUID,
    now: datetime,
    answering: bool = False,
) -> Contribution:
    """Add a text of the resident to the thread of a contribution; returns the contribution.

    Masked like the contribution itself. When the griffie waits for a reaction, this is it.
    `submission` is the random id of the question that was agreed with: a repeated yes adds nothing.

    Args:
        answering: they react to what the griffie wrote. What was handled is then opened again.

    Raises:
        TextMissing: there is nothing to add.
        ContributionUnknown: this resident has no such contribution.
        TransitionNotAllowed: it is closed.
    """
    text = text.strip()
    if not text:
        raise TextMissing
    decisions = await mask_decisions.of_contribution(session, contribution_id)
    for_desk = await masking.readable(text, decisions=decisions, now=now)
    await session.execute(select(func.pg_advisory_xact_lock(submission.int % 2**63)))
    found = await statuses.lock(session, contribution_id=contribution_id, resident_id=resident_id)
    contribution = found.contribution
    if await session.scalar(select(ContributionEntry.id).where(ContributionEntry.submission == submission)):
        return contribution
    if not (can_answer(found.status) if answering else can_add(found.status)):
        raise TransitionNotAllowed
    for_desk = await masking.unless_corrected(session, contribution_id, for_desk, decisions=decisions)
    asked = found.status == "reactie_gevraagd"
    session.add(
        ContributionEntry(
            id=uuid.uuid4(),
            contribution_id=contribution_id,
            municipality_code=contribution.municipality_code,
            submission=submission,
            kind="reactie" if asked or answering else "aanvulling",
            text=text,
            masked_text=for_desk.text,
            masked_at=for_desk.at,
            created_at=now,
            delivered_at=now,
        )
    )
    if asked or found.status in CLOSING:
        await statuses.advance(session, found, "reactie_ontvangen" if asked else "heropend", by=INWONER, now=now)
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
            ContributionEntry.contribution_id == contribution.id, ContributionEntry.kind.in_(FROM_RESIDENT)
        )
    )
    theirs = await session.scalars(select(Conversation.id).where(Conversation.resident_id == contribution.resident_id))
    await withdrawn_words.take_out(session, conversation_ids=theirs.all(), texts=[contribution.text, *added])
