"""Residents put other words in the place of what they passed on. The number stays; the words of before are gone."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import ChangedMeanwhile, TextMissing, TransitionNotAllowed
from participation.insight import subjects
from participation.language.children import says_to_be_a_child
from participation.models import (
    Contribution,
    ContributionCheck,
    ContributionEntry,
    ContributionFlag,
    ContributionSorting,
    Conversation,
    ReportSource,
)
from participation.models.contribution import FROM_RESIDENT, WITHDRAWN
from participation.models.worklist import WAITING
from participation.privacy import report_edits, withdrawn_words
from participation.services import audit, consents, mask_decisions, masking, statuses


def can_reword(status: str) -> bool:
    """Whether the words may still be changed with this status in force: it is not closed, and lies with nobody else."""
    return status in WAITING


async def in_papers(session: AsyncSession, *, contribution_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these stand in a paper that the council has."""
    found = await session.scalars(
        select(ReportSource.contribution_id).where(ReportSource.contribution_id.in_(contribution_ids)).distinct()
    )
    return {one for one in found if one is not None}


async def reword(
    session: AsyncSession,
    *,
    resident_id: uuid.UUID,
    contribution_id: uuid.UUID,
    text: str,
    seen: datetime | None,
    now: datetime,
) -> Contribution:
    """Put other words in the place of those of a contribution. A second time with the same words changes nothing.

    What was made of the words of before goes with them, and the worker makes it anew. How a clerk sorted it stays, and
    so does what the griffie wrote, as a note too: who wants that gone withdraws the contribution. Consent stays,
    unless the new words are those of a child, of whom none is taken.

    Args:
        seen: its `changed_at` when the new words were read back.

    Raises:
        TextMissing: there are no words.
        ContributionUnknown: this resident has no such contribution.
        TransitionNotAllowed: it is closed, lies with somebody else, or stands in a paper that the council has.
        ChangedMeanwhile: it was changed since, or the words that were agreed with are gone.
    """
    text = text.strip()
    if not text:
        raise TextMissing
    decisions = await mask_decisions.of_contribution(session, contribution_id)
    for_desk = await masking.readable(text, decisions=decisions, now=now)
    found = await statuses.lock(session, contribution_id=contribution_id, resident_id=resident_id)
    contribution = found.contribution
    if contribution.text == text:
        return contribution
    if not can_reword(found.status) or await in_papers(session, contribution_ids=[contribution_id]):
        raise TransitionNotAllowed
    if contribution.changed_at != seen or text == WITHDRAWN:
        raise ChangedMeanwhile
    for_desk = await masking.unless_corrected(session, contribution_id, for_desk, decisions=decisions)
    before, contribution.text = contribution.text, text
    contribution.masked_text, contribution.masked_at = for_desk.text, for_desk.at
    contribution.changed_at = now
    await _forget_what_was_made(session, contribution, now=now)
    added = await session.scalars(
        select(ContributionEntry.text).where(
            ContributionEntry.contribution_id == contribution.id, ContributionEntry.kind.in_(FROM_RESIDENT)
        )
    )
    kept = [text, *added]
    await mask_decisions.forget_unsaid(session, contribution_id, texts=kept)
    await _take_out_of_chat(session, contribution, before, kept=kept)
    if says_to_be_a_child(text):
        await consents.withdraw(
            session, resident_id=resident_id, channel=contribution.channel, now=now, contribution_id=contribution_id
        )
    await audit.record(
        session,
        action="inbreng.gewijzigd",
        clerk=None,
        municipality_code=contribution.municipality_code,
        record=str(contribution_id),
        details={"tekens": len(text)},
        now=now,
    )
    await session.flush()
    return contribution


async def _forget_what_was_made(session: AsyncSession, contribution: Contribution, *, now: datetime) -> None:
    """A sign that nobody has looked at yet stays: whoever was in danger may still be. One that was seen is looked for
    anew, or the same sign in the new words would count as seen."""
    by_clerk = exists().where(
        ContributionSorting.contribution_id == contribution.id, ContributionSorting.clerk_id.is_not(None)
    )
    if not await session.scalar(select(by_clerk)):
        contribution.kind = contribution.theme = None
    await report_edits.forget(session, contribution_ids=(contribution.id,))
    await subjects.look_again(session, contribution, now=now)
    await _leave_group(session, contribution.id)
    for table, which in (
        (ContributionSorting, ContributionSorting.clerk_id.is_(None)),
        (ContributionFlag, ContributionFlag.seen_at.is_not(None)),
        (ContributionCheck, true()),
    ):
        await session.execute(delete(table).where(table.contribution_id == contribution.id, which))


async def _leave_group(session: AsyncSession, contribution_id: uuid.UUID) -> None:
    """Name the near copies of the words of before after the first of the others: a group bears the id of its first."""
    others = (ContributionCheck.group_id == contribution_id, ContributionCheck.contribution_id != contribution_id)
    first = await session.scalar(
        select(ContributionCheck.contribution_id).where(*others).order_by(ContributionCheck.received_at).limit(1)
    )
    if first is not None:
        await session.execute(update(ContributionCheck).where(*others).values(group_id=first))


async def _take_out_of_chat(
    session: AsyncSession, contribution: Contribution, before: str, *, kept: Collection[str]
) -> None:
    theirs = await session.scalars(select(Conversation.id).where(Conversation.resident_id == contribution.resident_id))
    await withdrawn_words.take_out(session, conversation_ids=theirs.all(), texts=[before], kept=kept)
