"""The work list of a municipality: choosing, counting and paging, as fast for 100,000 contributions as for 100."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from participation.dates import AMSTERDAM
from participation.models import Campaign, Clerk, Contribution, WorklistItem
from participation.models.contribution import NOT_YET_READABLE
from participation.services import consents
from participation.services.worklist_views import EVERYTHING, WAITING_VIEWS, Asker, is_new, is_waiting, overdue
from participation.services.worklist_words import Search, Searched

PER_PAGE = 25
OPENING_CHARACTERS = 900
"""Of each text, for the list; it shows the first 220 on one line."""

MARK, UNMARK = "\ue000", "\ue001"
"""Around what was found. Nobody writes with letters of the private use area; texts that have them lose them."""

UNDER_WAY = timedelta(seconds=30)
"""Within this time what residents wrote is masked and committed. A list that is made meanwhile does not have it yet."""

MOST_RECENT = 100
MOST_SHOWN = 100
"""Places and campaigns to choose from."""

NOBODY = "niemand"
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
_IDS, _RECENT = "ids", "recent"
_STAMP = "%Y%m%dT%H%M%S%f"
_HEADLINE = f'StartSel="{MARK}", StopSel="{UNMARK}", MaxFragments=2, MaxWords=28, MinWords=14, FragmentDelimiter=" … "'


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see. Different filters all have to hold; of one filter one of the values is enough."""

    view: str = EVERYTHING
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
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
    is_new: bool
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
    """One page; `before` and `after` are set when there is more on that side. `counts` are those of the views.

    `recent` is what the list has already of what residents wrote within `UNDER_WAY`, up to `MOST_RECENT`.
    """

    rows: Sequence[Row]
    before: Place | None
    after: Place | None
    counts: dict[str, int]
    recent: Sequence[uuid.UUID] = ()


async def page(
    session: AsyncSession,
    *,
    asker: Asker,
    choice: Choice,
    after: Place | None = None,
    before: Place | None = None,
) -> Page:
    """Return a page of what is chosen, and what each view holds with these filters, in two queries.

    Pages hold on to a row, so that what comes in shifts nothing.
    """
    backwards = before is not None
    start = before or after
    ascending = choice.oldest_first != backwards
    searched = choice.search.items(asker.municipality_code)
    item = searched.item
    chosen = select(item.contribution_id).where(*_conditions(searched, asker, choice))
    if start:
        where = tuple_(item.created_at, item.contribution_id)
        edge = tuple_(literal(start.created_at), literal(start.contribution_id))
        chosen = chosen.where(where > edge if ascending else where < edge)
    chosen = _ordered(chosen, item, ascending=ascending).limit(PER_PAGE + 1)
    counted = await _counts(session, searched, asker, choice, chosen)
    ids, recent = counted.pop(_IDS), (counted.pop(_RECENT) or ())[:MOST_RECENT]
    rows = await _rows(session, asker, ids[:PER_PAGE], choice.search, ascending=choice.oldest_first)
    more = len(ids) > PER_PAGE
    if not rows:
        return Page((), None, None, counted, recent)
    behind, ahead = (start is not None, more) if not backwards else (more, True)
    return Page(rows, rows[0].where if behind else None, rows[-1].where if ahead else None, counted, recent)


async def _counts(
    session: AsyncSession, searched: Searched, asker: Asker, choice: Choice, chosen: Select[uuid.UUID]
) -> dict[str, Any]:
    """Count for each view; the ids of the page and what is recent come along: finding words is the dear part of all."""
    item = searched.item
    filters = _conditions(searched, asker, replace(choice, view=EVERYTHING))
    everything = searched.number
    if everything is None or len(filters) > 1 + len(searched.conditions):
        everything = select(func.count()).select_from(item).where(*filters).scalar_subquery()
    waiting = [func.count().filter(view(item, asker)).label(name) for name, view in WAITING_VIEWS.items()]
    ids = func.array(chosen.scalar_subquery(), type_=ARRAY(Uuid)).label(_IDS)
    recent = func.array_agg(item.contribution_id).filter(_written_after(item, asker.now - UNDER_WAY)).label(_RECENT)
    query = select(*waiting, everything.label(EVERYTHING), ids, recent).select_from(item).where(*filters, is_waiting())
    return dict((await session.execute(query)).one()._mapping)


async def count(session: AsyncSession, *, asker: Asker, choice: Choice) -> int:
    """Count what is chosen."""
    searched = choice.search.items(asker.municipality_code)
    query = select(func.count()).select_from(searched.item).where(*_conditions(searched, asker, choice))
    return await session.scalar(query) or 0


async def came_in(
    session: AsyncSession, *, asker: Asker, choice: Choice, since: datetime, known: Collection[uuid.UUID]
) -> int:
    """Count what is chosen and was written since a list was made, and not yet read.

    Args:
        known: what that list had of what was `recent`. What was written before it, and committed after, is new.
    """
    searched = choice.search.items(asker.municipality_code)
    item = searched.item
    missed = and_(_written_after(item, since - UNDER_WAY), item.contribution_id.not_in(known))
    newer = or_(missed, item.reacted_at > since)
    query = select(func.count()).select_from(item).where(*_conditions(searched, asker, choice), newer)
    return await session.scalar(query) or 0


def _written_after(item: type[WorklistItem], moment: datetime) -> ColumnElement[bool]:
    return or_(item.created_at > moment, item.reacted_at > moment)


async def places(session: AsyncSession, *, municipality_code: str) -> list[str]:
    """Return the places that texts name, in the order of the alphabet."""
    steps = _values(WorklistItem.place, municipality_code)
    rows = await session.scalars(select(steps.c.value).limit(MOST_SHOWN + 1))
    return [place for place in rows if place]


async def campaigns(session: AsyncSession, *, municipality_code: str) -> dict[str, str]:
    """Return the campaigns through which something came in, with their titles; what is none of ours keeps its name.

    Ours come first: anybody can put a name of their own in an address, and so fill the list.
    """
    came = WorklistItem.municipality_code == municipality_code, WorklistItem.campaign == Campaign.public_id
    ours = await session.execute(
        select(Campaign.public_id, Campaign.title)
        .where(exists().where(*came))
        .order_by(Campaign.title, Campaign.public_id)
        .limit(MOST_SHOWN)
    )
    found: dict[str, str] = dict(ours.all())
    steps = _values(WorklistItem.campaign, municipality_code)
    names = [name for name in await session.scalars(select(steps.c.value).limit(MOST_SHOWN + 1)) if name]
    others = [name for name in names if name not in found][: MOST_SHOWN - len(found)]
    return found | {name: name for name in others}


async def forget_name(session: AsyncSession, *, contribution_id: uuid.UUID) -> None:
    """Forget through which campaign a contribution came, when that is a name that whoever wrote it may have typed."""
    ours = exists().where(Campaign.public_id == WorklistItem.campaign)
    of_it = WorklistItem.contribution_id == contribution_id
    await session.execute(update(WorklistItem).where(of_it, ~ours).values(campaign=None))


def _values(column: InstrumentedAttribute[str | None], municipality_code: str) -> CTE:
    """The values that occur in a column, by stepping from one to the next; the last step finds none."""
    step = (
        select(func.min(column).label("value"))
        .where(WorklistItem.municipality_code == municipality_code, column.is_not(None))
        .cte("steps", recursive=True)
    )
    following = (
        select(func.min(column))
        .where(WorklistItem.municipality_code == municipality_code, column > step.c.value)
        .scalar_subquery()
    )
    return step.union_all(select(following).where(step.c.value.is_not(None)))


async def plan_for_memory(session: AsyncSession) -> None:
    """Let PostgreSQL plan this transaction for data in memory, where reading here and there is cheap.

    Its default is for turning disks: it then reads all 100,000 items to find some thousands of them.
    """
    await session.execute(
        select(
            func.set_config("random_page_cost", "1.1", True),
            func.set_config("jit", "off", True),
            func.set_config("work_mem", "32MB", True),
            func.set_config("max_parallel_workers_per_gather", "0", True),
        )
    )


def _conditions(searched: Searched, asker: Asker, choice: Choice) -> list[ColumnElement[bool]]:
    """Say which items are chosen."""
    item = searched.item
    found = [item.municipality_code == asker.municipality_code, *searched.conditions]
    if not asker.may_handle:
        found.append(item.contribution_id.in_(consents.readable_by_council(asker.municipality_code)))
    if view := WAITING_VIEWS.get(choice.view):
        found += [is_waiting(), view(item, asker)]
    for wanted, of_item in (
        (choice.themes, item.theme),
        (choice.kinds, item.kind),
        (choice.statuses, item.status),
        (choice.channels, item.channel),
        (choice.places, item.place),
        (choice.campaigns, item.campaign),
    ):
        if wanted:
            found.append(of_item.in_(wanted))
    if choice.handler == NOBODY:
        found.append(item.assignee_id.is_(None))
    elif choice.handler:
        found.append(item.assignee_id == choice.handler)
    if choice.since:
        found.append(item.created_at >= _midnight(choice.since))
    if choice.until:
        found.append(item.created_at < _midnight(choice.until) + timedelta(days=1))
    return found


def _ordered(query: Select[Any], columns: Any, *, ascending: bool) -> Select[Any]:
    order = (columns.created_at, columns.contribution_id)
    return query.order_by(*(one.asc() if ascending else one.desc() for one in order))


def _midnight(day: date) -> datetime:
    """When a day begins. Days that lie outside of all we keep are as good as the edge, and can be computed with."""
    return datetime.combine(min(max(day, _FIRST_DAY), _LAST_DAY), time(), AMSTERDAM)


async def _rows(
    session: AsyncSession, asker: Asker, ids: Sequence[uuid.UUID], search: Search, *, ascending: bool
) -> list[Row]:
    """Fetch what was chosen with its texts, and mark in them what was looked for."""
    text = func.translate(func.coalesce(Contribution.masked_text, NOT_YET_READABLE), MARK + UNMARK, "")
    opening = func.left(text, OPENING_CHARACTERS)
    found: ColumnElement[Any] = null()
    if search.highlight:
        found = func.ts_headline("dutch", text, cast(search.highlight, TSQUERY), _HEADLINE)
    late = overdue(WorklistItem, asker.now, asker.patience)
    chosen = literal(list(ids), ARRAY(Uuid))
    query = (
        select(
            WorklistItem,
            Contribution.reference,
            opening.label("opening"),
            found.label("found"),
            late.label("late"),
            is_new(WorklistItem).label("new"),
            Clerk.name,
        )
        .join(Contribution, Contribution.id == WorklistItem.contribution_id)
        .outerjoin(Clerk, Clerk.id == WorklistItem.assignee_id)
        .where(WorklistItem.municipality_code == asker.municipality_code, WorklistItem.contribution_id == any_(chosen))
    )
    rows = (await session.execute(_ordered(query, WorklistItem, ascending=ascending))).all()
    return [
        Row(
            id=row.WorklistItem.contribution_id,
            reference=row.reference,
            created_at=row.WorklistItem.created_at,
            status=row.WorklistItem.status,
            status_at=row.WorklistItem.status_at,
            is_overdue=bool(row.late),
            is_new=row.new,
            kind=row.WorklistItem.kind,
            theme=row.WorklistItem.theme,
            channel=row.WorklistItem.channel,
            place=row.WorklistItem.place,
            handler_id=row.WorklistItem.assignee_id,
            handler=row.name,
            opening=row.found if row.found and MARK in row.found else row.opening,
        )
        for row in rows
    ]
