"""Own questions in the chat: at once, everywhere, and never before a topic that is understood."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from actions.answers import ActionAntwoord, ActionHerhalen, ActionKeuze
from actions.guarded import Surroundings
from actions.turn import ActionTurn
from participation import content
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Conversation, OwnQuestion, UnsureQuestion
from participation.reply import Link
from participation.services import own_questions
from participation.services.own_questions import Text
from participation.settings import Settings
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Converse

KERMIS = Text(
    "Wanneer is de kermis?",
    ("Op welke dagen is de kermis?", "Hoe lang blijft de kermis?", "Komt de kermis dit jaar?"),
    "De kermis is in mei.",
    "Op het Vredenburg.",
    "Kermis",
    "https://utrecht.example/kermis",
    date(2026, 11, 20),
)
ASKED = "op welke dag is de kermis"
ANSWER = "De kermis is in mei.\n\nNagekeken op 20 november 2026."
Add = Callable[..., Awaitable[OwnQuestion]]


@pytest.fixture
def surroundings(database: Database, now: datetime) -> Surroundings:
    return Surroundings(database, Settings(demo=True), lambda: now)


@pytest.fixture
async def add(database: Database, clerk: Clerk, now: datetime) -> AsyncIterator[Add]:
    """Add a question; all are gone after the test."""

    async def made(text: Text = KERMIS, *, code: str = UTRECHT, publish: bool = True) -> OwnQuestion:
        async with database.session(code) as session:
            return await own_questions.save(
                session, municipality_code=code, question=None, text=text, publish=publish, clerk=clerk, now=now
            )

    yield made
    async with database.session(EVERY_MUNICIPALITY) as session:
        for row in await session.scalars(select(OwnQuestion)):
            await session.delete(row)


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


async def test_what_was_not_understood_gets_the_own_answer_and_can_be_repeated(
    surroundings: Surroundings, converse: Converse, database: Database, add: Add
) -> None:
    question, conversation = await add(), await converse()
    turn = turn_in(surroundings, conversation, ASKED)
    events = await ActionKeuze(surroundings).handle(turn)
    [reply] = turn.replies
    assert (reply.text, reply.kind, reply.more, reply.links, reply.topic) == (
        ANSWER,
        "antwoord",
        "Op het Vredenburg.",
        (Link("Kermis", "https://utrecht.example/kermis"),),
        f"eigen:{question.id}",
    )
    assert [(event["name"], event["value"]) for event in events] == [("laatste_onderwerp", f"eigen:{question.id}")]
    async with database.session(UTRECHT) as session:
        unsure = select(UnsureQuestion).where(UnsureQuestion.conversation_id == conversation.id)
        assert (await session.scalars(unsure)).all() == []
    again = turn_in(surroundings, conversation, "leg uit", slots={"laatste_onderwerp": reply.topic})
    await ActionHerhalen(surroundings).handle(again)
    assert again.replies[0].text == content.text("herhaling", tekst="Op het Vredenburg.")


@pytest.mark.parametrize(
    ("label", "confidence", "is_own"),
    [
        ("buiten_bereik", 0.99, True),
        ("dienst_gemeente", 0.84, True),
        ("dienst_gemeente", 0.86, False),
        ("vraag/raad_wat_is", 0.84, True),
        ("vraag/raad_wat_is", 0.86, False),
        ("andere_overheid", 0.51, False),
        ("noodgeval", 0.51, False),
    ],
)
async def test_a_confident_topic_and_somebody_in_need_come_first(
    surroundings: Surroundings, converse: Converse, add: Add, label: str, confidence: float, is_own: bool
) -> None:
    await add()
    intent, _, topic = label.partition("/")
    known = {"intent": intent, "topic": topic or intent, "ranking": [(label, confidence)]}
    turn = turn_in(surroundings, await converse(), ASKED, **known)
    await ActionAntwoord(surroundings).handle(turn)
    assert [reply.text == ANSWER for reply in turn.replies] == [is_own]


@pytest.mark.parametrize(
    ("known", "publish"),
    [
        ({"municipality_code": AMERSFOORT}, True),
        ({"municipality_code": None}, True),
        ({"choice": {"intent": "nlu_fallback"}}, True),
        ({"text": "ik wil mijn rijbewijs verlengen"}, True),
        ({}, False),
    ],
)
async def test_elsewhere_by_a_button_about_something_else_or_before_publishing_there_is_a_choice(
    surroundings: Surroundings, converse: Converse, add: Add, known: dict[str, object], publish: bool
) -> None:
    await add(publish=publish)
    turn = turn_in(surroundings, await converse(), **{"text": ASKED, **known})  # type: ignore[arg-type]
    await ActionKeuze(surroundings).handle(turn)
    assert [reply.kind for reply in turn.replies] == ["keuze"]


async def test_a_change_counts_at_once_in_another_process(
    database: Database, database_url: str, add: Add, clerk: Clerk, now: datetime
) -> None:
    """Two engines on one database hold their questions apart, as two processes do."""
    question = await add()
    other = Database(database_url, become_app_role=True)

    async def told() -> list[str | None]:
        found = [
            await own_questions.answer(one, municipality_code=UTRECHT, text=ASKED, today=now.date())
            for one in (database, other)
        ]
        return [reply.text.partition("\n")[0] if reply else None for reply in found]

    try:
        assert await told() == ["De kermis is in mei."] * 2
        async with database.session(UTRECHT) as session:
            own = await own_questions.get(session, municipality_code=UTRECHT, question_id=question.id)
            changed = replace(KERMIS, short="In juni.", more="")
            await own_questions.save(
                session, municipality_code=UTRECHT, question=own, text=changed, publish=True, clerk=clerk, now=now
            )
        assert await told() == ["In juni."] * 2
        for on in (False, True):
            async with database.session(UTRECHT) as session:
                own = await own_questions.get(session, municipality_code=UTRECHT, question_id=question.id)
                await own_questions.switch(session, question=own, on=on, clerk=clerk, now=now)
            assert await told() == (["In juni."] * 2 if on else [None] * 2)
        async with database.session(UTRECHT) as session:
            own = await own_questions.get(session, municipality_code=UTRECHT, question_id=question.id)
            await own_questions.remove(session, question=own, clerk=clerk, now=now)
        assert await told() == [None] * 2
    finally:
        await other.close()


async def test_switching_and_mending_check_no_source_but_a_griffier_who_reads_it_does(
    database: Database, add: Add, clerk: Clerk, now: datetime
) -> None:
    question, later = await add(), now + timedelta(days=30)

    async def told() -> str:
        reply = await own_questions.answer(database, municipality_code=UTRECHT, text=ASKED, today=later.date())
        assert reply is not None
        return reply.text.partition("\n\n")[2]

    async with database.session(UTRECHT) as session:
        own = await own_questions.get(session, municipality_code=UTRECHT, question_id=question.id)
        for on in (False, True):
            await own_questions.switch(session, question=own, on=on, clerk=clerk, now=later)
    assert await told() == "Nagekeken op 20 november 2026."
    for day, shown in ((KERMIS.checked_on, "20 november 2026"), (later.date(), "23 december 2026")):
        async with database.session(UTRECHT) as session:
            own = await own_questions.get(session, municipality_code=UTRECHT, question_id=question.id)
            mended = replace(KERMIS, more="Op het Lepelenburg.", checked_on=day)
            await own_questions.save(
                session, municipality_code=UTRECHT, question=own, text=mended, publish=True, clerk=clerk, now=later
            )
        assert await told() == f"Nagekeken op {shown}."


async def test_a_question_of_another_municipality_is_unknown(database: Database, add: Add) -> None:
    question = await add()
    async with database.session(AMERSFOORT) as session:
        with pytest.raises(own_questions.OwnQuestionUnknown):
            await own_questions.get(session, municipality_code=AMERSFOORT, question_id=question.id)
        with pytest.raises(own_questions.OwnQuestionUnknown):
            await own_questions.get(session, municipality_code=AMERSFOORT, question_id=uuid.uuid4())
