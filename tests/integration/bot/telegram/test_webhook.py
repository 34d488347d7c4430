"""The webhook: kept before Telegram is told so, handled by the telegram process, shut to everyone else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from bot.telegram.inbox import Inbox
from bot.telegram.rendering import CHOSEN
from participation import content
from participation.database import Database
from participation.models import Incoming
from participation.settings import Settings
from tests.bot_api import Fault, Person, TelegramDouble
from tests.integration.bot.telegram.conftest import WEBHOOK_SECRET, Running, rows
from web.app import create_app

PATH = "/telegram/updates"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As in production: updates are sent to us."""
    return settings.model_copy(update={"telegram_mode": "webhook", "public_url": "https://samenspel.example"})


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The web process, running."""
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """What reaches the web process from outside."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://samenspel.example") as client:
        yield client


async def post(http: httpx.AsyncClient, update: dict[str, Any], secret: str | None = WEBHOOK_SECRET) -> int:
    """Send an update as Telegram does."""
    headers = {HEADER: secret} if secret is not None else {}
    return (await http.post(PATH, json=update, headers=headers)).status_code


def update_of(person: Person, text: str) -> dict[str, Any]:
    return {"update_id": person.telegram.number(), "message": person.message(text=text)}


async def test_the_process_tells_telegram_where_to_send_updates(telegram: TelegramDouble, running: Running) -> None:
    async with running():
        await telegram.until(lambda: telegram.webhook)
    assert telegram.webhook == {
        "url": "https://samenspel.example/telegram/updates",
        "secret_token": WEBHOOK_SECRET,
        "max_connections": 40,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }
    assert telegram.asked("getUpdates") == []


async def test_an_update_is_answered(http: httpx.AsyncClient, person: Person, running: Running) -> None:
    async with running():
        assert await post(http, update_of(person, "Hallo")) == 200
        _, answer = await person.hears(2)
    assert answer.text == "Gehoord: Hallo"


@pytest.mark.parametrize(
    "faults",
    [[], [Fault(refused=True)], [Fault(lost=True)], [Fault(), Fault(lost=True), Fault(refused=True), Fault(lost=True)]],
    ids=["all well", "not reached", "our answer lost", "a bad day"],
)
async def test_telegram_delivers_where_it_was_told_to_and_again_until_we_have_it(
    app: FastAPI, telegram: TelegramDouble, person: Person, running: Running, faults: list[Fault]
) -> None:
    telegram.via = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    telegram.faults["deliver"] = list(faults)
    async with running():
        await person.sends(text="/start")
        await person.hears(2)
        await person.sends(text="Hallo")
        await person.hears()
        pressed = person.press(content.text("knop_raad"))
        await telegram.add("callback_query", pressed)
        await person.hears()
        await person.sends(text="Klaar")
        await person.hears()
        await telegram.until(lambda: not telegram.updates)
    heard = [message.text for message in person.chat[2:]]
    assert heard == ["Gehoord: Hallo", "Gehoord: Wat doet de gemeenteraad?", "Gehoord: Klaar"]
    assert {asked["callback_query_id"] for asked in telegram.asked("answerCallbackQuery")} == {pressed["id"]}
    assert telegram.asked("getUpdates") == []


async def test_without_the_right_secret_telegram_goes_on_offering(
    app: FastAPI, telegram: TelegramDouble, person: Person, running: Running
) -> None:
    telegram.via = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with running(telegram_webhook_secret="z" * 40):
        await person.sends(text="Hallo")
        async with asyncio.timeout(10):
            while telegram.refused < 3:  # noqa: ASYNC110  the double tells nobody
                await asyncio.sleep(0.05)
        assert (len(telegram.updates), person.chat) == (1, [])


async def test_a_press_is_acknowledged_in_the_answer_to_telegram(
    http: httpx.AsyncClient, person: Person, running: Running
) -> None:
    """Whatever the process that handles it is doing: the button stops spinning."""
    async with running():
        assert await post(http, update_of(person, "/start")) == 200
        await person.hears(2)
    pressed = person.press(content.text("knop_raad"))
    for data, told in ((pressed["data"], {}), (CHOSEN, {"text": content.text("telegram_al_gekozen")})):
        update = {"update_id": person.telegram.number(), "callback_query": {**pressed, "data": data}}
        answer = await http.post(PATH, json=update, headers={HEADER: WEBHOOK_SECRET})
        expected = {"method": "answerCallbackQuery", "callback_query_id": pressed["id"], **told}
        assert (answer.status_code, answer.json()) == (200, expected)


async def test_what_came_in_while_the_process_was_away_is_answered_once(
    http: httpx.AsyncClient, person: Person, running: Running
) -> None:
    """Telegram was told 200 and does not offer it again; or it was not, and does."""
    update = update_of(person, "Hallo")
    assert [await post(http, update) for _ in range(3)] == [200, 200, 200]
    async with running():
        await person.hears(2)
        assert await post(http, update) == 200
        assert await post(http, update_of(person, "Klaar")) == 200
        [after] = await person.hears()
    assert (after.text, len(person.chat)) == ("Gehoord: Klaar", 3)


@pytest.mark.parametrize("secret", [None, "", "verzonnen", WEBHOOK_SECRET[:-1], WEBHOOK_SECRET + "w", "é" * 40])
async def test_without_the_secret_nothing_gets_in(
    http: httpx.AsyncClient, person: Person, database: Database, secret: str | None
) -> None:
    before = len(await rows(database, Incoming))
    headers = {} if secret is None else {HEADER: secret.encode()}
    refused = await http.post(PATH, json=update_of(person, "Vals"), headers=headers)
    assert (refused.status_code, refused.content) == (403, b"")
    assert len(await rows(database, Incoming)) == before
    assert await post(http, update_of(person, "Echt")) == 200
    assert len(await rows(database, Incoming)) == before + 1


@pytest.mark.parametrize("body", [b"", b"geen json", b"[]", b"5", b"null", b"{}"])
async def test_what_is_no_update_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    refused = await http.post(PATH, content=body, headers={HEADER: WEBHOOK_SECRET})
    assert refused.status_code == 400


async def test_what_can_not_be_read_is_taken_and_skipped_or_telegram_would_offer_it_for_ever(
    http: httpx.AsyncClient, person: Person, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    before = len(await rows(database, Incoming))
    update = {"update_id": person.telegram.number(), "message": {"message_id": 1, "text": "mijn diepste geheim"}}
    assert await post(http, update) == 200
    logged = [record.getMessage() for record in caplog.records if record.name == "bot.telegram.reading"]
    assert (len(logged), "geheim" in caplog.text) == (1, False)
    assert len(await rows(database, Incoming)) == before


async def test_updates_that_nobody_asked_for_are_not_kept(http: httpx.AsyncClient, database: Database) -> None:
    before = len(await rows(database, Incoming))
    post_in_channel = {"message_id": 1, "date": 1, "chat": {"id": -1, "type": "channel", "title": "x"}, "text": "x"}
    assert await post(http, {"update_id": 5, "channel_post": post_in_channel}) == 200
    assert len(await rows(database, Incoming)) == before


async def test_when_an_update_can_not_be_kept_telegram_is_not_told_that_it_is(
    http: httpx.AsyncClient, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(Inbox, "receive", failing)
    assert await post(http, update_of(person, "Hallo")) == 500


@pytest.mark.parametrize("off", [{"telegram_mode": "polling"}, {"telegram_token": ""}], ids=["polling", "no token"])
async def test_the_route_is_there_only_when_it_is_wanted(settings: Settings, off: dict[str, str]) -> None:
    made = create_app(settings.model_copy(update=off))
    async with made.router.lifespan_context(made):
        transport = httpx.ASGITransport(app=made)
        async with httpx.AsyncClient(transport=transport, base_url="https://samenspel.example") as client:
            refused = await client.post(PATH, json={}, headers={HEADER: WEBHOOK_SECRET})
    assert refused.status_code == 404
