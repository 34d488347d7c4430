"""Choices of the work list under a name, for oneself or for all colleagues of the municipality."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import FilterTooLong, FilterUnknown, TextMissing, TextTooLong, TooManyFilters
from participation.models import Clerk, SavedFilter
from participation.services import audit

MAX_NAME, MAX_QUERY, MAX_FILTERS = 60, 2000, 50


@dataclass(frozen=True)
class Visible:
    """A filter that somebody may use; `owner` is the name of the colleague who shared it, empty for one's own."""

    id: uuid.UUID
    name: str
    query: str
    is_shared: bool
    owner: str


async def save(
    session: AsyncSession,
    *,
    municipality_code: str,
    clerk: Clerk,
    name: str,
    query: str,
    is_shared: bool,
    now: datetime,
) -> SavedFilter:
    """Keep a filter. A name that one uses already gets the new choice.

    Raises:
        TextMissing: it has no name.
        TextTooLong: the name has more than 60 characters.
        FilterTooLong: the choice has more than 2000.
        TooManyFilters: this clerk keeps 50 already.
    """
    name = " ".join(name.split())
    if not name:
        raise TextMissing
    if len(name) > MAX_NAME:
        raise TextTooLong
    if len(query) > MAX_QUERY:
        raise FilterTooLong
    own = (SavedFilter.municipality_code == municipality_code, SavedFilter.clerk_id == clerk.id)
    found = await session.scalar(select(SavedFilter).where(*own, func.lower(SavedFilter.name) == name.lower()))
    if found is None:
        if (await session.scalar(select(func.count()).select_from(SavedFilter).where(*own)) or 0) >= MAX_FILTERS:
            raise TooManyFilters
        found = SavedFilter(id=uuid.uuid4(), municipality_code=municipality_code, clerk_id=clerk.id, created_at=now)
        session.add(found)
    found.name, found.query, found.is_shared = name, query, is_shared
    await audit.record(
        session,
        action="filter.bewaard",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(found.id),
        details={"gedeeld": is_shared},
        now=now,
    )
    await session.flush()
    return found


async def visible(session: AsyncSession, *, municipality_code: str, clerk_id: uuid.UUID) -> list[Visible]:
    """Return one's own filters and those that colleagues share, in the order of the alphabet."""
    rows = await session.execute(
        select(SavedFilter, Clerk.name)
        .join(Clerk, Clerk.id == SavedFilter.clerk_id)
        .where(
            SavedFilter.municipality_code == municipality_code,
            or_(SavedFilter.clerk_id == clerk_id, SavedFilter.is_shared),
        )
        .order_by(func.lower(SavedFilter.name), SavedFilter.id)
    )
    return [
        Visible(one.id, one.name, one.query, one.is_shared, "" if one.clerk_id == clerk_id else owner)
        for one, owner in rows
    ]


async def remove(
    session: AsyncSession, *, municipality_code: str, filter_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """Throw a filter of one's own away.

    Raises:
        FilterUnknown: this clerk has no such filter here.
    """
    gone = await session.execute(
        delete(SavedFilter).where(
            SavedFilter.id == filter_id,
            SavedFilter.municipality_code == municipality_code,
            SavedFilter.clerk_id == clerk.id,
        )
    )
    if not (isinstance(gone, CursorResult) and gone.rowcount):
        raise FilterUnknown
    await audit.record(
        session,
        action="filter.verwijderd",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(filter_id),
        now=now,
    )
