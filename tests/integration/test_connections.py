"""Connections that rest in the pool while the server is started again."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from participation.database import EVERY_MUNICIPALITY, Database, engine


async def test_a_connection_that_died_while_it_rested_is_made_anew(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "REST_SECONDS", 0.0)
    backend = text("SELECT pg_backend_pid()")
    resting = Database(database_url)
    async with resting.session(EVERY_MUNICIPALITY) as session:
        first = await session.scalar(backend)
    async with resting.session(EVERY_MUNICIPALITY) as session:
        assert await session.scalar(backend) == first
    owner = Database(database_url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("SELECT pg_terminate_backend(:first, 5000)"), {"first": first})
    async with resting.session(EVERY_MUNICIPALITY) as session:
        assert await session.scalar(backend) != first
    await owner.close()
    await resting.close()


async def test_when_one_turns_out_to_be_lost_all_others_are_looked_at(database_url: str) -> None:
    """The server was started again within the second: of all that rest in the pool none is there any more."""
    resting, owner = Database(database_url), Database(database_url)
    backend = text("SELECT pg_backend_pid()")
    async with resting.session(EVERY_MUNICIPALITY) as one, resting.session(EVERY_MUNICIPALITY) as two:
        gone = [await one.scalar(backend), await two.scalar(backend)]
    async with owner.session(EVERY_MUNICIPALITY) as session:
        for number in gone:
            await session.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    with pytest.raises(OperationalError, match="BEGIN") as lost:
        async with resting.session(EVERY_MUNICIPALITY):
            pass
    assert EVERY_MUNICIPALITY not in str(lost.value)
    for _ in gone:
        async with resting.session(EVERY_MUNICIPALITY) as session:
            assert await session.scalar(backend) not in gone
    await owner.close()
    await resting.close()


async def test_who_is_alone_may_wait_on_a_server_that_is_impatient(database_url: str) -> None:
    setting = text("SELECT set_config('idle_in_transaction_session_timeout', '100', false)")
    database = Database(database_url, most=2)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(setting)  # of the one connection that there is
    async with database.alone(7, EVERY_MUNICIPALITY) as session:
        await asyncio.sleep(0.4)
        assert await session.scalar(text("SELECT current_setting('samenspel.gemeente')")) == EVERY_MUNICIPALITY
    with pytest.raises(DBAPIError, match="idle-in-transaction"):
        await _waits(database)
    await database.close()


async def _waits(database: Database) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        await asyncio.sleep(0.4)
        await session.scalar(text("SELECT 1"))
