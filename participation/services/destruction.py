"""Destroying contributions: a list of what has had its time, a person who approves it, and what is kept of it.

The Archiefbesluit 1995 (article 8) asks for a declaration of destruction that lists what was destroyed, on what ground
and how. So the list stays, with numbers and dates and without a word of what residents wrote.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import tables
from participation.dates import AMSTERDAM
from participation.errors import DomainError
from participation.models import Clerk, Contribution, DestructionItem, DestructionList
from participation.privacy import erasures, periods
from participation.services import audit
from participation.services.closed import closed_since
from participation.services.lifecycle import CLOSING

KIND_OF = {"geannuleerd": periods.WITHDRAWN}
"""The kind of a closed contribution by its status; every other closing status is `periods.CLOSED`."""

ASKED_AGAIN_AFTER = timedelta(days=365)
"""What a person kept off a list comes back on a later one."""

_ONE_AT_A_TIME = 0x5645524E


class ListUnknown(DomainError):
    """There is no such list in this municipality."""


class ListDecided(DomainError):
    """Somebody has decided about this list already."""


@dataclass(frozen=True)
class ListDetail:
    """A list with its lines, by number."""

    list: DestructionList
    items: Sequence[DestructionItem]


async def due(session: AsyncSession, *, days: int, now: datetime) -> dict[str, dict[str | None, int]]:
    """Count the closed contributions that have had their time and stand on no open list, by kind and municipality."""
    found: dict[str, dict[str | None, int]] = {}
    for kind in (periods.CLOSED, periods.WITHDRAWN):
        past = _past(kind, days=days, now=now).subquery()
        rows = await session.execute(select(past.c.municipality_code, func.count()).group_by(past.c.municipality_code))
        found[kind] = dict(rows.all())
    return found


async def propose(session: AsyncSession, *, days: int, now: datetime) -> list[DestructionList]:
    """Put what has had its time on a new list for each municipality. What a person kept off a list comes back later.

    Args:
        days: what this installation promises residents about chat texts.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    per_code: dict[str, list[DestructionItem]] = {}
    for item in await _due(session, days=days, now=now):
        per_code.setdefault(item.municipality_code, []).append(item)
    made = []
    for code, items in per_code.items():
        counts = Counter(item.kind for item in items)
        in_force = await periods.in_force(session, municipality_code=code, chat_days=days)
        proposed = DestructionList(
            id=uuid.uuid4(),
            municipality_code=code,
            state="voorgesteld",
            counts=dict(counts),
            periods={kind: in_force[kind] for kind in counts},
            made_at=now,
        )
        session.add(proposed)
        await session.flush()
        for item in items:
            item.list_id = proposed.id
        session.add_all(items)
        made.append(proposed)
    await session.flush()
    return made


async def decide(
    session: AsyncSession,
    *,
    municipality_code: str,
    list_id: uuid.UUID,
    approve: bool,
    keep: Collection[uuid.UUID] = (),
    note: str = "",
    clerk: Clerk,
    now: datetime,
) -> DestructionList:
    """Approve a list, without the lines in `keep`, or refuse it. The next night destroys what was approved.

    Raises:
        ListUnknown: not in this municipality.
        ListDecided: nothing is changed.
    """
    detail = await find(session, municipality_code=municipality_code, list_id=list_id, lock=True)
    if detail.list.state != "voorgesteld":
        raise ListDecided
    for item in detail.items:
        if not approve or item.record_id in keep:
            item.outcome = "bewaard"
    left = sum(item.outcome is None for item in detail.items)
    detail.list.state = "goedgekeurd" if left else "afgewezen"
    detail.list.decided_by, detail.list.decided_at, detail.list.note = clerk.id, now, note.strip() or None
    await audit.record(
        session,
        action=f"vernietigingslijst.{detail.list.state}",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(list_id),
        details={"regels": len(detail.items), "vernietigen": left},
        now=now,
    )
    await session.flush()
    return detail.list


async def carry_out(session: AsyncSession, *, now: datetime) -> int:
    """Destroy what was approved; returns the number of contributions. What was reopened meanwhile is kept,
    also when it has been closed again: that closing has a time of its own to wait for.

    Everything that hangs on a contribution goes with it: its history, texts, sorting, flags.
    """
    approved = await session.scalars(
        select(DestructionList).where(DestructionList.state == "goedgekeurd").with_for_update(skip_locked=True)
    )
    destroyed = 0
    for one in approved:
        items = await session.scalars(
            select(DestructionItem).where(DestructionItem.list_id == one.id, DestructionItem.outcome.is_(None))
        )
        for item in items:
            item.outcome = await _destroy(session, item, now=now)
            destroyed += item.outcome == "vernietigd"
        one.state, one.destroyed_at = "vernietigd", now
        await audit.record(
            session,
            action="vernietigingslijst.vernietigd",
            clerk=None,
            municipality_code=one.municipality_code,
            record=str(one.id),
            now=now,
        )
    await session.flush()
    return destroyed


async def lists(session: AsyncSession, *, municipality_code: str, nights: int = 60) -> Sequence[DestructionList]:
    """Return the lists of a municipality, those that wait for a decision first, then the newest.

    Args:
        nights: of what went by itself only the latest so many. What a person decided about is shown for good.
    """
    here = DestructionList.municipality_code == municipality_code
    by_itself = (
        select(DestructionList.id)
        .where(here, DestructionList.state == "vanzelf")
        .order_by(DestructionList.made_at.desc(), DestructionList.id)
        .limit(nights)
    )
    found = await session.scalars(
        select(DestructionList)
        .where(here, DestructionList.state.not_in(("vanzelf", "verwacht")) | DestructionList.id.in_(by_itself))
        .order_by(DestructionList.state != "voorgesteld", DestructionList.made_at.desc(), DestructionList.id)
    )
    return found.all()


async def expected(session: AsyncSession, *, municipality_code: str) -> DestructionList | None:
    """Return what is expected to go by itself the coming night; none before the first night."""
    return await session.scalar(
        select(DestructionList).where(
            DestructionList.municipality_code == municipality_code, DestructionList.state == "verwacht"
        )
    )


async def find(session: AsyncSession, *, municipality_code: str, list_id: uuid.UUID, lock: bool = False) -> ListDetail:
    """Return one list with its lines.

    Raises:
        ListUnknown: not in this municipality; the caller can not tell whether it exists.
    """
    query = select(DestructionList).where(
        DestructionList.id == list_id, DestructionList.municipality_code == municipality_code
    )
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise ListUnknown
    items = await session.scalars(
        select(DestructionItem).where(DestructionItem.list_id == list_id).order_by(DestructionItem.reference)
    )
    return ListDetail(found, items.all())


def as_table(detail: ListDetail) -> str:
    """The list as evidence for the archive. Every cell is ours: a code, a number or a date."""
    lines: list[tuple[object, ...]] = [
        ("nummer", "soort", "ontvangen", "gesloten", "bewaartermijn_dagen", "uitkomst"),
    ]
    for item in detail.items:
        days = detail.list.periods.get(item.kind, "")
        outcome = item.outcome or detail.list.state
        lines.append((item.reference, item.kind, item.received_on, item.closed_on, days, outcome))
    return tables.write(lines)


async def _due(session: AsyncSession, *, days: int, now: datetime) -> list[DestructionItem]:
    return [
        DestructionItem(
            record_id=row.id,
            municipality_code=row.municipality_code,
            kind=kind,
            reference=row.reference,
            received_on=row.created_at.astimezone(AMSTERDAM).date(),
            closed_on=row.closed_at.astimezone(AMSTERDAM).date(),
        )
        for kind in (periods.CLOSED, periods.WITHDRAWN)
        for row in await session.execute(_past(kind, days=days, now=now).order_by(Contribution.reference))
    ]


def _past(kind: str, *, days: int, now: datetime) -> Select[uuid.UUID, str, str, datetime, datetime]:
    """Select what of a kind has had its time and stands on no open list; never its words."""
    closed = closed_since().subquery()
    since = periods.kept_since(periods.kinds(days)[kind], Contribution.municipality_code, now=now)
    open_list = (
        select(DestructionItem.record_id)
        .join(DestructionList, DestructionList.id == DestructionItem.list_id)
        .where(
            DestructionItem.record_id == Contribution.id,
            DestructionList.state.in_(("voorgesteld", "goedgekeurd"))
            | ((DestructionItem.outcome == "bewaard") & (DestructionList.made_at > now - ASKED_AGAIN_AFTER)),
        )
    )
    return (
        select(
            Contribution.id,
            Contribution.municipality_code,
            Contribution.reference,
            Contribution.created_at,
            closed.c.closed_at,
        )
        .join(closed, closed.c.contribution_id == Contribution.id)
        .where(closed.c.status.in_(_statuses(kind)), closed.c.closed_at < since, ~open_list.exists())
    )


def _statuses(kind: str) -> set[str]:
    return {status for status in CLOSING if KIND_OF.get(status, periods.CLOSED) == kind}


async def _destroy(session: AsyncSession, item: DestructionItem, *, now: datetime) -> str:
    # Locked, so that nobody reopens it between looking and destroying.
    found = await session.scalar(select(Contribution.id).where(Contribution.id == item.record_id).with_for_update())
    if found is None:
        return "al_weg"
    closed = closed_since().subquery()
    closed_at = await session.scalar(select(closed.c.closed_at).where(closed.c.contribution_id == item.record_id))
    # Closed again since the list was made: its time starts anew, and nobody approved that.
    if closed_at is None or closed_at.astimezone(AMSTERDAM).date() != item.closed_on:
        return "heropend"
    await session.execute(delete(Contribution).where(Contribution.id == item.record_id))
    await erasures.note(session, erasures.CONTRIBUTION, item.record_id, now=now)
    return "vernietigd"
