"""Connections that rest in the pool while the server is started again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from participation.database import EVERY_MUNICIPALITY, Alone, Database, engine


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


BACKEND = text("SELECT pg_backend_pid()")
LOCK = 7


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


async def is_free(database: Database) -> bool:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return bool(await session.scalar(text(f"SELECT pg_try_advisory_xact_lock({LOCK})")))


async def test_who_is_alone_holds_the_lock_until_the_last_transaction_ends_and_waits_in_none(
    database: Database,
) -> None:
    doing = text("SELECT state FROM pg_stat_activity WHERE pid = :backend")
    async with database.alone(LOCK, EVERY_MUNICIPALITY) as alone:
        backend = await alone.session.scalar(BACKEND)
        assert not await is_free(database)
        await alone.session.commit()
        assert not await is_free(database)
        async with database.session(EVERY_MUNICIPALITY) as session:
            assert await session.scalar(doing, {"backend": backend}) == "idle", "it waits in no transaction"
        await alone.begin_last()
        scope = await alone.session.scalar(text("SELECT current_setting('samenspel.gemeente')"))
        assert (scope, await alone.session.scalar(BACKEND)) == (EVERY_MUNICIPALITY, backend)
        assert not await is_free(database)
    assert await is_free(database)


@pytest.mark.parametrize("when", ["in the first", "in between", "in the last", "never"])
@pytest.mark.parametrize("fault", [RuntimeError, asyncio.CancelledError, "statement", "connection"])
async def test_however_it_ends_the_lock_is_given_back_and_the_connection_is_of_use(
    database: Database, when: str, fault: type[BaseException] | str
) -> None:
    async def goes_wrong(alone: Alone, now: str) -> None:
        if now != when:
            return
        if fault == "statement":
            await alone.session.execute(text("SELECT 1 / 0"))
        if fault == "connection":
            backend = await alone.session.scalar(BACKEND)
            async with database.session(EVERY_MUNICIPALITY) as session:
                await session.execute(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
            await alone.session.scalar(BACKEND)
        if isinstance(fault, type):
            raise fault

    async def run() -> None:
        async with database.alone(LOCK, EVERY_MUNICIPALITY) as alone:
            await goes_wrong(alone, "in the first")
            await alone.session.commit()
            await goes_wrong(alone, "in between")
            if when != "never":
                await alone.begin_last()
                await goes_wrong(alone, "in the last")

    expected = fault if isinstance(fault, type) else DBAPIError
    with contextlib.nullcontext() if when == "never" else pytest.raises(expected):
        await run()
    for _ in range(2):
        assert await is_free(database)
        async with database.alone(LOCK, EVERY_MUNICIPALITY) as alone:
            await alone.session.commit()
            await alone.begin_last()


async def test_who_waits_for_the_lock_in_vain_leaves_nothing(database: Database) -> None:
    async with database.alone(LOCK, EVERY_MUNICIPALITY) as alone:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3), database.alone(LOCK, EVERY_MUNICIPALITY):
                pass
        await alone.session.commit()
    assert await is_free(database)
