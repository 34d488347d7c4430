"""A real web process to measure, with a double of Rasa behind it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from participation.settings import Settings
from tests.integration.bot.conftest import SECRET, RasaDouble, listening, said
from web.app import create_app


@pytest.fixture
async def rasa() -> AsyncIterator[RasaDouble]:
    async with listening(RasaDouble(well)) as double:
        yield double


@pytest.fixture
async def url(rasa: RasaDouble, database_url: str) -> AsyncIterator[str]:
    settings = Settings(demo=True, database_url=database_url, rasa_url=rasa.url, rasa_secret=SECRET, rasa_timeout=1.0)
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(20):
        while not server.started:  # noqa: ASYNC110  uvicorn tells no other way
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    app.state.chat.live.end()
    server.should_exit = True
    await task
    listener.close()


async def well(turn: dict[str, Any]) -> tuple[int, bytes]:
    if turn["keuze"]:
        return 200, said("Wat wilt u doorgeven?", soort="vraag")
    return 200, said(f"{turn['metadata']['gemeente']}: {turn['tekst']}")
