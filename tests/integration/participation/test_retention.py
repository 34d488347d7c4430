"""Chat texts go after 28 days; what was passed on to the council stays, and so does the way back to the resident."""

import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy
from sqlalchemy import func, select, text, update

from participation.campaigns import own_statements, parts, subscriptions
from participation.campaigns.taking_part import Coming, answer, start, vote
from participation.database import EVERY_MUNICIPALITY, Database
from participation.database.engine import sqlalchemy_url
from participation.models import (
    Campaign,
    CampaignAnswer,
    ChatAddress,
    Choice,
    Contribution,
    Conversation,
    Incoming,
    LoginAttempt,
    Message,
    Outgoing,
    Resident,
    Statement,
    Vote,
)
from participation.privacy.retention import Erased, erase_expired
from participation.services import conversations, incoming, outgoing
from tests.integration.campaign_maker import Ask, make
from tests.integration.participation.conftest import UTRECHT, Contribute, Converse
from tests.traces import make_tracker, write_tracker

DAYS = 28


async def erase(database: Database, now: datetime) -> Erased:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await erase_expired(session, days=DAYS, now=now)


async def say(database: Database, conversation: Conversation, at: datetime) -> None:
    """One turn: the resident's words, and the bot's with a button."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        received = await conversations.receive(
            session,
            conversation_id=conversation.id,
            external_id=uuid.uuid4().hex,
            body={"tekst": "Mijn verhaal"},
            now=at,
        )
        await conversations.answer(
            session,
            conversation_id=conversation.id,
            replies=[{"tekst": "Dag", "knoppen": [{"titel": "Ja", "betekenis": {"intent": "bevestigen"}}]}],
            in_reply_to=received.message.id,
            now=at,
        )


async def left(database: Database, conversation_id: uuid.UUID, resident_id: uuid.UUID) -> tuple[int, int, int, int]:
    """Messages, buttons, conversations and residents."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        counts = [
            await session.scalar(select(func.count()).select_from(model).where(condition))
            for model, condition in (
                (Message, Message.conversation_id == conversation_id),
                (Choice, Choice.conversation_id == conversation_id),
                (Conversation, Conversation.id == conversation_id),
                (Resident, Resident.id == resident_id),
            )
        ]
    return counts[0] or 0, counts[1] or 0, counts[2] or 0, counts[3] or 0


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(days=DAYS) - timedelta(seconds=1), (2, 1, 1, 1)),
        (timedelta(days=DAYS), (2, 1, 1, 1)),
        (timedelta(days=DAYS, seconds=1), (0, 0, 0, 0)),
    ],
)
async def test_a_conversation_is_erased_when_its_time_is_up(
    database: Database, converse: Converse, now: datetime, age: timedelta, expected: tuple[int, int, int, int]
) -> None:
    conversation = await converse(now - age)
    await say(database, conversation, now - age)
    await erase(database, now)
    assert await left(database, conversation.id, conversation.resident_id) == expected


async def test_of_a_conversation_that_goes_on_only_the_old_part_goes(
    database: Database, converse: Converse, now: datetime
) -> None:
    conversation = await converse(now - timedelta(days=40))
    await say(database, conversation, now - timedelta(days=40))
    await say(database, conversation, now - timedelta(days=1))
    await erase(database, now)
    assert await left(database, conversation.id, conversation.resident_id) == (2, 1, 1, 1)


async def test_a_contribution_survives_with_its_way_back(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    then = now - timedelta(days=400)
    contribution = await contribute(at=then)
    assert contribution.conversation_id
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        conversation = await conversations.get(session, contribution.conversation_id)
    await say(database, conversation, then)
    await erase(database, now)
    assert await left(database, contribution.conversation_id, contribution.resident_id) == (0, 0, 1, 1)
    async with database.session(UTRECHT) as session:
        kept = await session.get_one(Contribution, contribution.id)
    assert (kept.text, kept.reference) == (contribution.text, contribution.reference)


async def test_failed_log_ins_are_forgotten_after_a_day(database: Database, now: datetime) -> None:
    subjects = {hours: uuid.uuid4().bytes * 2 for hours in (23, 25)}
    async with database.session("") as session:
        session.add_all(
            LoginAttempt(subject=subject, created_at=now - timedelta(hours=hours))
            for hours, subject in subjects.items()
        )
    await erase(database, now)
    async with database.session("") as session:
        kept = (await session.scalars(select(LoginAttempt.subject))).all()
    assert (subjects[23] in kept, subjects[25] in kept) == (True, False)


async def test_where_to_push_and_what_is_still_to_be_pushed_go_with_the_conversation(
    database: Database, converse: Converse, now: datetime
) -> None:
    async def kept() -> list[int | None]:
        async with database.session(EVERY_MUNICIPALITY) as session:
            return [
                await session.scalar(select(func.count()).where(model.conversation_id == conversation.id))
                for model in (ChatAddress, Outgoing)
            ]

    conversation = await converse(now - timedelta(days=29))
    async with database.session(EVERY_MUNICIPALITY) as session:
        await outgoing.remember_address(
            session, conversation_id=conversation.id, sealed=b"x", now=now - timedelta(days=29)
        )
    await say(database, conversation, now - timedelta(days=29))
    assert await kept() == [1, 1]
    await erase(database, now)
    assert await kept() == [0, 0]


@pytest.mark.parametrize(
    ("age", "handled", "expected"),
    [
        (timedelta(days=1), True, 1),
        (timedelta(days=2, seconds=1), True, 0),
        (timedelta(days=2, seconds=1), False, 1),
        (timedelta(days=DAYS, seconds=1), False, 0),
    ],
)
async def test_updates_of_a_channel_are_forgotten_when_no_repeat_can_come(
    database: Database, now: datetime, age: timedelta, handled: bool, expected: int
) -> None:
    received = incoming.Update("proef", uuid.uuid4().int % 2**62, b"wie", b"wat", urgent=False)
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await incoming.store(session, received, now=now - age)
        if handled:
            incoming.finish(await session.get_one(Incoming, ("proef", received.id)), now=now - age)
    await erase(database, now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        left_over = select(func.count()).select_from(Incoming).where(Incoming.update_id == received.id)
        assert await session.scalar(left_over) == expected


async def test_erasing_twice_erases_nothing_more(database: Database, converse: Converse, now: datetime) -> None:
    conversation = await converse(now - timedelta(days=29))
    await say(database, conversation, now - timedelta(days=29))
    first = await erase(database, now)
    assert (first.messages, first.choices, first.conversations, first.residents) >= (2, 1, 1, 1)
    assert set(vars(await erase(database, now)).values()) == {0}


async def test_what_rasa_wrote_down_goes_too(
    database: Database, database_url: str, converse: Converse, now: datetime
) -> None:
    """Rasa makes its table itself, as its own role, the first time it starts; before that, nothing is erased.

    Of a conversation that was erased while Rasa still worked on its last turn, nothing stays, however young.
    """
    assert (await erase(database, now)).tracker_events == 0
    make_tracker(database_url)
    conversation = await converse()
    for sender, age, words in ((conversation.id, 29, "oud"), (conversation.id, 27, "jong"), (uuid.uuid4(), 0, "wees")):
        write_tracker(database_url, sender=sender, at=(now - timedelta(days=age)).timestamp(), data=words)
    assert (await erase(database, now)).tracker_events == 2
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT data FROM rasa.events")).all() == ["jong"]


async def test_who_takes_part_or_agreed_to_messages_stays_as_an_address_until_the_campaign_is_long_over(
    database: Database, converse: Converse, now: datetime
) -> None:
    long_ago = now - timedelta(days=2 * DAYS)
    taking_part, agreeing, neither = [await converse(long_ago) for _ in range(3)]
    async with database.session(EVERY_MUNICIPALITY) as session:
        asked = Ask("stellingen", statements=("Meer bomen.",))
        campaign = await make(session, asked, now=now)
        coming = Coming(taking_part.resident_id, UTRECHT, taking_part.id, "web")
        participant, _ = await start(session, campaign=campaign, coming=coming, now=now)
        [statement] = await session.scalars(select(Statement).where(Statement.campaign_id == campaign.id))
        await vote(session, participant_id=participant.id, statement_id=statement.id, value=1, now=now)
        await subscriptions.agree(
            session, resident_id=agreeing.resident_id, municipality_code=UTRECHT, channel="web", now=long_ago
        )
    for conversation in (taking_part, agreeing, neither):
        await say(database, conversation, long_ago)
    await erase(database, now)
    kept = [await left(database, one.id, one.resident_id) for one in (taking_part, agreeing, neither)]
    assert kept == [(0, 0, 1, 1), (0, 0, 1, 1), (0, 0, 0, 0)]
    async with database.session(EVERY_MUNICIPALITY) as session:
        ended = await session.get_one(Campaign, campaign.id)
        ended.state, ended.closed_at = "gesloten", now
        await subscriptions.end(session, resident_id=agreeing.resident_id, channel="web", now=now)
    await erase(database, now + timedelta(days=DAYS, seconds=1))
    gone = [await left(database, one.id, one.resident_id) for one in (taking_part, agreeing)]
    assert gone == [(0, 0, 0, 0), (0, 0, 0, 0)]
    async with database.session(EVERY_MUNICIPALITY) as session:
        votes = await session.scalars(select(Vote.value).where(Vote.campaign_id == campaign.id))
        assert list(votes) == [1]


@pytest.mark.parametrize("wants_outcome", [False, True])
async def test_with_the_thread_to_a_writer_their_own_words_go_and_the_masked_ones_stay(
    database: Database, converse: Converse, now: datetime, *, wants_outcome: bool
) -> None:
    writer = await converse(now)
    own, masked = "Bel mij op 06-12345678.", "Bel mij op [telefoonnummer]."
    async with database.session(EVERY_MUNICIPALITY) as session:
        asked = Ask("open", "Wat nog?", rules={}), Ask("open", "En verder?", rules={}), Ask("stellingen", "Eens?")
        campaign = await make(session, *asked, now=now)
        coming = Coming(writer.resident_id, UTRECHT, writer.id, "web")
        participant, _ = await start(session, campaign=campaign, coming=coming, now=now)
        first, second, statements = await parts.of(session, campaign.id)
        for part in (first, second):
            await answer(session, participant=participant, part=part, value={"words": True}, words=own, now=now)
        await own_statements.add(session, participant=participant, part=statements, words=own, now=now)
        not_yet = CampaignAnswer.participant_id == participant.id, CampaignAnswer.part_id == second.id
        await session.execute(update(CampaignAnswer).where(*not_yet).values(masked_words=None))
        participant.wants_outcome = wants_outcome
        campaign.state, campaign.closed_at = "gesloten", now
    await erase(database, now + timedelta(days=DAYS, seconds=1))
    kept = own if wants_outcome else masked
    async with database.session(EVERY_MUNICIPALITY) as session:
        answers = await session.execute(
            select(CampaignAnswer.words, CampaignAnswer.masked_words).where(CampaignAnswer.campaign_id == campaign.id)
        )
        assert [tuple(row) for row in answers] == [(kept, masked)] * 2
        written = await session.execute(
            select(Statement.text, Statement.masked_text).where(Statement.campaign_id == campaign.id)
        )
        assert [tuple(row) for row in written] == [(kept, masked)]
