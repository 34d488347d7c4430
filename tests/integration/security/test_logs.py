"""What is written in logs, at the most talkative level: nothing that opens anything, nothing that people wrote."""

import logging
import uuid

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.telegram.polling import WEBHOOK_PATH
from participation.database import EVERY_MUNICIPALITY, Database
from tests.integration.security.conftest import SECRETS

WORDS = "Mijn geplante buurvrouw Annemiek-Fictief woont op Verzonnenstraat 12"
PASSWORD = "geplant-wachtwoord-9876"
EMAIL = "geplante.naam@gemeente.example"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All loggers of all libraries, also those that are silent in production."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="sqlalchemy.engine")  # its DEBUG shows rows, which nobody can want elsewhere
    return caplog


async def test_turns_log_ins_and_updates_leave_no_secret_and_no_word_in_the_log(
    http: httpx.AsyncClient, logged: pytest.LogCaptureFixture
) -> None:
    opened = (await http.post("/api/v1/chat/gesprekken", json={"gemeente": "GM0344"})).json()
    bearer = {"Authorization": f"Bearer {opened['token']}"}
    await http.post("/api/v1/chat/berichten", json={"tekst": WORDS}, headers=bearer)
    await http.post("/api/v1/chat/berichten", json={"tekst": f"{WORDS}. Ik wil dood."}, headers=bearer)
    await http.post("/api/v1/chat/berichten", json={"tekst": WORDS, "x": WORDS}, headers=bearer)
    await http.post("/chat/GM0344/eenvoudig", data={"tekst": WORDS})
    page = (await http.get("/griffie/aanmelden")).text
    form = page.partition('name="formulier" value="')[2].partition('"')[0]
    await http.post("/griffie/aanmelden", data={"formulier": form, "email": EMAIL, "wachtwoord": PASSWORD})
    update = {"update_id": 1, "message": {"message_id": 1, "text": WORDS}}
    for given in (SECRETS["telegram_webhook_secret"], "geraden"):
        await http.post(WEBHOOK_PATH, json=update, headers={"X-Telegram-Bot-Api-Secret-Token": given})
    planted = [*SECRETS.values(), "geplant-telegram-token", opened["token"], PASSWORD, EMAIL, *WORDS.split()[1:4]]
    told = "\n".join(
        f"{record.getMessage()} {record.exc_text or ''}" for record in logged.records if record.name != "asyncio"
    )
    assert [word for word in planted if word in told] == []
    assert [
        mark for mark in ("Rasa did not answer", "INSERT INTO message", "INSERT INTO login_attempt") if mark not in told
    ] == []


async def test_an_error_of_the_database_does_not_repeat_what_was_to_be_kept(database: Database) -> None:
    """PostgreSQL names the row that it refused, and SQLAlchemy the values that it was given."""
    with pytest.raises(DBAPIError) as refused:
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(
                text("INSERT INTO resident (id, channel) VALUES (:id, :channel)"),
                {"id": uuid.uuid4(), "channel": "Fictief"},
            )
    said = f"{refused.value} {refused.value.orig} {refused.value.orig!r}"
    assert ("null value in column" in said, "Fictief" in said, "Failing row" in said) == (True, False, False)
