"""Asking a resident something, waiting for the answer, and going on without it."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation import content
from participation.dates import AMSTERDAM
from participation.errors import ChatGone, TextMissing, TextTooLong
from participation.models import Clerk, ContributionEntry, ContributionStatus
from participation.services import handling_rules, statuses
from participation.services.contributions import MAX_REPLY_CHARACTERS
from participation.services.lifecycle import GRIFFIE, PROGRAMMA
from participation.services.seen import Seen, refuse_other_words
from participation.text_fields import refuse_open_fields

AT_ONCE = 200
"""Contributions that one round of the worker returns to the griffie."""


async def ask(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_id: uuid.UUID,
    question: str,
    clerk: Clerk,
    submission: uuid.UUID,
    now: datetime,
    seen: Seen | None = None,
) -> ContributionEntry:
    """Put a question to the resident and wait for the answer; the worker delivers it in their chat.

    `submission` is the random id of the form: sending the form twice asks once. `seen` is what the clerk had read.

    Raises:
        ContributionUnknown: not in this municipality.
        TextMissing, TextTooLong, FieldOpen: nothing was asked.
        ChatGone: no question can arrive any more.
        ChangedMeanwhile: the resident has changed the words since.
        TransitionNotAllowed: with this status nothing can be asked.
    """
    question = question.strip()
    if not question:
        raise TextMissing
    if len(question) > MAX_REPLY_CHARACTERS:
        raise TextTooLong
    refuse_open_fields(question)
    found = await statuses.lock(session, contribution_id=contribution_id, municipality_code=municipality_code)
    existing = await session.scalar(select(ContributionEntry).where(ContributionEntry.submission == submission))
    if existing is not None:
        return existing
    refuse_other_words(found, seen)
    if found.contribution.conversation_id is None:
        raise ChatGone
    days = await handling_rules.answer_days(session, municipality_code=municipality_code)
    entry = ContributionEntry(
        id=uuid.uuid4(),
        contribution_id=contribution_id,
        municipality_code=municipality_code,
        clerk_id=clerk.id,
        submission=submission,
        kind="vraag",
        text=question,
        created_at=now,
    )
    await statuses.advance(
        session, found, "reactie_gevraagd", by=GRIFFIE, clerk=clerk, now=now, waits_until=end_of(now, days=days)
    )
    session.add(entry)
    await session.flush()
    return entry


def end_of(now: datetime, *, days: int) -> datetime:
    """Return the end of the last day on which an answer is in time, by Dutch clocks."""
    last = now.astimezone(AMSTERDAM).date() + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time(), AMSTERDAM)


def last_day(waits_until: datetime) -> datetime:
    """Return a moment on the last day on which an answer is in time."""
    return (waits_until - timedelta(seconds=1)).astimezone(AMSTERDAM)


async def overdue(session: AsyncSession, *, now: datetime) -> Sequence[ContributionStatus]:
    """Return the statuses in force that waited longer than the resident was told."""
    later = aliased(ContributionStatus)
    found = await session.scalars(
        select(ContributionStatus)
        .where(
            ContributionStatus.status == "reactie_gevraagd",
            ContributionStatus.waits_until <= now,
            ~exists(
                select(later.id).where(
                    later.contribution_id == ContributionStatus.contribution_id,
                    later.number > ContributionStatus.number,
                )
            ),
        )
        .order_by(ContributionStatus.waits_until)
        .limit(AT_ONCE)
    )
    return found.all()


async def go_on_without(session: AsyncSession, *, contribution_id: uuid.UUID, now: datetime) -> bool:
    """Return a contribution to the griffie and tell the resident so; returns whether it still waited.

    An answer that comes later still lands in its thread.
    """
    found = await statuses.lock(session, contribution_id=contribution_id)
    until = found.last.waits_until
    if found.status != "reactie_gevraagd" or until is None or until > now:
        return False
    # Not the last row: what was taken up by mistake in between asks again from then on, for the same period.
    asked_at = await session.scalar(
        select(func.min(ContributionStatus.created_at)).where(
            ContributionStatus.contribution_id == contribution_id, ContributionStatus.waits_until == until
        )
    )
    asked_on = (asked_at or found.last.created_at).astimezone(AMSTERDAM).date()
    days = str((last_day(until).date() - asked_on).days)
    await statuses.advance(
        session,
        found,
        "in_behandeling",
        by=PROGRAMMA,
        now=now,
        reason=content.text("reden_geen_reactie", dagen=days),
        action="inbreng.geen_reactie",
    )
    statuses.tell(session, found.contribution, content.text("bericht_geen_reactie", dagen=days), now=now)
    await session.flush()
    return True
