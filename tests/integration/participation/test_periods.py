"""Municipalities keep things for as long as they choose, within bounds; a look beforehand counts what then goes."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import AuditEvent, Clerk, Conversation, DestructionList, Message, RetentionPeriod
from participation.privacy import periods, retention
from participation.privacy.periods import CHAT, CLOSED, PeriodOutOfBounds
from participation.services import conversations
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Converse
from tests.traces import make_tracker, write_tracker

DAYS = 28
Choose = Callable[..., Awaitable[bool]]


@pytest.fixture
async def choose(database: Database, clerk: Clerk, now: datetime) -> Choose:
    async def chosen(kind: str, days: int, code: str = UTRECHT) -> bool:
        async with database.session(code) as session:
            return await periods.choose(
                session, municipality_code=code, kind=kind, days=days, chat_days=DAYS, clerk=clerk, now=now
            )

    return chosen


async def say(database: Database, conversation: Conversation, at: datetime) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        await conversations.receive(
            session,
            conversation_id=conversation.id,
            external_id=uuid.uuid4().hex,
            body={"tekst": "Mijn verhaal"},
            now=at,
        )


async def messages_of(database: Database, conversation: Conversation) -> int | None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.scalar(select(func.count()).where(Message.conversation_id == conversation.id))


async def test_each_municipality_keeps_chats_for_its_own_time_and_what_went_is_counted(
    database: Database, database_url: str, converse: Converse, choose: Choose, now: datetime
) -> None:
    """Ten days old: too old for Utrecht, which keeps seven days, and for nobody else."""
    make_tracker(database_url)
    assert await choose(CHAT, 7)
    then = now - timedelta(days=10)
    theirs = {code: await converse(then, code) for code in (UTRECHT, AMERSFOORT, None)}
    for conversation in theirs.values():
        await say(database, conversation, then)
        write_tracker(database_url, sender=conversation.id, at=then.timestamp(), data="oud")
    async with database.session(EVERY_MUNICIPALITY) as session:
        counted = await retention.expired(session, days=DAYS, now=now)
    assert counted == {CHAT: {UTRECHT: 1}, "oordelen": {}, "onduidelijk": {}, "contact": {}}
    assert [await messages_of(database, one) for one in theirs.values()] == [1, 1, 1], "a look changes nothing"
    async with database.session(EVERY_MUNICIPALITY) as session:
        erased = await retention.erase_expired(session, days=DAYS, now=now)
    assert (erased.messages, erased.conversations, erased.residents, erased.tracker_events) == (1, 1, 1, 1)
    assert [await messages_of(database, one) for one in theirs.values()] == [0, 1, 1]
    async with database.session(UTRECHT) as session:
        [evidence] = (await session.scalars(select(DestructionList))).all()
    assert (evidence.state, evidence.counts, evidence.periods) == ("vanzelf", {CHAT: 1}, {CHAT: 7})


@pytest.mark.parametrize(("kind", "days"), [(CHAT, 0), (CHAT, 29), (CLOSED, 364), (CLOSED, 7301), ("iets", 10)])
async def test_a_period_outside_the_bounds_is_refused(database: Database, choose: Choose, kind: str, days: int) -> None:
    with pytest.raises(PeriodOutOfBounds):
        await choose(kind, days)
    async with database.session(UTRECHT) as session:
        kept = await session.get(RetentionPeriod, (UTRECHT, kind))
    assert kept is None or kept.days != days


async def test_a_choice_is_logged_and_the_same_choice_again_is_not(
    database: Database, choose: Choose, clerk: Clerk
) -> None:
    assert [await choose(CLOSED, 400), await choose(CLOSED, 400), await choose(CLOSED, 500)] == [True, False, True]
    async with database.session(UTRECHT) as session:
        logged = await session.scalars(
            select(AuditEvent.details)
            .where(AuditEvent.clerk_id == clerk.id, AuditEvent.record == CLOSED)
            .order_by(AuditEvent.id)
        )
        assert logged.all() == [{"van": 1825, "naar": 400}, {"van": 400, "naar": 500}]


async def test_an_installation_that_promises_less_cuts_what_was_chosen_before(
    database: Database, converse: Converse, choose: Choose, now: datetime
) -> None:
    await choose(CHAT, 20, AMERSFOORT)
    conversation = await converse(now - timedelta(days=12), AMERSFOORT)
    await say(database, conversation, now - timedelta(days=12))
    async with database.session(EVERY_MUNICIPALITY) as session:
        in_force = await periods.in_force(session, municipality_code=AMERSFOORT, chat_days=10)
        await retention.erase_expired(session, days=10, now=now)
    assert in_force[CHAT] == 10
    assert await messages_of(database, conversation) == 0
