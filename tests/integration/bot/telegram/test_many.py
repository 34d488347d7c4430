"""Many messages by webhook on a bad day: repeated, out of order, sends that fail, and a restart in the middle."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.telegram.inbox import Inbox
from bot.telegram.webhook import webhook
from participation import content
from participation.database import Database
from participation.models import Contribution, Outgoing
from participation.settings import Settings
from tests.bot_api import Fault, Person, TelegramDouble
from tests.integration.bot.conftest import RasaDouble, echo
from tests.integration.bot.telegram.conftest import WEBHOOK_SECRET, Running, clock, rows

PEOPLE, MESSAGES = 100, 9
"""With the wish that each of them ends with: a thousand messages."""
REPEATED, SWAPPED, FAILING = 0.05, 0.05, 0.02
WISH = "In de gemeente Utrecht is een lamp stuk"


@pytest.fixture
async def telegram_side(settings: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The route of the web process that Telegram posts to."""
    app = FastAPI()
    app.include_router(webhook(Inbox(database, settings, clock=clock), secret=WEBHOOK_SECRET))
    headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://samenspel", headers=headers) as client:
        yield client


@dataclass
class Day:
    """What is delivered of one person's messages: some twice, and some before the one that was sent earlier."""

    person: Person
    updates: list[dict[str, Any]]
    first_of_swapped: dict[int, int]

    @property
    def texts(self) -> list[str]:
        return [f"Bericht {number} van {self.person.id}" for number in range(MESSAGES)]

    @property
    def wish(self) -> str:
        return f"{WISH}, zegt {self.person.id}"

    def in_order(self, texts: list[str]) -> list[int]:
        """The numbers of these texts, of which two that were delivered the wrong way round count as one."""
        numbers = [self.texts.index(text) for text in texts]
        return [self.first_of_swapped.get(number, number) for number in numbers]


def day_of(person: Person, telegram: TelegramDouble, chance: random.Random) -> Day:
    day = Day(person, [], {})
    sent = [{"update_id": telegram.number(), "message": person.message(text=text)} for text in (*day.texts, day.wish)]
    at = 0
    while at < MESSAGES - 1:
        if chance.random() < SWAPPED:
            sent[at], sent[at + 1] = sent[at + 1], sent[at]
            day.first_of_swapped[at + 1] = at
            at += 1
        at += 1
    day.updates = [update for update in sent for _ in range(2 if chance.random() < REPEATED else 1)]
    return day


def presses(person: Person) -> list[dict[str, Any]]:
    """They tap the button twice, and Telegram delivers the first tap twice."""
    number, press = person.telegram.number, person.press(content.text("knop_griffie"))
    first = {"update_id": number(), "callback_query": press}
    return [first, first, {"update_id": number(), "callback_query": {**press, "id": str(number())}}]


async def no_good_with_wishes(turn: dict[str, Any]) -> tuple[int, bytes]:
    """Rasa fails at what is for the council, so that residents hand it over themselves."""
    return (500, b"") if turn["tekst"].startswith(WISH) else await echo(turn)


@pytest.mark.timeout(600)
async def test_each_of_many_messages_is_answered_once_and_in_order_and_each_wish_is_passed_on_once(
    telegram: TelegramDouble,
    telegram_side: httpx.AsyncClient,
    running: Running,
    rasa: RasaDouble,
    database: Database,
) -> None:
    rasa.behaviour = no_good_with_wishes
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

    async def all_have(messages: int) -> None:
        await telegram.until(lambda: all(len(person.chat) >= messages for person in people), seconds=400)

    half = MESSAGES // 2
    webhook_mode = {"telegram_mode": "webhook", "rasa_timeout": 400.0}  # so many wait longer than people should
    async with running(**webhook_mode):
        await deliver([day.updates[:half] for day in days])
        await asyncio.sleep(1)
    async with running(**webhook_mode):
        await deliver([day.updates[half:] for day in days])
        await all_have(1 + MESSAGES + 1)  # the welcome before, and the apology after
        await deliver([presses(person) for person in people])
        await all_have(1 + MESSAGES + 1 + 2)  # the number, and the question whether the council may have it
        await asyncio.sleep(1)
    for day in days:
        [_, *heard, sorry, _, _] = [message.text for message in day.person.chat]
        asked = [turn["tekst"] for turn in rasa.turns if turn["tekst"] in day.texts]
        assert heard == [f"Gehoord: {text}" for text in asked], "no answer overtakes another"
        assert day.in_order(asked) == day.in_order(day.texts)
        assert sorry == content.text("fout")
    wishes = [day.wish for day in days]
    assert len(rasa.turns) == PEOPLE * (MESSAGES + 1)
    passed_on = await rows(database, Contribution, Contribution.text.in_(wishes))
    assert sorted(one.text for one in passed_on) == sorted(wishes)
    mine = {turn["gesprek"] for turn in rasa.turns}
    assert not [one for one in await rows(database, Outgoing) if str(one.conversation_id) in mine and not one.done_at]
