"""The channels, each behind one interface: what holds for one has to hold for all.

A new channel adds its `Line` here, and all tests of the contract run on it.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx
import pytest

from bot.relay import process as relay_process
from bot.telegram import process as telegram_process
from participation.settings import Settings
from tests.bot_api import TOKEN, Fault, Person, TelegramDouble
from tests.integration.bot.conftest import SECRET, RasaDouble
from tests.relay_service import SECRET as RELAY_SECRET
from tests.relay_service import Correspondent, RelayService
from tests.web_visitor import Visitor, WebSide
from web.app import create_app

_numbers = itertools.count(800_001)


class Somebody(Protocol):
    """A resident in a channel."""

    async def says(self, text: str, count: int = 1) -> list[Any]: ...
    async def hears(self, count: int = 1, seconds: float = 10.0) -> list[Any]: ...
    async def presses(self, title: str, count: int = 1) -> list[Any]: ...
    @property
    def chat(self) -> list[Any]: ...


class Line(Protocol):
    """A channel with our side running, or not."""

    channel: str
    longest: int
    """Characters of one message at most."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Our side, for as long as the block lasts; a second is a restart."""

    def somebody(self) -> Somebody:
        """Someone who never spoke with the bot."""

    async def twice(self, person: Any, text: str) -> None:
        """Deliver one message of somebody two times."""

    async def write_unheard(self, person: Any, text: str) -> None:
        """Have somebody write without waiting for an answer."""

    def fail(self, *, times: int, lost: bool = False) -> None:
        """Fail to take the next messages; `lost` takes them, but nobody hears that."""


class PushingLine(Line, Protocol):
    """A channel in which messages come by themselves, and can be kept out."""

    async def keep_out(self, person: Any, out: bool) -> None:
        """Somebody keeps the bot out, or lets it in again."""


@asynccontextmanager
async def kept_going(run: Callable[..., Awaitable[None]], settings: Settings) -> AsyncIterator[None]:
    """A process of a channel, for as long as the block lasts."""
    task = asyncio.ensure_future(run(settings, clock=lambda: datetime.now(UTC)))
    try:
        yield
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@dataclass
class TelegramLine:
    """Telegram, with updates that are fetched."""

    telegram: TelegramDouble
    settings: Settings
    channel: str = "telegram"
    longest: int = 4096

    def running(self) -> AbstractAsyncContextManager[None]:
        return kept_going(telegram_process.run, self.settings)

    def somebody(self) -> Person:
        return Person(self.telegram, next(_numbers))

    async def twice(self, person: Person, text: str) -> None:
        message = person.message(text=text)
        for _ in range(2):
            await self.telegram.add("message", message)

    async def write_unheard(self, person: Person, text: str) -> None:
        await person.sends(text=text)

    def fail(self, *, times: int, lost: bool = False) -> None:
        self.telegram.faults["sendMessage"] += [Fault(lost=True) if lost else Fault(status=502)] * times

    async def keep_out(self, person: Person, out: bool) -> None:
        await person.membership("kicked" if out else "member")


@dataclass
class RelayLine:
    """A service of somebody else, with the route of the web process."""

    service: RelayService
    settings: Settings
    client: httpx.AsyncClient
    channel: str = "koppeling"
    longest: int = 4096

    def running(self) -> AbstractAsyncContextManager[None]:
        return kept_going(relay_process.run, self.settings)

    def somebody(self) -> Correspondent:
        return Correspondent(self.service, self.client, f"31600{next(_numbers)}")

    async def twice(self, person: Correspondent, text: str) -> None:
        for _ in range(2):
            await person.sends(id=f"{person.name}-dubbel", tekst=text)

    async def write_unheard(self, person: Correspondent, text: str) -> None:
        await person.sends(tekst=text)

    def fail(self, *, times: int, lost: bool = False) -> None:
        self.service.faults += [None if lost else 502] * times

    async def keep_out(self, person: Correspondent, out: bool) -> None:
        (self.service.stopped.add if out else self.service.stopped.discard)(person.name)


@dataclass
class WebLine:
    """The web chat: each page fetches what is new in its own conversation."""

    settings: Settings
    side: WebSide = field(default_factory=WebSide)
    channel: str = "web"
    longest: int = 100_000

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        app = create_app(self.settings)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://samenspel") as self.side.http,
        ):
            yield

    def somebody(self) -> Visitor:
        return Visitor(self.side)

    async def twice(self, person: Visitor, text: str) -> None:
        for _ in range(2):
            await person.sends(tekst=text, bericht_id="dubbel")

    async def write_unheard(self, person: Visitor, text: str) -> None:
        await person.sends(tekst=text)

    def fail(self, *, times: int, lost: bool = False) -> None:
        self.side.faults += [lost] * times


PUSHING = ["telegram", "koppeling"]


@pytest.fixture(params=[*PUSHING, "web"])
async def line(request: pytest.FixtureRequest, rasa: RasaDouble, database_url: str) -> AsyncIterator[Line]:
    """Each channel in turn."""
    known = {"database_url": database_url, "rasa_url": rasa.url, "rasa_secret": SECRET}
    if request.param == "telegram":
        telegram = TelegramDouble()
        await telegram.start()
        yield TelegramLine(telegram, Settings(demo=True, telegram_token=TOKEN, telegram_api_url=telegram.url, **known))
        await telegram.stop()
        return
    if request.param == "web":
        yield WebLine(Settings(demo=True, **known))
        return
    service = RelayService()
    await service.start()
    chosen = Settings(demo=True, relay_url=service.url, relay_secret=RELAY_SECRET, **known)
    app = create_app(chosen)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://samenspel") as client,
    ):
        yield RelayLine(service, chosen, client)
    await service.stop()


@pytest.fixture
async def process(line: Line) -> AsyncIterator[None]:
    """Our side, for tests that need it all the time."""
    async with line.running():
        yield
