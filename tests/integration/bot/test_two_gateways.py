"""Two web processes on one database: for a resident it makes no difference which of them answers."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from participation.settings import Settings
from tests.integration.bot.conftest import UTRECHT, RasaDouble, echo
from web.app import create_app

CHAT = "/api/v1/chat"


class Served:
    """A web process, as far as the network can tell."""

    def __init__(self, app: FastAPI, http: httpx.AsyncClient) -> None:
        self.app, self.http = app, http

    async def says(self, key: dict[str, str], text: str, turn_id: str) -> list[tuple[int, str]]:
        body = {"tekst": text, "bericht_id": turn_id}
        answer = (await self.http.post(f"{CHAT}/berichten", json=body, headers=key)).raise_for_status()
        return [(message["id"], message["tekst"]) for message in answer.json()["berichten"]]

    @asynccontextmanager
    async def listens(self, key: dict[str, str], after: int = 0) -> AsyncIterator[AsyncIterator[tuple[int, str]]]:
        headers = {**key, **({"Last-Event-ID": str(after)} if after else {})}
        async with self.http.stream("GET", f"{CHAT}/gebeurtenissen", headers=headers) as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == ": open"
            yield messages_in(lines)


async def messages_in(lines: AsyncIterator[str]) -> AsyncIterator[tuple[int, str]]:
    async for line in lines:
        if line.startswith("data: "):
            message = json.loads(line.removeprefix("data: "))
            yield message["id"], message["tekst"]


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Served]:
    app, listener = create_app(settings), socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(30):
        while not server.started:  # noqa: ASYNC110  uvicorn tells no other way
            await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
        yield Served(app, http)
        app.state.chat.live.end()
        server.should_exit = True
    await task
    listener.close()


@pytest.fixture
async def both(settings: Settings) -> AsyncIterator[tuple[Served, Served]]:
    async with serving(settings) as one, serving(settings) as two:
        yield one, two


async def test_two_web_processes_are_one_to_a_resident(both: tuple[Served, Served], rasa: RasaDouble) -> None:
    one, two = both
    opened = (await one.http.post(f"{CHAT}/gesprekken", json={"gemeente": UTRECHT})).json()
    key = {"Authorization": f"Bearer {opened['token']}"}
    at_work: list[int] = []

    async def slowly(turn: dict[str, Any]) -> tuple[int, bytes]:
        at_work.append(at_work[-1] + 1 if at_work else 1)
        await asyncio.sleep(0.15)
        at_work.append(at_work[-1] - 1)
        return await echo(turn)

    rasa.behaviour = slowly
    async with one.listens(key) as at_one, two.listens(key) as at_two, asyncio.timeout(60):
        same = await asyncio.gather(*(served.says(key, "hallo", "een") for served in (one, two, one, two)))
        assert len(rasa.turns) == 1, "a turn that comes in at both is one turn"
        assert all(answer == same[0] for answer in same)

        turns = [(one, two)[number % 2].says(key, f"bericht {number}", str(number)) for number in range(4)]
        answers = await asyncio.gather(*turns)
        assert max(at_work) == 1, "turns of a conversation wait for each other, also at the other process"
        assert [text for [(_, text)] in answers] == [f"Gehoord: bericht {number}" for number in range(4)]

        heard = [[await anext(stream) for _ in range(10)] for stream in (at_one, at_two)]
    whole = (await two.http.get(f"{CHAT}/gesprekken/huidig", headers=key)).json()["berichten"]
    told = [(message["id"], message["tekst"]) for message in whole[1:]]
    assert heard == [told, told], "who listens at either hears all that was said, once and in order"

    one.app.state.chat.live.end()
    [(_, missed)] = await two.says(key, "en nu?", "later")
    async with two.listens(key, after=told[-1][0]) as resumed, asyncio.timeout(30):
        assert [(await anext(resumed))[1] for _ in range(2)] == ["en nu?", missed]
