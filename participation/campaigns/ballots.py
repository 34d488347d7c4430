"""Votes that come in side by side, written together: what keeps up when a whole town votes at once.

Most of what a vote costs is its transaction. What comes in while one is being written waits for the next, so that on a
quiet day each vote is written by itself and at once, and on a busy one many go together.
"""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, DateTime, SmallInteger, Uuid, bindparam, column, func, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import states
from participation.campaigns.faults import CampaignClosed, StatementUnknown
from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import DomainError
from participation.models import Campaign, Conversation, Participant, Statement, Vote

MOST_TOGETHER = 50
"""Votes in one transaction; more wait for the next."""

LOCK_SECONDS = 0.5
"""How long a transaction waits for a row that another holds. Then each vote in it is written by itself: who is erased
at that moment keeps nobody else waiting for long."""


@dataclass(frozen=True)
class Ballot:
    """A vote of who holds the key of a conversation: 1 agrees, -1 disagrees, 0 does not know."""

    conversation_id: uuid.UUID
    statement_id: uuid.UUID
    value: int
    at: datetime


class VoteUncertain(Exception):
    """Something went wrong while a vote was written: it may not be kept. Sending it again is safe."""


@dataclass(frozen=True)
class _Waiting:
    ballot: Ballot
    kept: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def hears(self, fault: Exception | None) -> None:
        """Tell who sent it, unless they went away: what was in hand is written all the same."""
        if self.kept.done():
            return
        if fault is None:
            self.kept.set_result(None)
        else:
            self.kept.set_exception(fault)


class BallotBox:
    """Where the votes of one process go in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def cast(self, ballot: Ballot) -> None:
        """Keep a vote; the latest one on a statement counts. Comes back when it is on disk.

        Raises:
            CampaignClosed: it takes no answers now, or this resident does not take part.
            StatementUnknown: not one that is voted on.
            VoteUncertain: the vote may not be kept.
        """
        waiting = _Waiting(ballot)
        self._waiting.append(waiting)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await waiting.kept

    async def close(self) -> None:
        """Write what is still in hand."""
        if self._writing is not None:
            await self._writing

    async def _write_all(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            faults = await self._write(together)
            if len(together) > 1 and any(map(_of_one_of_them, faults)):
                for one in together:
                    one.hears(*await self._write([one]))
            else:
                for one, fault in zip(together, faults, strict=True):
                    one.hears(fault)

    async def _write(self, together: Sequence[_Waiting]) -> Sequence[Exception | None]:
        try:
            async with self._database.session(EVERY_MUNICIPALITY) as session:
                await session.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                return await cast_all(session, [one.ballot for one in together])
        except Exception as error:  # noqa: BLE001  whatever it is: who waits has to hear it
            return [_uncertain(error) for _ in together]


def _uncertain(error: Exception) -> VoteUncertain:
    """One for each who waits: raising it notes where, on the exception itself."""
    fault = VoteUncertain()
    fault.__cause__ = error
    return fault


def _of_one_of_them(fault: Exception | None) -> bool:
    """Whether PostgreSQL could not do it for some row: of somebody who is erased just now, say."""
    cause = fault.__cause__ if isinstance(fault, VoteUncertain) else None
    return isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlstate", None) is not None


async def cast_all(session: AsyncSession, ballots: Sequence[Ballot]) -> list[DomainError | None]:
    """Keep votes; of two by one participant on one statement the later in the row counts.

    Returns for each the fault by which it was not kept, or None: CampaignClosed or StatementUnknown.
    """
    given = {
        "who": [one.conversation_id for one in ballots],
        "statement": [one.statement_id for one in ballots],
        "value": [one.value for one in ballots],
        "at": [one.at for one in ballots],
    }
    kept = set(await session.scalars(_casting(), given))
    missed = {one.statement_id for number, one in enumerate(ballots, start=1) if number not in kept}
    if not missed:
        return [None] * len(ballots)
    known = set(await session.scalars(select(Statement.id).where(Statement.id.in_(missed), Statement.state == "goed")))
    return [
        None if number in kept else CampaignClosed() if one.statement_id in known else StatementUnknown()
        for number, one in enumerate(ballots, start=1)
    ]


@cache
def _casting() -> Any:
    """The statement that keeps votes and returns the numbers of those that count, from 1.

    Whether the campaign is open is looked at where the votes are written. Votes are written in one order, and a
    participant whose row another transaction holds is passed by (when they were last there is written soon enough), so
    that no two transactions wait for each other.
    """
    ballot = (
        func.unnest(
            bindparam("who", type_=ARRAY(Uuid)),
            bindparam("statement", type_=ARRAY(Uuid)),
            bindparam("value", type_=ARRAY(SmallInteger)),
            bindparam("at", type_=ARRAY(DateTime(timezone=True))),
        )
        .table_valued(
            column("who", Uuid),
            column("statement", Uuid),
            column("value", SmallInteger),
            column("at", DateTime(timezone=True)),
            with_ordinality="number",
            name="ballot",
        )
        .render_derived()
    )
    columns = ("participant_id", "statement_id", "campaign_id", "municipality_code", "value", "at")
    valid = (
        select(
            ballot.c.number,
            Participant.id.label("participant_id"),
            Statement.id.label("statement_id"),
            Participant.campaign_id,
            Participant.municipality_code,
            ballot.c.value,
            ballot.c.at,
        )
        .join(Conversation, Conversation.id == ballot.c.who)
        .join(Participant, Participant.resident_id == Conversation.resident_id)
        .join(Statement, (Statement.id == ballot.c.statement) & (Statement.campaign_id == Participant.campaign_id))
        .join(Campaign, Campaign.id == Participant.campaign_id)
        .where(Statement.state == "goed", states.open_now(ballot.c.at))
        .cte("valid")
    )
    latest = (
        select(*(valid.c[name] for name in columns))
        .ext(distinct_on(valid.c.participant_id, valid.c.statement_id))
        .order_by(valid.c.participant_id, valid.c.statement_id, valid.c.number.desc())
    )
    written = insert(Vote).from_select(
        ["participant_id", "statement_id", "campaign_id", "municipality_code", "value", "cast_at"], latest
    )
    cast = (
        written.on_conflict_do_update(
            index_elements=["participant_id", "statement_id"],
            set_={"value": written.excluded.value, "cast_at": written.excluded.cast_at},
            where=written.excluded.cast_at >= Vote.cast_at,  # one that waited does not undo a later one
        )
        .returning(Vote.participant_id, Vote.cast_at)
        .cte("cast")
    )
    last = (
        select(cast.c.participant_id, func.max(cast.c.cast_at).label("at")).group_by(cast.c.participant_id).cte("last")
    )
    free = (
        select(Participant.id, last.c.at)
        .join(last, last.c.participant_id == Participant.id)
        .with_for_update(key_share=True, skip_locked=True, of=Participant)
        .cte("free")
    )
    seen = (
        update(Participant)
        .where(Participant.id == free.c.id)
        .values(last_at=func.greatest(Participant.last_at, free.c.at))
        .execution_options(synchronize_session=False)
        .cte("seen")
    )
    return select(valid.c.number).add_cte(seen)
