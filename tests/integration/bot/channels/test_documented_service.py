"""The service of docs/kanalen.md, as it stands on that page, against the web process and the part that sends."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
import uvicorn

from bot.relay import process as relay_process
from participation.settings import Settings
from tests.integration.bot.channels.conftest import kept_going
from tests.integration.bot.conftest import SECRET, RasaDouble
from tests.relay_service import SECRET as RELAY_SECRET
from web.app import create_app

PAGE = Path(__file__).parents[4] / "docs" / "kanalen.md"
PERSON = "+31 6 00000000"


def documented() -> dict[str, Any]:
    """What the block of Python on the page defines."""
    [block] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(block, "kanalen.md", "exec"), names)  # noqa: S102  our own page
    return names


Shown = list[tuple[str, str]]


@pytest.fixture
def shown() -> Shown:
    """What the service showed to whom."""
    return []


@pytest.fixture
async def service(rasa: RasaDouble, database_url: str, shown: Shown) -> AsyncIterator[Any]:
    """The service of the page, with a Samenspel that knows its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = documented()["Service"](f"http://127.0.0.1:{port}", RELAY_SECRET, lambda to, text: shown.append((to, text)))
    settings = Settings(
        demo=True,
        database_url=database_url,
        rasa_url=rasa.url,
        rasa_secret=SECRET,
        relay_url=made.url,
        relay_secret=RELAY_SECRET,
    )
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="error"))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(20):
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.02)
    async with kept_going(relay_process.run, settings):
        yield made
    server.should_exit = True
    await serving
    made.server.shutdown()
    made.server.server_close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not true():  # noqa: ASYNC110  it is another thread that shows
            await asyncio.sleep(0.02)


async def test_a_resident_talks_by_way_of_the_documented_service(service: Any, shown: Shown) -> None:
    await asyncio.to_thread(service.say, PERSON, "Hallo")
    await until(lambda: len(shown) == 2)
    await asyncio.to_thread(service.say, PERSON, "Wat doet de raad?")
    await until(lambda: len(shown) == 3)
    (_, welcome), answered, again = shown
    assert welcome.startswith("Welkom bij Samenspel van")
    assert [answered, again] == [(PERSON, "Gehoord: Hallo"), (PERSON, "Gehoord: Wat doet de raad?")]


async def test_the_documented_service_shows_a_repeat_once_and_only_what_is_signed(service: Any, shown: Shown) -> None:
    service.take({"id": "1-1", "aan": PERSON, "tekst": "Dag"})
    service.take({"id": "1-1", "aan": PERSON, "tekst": "Dag"})
    assert shown == [(PERSON, "Dag")]
    service.secret = "x" * 40
    with pytest.raises(HTTPError, match="403"):
        await asyncio.to_thread(service.say, PERSON, "Hallo")
    assert shown == [(PERSON, "Dag")]
