"""Requests go to whom is ready, by turns, and to another when one has stopped listening."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Response

from bench.upgrade.balancing import Balanced


@dataclass
class Place:
    """A web process that says whether it is ready."""

    name: str
    ready: bool = True
    url: str = ""
    asked: list[str] = field(default_factory=list)
    server: uvicorn.Server | None = None

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/gezondheid/gereed")
        async def health() -> Response:
            return Response(status_code=200 if self.ready else 503)

        @app.get("/{what}")
        async def answer(what: str) -> str:
            self.asked.append(what)
            return self.name

        return app


@pytest.fixture
async def places() -> AsyncIterator[tuple[Place, Place]]:
    both, tasks, listeners = (Place("oud"), Place("nieuw")), [], []
    for place in both:
        listeners.append(socket.create_server(("127.0.0.1", 0)))
        place.url = f"http://127.0.0.1:{listeners[-1].getsockname()[1]}"
        place.server = uvicorn.Server(uvicorn.Config(place.app(), log_level="error", ws="none"))
        tasks.append(asyncio.create_task(place.server.serve(sockets=[listeners[-1]])))
    async with asyncio.timeout(20):
        while not all(place.server.started for place in both):  # noqa: ASYNC110  uvicorn tells no other way
            await asyncio.sleep(0.01)
    yield both
    for place in both:
        place.server.should_exit = True
    await asyncio.gather(*tasks)
    for listener in listeners:
        listener.close()


async def test_who_is_not_ready_gets_nothing_and_who_is_gone_is_passed_over(places: tuple[Place, Place]) -> None:
    old, new = places
    with socket.create_server(("127.0.0.1", 0)) as freed:
        nobody = f"http://127.0.0.1:{freed.getsockname()[1]}"
    balanced = Balanced((old.url, new.url, nobody))
    async with (
        httpx.AsyncClient(trust_env=False) as looking,
        httpx.AsyncClient(base_url="http://samenspel", transport=balanced) as http,
    ):
        with pytest.raises(httpx.ConnectError):
            await http.get("/te-vroeg")
        balanced.admit(old.url)
        await balanced.look(looking)
        assert balanced.ready == [httpx.URL(old.url)], "the other does not take part yet"
        balanced.admit(new.url)
        await balanced.look(looking)
        assert [(await http.get("/samen")).json() for _ in range(4)] == ["oud", "nieuw"] * 2
        old.ready = False
        await balanced.look(looking)
        assert {(await http.get("/nieuw")).json() for _ in range(4)} == {"nieuw"}
        balanced.ready = [httpx.URL(nobody), httpx.URL(new.url)]  # it stopped since the last look
        assert {(await http.get("/daarna")).json() for _ in range(4)} == {"nieuw"}
    assert old.asked == ["samen", "samen"]
    assert list(balanced.taken.values()) == [2, 10, 0]
