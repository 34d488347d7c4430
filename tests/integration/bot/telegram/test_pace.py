"""How fast messages leave: a chat that gets too much waits by itself, and who is in danger waits for nobody."""

import itertools
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bench.campaign.subscribers import subscribe
from bot.outbox import Outbox
from bot.telegram.api import connected
from bot.telegram.sending import MOST_IN_CHAT, TelegramTransport
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Conversation
from participation.services import conversations
from participation.settings import Settings
from tests.bot_api import Fault, Person, TelegramDouble
from tests.integration.bot.conftest import UTRECHT, RasaDouble, echo, said
from tests.integration.bot.telegram.conftest import Running, clock

IN_DANGER = "ik wil niet meer leven"
TOO_FAST = Fault(429, {"retry_after": 30})

_chats = itertools.count(600_001)


@pytest.mark.usefixtures("process")
async def test_a_chat_that_telegram_refuses_holds_up_nobody_else_and_no_help(
    person: Person, another: Person, telegram: TelegramDouble
) -> None:
    await person.says("Hallo", 2)
    telegram.faults["sendMessage"] = [TOO_FAST]
    await person.sends(text="Dit is te veel")
    await telegram.until(lambda: not telegram.faults["sendMessage"])
    await another.says("Hallo", 2)
    [help_] = await another.says(IN_DANGER)
    [own_help] = await person.says(IN_DANGER)
    assert ["113" in one.text for one in (help_, own_help)] == [True, True]


async def test_a_long_story_leaves_in_portions_of_which_telegram_refuses_none(
    person: Person,
    another: Person,
    telegram: TelegramDouble,
    rasa: RasaDouble,
    running: Running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = [f"Deel {number}" for number in range(6)]

    async def story(turn: dict[str, Any]) -> tuple[int, bytes]:
        return (200, said(*parts)) if turn["tekst"] == "Vertel" else await echo(turn)

    monkeypatch.setattr(TelegramTransport, "per_chat", MOST_IN_CHAT)
    telegram.per_second, telegram.in_a_chat, rasa.behaviour = 30.0, 1.0, story
    async with running():
        await person.sends(text="Vertel")
        await telegram.until(lambda: len(person.chat) >= 2)
        await another.says("Hallo", 2)
        assert len(person.chat) < 1 + len(parts)
        _, *heard = await person.hears(1 + len(parts), seconds=30)
    assert ([one.text for one in heard], telegram.too_fast) == (parts, 0)


async def chats(database: Database, settings: Settings, number: int) -> list[uuid.UUID]:
    """Conversations in as many chats."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        users = list(itertools.islice(_chats, number))
        residents = await subscribe(session, key=settings.pseudonym_key, now=clock(), code=UTRECHT, chats=users)
        found = await session.execute(
            select(Conversation.resident_id, Conversation.id).where(Conversation.resident_id.in_(residents))
        )
        known = dict(found.all())
        return [known[one] for one in residents]


async def tell(database: Database, conversation: uuid.UUID, text: str, kind: str = "antwoord") -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        reply = {"tekst": text, "soort": kind}
        await conversations.answer(
            session, conversation_id=conversation, replies=[reply], in_reply_to=None, now=clock()
        )


@pytest.mark.parametrize(
    ("faults", "closed"),
    [([TOO_FAST] * 3, True), ([TOO_FAST, TOO_FAST, Fault(), TOO_FAST], False)],
    ids=["three in a row", "one takes a message"],
)
async def test_when_several_chats_are_refused_in_a_row_all_wait_but_who_is_in_danger(
    database: Database, settings: Settings, telegram: TelegramDouble, faults: list[Fault], closed: bool
) -> None:
    known = await chats(database, settings, len(faults) + 1)
    moment = clock() + timedelta(minutes=5)
    async with connected(settings) as bot:
        outbox = Outbox(TelegramTransport(bot), database, settings, clock=lambda: moment)
        while await outbox.send_next():
            pass  # what another test left
        telegram.sent.clear()
        for number, one in enumerate(known):
            await tell(database, one, f"Antwoord {number}")
        moment = clock() + timedelta(seconds=1)
        telegram.faults["sendMessage"] = list(faults)
        assert [await outbox.send_next() for _ in faults] == [True] * len(faults)
        assert await outbox.send_next() is not closed
        await tell(database, known[-1], "Bel 113", "nood")
        moment = clock() + timedelta(seconds=1)
        assert (await outbox.send_next(), telegram.sent[-1].text) == (True, "Bel 113")
        moment += timedelta(seconds=31)
        while await outbox.send_next():
            pass
    told = sorted(one.text for one in telegram.sent)
    assert told == [*(f"Antwoord {number}" for number in range(len(known))), "Bel 113"]
