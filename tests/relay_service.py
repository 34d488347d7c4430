"""A service that brings messages between residents and Samenspel: real HTTP, signed as docs/kanalen.md says.

It keeps the rules of that page from the other side: it tries a message again until it is taken, never sends a second
message of somebody before the first was taken, and shows what has the same id once.
"""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from bot.relay import signing
from bot.relay.intake import PATH
from tests.hearing import PATIENCE, Hearing

SECRET = "k" * 40

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Shown:
    """What stands in somebody's chat."""

    id: str
    to: str
    text: str
    buttons: dict[str, str]

    @property
    def titles(self) -> list[str]:
        """The buttons under it."""
        return list(self.buttons)


@dataclass
class RelayService:
    """The service. `faults` are statuses to answer with, and None breaks the connection after the message was taken."""

    url: str = ""
    shown: list[Shown] = field(default_factory=list)
    faults: list[int | None] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)
    asked: list[dict[str, Any]] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def start(self, port: int = 0) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/uit"

    async def stop(self) -> None:
        """Be gone."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def until(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is so.

        Raises:
            AssertionError: it was not, in time.
        """
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(true)
        except TimeoutError:
            raise AssertionError([(one.to, one.text) for one in self.shown]) from None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
                body = await reader.readexactly(int(headers["content-length"]))
                fault = self.faults.pop(0) if self.faults else 200
                status = await self._take(headers, body) if fault in (200, None) else fault
                if fault is None:
                    break
                more = "Retry-After: 1\r\n" if status == 429 else ""
                writer.write(f"HTTP/1.1 {status} X\r\n{more}Content-Length: 0\r\n\r\n".encode())
                await writer.drain()
        writer.transport.abort()

    async def _take(self, headers: dict[str, str], body: bytes) -> int:
        moment, signature = (headers[name.lower()] for name in (signing.MOMENT, signing.SIGNATURE))
        if not signing.is_signed(SECRET, body, moment=moment, signature=signature, now=datetime.now(UTC)):
            return 403
        message = json.loads(body)
        self.asked.append(message)
        if message["aan"] in self.stopped:
            return 410
        await self.show(message["aan"], message)
        return 200

    async def show(self, to: str, message: dict[str, Any]) -> None:
        """Put something in a chat, unless it is there already."""
        async with self._changed:
            if message["id"] not in {one.id for one in self.shown}:
                buttons = {button["titel"]: button["id"] for button in message["knoppen"]}
                self.shown.append(Shown(message["id"], to, message["tekst"], buttons))
            self._changed.notify_all()


@dataclass
class Correspondent(Hearing[Shown]):
    """Somebody who writes by way of the service. What they heard is what they have not looked at before."""

    service: RelayService
    client: httpx.AsyncClient
    name: str
    seen: int = 0

    @property
    def chat(self) -> list[Shown]:
        """All that was said to them."""
        return [one for one in self.service.shown if one.to == self.name]

    async def posts(self, *, secret: str = SECRET, at: datetime | None = None, **content: Any) -> httpx.Response:
        """Send a body as it is."""
        body = json.dumps({"id": str(next(_numbers)), "afzender": self.name} | content).encode()
        signed = signing.headers(secret, body, now=at or datetime.now(UTC))
        return await self.client.post(PATH, content=body, headers=signed)

    async def sends(self, **content: Any) -> None:
        """Send something until it is taken, and show what is to be shown at once."""
        number = content.pop("id", str(next(_numbers)))
        for _ in range(50):
            with contextlib.suppress(httpx.HTTPError):
                answer = await self.posts(id=number, **content)
                if answer.is_success:
                    for at, piece in enumerate(answer.json()["meteen"]):
                        await self.service.show(self.name, {"id": f"{number}-{at}"} | piece)
                    return
            await asyncio.sleep(0.1)
        raise AssertionError("never taken")

    @property
    def reached_by(self) -> RelayService:
        return self.service

    async def types(self, text: str) -> None:
        await self.sends(tekst=text)

    async def presses(self, title: str, count: int = 1) -> Sequence[Shown]:
        """Press the newest button with this title and wait for what comes back."""
        known = next(one.buttons[title] for one in reversed(self.chat) if title in one.buttons)
        await self.sends(keuze=known)
        return await self.hears(count)
