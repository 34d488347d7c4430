"""A gateway on a real database, and a double of Rasa's internal channel that speaks real HTTP on loopback."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.gateway import Gateway
from bot.rasa import SECRET_HEADER, RasaClient
from bot.turn import Turn
from bot.visits import Opened
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Contribution, Message
from participation.settings import Settings

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
SECRET = "gedeeld-geheim"
TIMEOUT = 0.4
"""Seconds for Rasa in a test in which it keeps somebody waiting."""

Behaviour = Callable[[dict[str, Any]], Awaitable[tuple[int, bytes]]]


def said(*texts: str, **more: Any) -> bytes:
    """The body with which Rasa says something."""
    messages = [
        {"tekst": text, "soort": "antwoord", "knoppen": [], "links": [], "meer": None, **more} for text in texts
    ]
    return json.dumps({"berichten": messages}).encode()


async def echo(turn: dict[str, Any]) -> tuple[int, bytes]:
    return 200, said(f"Gehoord: {turn['tekst']}")


def always(status: int, body: bytes) -> Behaviour:
    async def answer(_: dict[str, Any]) -> tuple[int, bytes]:
        return status, body

    return answer


@dataclass
class RasaDouble:
    """What Rasa is asked, and how it behaves."""

    behaviour: Behaviour = echo
    turns: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    traces: list[str | None] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection is enough."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            if head[0].startswith("GET /webhooks/samenspel/health "):
                status, answer = 200, b"{}"
            else:
                assert head[0].startswith(("POST /webhooks/samenspel/beurt ", "POST /webhooks/samenspel/begrip "))
                self.turns.append(json.loads(body))
                self.secrets.append(headers.get(SECRET_HEADER.lower(), ""))
                self.traces.append(headers.get("traceparent"))
                status, answer = await self.behaviour(self.turns[-1])
            writer.write(
                f"HTTP/1.1 {status} X\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n\r\n".encode() + answer
            )
            await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def listening(double: RasaDouble) -> AsyncIterator[RasaDouble]:
    """Have a double take turns for as long as the block lasts."""
    server = await asyncio.start_server(double.serve, "127.0.0.1", 0)
    double.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield double
    server.close()
    await server.wait_closed()


@pytest.fixture
async def rasa() -> AsyncIterator[RasaDouble]:
    """Listens as long as the test runs."""
    async with listening(RasaDouble()) as double:
        yield double


@pytest.fixture
def settings(rasa: RasaDouble, database_url: str) -> Settings:
    return Settings(demo=True, database_url=database_url, rasa_url=rasa.url, rasa_secret=SECRET)


@pytest.fixture
async def gateway(database: Database, settings: Settings, now: datetime) -> AsyncIterator[Gateway]:
    """As in the web process."""
    client = RasaClient(settings)
    yield Gateway(database, settings, client, clock=lambda: now)
    await client.close()


def hurry(gateway: Gateway) -> None:
    """Let residents wait no longer than a test can."""
    gateway._settings = gateway._settings.model_copy(update={"rasa_timeout": TIMEOUT})


@pytest.fixture
async def opened(gateway: Gateway) -> Opened:
    """A conversation of somebody in Utrecht."""
    return await gateway.visits.open(channel="web", municipality_code=UTRECHT)


@pytest.fixture
async def somewhere(gateway: Gateway) -> Opened:
    """A conversation of somebody of whom the municipality is not known."""
    return await gateway.visits.open(channel="web")


def text_of(messages: list[Message]) -> list[str]:
    return [message.body["tekst"] for message in messages]


def button(message: Message, title: str) -> str:
    """The id of a button of this message."""
    [found] = [one["id"] for one in message.body["knoppen"] if one["titel"] == title]
    return str(found)


async def contributions_of(database: Database, conversation: Opened) -> list[tuple[str, str]]:
    """Text and municipality of what this conversation brought to the council."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.scalars(
            select(Contribution)
            .where(Contribution.conversation_id == conversation.conversation_id)
            .order_by(Contribution.reference)
        )
        return [(row.text, row.municipality_code) for row in rows]


async def received(database: Database, conversation: Opened) -> list[Message]:
    """What the database has of the resident's side."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.scalars(
            select(Message)
            .where(Message.conversation_id == conversation.conversation_id, Message.sender == "inwoner")
            .order_by(Message.id)
        )
        return list(rows)


async def count_messages(database: Database) -> int | None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.scalar(select(func.count()).select_from(Message))


async def say(gateway: Gateway, conversation: Opened, text: str, message_id: str | None = None) -> list[Message]:
    return await gateway.handle(Turn(conversation.conversation_id, message_id or uuid.uuid4().hex, text=text))


async def press(gateway: Gateway, conversation: Opened, choice: str, message_id: str | None = None) -> list[Message]:
    return await gateway.handle(Turn(conversation.conversation_id, message_id or uuid.uuid4().hex, choice=choice))
