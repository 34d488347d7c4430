"""Connections that rest in the pool while the server is started again."""

import pytest
from sqlalchemy import text

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
