""" "Was dit duidelijk?": one verdict an answer, and after "nee" what was asked, without personal data."""

import json

import pytest
from sqlalchemy import select

from bot.gateway import Gateway
from bot.turn import Turn
from bot.visits import Opened
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import AnswerVerdict, Conversation, Message, UnsureQuestion
from tests.integration.bot.conftest import UTRECHT, Behaviour, RasaDouble, always, button, said, text_of

YES, NO = content.text("knop_oordeel_ja"), content.text("knop_oordeel_nee")
NEXT = {"titel": "Wat is het college?", "betekenis": {"intent": "vraag/college"}}
ANSWER = always(200, said("De raad beslist.", onderwerp="raad_wat_is", knoppen=[NEXT]))


async def send(gateway: Gateway, opened: Opened, turn_id: str, **turn: str) -> list[Message]:
    return await gateway.handle(Turn(opened.conversation_id, turn_id, **turn))


async def kept(database: Database, opened: Opened) -> list[tuple[str, str, str, str | None]]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.scalars(
            select(AnswerVerdict)
            .where(AnswerVerdict.conversation_id == opened.conversation_id)
            .order_by(AnswerVerdict.turn_id)
        )
        return [(row.municipality_code, row.topic, row.verdict, row.reason) for row in rows]


async def test_an_answer_ends_with_two_small_buttons(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    rasa.behaviour = ANSWER
    [answer] = await send(gateway, opened, "1", text="Wat doet de raad?")
    assert [(one["titel"], one.get("klein", False)) for one in answer.body["knoppen"]] == [
        ("Wat is het college?", False),
        (YES, True),
        (NO, True),
    ]


@pytest.mark.parametrize(
    "behaviour",
    [
        always(200, said("Dag!")),
        always(200, said("Bel 112.", soort="nood", onderwerp="noodgeval")),
        always(200, said("De raad beslist.", onderwerp="raad_wat_is", soort="nood")),
    ],
)
async def test_what_is_no_answer_to_a_topic_is_not_judged(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, behaviour: Behaviour
) -> None:
    rasa.behaviour = behaviour
    [reply] = await send(gateway, opened, "1", text="Hallo")
    assert reply.body["knoppen"] == []


async def test_between_an_answer_and_the_next_question_of_a_form_nothing_is_asked(
    gateway: Gateway, opened: Opened, rasa: RasaDouble
) -> None:
    first, second = (
        {"tekst": "De raad beslist.", "soort": "antwoord", "onderwerp": "raad_wat_is", "knoppen": []},
        {"tekst": "Wat wilt u doorgeven?", "soort": "vraag", "knoppen": []},
    )
    rasa.behaviour = always(200, json.dumps({"berichten": [first, second]}).encode())
    replies = await send(gateway, opened, "1", text="Wat doet de raad?")
    assert [reply.body["knoppen"] for reply in replies] == [[], []]


async def test_without_a_municipality_nobody_is_asked(gateway: Gateway, somewhere: Opened, rasa: RasaDouble) -> None:
    rasa.behaviour = ANSWER
    [answer] = await send(gateway, somewhere, "1", text="Wat doet de raad?")
    assert [one["titel"] for one in answer.body["knoppen"]] == ["Wat is het college?"]


async def test_pressing_again_changes_the_verdict_and_each_answer_has_its_own(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = ANSWER
    [answer] = await send(gateway, opened, "1", text="Wat doet de raad?")
    [thanks] = await send(gateway, opened, "2", choice=button(answer, YES))
    assert (thanks.body["tekst"], thanks.body["knoppen"]) == (content.text("oordeel_dank"), [])
    assert await kept(database, opened) == [(UTRECHT, "raad_wat_is", "ja", None)]
    [asked] = await send(gateway, opened, "3", choice=button(answer, NO))
    assert asked.body["tekst"] == content.text("oordeel_nee")
    assert await kept(database, opened) == [(UTRECHT, "raad_wat_is", "nee", None)]
    await send(gateway, opened, "4", choice=button(asked, "Te moeilijk"))
    assert await kept(database, opened) == [(UTRECHT, "raad_wat_is", "nee", "te_moeilijk")]
    [other] = await send(gateway, opened, "5", text="Wat doet de raad nog meer?")
    await send(gateway, opened, "6", choice=button(answer, YES))
    await send(gateway, opened, "7", choice=button(other, NO))
    assert await kept(database, opened) == [
        (UTRECHT, "raad_wat_is", "ja", None),
        (UTRECHT, "raad_wat_is", "nee", None),
    ]
    assert [turn["tekst"] for turn in rasa.turns] == ["Wat doet de raad?", "Wat doet de raad nog meer?"]


async def questions(database: Database, opened: Opened) -> list[tuple[str, str | None]]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.scalars(
            select(UnsureQuestion).where(UnsureQuestion.conversation_id == opened.conversation_id)
        )
        return [(row.masked_text, row.topic) for row in rows]


async def test_what_was_asked_is_kept_once_and_masked_as_long_as_the_answer_is_not_clear(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    """It goes when the message goes: it is as old as that."""
    rasa.behaviour = ANSWER
    [answer] = await send(gateway, opened, "1", text="Wat doet de raad? Mail mij op jan@voorbeeld.nl")
    assert await questions(database, opened) == []
    [asked] = await send(gateway, opened, "2", choice=button(answer, NO))
    await send(gateway, opened, "3", choice=button(asked, "Te moeilijk"))
    assert await questions(database, opened) == [("Wat doet de raad? Mail mij op [e-mailadres]", "raad_wat_is")]
    async with database.session(EVERY_MUNICIPALITY) as session:
        moment = await session.scalar(
            select(UnsureQuestion.created_at == Message.created_at)
            .join(Message, Message.id == UnsureQuestion.turn_id)
            .where(UnsureQuestion.conversation_id == opened.conversation_id)
        )
    assert moment is True
    await send(gateway, opened, "4", choice=button(answer, YES))
    assert await questions(database, opened) == []


async def test_of_a_pressed_question_and_of_what_is_kept_anyway_nothing_more_is_kept(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = ANSWER
    [answer] = await send(gateway, opened, "1", text="Wat doet de raad?")
    [pressed] = await send(gateway, opened, "2", choice=button(answer, NEXT["titel"]))
    rasa.behaviour = always(200, said("Dat weet ik niet.", onderwerp="buiten_bereik"))
    [not_for_us] = await send(gateway, opened, "3", text="Hoe laat gaat het zwembad open?")
    for number, one in enumerate((pressed, not_for_us), 4):
        await send(gateway, opened, str(number), choice=button(one, NO))
    assert [verdict for _, _, verdict, _ in await kept(database, opened)] == ["nee", "nee"]
    assert await questions(database, opened) == []


async def test_the_next_question_is_answered_and_not_taken_for_a_reason(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = ANSWER
    [answer] = await send(gateway, opened, "1", text="Wat doet de raad?")
    await send(gateway, opened, "2", choice=button(answer, NO))
    assert text_of(await send(gateway, opened, "3", text="Wie beslist er dan?")) == ["De raad beslist."]
    assert await kept(database, opened) == [(UTRECHT, "raad_wat_is", "nee", None)]


async def test_what_was_asked_before_the_verdict_stays_open(gateway: Gateway, opened: Opened, rasa: RasaDouble) -> None:
    rasa.behaviour = ANSWER
    [answer] = await send(gateway, opened, "1", text="Wat doet de raad?")
    rasa.behaviour = always(200, said("In welke gemeente?", soort="vraag", verwacht={"gemeente": True}))
    await send(gateway, opened, "2", text="Ik wil iets doorgeven")
    await send(gateway, opened, "3", choice=button(answer, YES))
    await send(gateway, opened, "4", text="Dat is in Amersfoort denk ik")
    assert rasa.turns[-1]["keuze"] == {"intent": "gemeente_kiezen", "getypt": True}


async def test_the_verdict_goes_with_the_conversation(
    gateway: Gateway, opened: Opened, rasa: RasaDouble, database: Database
) -> None:
    rasa.behaviour = ANSWER
    [answer] = await send(gateway, opened, "1", text="Wat doet de raad?")
    await send(gateway, opened, "2", choice=button(answer, YES))
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.delete(await session.get_one(Conversation, opened.conversation_id))
    assert await kept(database, opened) == []
