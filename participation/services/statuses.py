"""Changing the status of a contribution: the only place where one is added, so that the table holds everywhere."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.dates import dutch_day
from participation.errors import ContributionUnknown, DestinationMissing, DispositionMissing, TransitionNotAllowed
from participation.models import Clerk, Contribution, ContributionEntry, ContributionStatus
from participation.models.contribution import WITHDRAWN
from participation.services import audit
from participation.services.lifecycle import CHANGES, DISPOSITION, MEETING, RECIPIENT, TEXT, TYPED, Change


@dataclass(frozen=True)
class Destination:
    """Where a contribution goes: to somebody, or to a meeting on a day. `meeting_id` is one of the calendar."""

    name: str
    day: date | None = None
    meeting_id: uuid.UUID | None = None

    @classmethod
    def of(cls, row: ContributionStatus) -> "Destination | None":
        """Where it went with a change of status."""
        return cls(row.destination, row.planned_for, row.meeting_id) if row.destination else None

    @property
    def said(self) -> dict[str, str]:
        """As the fixed texts tell residents."""
        return {"waarheen": self.name} | ({"dag": dutch_day(self.day)} if self.day else {})


@dataclass(frozen=True)
class Locked:
    """A contribution with its status in force. Nobody else changes it until the transaction ends."""

    contribution: Contribution
    last: ContributionStatus

    @property
    def status(self) -> str:
        """The status in force."""
        return self.last.status

    def given_by(
        self, clerk: Clerk, *, reason: str | None, disposition: str | None, to: Destination | None = None
    ) -> bool:
        """Whether the status in force is what this clerk gave with these words: a form that was sent twice.

        Where it goes is the same whoever says so: the resident has read it.
        """
        same_words = self.last.reason == ((reason or "").strip() or None) and Destination.of(self.last) == to
        same_clerk = self.last.clerk_id == clerk.id or to is not None
        return same_clerk and same_words and self.last.disposition in (None, disposition)


async def lock(
    session: AsyncSession,
    *,
    contribution_id: uuid.UUID,
    municipality_code: str | None = None,
    resident_id: uuid.UUID | None = None,
) -> Locked:
    """Lock a contribution of a municipality, or of a resident.

    Raises:
        ContributionUnknown: it does not exist, or belongs to another; the caller can not tell which.
    """
    query = select(Contribution).where(Contribution.id == contribution_id)
    if municipality_code is not None:
        query = query.where(Contribution.municipality_code == municipality_code)
    if resident_id is not None:
        query = query.where(Contribution.resident_id == resident_id)
    contribution = await session.scalar(query.with_for_update())
    if contribution is None:
        raise ContributionUnknown
    # Only now: a status that somebody was giving when we had to wait for the lock counts.
    last = await session.scalars(
        select(ContributionStatus)
        .where(ContributionStatus.contribution_id == contribution_id)
        .order_by(ContributionStatus.number.desc())
        .limit(1)
    )
    return Locked(contribution, last.one())


async def hold(
    session: AsyncSession, *, municipality_code: str, contribution_ids: Collection[uuid.UUID]
) -> set[uuid.UUID]:
    """Lock several contributions in one order, so that two clerks at once wait and do not block each other.

    Returns:
        Those that are of this municipality.
    """
    found = await session.scalars(
        select(Contribution.id)
        .where(Contribution.municipality_code == municipality_code, Contribution.id.in_(contribution_ids))
        .order_by(Contribution.id)
        .with_for_update()
    )
    return set(found)


def allowed(found: Locked, status: str, *, by: str) -> Change:
    """Return the row of the table for a change.

    Raises:
        TransitionNotAllowed: it has none, or what would be reopened has lost its words.
    """
    change = CHANGES.get((found.status, status))
    if change is None or by not in change.by:
        raise TransitionNotAllowed
    if status == "heropend" and found.contribution.text == WITHDRAWN:
        raise TransitionNotAllowed
    return change


async def advance(
    session: AsyncSession,
    found: Locked,
    status: str,
    *,
    by: str,
    now: datetime,
    clerk: Clerk | None = None,
    reason: str | None = None,
    disposition: str | None = None,
    to: Destination | None = None,
    waits_until: datetime | None = None,
    action: str = "inbreng.status",
) -> ContributionStatus:
    """Append a status, record it, and write the notice that goes with it.

    Args:
        by: who does it, in the words of the table.
        disposition: the key, already looked up; only with a closing that needs it.
        to: only with what is passed on.
        action: under which name it is recorded.

    Raises:
        TransitionNotAllowed: the table forbids it, or it comes without its explanation.
        DispositionMissing: it comes without what the municipality did with it.
        DestinationMissing: it comes without to whom it goes, or for which day it is planned.
    """
    change = allowed(found, status, by=by)
    reason = (reason or "").strip() or None
    if change.needs in (TEXT, DISPOSITION) and reason is None:
        raise TransitionNotAllowed
    if change.needs == DISPOSITION and disposition is None:
        raise DispositionMissing
    if change.needs in (RECIPIENT, MEETING) and (to is None or (to.day is None) is (change.needs == MEETING)):
        raise DestinationMissing
    contribution = found.contribution
    row = ContributionStatus(
        contribution_id=contribution.id,
        municipality_code=contribution.municipality_code,
        number=found.last.number + 1,
        status=status,
        reason=reason,
        disposition=disposition if change.needs == DISPOSITION else None,
        waits_until=waits_until,
        destination=to.name if to else None,
        planned_for=to.day if to else None,
        meeting_id=to.meeting_id if to else None,
        clerk_id=clerk.id if clerk else None,
        created_at=now,
    )
    session.add(row)
    if change.told is not None and change.told not in TYPED and clerk is not None:
        tell(session, contribution, content.text(change.told, **(to.said if to else {})), clerk=clerk, now=now)
    await audit.record(
        session,
        action=action,
        clerk=clerk,
        municipality_code=contribution.municipality_code,
        record=str(contribution.id),
        details={"van": found.status, "naar": status},
        words=to.name if to else None,
        now=now,
    )
    await session.flush()
    return row


async def take_back(
    session: AsyncSession, found: Locked, *, clerk: Clerk, reason: str, now: datetime
) -> ContributionStatus:
    """Append the status before the last once more, because the last was given by mistake.

    A question waits as long as it did: taking back gives no new period. The table of changes does not speak of this,
    nobody is told, and whoever calls records what was taken back.
    """
    earlier = await session.scalars(
        select(ContributionStatus).where(
            ContributionStatus.contribution_id == found.contribution.id,
            ContributionStatus.number == found.last.number - 1,
        )
    )
    before = earlier.one()
    row = ContributionStatus(
        contribution_id=found.contribution.id,
        municipality_code=found.contribution.municipality_code,
        number=found.last.number + 1,
        status=before.status,
        reason=reason,
        waits_until=before.waits_until,
        destination=before.destination,
        planned_for=before.planned_for,
        meeting_id=before.meeting_id,
        clerk_id=clerk.id,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row


def tell(
    session: AsyncSession, contribution: Contribution, text: str, *, now: datetime, clerk: Clerk | None = None
) -> ContributionEntry | None:
    """Write a notice into the thread; the worker brings it to the chat. None where there is no chat any more."""
    if contribution.conversation_id is None:
        return None
    entry = ContributionEntry(
        id=uuid.uuid4(),
        contribution_id=contribution.id,
        municipality_code=contribution.municipality_code,
        clerk_id=clerk.id if clerk else None,
        submission=uuid.uuid4(),
        kind="bericht",
        text=text,
        created_at=now,
    )
    session.add(entry)
    return entry
