"""The web process is told to stop: nobody's turn is lost, and who listens is let go at once."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from launcher.ports import find_free
from tests.integration.bot.conftest import UTRECHT, RasaDouble, listening, said

CHAT, DRAIN, TURN = "/api/v1/chat", 2.0, 4.0
ROOT = Path(__file__).parents[2]


async def slowly(turn: dict[str, Any]) -> tuple[int, bytes]:
    await asyncio.sleep(TURN)
    return 200, said(f"Gehoord: {turn['tekst']}")


async def test_a_web_process_that_stops_finishes_the_turns_that_it_took(database_url: str) -> None:
    port = find_free().web
    async with listening(RasaDouble(slowly)) as rasa:
        settings = {
            "DEMO": "true",
            "DATABASE_URL": database_url,
            "RASA_URL": rasa.url,
            "PORT": str(port),
            "DRAIN_SECONDS": str(DRAIN),
        }
        environ = os.environ | {f"SAMENSPEL_{name}": value for name, value in settings.items()}
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "web", cwd=ROOT, env=environ)
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as http:
                await _stopped_in_the_middle(http, process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _stopped_in_the_middle(http: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    await _until_it_listens(http)
    opened = (await http.post(f"{CHAT}/gesprekken", json={"gemeente": UTRECHT})).json()
    key = {"Authorization": f"Bearer {opened['token']}"}
    async with http.stream("GET", f"{CHAT}/gebeurtenissen", headers=key) as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == ": open"
        turn = asyncio.create_task(http.post(f"{CHAT}/berichten", json={"tekst": "hallo"}, headers=key))
        await asyncio.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert [line async for line in lines if line] == [], "the stream ends: its reader goes elsewhere"
        assert time.monotonic() - began < TURN - 0.7
    ready = await http.get("/gezondheid/gereed")
    assert (ready.status_code, ready.json()["status"]) == (503, "stopt")
    answer = await turn
    assert [one["tekst"] for one in answer.json()["berichten"]] == ["Gehoord: hallo"]
    await asyncio.wait_for(process.wait(), 8)


async def _until_it_listens(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(120):
        while True:
            try:
                await http.get("/gezondheid/levend")
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
            else:
                return
