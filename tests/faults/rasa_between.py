"""Somebody between the gateway and Rasa: passes turns on, or gives a wrong answer in its place."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

Wrong = Callable[[dict[str, Any]], tuple[int, bytes]]
"""Of what Rasa answered last to somebody else: the status and the body that are given instead."""

OTHERS = "Dit was het antwoord aan iemand anders."


def garbage(_: dict[str, Any]) -> tuple[int, bytes]:
    return 200, b"\x00\xff<html>geen JSON"


def fault(_: dict[str, Any]) -> tuple[int, bytes]:
    return 500, b'{"fout": "rasa"}'


def wrong_json(_: dict[str, Any]) -> tuple[int, bytes]:
    return 200, json.dumps({"berichten": [{"text": 3, "buttons": None}, "losse tekst"]}).encode()


def silence(_: dict[str, Any]) -> tuple[int, bytes]:
    return 200, b'{"berichten": []}'


def of_another(last: dict[str, Any]) -> tuple[int, bytes]:
    """A real answer of Rasa, with everything that belongs to it, that was meant for another conversation."""
    return 200, json.dumps(last).encode()


@dataclass
class RasaBetween:
    """Listens where one gateway thinks that Rasa is."""

    behind: str
    url: str = ""
    wrong: Wrong | None = None
    kept: dict[str, Any] | None = None
    given_wrong: int = 0
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen."""
        self._http = httpx.AsyncClient(base_url=self.behind, trust_env=False, timeout=30)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Be gone."""
        assert self._server
        self._server.close()
        await self._http.aclose()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, path, _ = head[0].split(" ")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            passed = {name: headers[name] for name in ("content-type", "x-samenspel-secret") if name in headers}
            status, data = await self._answer(method, path, passed, body)
            writer.write(
                f"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if self.wrong is not None and path.endswith("/beurt"):
            assert self.kept is not None, "nobody has been answered yet"
            self.given_wrong += 1
            return self.wrong(self.kept)
        try:
            answer = await self._http.request(method, path, headers=headers, content=body)
        except httpx.HTTPError:
            return 502, b""
        if path.endswith("/beurt") and answer.status_code == 200 and self.kept is None:
            self.kept = answer.json()
            self.kept["berichten"][0]["tekst"] = OTHERS
        return answer.status_code, answer.content
