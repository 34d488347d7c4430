"""What a person at the desk has to look at: flags, near copies, much of one sender. Nothing is hidden or refused."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from participation.errors import ContributionUnknown
from participation.models import Clerk, Contribution, ContributionCheck, ContributionFlag
from participation.models.contribution import WITHDRAWN
from participation.services import audit
from participation.services.checking import WINDOW

URGENT_FIRST = ("noodgeval", "persoonlijke_nood", "bedreiging", "strafbaar")
COPIES, MADE_BY_A_PROGRAM, ONE_SENDER = "kopie", "automaat", "afzender"

FEWEST_COPIES = 3
FEWEST_BY_A_PROGRAM = 5
TOO_FAST_SECONDS = 20
"""From opening a chat to having read back and confirmed a text of forty characters or more; people take longer."""
MANY_OF_ONE = 5
"""Contributions of one sender within `ONE_SENDER_WINDOW` that are shown as a group."""
ONE_SENDER_WINDOW = timedelta(days=1)
SHOWN = 5


@dataclass(frozen=True)
class Flagged:
    """A flag with its contribution."""

    flag: ContributionFlag
    contribution: Contribution


@dataclass(frozen=True)
class Group:
    """Contributions that belong together. `senders` counts chats; what the desk entered counts one by one."""

    label: str
    count: int
    senders: int
    first_at: datetime
    last_at: datetime
    examples: Sequence[Contribution]


async def open_count(session: AsyncSession, *, municipality_code: str) -> int:
    """Count the flags that nobody has looked at yet."""
    found = await session.scalar(
        select(func.count()).where(
            ContributionFlag.municipality_code == municipality_code, ContributionFlag.seen_at.is_(None)
        )
    )
    return found or 0


async def flags(session: AsyncSession, *, municipality_code: str, seen: bool, limit: int = 100) -> list[Flagged]:
    """Return flags that were looked at, or not yet: danger first, then the newest."""
    urgency = case({kind: number for number, kind in enumerate(URGENT_FIRST)}, value=ContributionFlag.kind)
    order = (ContributionFlag.seen_at.desc(),) if seen else (urgency, ContributionFlag.created_at.desc())
    rows = await session.execute(
        select(ContributionFlag, Contribution)
        .join(Contribution, Contribution.id == ContributionFlag.contribution_id)
        .where(
            ContributionFlag.municipality_code == municipality_code,
            ContributionFlag.seen_at.is_not(None) if seen else ContributionFlag.seen_at.is_(None),
        )
        .order_by(*order, ContributionFlag.contribution_id)
        .limit(limit)
    )
    return [Flagged(flag, contribution) for flag, contribution in rows]


async def of_contribution(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID
) -> Sequence[ContributionFlag]:
    """Return the flags of one contribution."""
    found = await session.scalars(
        select(ContributionFlag)
        .where(
            ContributionFlag.contribution_id == contribution_id,
            ContributionFlag.municipality_code == municipality_code,
        )
        .order_by(ContributionFlag.kind)
    )
    return found.all()


async def judge(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_id: uuid.UUID,
    kind: str,
    is_right: bool,
    clerk: Clerk,
    now: datetime,
) -> None:
    """Note that a person looked at a flag, and what they made of it. The contribution itself does not change.

    Of what the resident withdrew the flag was all that was left, until somebody looked: it goes.

    Raises:
        ContributionUnknown: there is no such flag in this municipality.
    """
    flag = await session.scalar(
        select(ContributionFlag)
        .where(
            ContributionFlag.contribution_id == contribution_id,
            ContributionFlag.kind == kind,
            ContributionFlag.municipality_code == municipality_code,
        )
        .with_for_update()
    )
    if flag is None:
        raise ContributionUnknown
    flag.is_right, flag.seen_by, flag.seen_at = is_right, clerk.id, now
    await audit.record(
        session,
        action="inbreng.signaal",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(contribution_id),
        details={"soort": kind, "klopt": is_right},
        now=now,
    )
    if (await session.get_one(Contribution, contribution_id)).text == WITHDRAWN:
        await session.delete(flag)
    await session.flush()


async def groups(session: AsyncSession, *, municipality_code: str, now: datetime) -> list[Group]:
    """Return near copies of the last two weeks and much of one sender, the largest group first."""
    copies = await _copies(session, municipality_code, now)
    of_one = await _of_one_sender(session, municipality_code, now)
    return sorted([*copies, *of_one], key=lambda group: (-group.count, group.first_at))


async def _copies(session: AsyncSession, code: str, now: datetime) -> list[Group]:
    fast = func.count().filter(ContributionCheck.seconds_in_chat < TOO_FAST_SECONDS)
    rows = await session.execute(
        select(
            ContributionCheck.group_id,
            func.count(),
            func.count(func.distinct(func.coalesce(Contribution.resident_id, Contribution.id))),
            func.min(ContributionCheck.received_at),
            func.max(ContributionCheck.received_at),
            fast,
        )
        .join(Contribution, Contribution.id == ContributionCheck.contribution_id)
        .where(ContributionCheck.municipality_code == code, ContributionCheck.received_at > now - WINDOW)
        .group_by(ContributionCheck.group_id)
        .having(func.count() >= FEWEST_COPIES)
    )
    groups = rows.all()
    examples = await _examples(
        session,
        ContributionCheck.group_id,
        select(Contribution.id)
        .join(ContributionCheck, ContributionCheck.contribution_id == Contribution.id)
        .where(
            ContributionCheck.municipality_code == code,
            ContributionCheck.group_id.in_([group_id for group_id, *_ in groups]),
        ),
    )
    found = []
    for group_id, count, senders, first_at, last_at, too_fast in groups:
        by_a_program = count >= FEWEST_BY_A_PROGRAM and 2 * too_fast >= count
        label = MADE_BY_A_PROGRAM if by_a_program else COPIES
        found.append(Group(label, count, senders, first_at, last_at, examples[group_id]))
    return found


async def _of_one_sender(session: AsyncSession, code: str, now: datetime) -> list[Group]:
    recent = (Contribution.municipality_code == code, Contribution.created_at > now - ONE_SENDER_WINDOW)
    rows = await session.execute(
        select(
            Contribution.resident_id,
            func.count(),
            func.min(Contribution.created_at),
            func.max(Contribution.created_at),
        )
        .where(*recent, Contribution.resident_id.is_not(None))
        .group_by(Contribution.resident_id)
        .having(func.count() >= MANY_OF_ONE)
    )
    groups = rows.all()
    examples = await _examples(
        session,
        Contribution.resident_id,
        select(Contribution.id).where(
            *recent, Contribution.resident_id.in_([resident_id for resident_id, *_ in groups])
        ),
    )
    return [
        Group(ONE_SENDER, count, 1, first_at, last_at, examples[resident_id])
        for resident_id, count, first_at, last_at in groups
    ]


async def _examples(
    session: AsyncSession, group: InstrumentedAttribute[Any], among: Select[uuid.UUID]
) -> Mapping[uuid.UUID | None, list[Contribution]]:
    """Return the first few of each group, oldest first: one query, however many groups there are."""
    place = func.row_number().over(partition_by=group, order_by=(Contribution.created_at, Contribution.id))
    placed = among.add_columns(group.label("group"), place.label("place")).subquery()
    rows = await session.execute(
        select(placed.c.group, Contribution)
        .join(placed, placed.c.id == Contribution.id)
        .where(placed.c.place <= SHOWN)
        .order_by(Contribution.created_at, Contribution.id)
    )
    found: dict[uuid.UUID | None, list[Contribution]] = defaultdict(list)
    for group_id, contribution in rows:
        found[group_id].append(contribution)
    return found
