"""Passing contributions on: to whom, for which meeting, and which of those meetings is not what residents were told."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, Select, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from participation.council import calendar
from participation.dates import AMSTERDAM
from participation.errors import DayOver, MeetingUnknown, TextMissing, TextTooLong
from participation.models import Contribution, ContributionStatus, Meeting
from participation.services.statuses import Destination
from participation.text_fields import refuse_open_fields

REFERRED, PLANNED = "doorgezonden", "ingepland"
LONGEST_NAME = 120
FARTHEST = timedelta(days=731)
MOST_MEETINGS = 60
"""To choose from: a council and its committees have some months of them."""

_BRACKETS, _ROUNDED = "[]{}", "()()"
_ROUND = str.maketrans(_BRACKETS, _ROUNDED)
"""To a resident, and to whoever looks for what is still open in a text, other brackets look like a field."""


@dataclass(frozen=True)
class Shifted:
    """A contribution whose meeting is no longer on the day that the resident was told; without `day` it is off."""

    contribution_id: uuid.UUID
    reference: str
    name: str
    told: date
    day: date | None


def somebody(name: str) -> Destination:
    """Say to whom something goes.

    Raises:
        TextMissing, TextTooLong, FieldOpen: this is no name.
    """
    return Destination(_checked(name))


def by_hand(name: str, day: date, *, today: date) -> Destination:
    """Say for which meeting something is planned, when no calendar has it.

    Raises:
        TextMissing, TextTooLong, FieldOpen: this is no name.
        DayOver: the day is over, or more than two years ahead.
    """
    if not today <= day <= today + FARTHEST:
        raise DayOver
    return Destination(_checked(name), day)


async def meetings(session: AsyncSession, *, municipality_code: str, now: datetime) -> Sequence[Meeting]:
    """Return the meetings that something can be planned for."""
    ahead = await calendar.coming(session, municipality_code=municipality_code, now=now, limit=MOST_MEETINGS)
    return [meeting for meeting in ahead if not meeting.cancelled]


async def of_calendar(
    session: AsyncSession, *, municipality_code: str, meeting_id: uuid.UUID, now: datetime
) -> Destination:
    """Say for which meeting of the calendar something is planned.

    Raises:
        MeetingUnknown: there is no such meeting ahead (any more).
    """
    for meeting in await meetings(session, municipality_code=municipality_code, now=now):
        if meeting.id == meeting_id:
            name = " ".join(meeting.name.translate(_ROUND).split())[:LONGEST_NAME]
            return Destination(name, meeting.starts_at.astimezone(AMSTERDAM).date(), meeting_id)
    raise MeetingUnknown


def planned_for(municipality_code: str, *, meeting_id: uuid.UUID | None, name: str = "") -> Select[uuid.UUID]:
    """Select the contributions that are planned for a meeting of the calendar, or else under this name."""
    wanted = func.lower(ContributionStatus.destination) == name.lower()
    if meeting_id:
        is_it = select(Meeting.id).where(Meeting.id == meeting_id, _is_told(Meeting)).exists()
        wanted = or_(ContributionStatus.meeting_id == meeting_id, is_it)
    return select(ContributionStatus.contribution_id).where(_planned(municipality_code), wanted)


async def planned(
    session: AsyncSession, *, municipality_code: str, meeting_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[tuple[uuid.UUID, str]]]:
    """Return by meeting what is planned for it: id and reference, oldest first."""
    rows = await session.execute(
        select(Meeting.id, Contribution.id, Contribution.reference)
        .join(ContributionStatus, or_(ContributionStatus.meeting_id == Meeting.id, _is_told(Meeting)))
        .join(Contribution, Contribution.id == ContributionStatus.contribution_id)
        .where(_planned(municipality_code), Meeting.id.in_(meeting_ids))
        .order_by(Contribution.created_at, Contribution.id)
    )
    found: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = {}
    for meeting_id, contribution_id, reference in rows:
        found.setdefault(meeting_id, []).append((contribution_id, reference))
    return found


async def shifted(
    session: AsyncSession, *, municipality_code: str, now: datetime, contribution_id: uuid.UUID | None = None
) -> Sequence[Shifted]:
    """Return what is planned for a meeting that moved to another day, was cancelled or left the calendar.

    A calendar need not keep what is over: a meeting that it had until its day is not gone. Nor is one that still comes
    under the same name on the same day: from another source, or from the same one with another id. What a source says
    is cancelled is off, whatever another says.
    """
    day, again = _day_of(Meeting), aliased(Meeting)
    elsewhere = select(again.id).where(_is_told(again), ~again.cancelled, again.vanished_at.is_(None)).exists()
    today = now.astimezone(AMSTERDAM).date()
    gone = and_(Meeting.id.is_(None), ContributionStatus.planned_for >= today)
    lost = and_(or_(gone, Meeting.vanished_at.is_not(None)), ~elsewhere)
    off = or_(lost, Meeting.cancelled)
    moved = and_(Meeting.vanished_at.is_(None), day != ContributionStatus.planned_for)
    query = (
        select(
            Contribution.id,
            Contribution.reference,
            ContributionStatus.destination,
            ContributionStatus.planned_for,
            day.label("day"),
            off.label("off"),
        )
        .join(Contribution, Contribution.id == ContributionStatus.contribution_id)
        .outerjoin(
            Meeting,
            and_(Meeting.id == ContributionStatus.meeting_id, Meeting.municipality_code == municipality_code),
        )
        .where(
            _planned(municipality_code),
            ContributionStatus.meeting_id.is_not(None),
            or_(off, moved),
        )
        .order_by(ContributionStatus.planned_for, Contribution.created_at, Contribution.id)
    )
    if contribution_id is not None:
        query = query.where(Contribution.id == contribution_id)
    rows = await session.execute(query)
    return [
        Shifted(row.id, row.reference, row.destination, row.planned_for, None if row.off else row.day) for row in rows
    ]


def _planned(municipality_code: str) -> ColumnElement[bool]:
    """The row that says for which meeting something is planned, as long as that is its status in force."""
    later = aliased(ContributionStatus)
    is_latest = ~(
        select(later.id)
        .where(later.contribution_id == ContributionStatus.contribution_id, later.number > ContributionStatus.number)
        .exists()
    )
    of_it = ContributionStatus.municipality_code == municipality_code
    return and_(of_it, ContributionStatus.planned_for.is_not(None), is_latest)


def _is_told(meeting: type[Meeting]) -> ColumnElement[bool]:
    """Whether this meeting has the name and the day that were told: it was typed, or another source brings it now."""
    return and_(
        meeting.municipality_code == ContributionStatus.municipality_code,
        _as_told(meeting.name) == _as_told(ContributionStatus.destination),
        _day_of(meeting) == ContributionStatus.planned_for,
    )


def _as_told(name: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    return func.lower(func.translate(name, _BRACKETS, _ROUNDED))


def _day_of(meeting: type[Meeting]) -> ColumnElement[date]:
    return cast(func.timezone(str(AMSTERDAM), meeting.starts_at), Date)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise TextMissing
    if len(name) > LONGEST_NAME:
        raise TextTooLong
    refuse_open_fields(name)
    return name
