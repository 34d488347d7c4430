"""The griffie sees what can be better: counts, and examples only of what several residents asked."""

import uuid
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from participation.database import EVERY_MUNICIPALITY
from participation.insight import counting
from participation.models import UnsureQuestion
from participation.privacy.pseudonym import pseudonym
from participation.services import conversations, unsure, verdicts

PAGE = "/griffie/GM0344/beter"
UTRECHT, AMERSFOORT = "GM0344", "GM0307"
DIRECTIONS = np.eye(384, dtype=np.float32)


@pytest.fixture
def resident(database, now):
    """Open a conversation of somebody new and return its id."""

    async def opened(code=UTRECHT, at=now):
        async with database.session(EVERY_MUNICIPALITY) as session:
            conversation = await conversations.open_conversation(
                session,
                pseudonym=pseudonym("sleutel", channel="web", channel_user=uuid.uuid4().hex),
                channel="web",
                municipality_code=code,
                campaign=None,
                language="nl",
                now=at,
            )
        return conversation.id

    return opened


@pytest.fixture
def judge(database, resident, now):
    async def given(topic, verdict, reason=None, code=UTRECHT, at=now):
        conversation_id = await resident(code, at)
        async with database.session(EVERY_MUNICIPALITY) as session:
            await verdicts.give(
                session,
                conversation_id=conversation_id,
                turn_id=1,
                municipality_code=code,
                topic=topic,
                verdict=verdict,
                reason=reason,
                now=at,
            )

    return given


@pytest.fixture
def ask(database, resident, now):
    """Keep a question of one resident, pointing in the given direction."""

    async def asked(text, direction, code=UTRECHT, conversation_id=None, topic=None):
        async with database.session(EVERY_MUNICIPALITY) as session:
            session.add(
                UnsureQuestion(
                    conversation_id=conversation_id or await resident(code),
                    municipality_code=code,
                    masked_text=text,
                    topic=topic,
                    embedding=DIRECTIONS[direction].tobytes(),
                    created_at=now,
                )
            )

    return asked


async def test_verdicts_are_counted_per_question_for_ninety_days(clerk_with, judge, now):
    await judge("raad_wat_is", "ja")
    await judge("raad_wat_is", "nee", "te_moeilijk")
    await judge("raad_wat_is", "nee", "te_moeilijk")
    await judge("raad_wat_is", "nee", at=now - timedelta(days=91))
    await judge("raad_wat_is", "nee", code=AMERSFOORT)
    html = (await (await clerk_with(GM0344="griffier")).get(PAGE)).text
    row = " ".join(html.partition("<tbody>")[2].partition("</tbody>")[0].split())
    assert row == (
        '<tr> <th scope="row">Wat doet de gemeenteraad?</th> <td>1</td> <td>2</td> <td>Te moeilijk: 2</td> </tr>'
    )


async def test_examples_are_shown_of_what_three_residents_asked_and_not_of_less(clerk_with, ask, resident):
    for number in range(3):
        await ask(f"Wanneer komt de markt op zaterdag {number}", 0)
    chatty = await resident()
    for number in range(4):
        await ask(f"Steeds dezelfde die vraagt {number}", 1, conversation_id=chatty)
    await ask("Iets van een ander", 1)
    for number in range(3):
        await ask(f"In een andere gemeente {number}", 2, code=AMERSFOORT)
    html = (await (await clerk_with(GM0344="medewerker")).get(PAGE)).text
    assert html.count("Wanneer komt de markt op zaterdag") == 3
    assert html.count("<strong>3 vragen</strong> van 3 inwoners") == 1
    assert html.count("<strong>5 andere vragen</strong>") == 1
    assert [html.count(words) for words in ("Steeds dezelfde", "Iets van een ander", "andere gemeente")] == [0, 0, 0]


async def test_a_question_with_an_unclear_answer_stands_beside_what_is_alike_and_got_none(
    clerk_with, ask, resident, database, now
):
    same = await resident()
    await ask("Hoe kies ik de burgemeester", 4, conversation_id=same, topic="burgemeester_benoeming")
    await ask("Hoe kies ik de burgemeester dan", 4, conversation_id=same)
    await ask("Mag ik de burgemeester kiezen", 4, topic="burgemeester_benoeming")
    await ask("Wie kiest de burgemeester", 4, topic="eigen:weg")
    await ask("Wat is dat voor antwoord", 5, topic="fractie")
    html = (await (await clerk_with(GM0344="griffier")).get(PAGE)).text
    groups = " ".join(html.partition('<ul class="question-groups">')[2].split())
    assert groups.count("<strong>4 vragen</strong> van 3 inwoners") == 1
    assert (
        "3 keer was het antwoord niet duidelijk. "
        "Dat ging over: “Hoe wordt een burgemeester gekozen?”, “een vraag die er niet meer is”</p>"
    ) in groups
    assert [html.count(words) for words in ("Wat is dat voor antwoord", "Wat is een fractie")] == [0, 0]
    async with database.session(EVERY_MUNICIPALITY) as session:
        counted = await counting.not_understood(session, municipality_code=UTRECHT, days=28, now=now)
        unanswered = select(func.count()).where(
            UnsureQuestion.municipality_code == UTRECHT, UnsureQuestion.topic.is_(None)
        )
        assert counted == await session.scalar(unanswered)


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ({"GM0344": "griffier"}, 200),
        ({"GM0344": "medewerker"}, 200),
        ({"GM0344": "beheerder"}, 200),
        ({"GM0344": "raadslid"}, 404),
        ({"GM0307": "griffier"}, 404),
    ],
)
async def test_who_may_see_it(clerk_with, roles, status):
    assert (await (await clerk_with(**roles)).get(PAGE)).status_code == status


async def test_what_is_kept_holds_no_personal_data(database, resident, now):
    conversation_id = await resident()
    await unsure.remember(
        database,
        conversation_id=conversation_id,
        municipality_code=UTRECHT,
        text="Ik ben Piet Jansen, mijn nummer is 06-12345678. Waar is de markt?",
        now=now,
    )
    async with database.session(EVERY_MUNICIPALITY) as session:
        row = (
            await session.scalars(select(UnsureQuestion).where(UnsureQuestion.conversation_id == conversation_id))
        ).one()
    assert (row.masked_text.count("Jansen"), row.masked_text.count("06-12345678")) == (0, 0)
    assert row.masked_text.count("Waar is de markt?") == 1
