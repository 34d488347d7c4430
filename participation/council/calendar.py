"""Finding back what the council published: the meetings ahead, their agendas, and papers about a subject."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from sqlalchemy import ColumnElement, case, exists, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.dates import AMSTERDAM
from participation.models import AgendaItem, CouncilDocument, CouncilFeed, Meeting
from participation.models.council import SEARCH_CONFIGURATION

LONGEST_MEETING = timedelta(hours=4)
"""A meeting whose end is not told counts as going on for this long."""

DECISIONS = ("besluit", "raadsbesluit", "besluitenlijst", "motie", "amendement")
"""Papers that tell what was decided go before those that led to it."""

_WORD = re.compile(r"[^\W\d_][\w'-]*|\d{3,}")
MOST_WORDS = 12
SPELLINGS = (("zen", "s"), ("ven", "f"), ("eren", "eer"))
"""Endings that Dutch spells otherwise in shorter or compound words: huizen, huis; brieven, brief; parkeren, parkeer-.
The stems of PostgreSQL keep these apart."""


@lru_cache
def everyday_words() -> frozenset[str]:
    """Words of questions about any decision; what is left of such a question is its subject."""
    lines = Path(__file__).with_name("everyday_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True)
class Planned:
    """A coming meeting with its agenda, and since when its feed has not kept its promise, if so."""

    meeting: Meeting
    agenda: tuple[str, ...]
    stale_since: datetime | None


async def next_meeting(
    session: AsyncSession, *, municipality_code: str, now: datetime, council_only: bool = True
) -> Planned | None:
    """The first meeting that is not over and not cancelled; without feeds, or without meetings, None.

    Two feeds may tell the same meeting. When one of them says that it is cancelled it is; otherwise the one with an
    agenda is taken.
    """
    other = aliased(Meeting)
    called_off = exists().where(
        other.municipality_code == Meeting.municipality_code,
        other.starts_at == Meeting.starts_at,
        other.is_council == Meeting.is_council,
        other.cancelled,
    )
    has_agenda = exists().where(AgendaItem.meeting_id == Meeting.id)
    query = (
        select(Meeting, CouncilFeed)
        .join(CouncilFeed, CouncilFeed.id == Meeting.feed_id)
        .where(Meeting.municipality_code == municipality_code, _ahead(now), ~called_off)
        .order_by(Meeting.starts_at, has_agenda.desc(), Meeting.id)
        .limit(1)
    )
    if council_only:
        query = query.where(Meeting.is_council)
    found = (await session.execute(query)).first()
    if found is None:
        return None
    meeting, feed = found
    return Planned(meeting, await _agenda(session, meeting.id), stale_since(feed, now))


async def coming(session: AsyncSession, *, municipality_code: str, now: datetime, limit: int) -> Sequence[Meeting]:
    """The meetings ahead, of council and committees, cancelled ones included."""
    rows = await session.scalars(
        select(Meeting)
        .where(Meeting.municipality_code == municipality_code, _ahead(now))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return rows.all()


async def with_agendas(
    session: AsyncSession, *, municipality_code: str, now: datetime, limit: int
) -> Sequence[tuple[Meeting, Sequence[AgendaItem]]]:
    """The meetings ahead that are not cancelled, each with the points on its agenda."""
    ahead = await coming(session, municipality_code=municipality_code, now=now, limit=limit)
    meetings = [meeting for meeting in ahead if not meeting.cancelled]
    items = await session.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id.in_([meeting.id for meeting in meetings]))
        .order_by(AgendaItem.position, AgendaItem.external_id)
    )
    of_meeting: dict[uuid.UUID, list[AgendaItem]] = {}
    for item in items:
        of_meeting.setdefault(item.meeting_id, []).append(item)
    return [(meeting, of_meeting.get(meeting.id, [])) for meeting in meetings]


def stale_since(feed: CouncilFeed, now: datetime) -> datetime | None:
    """The last good import when it is longer ago than the feed promised."""
    last = feed.last_good_at or feed.created_at
    return last if last + timedelta(hours=feed.fresh_hours) < now else None


def subject_of(question: str) -> tuple[str, ...]:
    """The words of a question that say what it is about, without those that every such question has."""
    words = (word.strip("'-").lower() for word in _WORD.findall(question))
    return tuple(dict.fromkeys(word for word in words if len(word) > 2 and word not in everyday_words()))[:MOST_WORDS]


async def papers_about(
    session: AsyncSession, *, municipality_code: str, question: str, today: date, limit: int = 3
) -> Sequence[CouncilDocument]:
    """Papers up to today about the subject of a question: those with all its words, or else those with most.

    A word also finds longer ones that begin with it: `woning` finds a paper on `woningbouw`.
    """
    words = subject_of(question)
    for operator in (" & ", " | ") if len(words) > 1 else (" & ",):
        if not words:
            break
        asked = func.to_tsquery(_configuration(), operator.join(beginning_with(word) for word in words))
        title = func.to_tsvector(_configuration(), CouncilDocument.title)
        decided = case((CouncilDocument.kind.in_(DECISIONS), 1), else_=0)
        rows = await session.scalars(
            select(CouncilDocument)
            .where(CouncilDocument.municipality_code == municipality_code, title.op("@@")(asked))
            .where(CouncilDocument.url.is_not(None), or_(CouncilDocument.day.is_(None), CouncilDocument.day <= today))
            .order_by(func.ts_rank(title, asked).desc(), decided.desc(), CouncilDocument.day.desc().nulls_last())
            .limit(limit)
        )
        if found := rows.all():
            return found
    return ()


@dataclass(frozen=True)
class Papers:
    """That there are papers to search in, and since when none of their feeds has kept its promise, if so."""

    stale_since: datetime | None


async def papers(session: AsyncSession, *, municipality_code: str, now: datetime) -> Papers | None:
    """What there is to search in; None where there is nothing."""
    has_papers = exists().where(CouncilDocument.feed_id == CouncilFeed.id)
    query = select(CouncilFeed).where(CouncilFeed.municipality_code == municipality_code, has_papers)
    since = [stale_since(feed, now) for feed in await session.scalars(query)]
    if not since:
        return None
    stale = [day for day in since if day is not None]
    return Papers(max(stale) if len(stale) == len(since) else None)


async def _agenda(session: AsyncSession, meeting_id: uuid.UUID) -> tuple[str, ...]:
    titles = await session.scalars(
        select(AgendaItem.title)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, AgendaItem.external_id)
    )
    return tuple(titles.all())


def _ahead(now: datetime) -> ColumnElement[bool]:
    """Not over yet, and still on the list of its source. Without a time, a meeting lasts until its day is over."""
    today = datetime.combine(now.astimezone(AMSTERDAM).date(), time(), AMSTERDAM)
    ends = func.coalesce(Meeting.ends_at, Meeting.starts_at + LONGEST_MEETING)
    over = case((Meeting.time_known, ends <= now), else_=Meeting.starts_at < today)
    return ~over & Meeting.vanished_at.is_(None)


def _configuration() -> ColumnElement[str]:
    return literal_column(f"'{SEARCH_CONFIGURATION}'::regconfig")


def spellings(word: str) -> list[str]:
    """A word, and what it may look like in another word."""
    return [word, *(word.removesuffix(end) + other for end, other in SPELLINGS if word.endswith(end))]


def beginning_with(word: str) -> str:
    """One word in the language of to_tsquery: it and its spellings, also at the beginning of longer words."""
    return "(" + " | ".join(f"'{form}':*" for form in (form.replace("'", "''") for form in spellings(word))) + ")"
