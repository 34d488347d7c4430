"""Updates of a channel: kept before the channel hears that we have them, handled once, in order for each sender."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.models import Incoming
from participation.services.notify import notify

HOLDS_UP = 6
"""After so many faults of our own (about a minute) an update holds up no others: they have waited long enough. It is
never given up itself."""

LONGEST_WAIT = timedelta(minutes=5)
"""Between two attempts."""

NOBODY = b""
"""Stands for the sender of what has been handled: from then on, nothing has to stay in order."""


@dataclass(frozen=True)
class Update:
    """What a channel sent. `sealed` is encrypted; `urgent` when somebody may be in danger."""

    channel: str
    id: int
    sender: bytes
    sealed: bytes
    urgent: bool


async def store(session: AsyncSession, received: Update, *, now: datetime) -> bool:
    """Keep an update and wake who handles it. Returns whether it is new: a channel may send one twice."""
    held_until = (
        select(func.max(Incoming.due_at)).where(_held_up_by(received.channel, received.sender)).scalar_subquery()
    )
    statement = (
        insert(Incoming)
        .values(
            channel=received.channel,
            update_id=received.id,
            sender=received.sender,
            urgent=received.urgent,
            body=received.sealed,
            received_at=now,
            due_at=now if received.urgent else func.greatest(now, held_until),
            attempts=0,
        )
        .on_conflict_do_nothing()
        .returning(Incoming.update_id)
    )
    new = await session.scalar(statement) is not None
    if new:
        await notify(session, received.channel)
    return new


async def next_waiting(
    session: AsyncSession, *, channel: str, now: datetime, only_urgent: bool = False
) -> Incoming | None:
    """Return an update to handle, locked until the transaction ends.

    Of each sender only the oldest, so that nothing is answered out of order; urgent ones wait for nobody.
    """
    earlier = aliased(Incoming)
    first_of_sender = ~exists(
        select(earlier.update_id).where(
            earlier.channel == Incoming.channel,
            earlier.sender == Incoming.sender,
            earlier.update_id < Incoming.update_id,
            earlier.handled_at.is_(None),
            earlier.attempts < HOLDS_UP,
        )
    )
    return await session.scalar(
        select(Incoming)
        .where(
            Incoming.channel == channel,
            Incoming.handled_at.is_(None),
            Incoming.due_at <= now,
            Incoming.urgent if only_urgent else or_(Incoming.urgent, first_of_sender),
        )
        .order_by(Incoming.urgent.desc(), Incoming.update_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def next_due(session: AsyncSession, *, channel: str) -> datetime | None:
    """Return when the first update that waits may be tried."""
    return await session.scalar(
        select(func.min(Incoming.due_at)).where(Incoming.channel == channel, Incoming.handled_at.is_(None))
    )


def finish(incoming: Incoming, *, now: datetime) -> None:
    """Erase what was in it and from whom; that it came stays known for a while."""
    incoming.handled_at = now
    incoming.body = None
    incoming.sender = NOBODY


async def postpone(session: AsyncSession, incoming: Incoming, *, now: datetime) -> None:
    """Try again later after a fault of ours, longer after every attempt."""
    incoming.attempts = min(incoming.attempts + 1, 20)
    await _not_before(session, incoming, now + min(timedelta(seconds=2**incoming.attempts), LONGEST_WAIT))


async def hold_back(session: AsyncSession, incoming: Incoming, *, now: datetime, wait: timedelta) -> None:
    """Let somebody who sends too much wait."""
    await _not_before(session, incoming, now + wait)


async def _not_before(session: AsyncSession, incoming: Incoming, due_at: datetime) -> None:
    """What the same sender sent after it waits for it, and is not late because of that."""
    incoming.due_at = due_at
    if incoming.attempts < HOLDS_UP:
        behind = (_held_up_by(incoming.channel, incoming.sender), ~Incoming.urgent, Incoming.due_at < due_at)
        await session.execute(update(Incoming).where(*behind).values(due_at=due_at))


def _held_up_by(channel: str, sender: bytes) -> ColumnElement[bool]:
    return and_(
        Incoming.channel == channel,
        Incoming.sender == sender,
        Incoming.handled_at.is_(None),
        Incoming.attempts < HOLDS_UP,
    )
