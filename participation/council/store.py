"""Keeping what a source brought: only what differs is written, so that importing twice changes nothing."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.council.faults import FeedFault
from participation.council.records import AgendaPoint, Harvest, MeetingRecord, Paper
from participation.dates import AMSTERDAM
from participation.models import AgendaItem, Base, CouncilDocument, CouncilFeed, Meeting

MEETING_COLUMNS = (
    *("name", "body", "is_council", "starts_at", "time_known", "ends_at", "place", "url", "livestream_url"),
    "cancelled",
)
PAPER_COLUMNS = ("title", "kind", "url", "day")
_NOTHING = object()
"""Stands for a column that a new row does not have yet, which is not the same as an empty one."""


@dataclass(frozen=True)
class Changes:
    """What an import did, in numbers of meetings and papers."""

    meetings: int
    added: int
    changed: int
    vanished: int
    papers: int
    unreadable: int


async def store(session: AsyncSession, *, feed: CouncilFeed, harvest: Harvest, now: datetime) -> Changes:
    """Bring the feed's meetings, agendas and papers to what the source says now.

    A coming meeting that the source no longer lists is marked, not deleted: a source may lose it for a day. Papers that
    the source took away are deleted, since that is how a municipality takes back what it should not have published.
    When a part could not be read, nothing is taken for gone.

    Raises:
        FeedFault: the source brought nothing where there was something, or mostly what can not be read.
    """
    meetings = {
        row.external_id: row for row in await session.scalars(select(Meeting).where(Meeting.feed_id == feed.id))
    }
    papers = {
        row.external_id: row
        for row in await session.scalars(select(CouncilDocument).where(CouncilDocument.feed_id == feed.id))
    }
    _refuse_the_unlikely(harvest, had_something=bool(meetings or papers))
    added, changed = set[str](), set[str]()
    for record in harvest.meetings:
        row = meetings.get(record.external_id)
        if row is None:
            row = Meeting(id=uuid.uuid4(), municipality_code=feed.municipality_code, feed_id=feed.id)
            row.external_id, row.vanished_at = record.external_id, None
            _differs(row, record, MEETING_COLUMNS)
            session.add(row)
            meetings[record.external_id] = row
            added.add(record.external_id)
        else:
            returned = row.vanished_at is not None
            if returned:
                row.vanished_at = None
            if _differs(row, record, MEETING_COLUMNS) or returned:
                changed.add(record.external_id)
    await session.flush()
    vanished = 0 if harvest.unreadable else _mark_vanished(meetings, harvest, now)
    changed |= await _store_agendas(session, feed, meetings, harvest)
    await _store_papers(session, feed, meetings, papers, harvest)
    await session.flush()
    return Changes(
        meetings=len(harvest.meetings),
        added=len(added),
        changed=len(changed - added),
        vanished=vanished,
        papers=len(harvest.papers),
        unreadable=harvest.unreadable,
    )


def _refuse_the_unlikely(harvest: Harvest, *, had_something: bool) -> None:
    usable = len(harvest.meetings) + len(harvest.papers)
    if harvest.unreadable > len(harvest.meetings):
        raise FeedFault("veranderd")
    if not usable and had_something:
        raise FeedFault("leeg")


def _differs(row: Base, record: MeetingRecord | AgendaPoint | Paper, columns: tuple[str, ...]) -> bool:
    """Take over what is different; says whether anything was."""
    different = {
        column: value for column in columns if (value := getattr(record, column)) != row.__dict__.get(column, _NOTHING)
    }
    for column, value in different.items():
        setattr(row, column, value)
    return bool(different)


def _mark_vanished(meetings: dict[str, Meeting], harvest: Harvest, now: datetime) -> int:
    listed = {record.external_id for record in harvest.meetings}
    gone = [
        row
        for row in meetings.values()
        if row.external_id not in listed
        and row.vanished_at is None
        and row.starts_at > now
        and harvest.first_day <= row.starts_at.astimezone(AMSTERDAM).date() <= harvest.last_day
    ]
    for row in gone:
        row.vanished_at = now
    return len(gone)


async def _store_agendas(
    session: AsyncSession, feed: CouncilFeed, meetings: dict[str, Meeting], harvest: Harvest
) -> set[str]:
    """Bring the agendas up to date; returns the meetings that have another agenda now."""
    told = {record.external_id: record.agenda for record in harvest.meetings if record.agenda is not None}
    ids = {meetings[identity].id: identity for identity in told}
    stored: dict[str, dict[str, AgendaItem]] = {identity: {} for identity in told}
    for item in await session.scalars(select(AgendaItem).where(AgendaItem.meeting_id.in_(ids))):
        stored[ids[item.meeting_id]][item.external_id] = item
    different = set[str]()
    for identity, agenda in told.items():
        items, before = stored[identity], len(session.dirty) + len(session.new) + len(session.deleted)
        for point in agenda:
            known = items.get(point.external_id)
            if known is None:
                session.add(
                    AgendaItem(
                        municipality_code=feed.municipality_code,
                        meeting_id=meetings[identity].id,
                        external_id=point.external_id,
                        position=point.position,
                        title=point.title,
                    )
                )
            else:
                _differs(known, point, ("title", "position"))
        kept = {point.external_id for point in agenda}
        for external_id, item in items.items():
            if external_id not in kept:
                await session.delete(item)
        if len(session.dirty) + len(session.new) + len(session.deleted) != before:
            different.add(identity)
    return different


async def _store_papers(
    session: AsyncSession,
    feed: CouncilFeed,
    meetings: dict[str, Meeting],
    papers: dict[str, CouncilDocument],
    harvest: Harvest,
) -> None:
    listed = set()
    for record in harvest.papers:
        listed.add(record.external_id)
        meeting = meetings.get(record.meeting) if record.meeting else None
        row = papers.get(record.external_id)
        if row is None:
            row = CouncilDocument(municipality_code=feed.municipality_code, feed_id=feed.id)
            row.external_id = record.external_id
            session.add(row)
        _differs(row, record, PAPER_COLUMNS)
        if row.meeting_id != (meeting.id if meeting else None):
            row.meeting_id = meeting.id if meeting else None
    if not harvest.papers_complete or harvest.unreadable:
        return
    for row in papers.values():
        inside = row.day is None or harvest.first_day <= row.day <= harvest.last_day
        if row.external_id not in listed and inside:
            await session.delete(row)
