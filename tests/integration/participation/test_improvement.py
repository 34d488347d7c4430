"""What is kept of questions that the chat was not sure about, and how long."""

import uuid
from datetime import datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from actions.answers import ActionAntwoord, ActionKeuze
from actions.guarded import Surroundings
from actions.turn import ActionTurn
from participation.database import EVERY_MUNICIPALITY, Database
from participation.language.encoder import DIMENSIONS
from participation.models import AnswerVerdict, Conversation, UnsureQuestion
from participation.privacy.retention import erase_expired
from participation.services import conversations, unsure, verdicts
from participation.settings import Settings
from tests.integration.participation.conftest import UTRECHT, Converse

DAYS = 28


@pytest.fixture
def surroundings(database: Database, now: datetime) -> Surroundings:
    return Surroundings(database, Settings(demo=True), lambda: now)


def turn_in(around: Surroundings, conversation: Conversation, text: str, **known: object) -> ActionTurn:
    return ActionTurn(
        **{  # type: ignore[arg-type]
            "database": around.database,
            "settings": around.settings,
            "now": around.clock(),
            "conversation_id": conversation.id,
            "resident_id": conversation.resident_id,
            "channel": "web",
            "municipality_code": conversation.municipality_code,
            "text": text,
            "choice": None,
            "intent": "nlu_fallback",
            "topic": None,
            "ranking": [],
            "slots": {},
            **known,
        }
    )


async def kept(database: Database, conversation_id: uuid.UUID) -> list[str]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.scalars(
            select(UnsureQuestion.masked_text).where(UnsureQuestion.conversation_id == conversation_id)
        )
        return list(rows)


@pytest.mark.parametrize(
    ("code", "choice", "expected"),
    [
        (UTRECHT, None, ["Mag [naam] de vergunning krijgen?"]),
        (UTRECHT, {"intent": "nlu_fallback", "anders": True}, []),
        (None, None, []),
    ],
)
async def test_a_typed_question_that_ends_in_a_choice_is_kept_masked(
    surroundings: Surroundings,
    converse: Converse,
    database: Database,
    code: str | None,
    choice: dict[str, object] | None,
    expected: list[str],
) -> None:
    conversation = await converse(code=code)
    turn = turn_in(surroundings, conversation, "Mag mevrouw Jansen de vergunning krijgen?", choice=choice)
    await ActionKeuze(surroundings).handle(turn)
    assert [reply.kind for reply in turn.replies] == ["keuze"]
    assert [text.replace("mevrouw ", "") for text in await kept(database, conversation.id)] == expected


@pytest.mark.parametrize(
    ("topic", "choice", "expected"),
    [
        ("buiten_bereik", None, ["Hoe laat gaat het zwembad open?"]),
        ("buiten_bereik", {"intent": "buiten_bereik"}, []),
        ("raad_wat_is", None, []),
    ],
)
async def test_a_typed_question_that_the_chat_has_no_answer_to_is_kept(
    surroundings: Surroundings,
    converse: Converse,
    database: Database,
    topic: str,
    choice: dict[str, object] | None,
    expected: list[str],
) -> None:
    """However sure the model is that it is not for the chat."""
    conversation = await converse()
    known = {"intent": topic, "topic": topic, "choice": choice, "ranking": [(topic, 0.99)]}
    turn = turn_in(surroundings, conversation, "Hoe laat gaat het zwembad open?", **known)
    await ActionAntwoord(surroundings).handle(turn)
    assert [reply.topic for reply in turn.replies] == [topic]
    assert await kept(database, conversation.id) == expected


async def test_an_answer_says_which_topic_it_is_about(surroundings: Surroundings, converse: Converse) -> None:
    turn = turn_in(surroundings, await converse(), "Wat doet de raad?", topic="raad_wat_is")
    await ActionAntwoord(surroundings).handle(turn)
    assert [reply.topic for reply in turn.replies] == ["raad_wat_is"]


async def test_questions_go_with_the_chat_and_verdicts_after_ninety_days(
    database: Database, converse: Converse, now: datetime
) -> None:
    """In a conversation that goes on: one that ended goes as a whole."""
    conversation = await converse(now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        for number, age in enumerate((timedelta(days=90), timedelta(days=90, seconds=1)), 1):
            await verdicts.give(
                session,
                conversation_id=conversation.id,
                turn_id=number,
                municipality_code=UTRECHT,
                topic="fractie",
                verdict="ja",
                reason=None,
                now=now - age,
            )
        session.add_all(
            UnsureQuestion(
                conversation_id=conversation.id, municipality_code=UTRECHT, masked_text=text, created_at=now - age
            )
            for text, age in (("jong", timedelta(days=DAYS)), ("oud", timedelta(days=DAYS, seconds=1)))
        )
    async with database.session(EVERY_MUNICIPALITY) as session:
        await erase_expired(session, days=DAYS, now=now)
        numbers = await session.scalars(
            select(AnswerVerdict.turn_id).where(AnswerVerdict.conversation_id == conversation.id)
        )
        assert list(numbers) == [1]
    assert await kept(database, conversation.id) == ["jong"]


async def test_a_question_that_was_encoded_already_is_not_encoded_again_unless_words_were_masked(
    database: Database, converse: Converse, now: datetime
) -> None:
    conversation, made = await converse(now), np.full(DIMENSIONS, 0.5, dtype=np.float32)
    texts = ("Wat kost dat?", "Wat kost dat? Mail naar jan@voorbeeld.nl")
    for text in texts:
        await unsure.remember(
            database,
            conversation_id=conversation.id,
            municipality_code=UTRECHT,
            text=text,
            embedding=made,
            now=now,
        )
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await session.scalars(
            select(UnsureQuestion).where(UnsureQuestion.conversation_id == conversation.id).order_by(UnsureQuestion.id)
        )
        assert {row.masked_text == texts[0]: row.embedding == made.tobytes() for row in rows} == {
            True: True,
            False: False,
        }


async def test_with_the_conversation_everything_goes(database: Database, converse: Converse, now: datetime) -> None:
    conversation = await converse(now)
    await unsure.remember(
        database, conversation_id=conversation.id, municipality_code=UTRECHT, text="Wat kost dat?", now=now
    )
    assert await kept(database, conversation.id) == ["Wat kost dat?"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.delete(await conversations.get(session, conversation.id))
    async with database.session(EVERY_MUNICIPALITY) as session:
        left = select(func.count()).select_from(UnsureQuestion).where(UnsureQuestion.conversation_id == conversation.id)
        assert await session.scalar(left) == 0
