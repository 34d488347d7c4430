"""Who may ask for an action: only who has the secret that Rasa sends along."""

from collections.abc import AsyncIterator

import httpx
import pytest
from asgi_lifespan import LifespanManager

from actions.server import SECRET_HEADER, create_server
from participation.settings import Settings

SECRET = "a" * 40


@pytest.fixture
async def http(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The action server as it runs, without a database behind it: nothing gets that far. It warms up nothing."""

    async def nothing(*_: object) -> None:
        """Take no time."""

    monkeypatch.setattr("actions.server.masking.warm_up", nothing)
    monkeypatch.setattr("actions.server.sorting.warm_up", nothing)
    settings = Settings(demo=True, database_url="postgresql://niemand@127.0.0.1:9/niets", actions_secret=SECRET)
    app = create_server(settings)
    app.asgi = True  # Sanic looks at this for its loop, and sets it only when it is started by such a server
    transport = httpx.ASGITransport(app=app)
    async with LifespanManager(app), httpx.AsyncClient(transport=transport, base_url="http://actions") as client:
        yield client


async def test_without_the_secret_nothing_is_done_and_with_it_the_server_answers(http: httpx.AsyncClient) -> None:
    for headers in ({}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET[:-1]}, {SECRET_HEADER: f"{SECRET}a"}):
        for path in ("/webhook", "/actions", "/"):
            refused = await http.post(path, json={"next_action": "action_mens"}, headers=headers)
            assert (refused.status_code, refused.json()) == (401, {"error": "secret"})
    answer = await http.get("/actions", headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 200
    assert {"name": "action_mens"} in answer.json()
