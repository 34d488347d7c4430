"""Rasa logs a contribution after the gateway said sorry: the resident still gets the number, once."""

import asyncio
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Contribution, Conversation, Message
from participation.services import contributions, conversations, late_receipts, own_contributions
from participation.services.contributions import Draft
from tests.integration.bot.conftest import (
    TIMEOUT,
    UTRECHT,
    RasaDouble,
    always,
    button,
    contributions_of,
    hurry,
    said,
    text_of,
)

STORY = "De bankjes in het park zijn weg en dat vinden wij jammer."
KEY = "sleutel"


def read_back(concept: str, **more: Any) -> bytes:
    draft = {"concept": concept, "text": STORY, "municipality": UTRECHT, "earlier": []} | more
    yes = {"intent": "inbreng_doen", "inbreng": "ja", "concept": concept}
    return said(
        "Klopt dit?",
        soort="bevestiging",
        knoppen=[{"titel": "Ja, geef dit door", "betekenis": yes}],
        verwacht={"ja": yes, "inbreng": draft},
    )


async def says(gateway: Gateway, opened: Opened, text: str) -> list[Message]:
    return await gateway.handle(Turn(opened.conversation_id, uuid.uuid4().hex, text=text))


async def agreed_too_late(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, now: datetime, **draft: Any
) -> tuple[Contribution, Message]:
    """Say yes while Rasa is slow; returns what it logs behind the gateway's back, and the button of the yes."""
    concept = str(uuid.uuid4())
    logged: asyncio.Future[Contribution] = asyncio.get_running_loop().create_future()

    async def slowly(_: dict[str, Any]) -> tuple[int, bytes]:
        await asyncio.sleep(TIMEOUT + 0.3)
        async with database.session(EVERY_MUNICIPALITY) as session:
            conversation = await session.get_one(Conversation, opened.conversation_id)
            told = Draft(uuid.UUID(concept), STORY, conversation.resident_id, conversation.id, "web")
            contribution = await contributions.log_contribution(session, municipality_code=UTRECHT, draft=told, now=now)
        logged.set_result(contribution)
        return 200, said("Te laat")

    rasa.behaviour = always(200, read_back(concept, **draft))
    [asked] = await says(gateway, opened, STORY)
    hurry(gateway)
    rasa.behaviour = slowly
    turn = Turn(opened.conversation_id, uuid.uuid4().hex, choice=button(asked, "Ja, geef dit door"))
    assert [message.body["soort"] for message in await gateway.handle(turn)] == ["fout"]
    rasa.behaviour = always(200, said("De raad is het hoogste bestuur."))
    return await asyncio.wait_for(logged, 20), asked


async def look(database: Database, opened: Opened, now: datetime) -> list[bool]:
    """One round of the worker, for this conversation."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = await session.scalars(
            select(Contribution.id).where(
                Contribution.id.in_(await late_receipts.waiting(session, now=now)),
                Contribution.conversation_id == opened.conversation_id,
            )
        )
        ids = waiting.all()
    return [await late_receipts.tell(database, one, key=KEY, now=now) for one in ids]


async def after_the_sorry(database: Database, opened: Opened) -> list[Message]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        messages = await conversations.history(session, conversation_id=opened.conversation_id)
    sorry = max(number for number, message in enumerate(messages) if message.body.get("soort") == "fout")
    return list(messages[sorry + 1 :])


async def test_the_number_comes_afterwards_and_once(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, now: datetime
) -> None:
    logged, _ = await agreed_too_late(gateway, opened, rasa, database, now)
    assert await after_the_sorry(database, opened) == []
    rounds = await asyncio.gather(*(look(database, opened, now) for _ in range(3)))
    assert [told for one in rounds for told in one if told] == [True]
    assert await look(database, opened, now) == []
    number, question = await after_the_sorry(database, opened)
    receipt = content.text("inbreng_vastgelegd", gemeente="Utrecht", nummer=logged.reference)
    assert number.body["tekst"].startswith(f"{content.text('inbreng_alsnog')}\n\n{receipt}")
    assert question.body["verwacht"]["ja"] == {
        "poort": "toestemming",
        "stap": "delen_ja",
        "voor": [str(logged.draft)],
    }
    assert len(await contributions_of(database, opened)) == 1
    await says(gateway, opened, "Wat doet de raad?")
    assert rasa.turns[-1]["metadata"]["concept"] is None


async def test_who_pressed_again_has_the_number_already(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, now: datetime
) -> None:
    logged, asked = await agreed_too_late(gateway, opened, rasa, database, now)
    again = Turn(opened.conversation_id, uuid.uuid4().hex, choice=button(asked, "Ja, geef dit door"))
    assert logged.reference in text_of(await gateway.handle(again))[0]
    assert await look(database, opened, now) == []


async def test_a_chat_that_is_busy_is_left_alone(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, now: datetime
) -> None:
    await agreed_too_late(gateway, opened, rasa, database, now)
    async with database.session(EVERY_MUNICIPALITY) as turn:
        await conversations.lock_turns(turn, opened.conversation_id)
        assert await look(database, opened, now) == [False]
    assert await look(database, opened, now) == [True]


async def test_another_question_meanwhile_stays_open(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, now: datetime
) -> None:
    await agreed_too_late(gateway, opened, rasa, database, now)
    other = {"concept": str(uuid.uuid4()), "text": "Iets anders.", "municipality": UTRECHT, "earlier": []}
    rasa.behaviour = always(200, said("Klopt dat ook?", soort="bevestiging", verwacht={"inbreng": other}))
    await says(gateway, opened, "Ik wil nog iets doorgeven")
    assert await look(database, opened, now) == [True]
    number = (await after_the_sorry(database, opened))[-1]
    assert number.body["verwacht"] == {"inbreng": other}


async def test_the_second_of_two_concerns_waits(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, now: datetime
) -> None:
    rest = "En de lampen bij de brug zijn stuk."
    logged, _ = await agreed_too_late(gateway, opened, rasa, database, now, rest=rest)
    assert await look(database, opened, now) == [True]
    [number] = await after_the_sorry(database, opened)
    waits = number.body["verwacht"]["inbreng"]
    concept = str(logged.draft)
    assert (waits["text"], waits["earlier"], waits["concept"] != concept) == (rest, [concept], True)
    _, reminder = await says(gateway, opened, "Wat doet de raad?")
    assert reminder.body["tekst"] == content.text("inbreng_nog_open", tekst=rest)


@pytest.mark.parametrize("what", ["withdrawn", "long ago"])
async def test_nobody_is_told_what_is_over(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database, now: datetime, what: str
) -> None:
    logged, _ = await agreed_too_late(gateway, opened, rasa, database, now)
    assert logged.resident_id
    if what == "withdrawn":
        async with database.session(EVERY_MUNICIPALITY) as session:
            await own_contributions.withdraw(
                session, resident_id=logged.resident_id, contribution_id=logged.id, now=now
            )
    assert await look(database, opened, now + (timedelta(hours=2) if what == "long ago" else timedelta(0))) == []
