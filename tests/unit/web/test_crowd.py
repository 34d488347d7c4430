"""Who comes when the process has its hands full hears so at once, and nobody is kept out by who only listens."""

import asyncio
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from bot.metrics import Metrics
from web.crowd import RETRY_SECONDS, Crowd

POST = {"type": "http", "method": "POST", "path": "/api/v1/chat/berichten", "headers": [(b"content-length", b"2")]}
ALL_OF_IT: Message = {"type": "http.request", "body": b"{}", "more_body": False}


@dataclass
class Slow:
    """An application that answers when it may; of /gebeurtenissen it sends the head and goes on."""

    may: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        self.begun += 1
        stream = scope["path"].endswith("gebeurtenissen")
        headers = [(b"content-type", b"text/event-stream; charset=utf-8")] if stream else []
        if stream:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            gone = asyncio.create_task(receive())  # as Starlette does, to hear that somebody went away
            await asyncio.sleep(0)
        await self.may.wait()
        if stream:
            gone.cancel()
        if not stream:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ja"})


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def crowd(slow: Slow) -> Crowd:
    return Crowd(slow, Metrics(), most=2)


async def until(slow: Slow, begun: int) -> None:
    for _ in range(1000):
        if slow.begun >= begun:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"{slow.begun} of {begun} began")


async def test_who_comes_when_it_is_full_hears_so_and_is_served_later(crowd: Crowd, slow: Slow) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(crowd), base_url="http://test") as http:
        inside = [asyncio.create_task(http.post("/api/v1/chat/berichten", json={})) for _ in range(2)]
        await until(slow, 2)
        api, page = await http.get("/api/v1/chat/gesprekken/huidig"), await http.get("/chat/GM0344")
        assert [(one.status_code, one.headers["retry-after"]) for one in (api, page)] == [(503, str(RETRY_SECONDS))] * 2
        assert api.headers["content-type"] == "application/problem+json"
        assert (api.json()["title"], "Het is nu erg druk" in page.text) == ("Erg druk", True)
        assert [[number in told for number in ("112", "113")] for told in (api.json()["detail"], page.text)] == [
            [True, True]
        ] * 2
        slow.may.set()
        assert [(await one).status_code for one in inside] == [200, 200]
        assert (await http.get("/chat/GM0344")).status_code == 200
        assert crowd._metrics.registry.get_sample_value("samenspel_refused_total", {"limit": "process"}) == 2


async def test_whether_it_works_is_answered_also_when_it_is_full(crowd: Crowd, slow: Slow) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(crowd), base_url="http://test") as http:
        inside = [asyncio.create_task(http.get("/")) for _ in range(2)]
        await until(slow, 2)
        asked = asyncio.create_task(http.get("/gezondheid/levend"))
        await until(slow, 3)
        slow.may.set()
        assert [(await one).status_code for one in (*inside, asked)] == [200] * 3


async def test_who_holds_back_a_body_or_an_answer_keeps_nobody_out(crowd: Crowd, slow: Slow) -> None:
    """A stream whose body comes only later, and answers that are not read."""
    never, come = asyncio.Event(), asyncio.Event()
    stream = {"type": "http", "method": "GET", "path": "/gebeurtenissen", "headers": [(b"content-length", b"1")]}

    async def late_body() -> Message:
        await come.wait()
        return ALL_OF_IT

    async def unread(message: Message) -> None:
        if message["type"] == "http.response.body":
            await never.wait()

    slow.may.set()
    come.set()
    holding = [asyncio.create_task(crowd(dict(one), late_body, unread)) for one in (stream, POST)]
    await until(slow, 2)
    await asyncio.sleep(0.01)
    assert crowd._in_hand == 0
    async with httpx.AsyncClient(transport=httpx.ASGITransport(crowd), base_url="http://test") as http:
        assert [(await http.get("/")).status_code for _ in range(3)] == [200] * 3
    for one in holding:
        one.cancel()
    await asyncio.gather(*holding, return_exceptions=True)
    assert crowd._in_hand == 0


async def test_who_only_listens_or_sends_slowly_keeps_nobody_out(crowd: Crowd, slow: Slow) -> None:
    never = asyncio.Event()

    async def rest_of_body() -> Message:
        await never.wait()
        return ALL_OF_IT

    async def ignore(_: Message) -> None: ...

    sending = [asyncio.create_task(crowd(dict(POST), rest_of_body, ignore)) for _ in range(5)]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(crowd), base_url="http://test") as http:
        listening = []
        for number in range(1, 6):
            listening.append(asyncio.create_task(http.get("/api/v1/chat/gebeurtenissen")))
            await until(slow, number)
        asked = asyncio.create_task(http.get("/"))
        await until(slow, 6)
        slow.may.set()
        assert [(await one).status_code for one in (*listening, asked)] == [200] * 6
    for one in sending:
        one.cancel()
    assert await asyncio.gather(*sending, return_exceptions=True) != []
    assert crowd._in_hand == 0
