"""When an update is due: what waits for an earlier one of the same sender is not late because of that."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Incoming
from participation.services import incoming
from participation.services.incoming import Update

MINUTE = timedelta(minutes=1)


def update(number: int, sender: bytes = b"een", *, urgent: bool = False) -> Update:
    return Update("telegram", number, sender, b"x", urgent)


async def due(database: Database) -> dict[int, datetime]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = await session.scalars(select(Incoming).where(Incoming.handled_at.is_(None)))
        return {one.update_id: one.due_at for one in found}


@pytest.mark.parametrize("held", [True, False])
async def test_what_waits_behind_one_that_is_held_up_becomes_due_with_it(
    database: Database, now: datetime, *, held: bool
) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        for one in (update(1), update(2), update(3, b"ander")):
            await incoming.store(session, one, now=now)
        head = await incoming.next_waiting(session, channel="telegram", now=now)
        assert head is not None
        assert head.update_id == 1
        if held:
            await incoming.hold_back(session, head, now=now, wait=MINUTE)
        else:
            await incoming.postpone(session, head, now=now)
        later = head.due_at
    async with database.session(EVERY_MUNICIPALITY) as session:
        for one in (update(4), update(5, urgent=True), update(6, b"ander")):
            await incoming.store(session, one, now=now)
    assert later > now
    assert await due(database) == {1: later, 2: later, 3: now, 4: later, 5: now, 6: now}
    async with database.session(EVERY_MUNICIPALITY) as session:
        for row in await session.scalars(select(Incoming)):
            await session.delete(row)


async def test_one_that_keeps_failing_holds_up_no_others_any_more(database: Database, now: datetime) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        for one in (update(1), update(2)):
            await incoming.store(session, one, now=now)
        head = await incoming.next_waiting(session, channel="telegram", now=now)
        assert head is not None
        head.attempts = incoming.HOLDS_UP - 1
        await incoming.postpone(session, head, now=now)
        await incoming.store(session, update(3), now=now)
    found = await due(database)
    assert (found[1] > now, found[2], found[3]) == (True, now, now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        for row in await session.scalars(select(Incoming)):
            await session.delete(row)
