"""Who sends slowly, without end or too much: the place is given to others."""

import asyncio
import time

import httpx
import pytest

from desk import security
from desk.security import MAX_BODY_BYTES, MAX_TABLE_BYTES
from web import patience

HEAD = b"POST /api/v1/chat/gesprekken HTTP/1.1\r\nHost: samenspel.example\r\nContent-Type: application/json\r\n"


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side hangs up; an error when it does not."""
    async with asyncio.timeout(10):
        return await reader.read()


@pytest.mark.parametrize("said", [b"", b"GET / HT", HEAD], ids=["nothing", "half a line", "no end of the headers"])
async def test_a_connection_that_never_asks_anything_is_closed(
    port: int, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    assert await until_closed(reader) == b""
    writer.close()


async def test_a_header_now_and_then_does_not_keep_a_place(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slowloris: each line in time, the whole never."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD)

    async def drip() -> None:
        while True:
            writer.write(b"X-A: b\r\n")
            await asyncio.sleep(0.05)

    dripping = asyncio.create_task(drip())
    began = time.monotonic()
    assert await until_closed(reader) == b""
    assert time.monotonic() - began < 5
    dripping.cancel()
    writer.close()


async def test_after_an_answer_the_next_request_has_to_come_in_time_too(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /gezondheid/levend HTTP/1.1\r\nHost: a\r\n\r\n")
    assert await reader.readuntil(b'{"status":"ok"}')
    writer.write(b"GET /gezondheid/levend HTTP/1.1\r\nHost: a\r\nX-Slow: ")
    assert await until_closed(reader) == b""
    writer.close()


async def test_headers_without_end_are_not_kept(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + b"X-Long: ")

    async def go_on() -> None:
        while True:
            writer.write(b"a" * 4096)
            await writer.drain()

    with pytest.raises(ConnectionError):
        await asyncio.wait_for(go_on(), 10)


@pytest.mark.parametrize("where", ["/api/v1/chat/gesprekken", "/griffie/aanmelden"])
async def test_a_body_that_does_not_come_is_not_waited_for(
    port: int, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "BODY_SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    kind = b"application/json" if where.startswith("/api") else b"application/x-www-form-urlencoded"
    writer.write(
        f"POST {where} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nContent-Type: ".encode() + kind + b"\r\n\r\n{"
    )
    async with asyncio.timeout(10):
        status = await reader.readline()
    assert status.split()[1] == b"408"
    writer.close()


async def test_an_answer_may_take_longer_than_a_body(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams wait for hours to hear whether the browser is still there: that is no slow body."""
    monkeypatch.setattr(security, "BODY_SECONDS", 0.3)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        token = (await client.post("/api/v1/chat/gesprekken", json={})).json()["token"]
        async with client.stream(
            "GET", "/api/v1/chat/gebeurtenissen", headers={"Authorization": f"Bearer {token}"}
        ) as stream:
            lines = stream.aiter_lines()
            assert await anext(lines) == ": open"
            assert await anext(lines) == ""
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(lines), 1)


async def test_a_body_that_does_not_say_how_long_it_is_stops_at_the_limit(port: int) -> None:
    async def endless():
        while True:
            yield b"a" * 65_536

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for where in ("/api/v1/chat/gesprekken", "/griffie/aanmelden", "/chat/GM0344/eenvoudig"):
            try:
                answer = await client.post(where, content=endless(), headers={"Content-Type": "application/json"})
            except httpx.TransportError:  # it hung up while we were still sending
                continue
            assert answer.status_code in {400, 403, 413, 422}, where


def test_only_the_table_of_contributions_may_be_large() -> None:
    assert [security.limit_for(path) for path in ("/api/v1/chat/berichten", "/griffie/GM0344/invoeren/tabel")] == [
        MAX_BODY_BYTES,
        MAX_TABLE_BYTES,
    ]
