"""The work list of a municipality: choosing, counting and paging, as fast for 100,000 contributions as for 100."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, cast, func, literal, null, select, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from participation.dates import AMSTERDAM
from participation.models import Clerk, Contribution, WorklistItem
from participation.models.contribution import NOT_YET_READABLE
from participation.services.worklist_views import VIEWS, Asker, overdue
from participation.services.worklist_words import Search

PER_PAGE = 25
OPENING_CHARACTERS = 900
"""Of each text, for the list; it shows the first 220 on one line."""

MARK, UNMARK = "\ue000", "\ue001"
"""Around what was found. Nobody writes with letters of the private use area; texts that have them lose them."""

PLACES_SHOWN = 40
NOBODY = "niemand"
_STAMP = "%Y%m%dT%H%M%S%f"
_HEADLINE = f'StartSel="{MARK}", StopSel="{UNMARK}", MaxFragments=2, MaxWords=28, MinWords=14, FragmentDelimiter=" … "'


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see. Different filters all have to hold; of one filter one of the values is enough."""

    view: str = "alles"
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    handler: uuid.UUID | str | None = None
    """A clerk, or NOBODY."""
    since: date | None = None
    until: date | None = None
    search: Search = field(default_factory=Search)
    oldest_first: bool = False


@dataclass(frozen=True)
class Place:
    """Where a page of the list begins: behind this row, or before it."""

    created_at: datetime
    contribution_id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.created_at.astimezone(UTC).strftime(_STAMP)}-{self.contribution_id.hex}"

    @classmethod
    def read(cls, typed: str) -> "Place | None":
        """Read what `str` made; anything else is no place."""
        stamp, _, row = typed.partition("-")
        try:
            return cls(datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC), uuid.UUID(row))
        except ValueError:
            return None


@dataclass(frozen=True)
class Row:
    """One line of the list. `opening` has MARK and UNMARK around what was looked for."""

    id: uuid.UUID
    reference: str
    created_at: datetime
    status: str
    status_at: datetime
    is_overdue: bool
    kind: str | None
    theme: str | None
    channel: str
    place: str | None
    handler_id: uuid.UUID | None
    handler: str | None
    opening: str

    @property
    def where(self) -> Place:
        """Its place in the list."""
        return Place(self.created_at, self.id)


@dataclass(frozen=True)
class Page:
    """One page; `before` and `after` are set when there is more on that side."""

    rows: Sequence[Row]
    before: Place | None
    after: Place | None


async def page(
    session: AsyncSession,
    *,
    asker: Asker,
    choice: Choice,
    after: Place | None = None,
    before: Place | None = None,
) -> Page:
    """Return a page of what is chosen, in one query. Pages hold on to a row, so that what comes in shifts nothing."""
    backwards = before is not None
    start = before or after
    where = tuple_(WorklistItem.created_at, WorklistItem.contribution_id)
    ascending = choice.oldest_first != backwards
    chosen = select(WorklistItem).where(*conditions(asker, choice))
    if start:
        edge = tuple_(literal(start.created_at), literal(start.contribution_id))
        chosen = chosen.where(where > edge if ascending else where < edge)
    chosen = _ordered(chosen, WorklistItem, ascending=ascending).limit(PER_PAGE + 1)
    rows = await _rows(session, asker, chosen, choice.search, ascending=ascending)
    more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    if backwards:
        rows.reverse()
    if not rows:
        return Page((), None, None)
    behind, ahead = (start is not None, more) if not backwards else (more, True)
    return Page(rows, rows[0].where if behind else None, rows[-1].where if ahead else None)


async def counts(session: AsyncSession, *, asker: Asker, choice: Choice) -> dict[str, int]:
    """Count what each view holds with these filters, in one query."""
    filters = conditions(asker, replace(choice, view="alles"))
    queries = [
        select(func.count()).select_from(WorklistItem).where(*filters, view(asker)).scalar_subquery().label(name)
        for name, view in VIEWS.items()
    ]
    return dict((await session.execute(select(*queries))).one()._mapping)


async def came_in(session: AsyncSession, *, asker: Asker, choice: Choice, since: datetime) -> int:
    """Count what is chosen and came in, or came back from the resident, after a moment."""
    newer = (WorklistItem.created_at > since) | (
        (WorklistItem.status_at > since) & WorklistItem.status.in_(("reactie_ontvangen",))
    )
    query = select(func.count()).select_from(WorklistItem).where(*conditions(asker, choice), newer)
    return await session.scalar(query) or 0


async def places(session: AsyncSession, *, municipality_code: str) -> list[tuple[str, int]]:
    """Return the places that texts name most, with how often, in the order of the alphabet."""
    count = func.count().label("count")
    rows = await session.execute(
        select(WorklistItem.place, count)
        .where(WorklistItem.municipality_code == municipality_code, WorklistItem.place.is_not(None))
        .group_by(WorklistItem.place)
        .order_by(count.desc(), WorklistItem.place)
        .limit(PLACES_SHOWN)
    )
    return sorted((place, number) for place, number in rows if place)


def conditions(asker: Asker, choice: Choice) -> list[ColumnElement[bool]]:
    """Say which items are chosen."""
    found = [WorklistItem.municipality_code == asker.municipality_code, VIEWS[choice.view](asker)]
    for wanted, of_item in (
        (choice.themes, WorklistItem.theme),
        (choice.kinds, WorklistItem.kind),
        (choice.statuses, WorklistItem.status),
        (choice.channels, WorklistItem.channel),
        (choice.places, WorklistItem.place),
    ):
        if wanted:
            found.append(of_item.in_(wanted))
    if choice.handler == NOBODY:
        found.append(WorklistItem.assignee_id.is_(None))
    elif choice.handler:
        found.append(WorklistItem.assignee_id == choice.handler)
    if choice.since:
        found.append(WorklistItem.created_at >= _midnight(choice.since))
    if choice.until:
        found.append(WorklistItem.created_at < _midnight(choice.until + timedelta(days=1)))
    return found + choice.search.conditions(asker.municipality_code)


def _ordered(query: Select[Any], columns: Any, *, ascending: bool) -> Select[Any]:
    order = (columns.created_at, columns.contribution_id)
    return query.order_by(*(one.asc() if ascending else one.desc() for one in order))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


async def _rows(
    session: AsyncSession, asker: Asker, chosen: Select[WorklistItem], search: Search, *, ascending: bool
) -> list[Row]:
    """Fetch the texts of what was chosen, and mark in them what was looked for."""
    item = chosen.subquery()
    text = func.translate(func.coalesce(Contribution.masked_text, NOT_YET_READABLE), MARK + UNMARK, "")
    opening = func.left(text, OPENING_CHARACTERS)
    found: ColumnElement[Any] = null()
    if search.highlight:
        found = func.ts_headline("dutch", text, cast(search.highlight, TSQUERY), _HEADLINE)
    late = select(overdue(asker.now)).where(WorklistItem.contribution_id == item.c.contribution_id).scalar_subquery()
    query = (
        select(
            item, Contribution.reference, opening.label("opening"), found.label("found"), late.label("late"), Clerk.name
        )
        .join(Contribution, Contribution.id == item.c.contribution_id)
        .outerjoin(Clerk, Clerk.id == item.c.assignee_id)
    )
    rows = (await session.execute(_ordered(query, item.c, ascending=ascending))).all()
    return [
        Row(
            id=row.contribution_id,
            reference=row.reference,
            created_at=row.created_at,
            status=row.status,
            status_at=row.status_at,
            is_overdue=row.late,
            kind=row.kind,
            theme=row.theme,
            channel=row.channel,
            place=row.place,
            handler_id=row.assignee_id,
            handler=row.name,
            opening=row.found if row.found and MARK in row.found else row.opening,
        )
        for row in rows
    ]
