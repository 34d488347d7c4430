"""The telegram process on a real database, with doubles of Rasa and of the Bot API that speak real HTTP."""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.telegram.process import run
from bot.telegram.sending import TelegramTransport
from participation.database import EVERY_MUNICIPALITY, Database
from participation.services import clerks, municipality_settings
from participation.settings import Settings
from tests.bot_api import TOKEN, Person, TelegramDouble
from tests.integration.bot.conftest import AMERSFOORT, SECRET, UTRECHT, RasaDouble

WEBHOOK_SECRET = "w" * 40

Running = Callable[..., AbstractAsyncContextManager[None]]

_numbers = itertools.count(700_001)


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module", autouse=True)
async def municipalities_on_telegram(database: Database) -> None:
    """Two municipalities have said that they are there: none is by itself."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        roles = {UTRECHT: "griffier", AMERSFOORT: "griffier"}
        email = f"{uuid.uuid4().hex[:8]}@gemeente.example"
        clerk, _ = await clerks.create_clerk(session, email=email, name="Anna", roles=roles, now=clock())
        for code in roles:
            await municipality_settings.set_channels(
                session, municipality_code=code, on_telegram=True, sites=(), clerk=clerk, now=clock()
            )


@pytest.fixture(autouse=True)
def no_pace_in_a_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test says in one second what people say in a minute; `test_pace.py` is about how fast messages leave."""
    monkeypatch.setattr(TelegramTransport, "per_chat", None)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramDouble]:
    """The Bot API, as long as the test runs."""
    double = TelegramDouble()
    await double.start()
    yield double
    await double.stop()


@pytest.fixture
def settings(rasa: RasaDouble, telegram: TelegramDouble, database_url: str) -> Settings:
    """As in development: updates are fetched."""
    return Settings(
        demo=True,
        database_url=database_url,
        rasa_url=rasa.url,
        rasa_secret=SECRET,
        telegram_token=TOKEN,
        telegram_api_url=telegram.url,
        telegram_webhook_secret=WEBHOOK_SECRET,
    )


@pytest.fixture
def running(settings: Settings) -> Running:
    """Run the telegram process for as long as a block lasts, with settings changed or not; a second is a restart."""

    @asynccontextmanager
    async def block(**changed: object) -> AsyncIterator[None]:
        task = asyncio.create_task(run(settings.model_copy(update=changed), clock=clock))
        try:
            yield
            assert not task.done(), task.exception()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return block


@pytest.fixture
async def process(running: Running) -> AsyncIterator[None]:
    """The telegram process, for tests that need it all the time."""
    async with running():
        yield


@pytest.fixture
def person(telegram: TelegramDouble) -> Person:
    """Someone who never spoke with the bot."""
    return Person(telegram, next(_numbers))


@pytest.fixture
def another(telegram: TelegramDouble) -> Person:
    """Someone else."""
    return Person(telegram, next(_numbers))


async def rows(database: Database, model: Any, *where: Any) -> list[Any]:
    """What stands in a table."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        return list(await session.scalars(select(model).where(*where)))


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
    """Wait until something is so in the database."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110  only PostgreSQL knows
            await asyncio.sleep(0.05)
