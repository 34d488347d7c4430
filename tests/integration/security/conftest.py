"""The whole web process, as one application and on a socket; nobody is signed in and Rasa is away."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from participation.settings import Settings
from web.app import create_app
from web.patience import ImpatientProtocol

HOST = "https://samenspel.example"
SECRETS = {
    name: f"geplant-{name.replace('_', '-')}-0123456789-abcdefghij-0123456789"
    for name in (
        "secret_key",
        "pseudonym_key",
        "rasa_secret",
        "actions_secret",
        "telegram_webhook_secret",
        "relay_secret",
    )
}
"""Values that would stand out wherever they turned up."""


@pytest.fixture(scope="module")
def settings(database_url: str) -> Settings:
    """Every way in is open, so that every route is there."""
    return Settings(
        demo=True,
        database_url=database_url,
        **SECRETS,
        rasa_url="http://127.0.0.1:9",
        rasa_timeout=2.0,
        public_url=HOST,
        telegram_token="1:geplant-telegram-token",
        telegram_mode="webhook",
        relay_url="http://127.0.0.1:9",
    )


@pytest.fixture(scope="module")
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The web process, running."""
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


@pytest.fixture
async def port(app: FastAPI) -> AsyncIterator[int]:
    """The port of a real server, set up as `python -m web` does."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_level="critical", http=ImpatientProtocol, ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110  uvicorn tells no other way
            await asyncio.sleep(0.01)
    yield int(listening.getsockname()[1])
    server.should_exit = server.force_exit = True
    await task
    listening.close()
