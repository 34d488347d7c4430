"""A feed of Utrecht, and somebody else's site to read it from."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import delete

from participation.council import feeds
from participation.council.fetch import Fetcher
from participation.council.sources import Surroundings
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import CouncilFeed
from tests.council_site import Site, serve

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
AddFeed = Callable[..., Awaitable[CouncilFeed]]
ImportTable = Callable[..., Awaitable[object]]


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def around(site: Site) -> Surroundings:
    """Reaching the site on loopback, which production refuses."""
    free = Fetcher(public_only=False, seconds=5)
    return Surroundings(typed=free, owned=free, ori_url=f"{site.url}/v1/elastic")


@pytest.fixture(autouse=True)
async def _no_feeds(database: Database) -> AsyncIterator[None]:
    yield
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(CouncilFeed))


@pytest.fixture
def add_feed(database: Database, now: datetime) -> AddFeed:
    async def add(kind: str, address: str, code: str = UTRECHT, at: datetime = now, **more: int) -> CouncilFeed:
        async with database.session(code) as session:
            return await feeds.add(session, municipality_code=code, kind=kind, address=address, now=at, **more)

    return add


@pytest.fixture
def import_table(database: Database, now: datetime) -> ImportTable:
    async def handed_over(text: str, code: str = UTRECHT, at: datetime = now) -> object:
        async with database.session(code) as session:
            return await feeds.hand_over(
                session, municipality_code=code, name="proef.csv", content=text.encode(), now=at
            )

    return handed_over
