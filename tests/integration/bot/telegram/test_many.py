"""Many messages by webhook on a bad day: repeated, out of order, sends that fail, and a restart in the middle."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.telegram.inbox import Inbox
from bot.telegram.webhook import webhook
from participation.database import Database
from participation.models import Message, Outgoing
from participation.settings import Settings
from tests.bot_api import Fault, Person, TelegramDouble
from tests.integration.bot.conftest import RasaDouble
from tests.integration.bot.telegram.conftest import WEBHOOK_SECRET, Running, clock, rows

PEOPLE, MESSAGES = 20, 25
"""With forty people, a thousand messages, it holds too; that takes twice the time."""
REPEATED, SWAPPED, FAILING = 0.05, 0.05, 0.02


@pytest.fixture
async def telegram_side(settings: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The route of the web process that Telegram posts to."""
    app = FastAPI()
    app.include_router(webhook(Inbox(database, settings, clock=clock), secret=WEBHOOK_SECRET))
    headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://samenspel", headers=headers) as client:
        yield client


def day_of(person: Person, telegram: TelegramDouble, chance: random.Random) -> list[dict[str, Any]]:
    """What is delivered of one person's messages: some twice, and some before the one that was sent earlier."""
    updates = [
        {"update_id": telegram.number(), "message": person.message(text=f"Bericht {number}")}
        for number in range(MESSAGES)
    ]
    for at in range(MESSAGES - 1):
        if chance.random() < SWAPPED:
            updates[at], updates[at + 1] = updates[at + 1], updates[at]
    return [update for update in updates for _ in range(2 if chance.random() < REPEATED else 1)]


@pytest.mark.timeout(300)
async def test_each_of_many_messages_is_answered_once(
    telegram: TelegramDouble,
    telegram_side: httpx.AsyncClient,
    running: Running,
    rasa: RasaDouble,
    database: Database,
) -> None:
    chance = random.Random(7)  # noqa: S311  the same bad day each time
    people = [Person(telegram, 900_000 + number) for number in range(PEOPLE)]
    days = [day_of(person, telegram, chance) for person in people]
    telegram.faults["sendMessage"] = [
        Fault(status=502) if chance.random() < FAILING else Fault() for _ in range(PEOPLE * MESSAGES)
    ]

    async def deliver(parts: list[list[dict[str, Any]]]) -> None:
        for together in itertools.zip_longest(*parts):
            answers = [await telegram_side.post("/telegram/updates", json=update) for update in together if update]
            assert {answer.status_code for answer in answers} == {200}

    half = MESSAGES // 2
    webhook_mode = {"telegram_mode": "webhook"}
    async with running(**webhook_mode):
        await deliver([day[:half] for day in days])
        await asyncio.sleep(1)
    async with running(**webhook_mode):
        await deliver([day[half:] for day in days])
        expected = MESSAGES + 1  # the welcome
        await telegram.until(lambda: all(len(person.chat) >= expected for person in people), seconds=240)
    for person in people:
        heard = Counter(message.text for message in person.chat[1:])
        assert heard == Counter(f"Gehoord: Bericht {number}" for number in range(MESSAGES))
    assert Counter(turn["gesprek"] for turn in rasa.turns) == dict.fromkeys(
        {turn["gesprek"] for turn in rasa.turns}, MESSAGES
    )
    assert len(rasa.turns) == PEOPLE * MESSAGES
    mine = {turn["gesprek"] for turn in rasa.turns}
    said = [
        one for one in await rows(database, Message, Message.sender == "inwoner") if str(one.conversation_id) in mine
    ]
    assert len(said) == PEOPLE * MESSAGES
    assert not [one for one in await rows(database, Outgoing) if str(one.conversation_id) in mine and not one.done_at]
