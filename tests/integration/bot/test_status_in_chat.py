"""What the gateway makes of a number, a code, and the answer to a question of the griffie, before Rasa hears of it."""

import uuid

import pytest

from bot.turn import Turn
from participation import content
from participation.database import EVERY_MUNICIPALITY
from participation.models import Conversation
from participation.services import asking, clerks, contributions, delivery
from participation.services.contributions import Draft
from participation.services.references import format_reference

UTRECHT = "GM0344"
NUMBER = format_reference(2026, 123)


async def say(gateway, conversation_id, text):
    return await gateway.handle(Turn(conversation_id, uuid.uuid4().hex, text=text))


@pytest.mark.parametrize("typed", [NUMBER, f"{NUMBER.lower()} 7kxm-2q9p-4twd"])
async def test_nothing_but_a_number_asks_where_it_stands(gateway, opened, rasa, typed):
    await say(gateway, opened.conversation_id, typed)
    [turn] = rasa.turns
    assert (turn["keuze"]["intent"], turn["metadata"]["keuze"], turn["metadata"]["tekst"]) == (
        "inbreng_status",
        None,
        typed,
    )


async def test_a_number_in_a_sentence_is_understood_by_rasa(gateway, opened, rasa):
    await say(gateway, opened.conversation_id, f"mijn zorg {NUMBER} is nog niet opgelost")
    [turn] = rasa.turns
    assert turn["keuze"] is None


@pytest.fixture
async def asked(gateway, opened, database, now):
    """A resident whom the griffie asked something; returns the contribution."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        clerk, _ = await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex}@utrecht.example", name="Anna", roles={UTRECHT: "griffier"}, now=now
        )
        conversation = await session.get_one(Conversation, opened.conversation_id)
        draft = Draft(uuid.uuid4(), "De lamp is stuk.", conversation.resident_id, conversation.id, "web")
        contribution = await contributions.log_contribution(session, municipality_code=UTRECHT, draft=draft, now=now)
        entry = await asking.ask(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            question="Welke lamp?",
            clerk=clerk,
            submission=uuid.uuid4(),
            now=now,
        )
        assert await delivery.deliver(session, entry_id=entry.id, now=now)
    return contribution


async def test_what_is_typed_after_a_question_of_the_griffie_is_the_answer_to_it(gateway, opened, rasa, asked):
    await say(gateway, opened.conversation_id, "Die bij de brug")
    [turn] = rasa.turns
    expected = {"intent": "inbreng_aanvullen", "over": str(asked.id), "reactie": True, "woorden": True}
    assert turn["metadata"]["keuze"] == expected


async def test_a_question_back_is_answered_and_the_griffies_stays_open(gateway, opened, rasa, asked):
    said = await say(gateway, opened.conversation_id, "wat doet de gemeenteraad?")
    [turn] = rasa.turns
    assert turn["keuze"] is None
    assert said[-1].body["tekst"] == content.text("aanvullen_verder")
    await say(gateway, opened.conversation_id, "Die bij de brug")
    assert rasa.turns[-1]["metadata"]["keuze"]["over"] == str(asked.id)
