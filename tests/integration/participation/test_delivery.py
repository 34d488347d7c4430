"""What the griffie writes reaches the chat it came from, once, and open chats hear of it at once."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.live import LiveConversations
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Contribution, ContributionEntry, Message
from participation.services import conversations, delivery
from participation.settings import Settings
from participation.worker import job_app, look_back, queue_delivery
from tests.integration.participation.conftest import UTRECHT, Answer, Contribute, Converse

LISTENERS = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"


async def as_owner(database_url: str, statement: str) -> list[Any]:
    owner = Database(database_url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        found = (await session.scalars(text(statement))).all()
    await owner.close()
    return list(found)


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(demo=True, database_url=database_url)


@pytest.fixture
async def live(settings: Settings, database_url: str) -> AsyncIterator[LiveConversations]:
    """The listener of a web process, once it listens."""
    listening = LiveConversations(settings)
    task = asyncio.create_task(listening.run())
    async with asyncio.timeout(10):
        while await as_owner(database_url, f"SELECT 1 {LISTENERS}") != [1]:  # noqa: ASYNC110  only PostgreSQL knows
            await asyncio.sleep(0.02)
    yield listening
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def deliver(database: Database, entry: ContributionEntry, now: datetime) -> bool:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await delivery.deliver(session, entry_id=entry.id, now=now)


async def messages(database: Database, contribution: Contribution) -> list[Message]:
    assert contribution.conversation_id is not None
    async with database.session(EVERY_MUNICIPALITY) as session:
        return list(await conversations.history(session, conversation_id=contribution.conversation_id))


async def test_a_text_arrives_once_however_often_it_is_delivered(
    database: Database, contribute: Contribute, answer: Answer, now: datetime
) -> None:
    contribution = await contribute()
    entry = await answer(contribution, "Dank u wel. {Gemeente}")
    done = await asyncio.gather(*(deliver(database, entry, now) for _ in range(10)))
    assert sorted(done) == [False] * 9 + [True]
    assert await deliver(database, entry, now) is False
    [message] = await messages(database, contribution)
    assert (message.sender, message.entry_id, message.body["soort"], message.body["tekst"]) == (
        "griffie",
        entry.id,
        "griffie",
        f"Antwoord van de griffie van Utrecht op uw inbreng {contribution.reference}:\n\nDank u wel. {{Gemeente}}",
    )


async def test_texts_wait_until_they_are_delivered(
    database: Database, contribute: Contribute, answer: Answer, now: datetime
) -> None:
    async def waiting() -> list[uuid.UUID]:
        async with database.session(EVERY_MUNICIPALITY) as session:
            return list(await conversations.undelivered(session))

    entry = await answer(await contribute())
    assert entry.id in await waiting()
    await deliver(database, entry, now)
    assert entry.id not in await waiting()


async def test_a_text_for_an_erased_chat_stays_with_the_contribution_and_blocks_nobody(
    database: Database, contribute: Contribute, answer: Answer, now: datetime
) -> None:
    contribution = await contribute()
    entry = await answer(contribution)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(
            update(Contribution).where(Contribution.id == contribution.id).values(conversation_id=None)
        )
    assert await deliver(database, entry, now) is False
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert entry.id not in await conversations.undelivered(session)
        kept = await session.get_one(ContributionEntry, entry.id)
    assert (kept.text, kept.delivered_at) == (entry.text, None)


async def test_an_unknown_text_is_no_fault(database: Database, now: datetime) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await delivery.deliver(session, entry_id=uuid.uuid4(), now=now) is False


async def test_open_chats_of_that_conversation_hear_of_it(
    database: Database, contribute: Contribute, answer: Answer, live: LiveConversations, now: datetime
) -> None:
    contribution, other = await contribute(), await contribute()
    entry = await answer(contribution)
    assert contribution.conversation_id
    assert other.conversation_id
    with (
        live.watch(contribution.conversation_id) as first,
        live.watch(contribution.conversation_id) as second,
        live.watch(other.conversation_id) as elsewhere,
    ):
        await deliver(database, entry, now)
        await asyncio.wait_for(asyncio.gather(first.wait(), second.wait()), 10)
        assert not elsewhere.is_set()


@pytest.mark.parametrize("by_resident", [False, True], ids=["griffie", "inwoner"])
async def test_two_messages_at_once_are_both_heard_by_who_follows_the_numbers(
    database: Database, converse: Converse, now: datetime, by_resident: bool
) -> None:
    """The first to be written is the last to be committed; an open chat looks in between."""
    conversation = await converse()
    heard: list[str] = []
    after = 0

    async def look() -> None:
        nonlocal after
        async with database.session(EVERY_MUNICIPALITY) as session:
            for message in await conversations.history(session, conversation_id=conversation.id, after=after):
                after = message.id
                heard.append(message.body["tekst"])

    async def say(session: AsyncSession, words: str) -> None:
        await conversations.answer(
            session, conversation_id=conversation.id, replies=[{"tekst": words}], in_reply_to=None, now=now
        )

    async def second() -> None:
        async with database.session(EVERY_MUNICIPALITY) as session:
            if by_resident:
                await conversations.receive(
                    session, conversation_id=conversation.id, external_id="2", body={"tekst": "tweede"}, now=now
                )
            else:
                await say(session, "tweede")

    async with database.session(EVERY_MUNICIPALITY) as session:
        await say(session, "eerste")
        meanwhile = asyncio.create_task(second())
        await asyncio.wait([meanwhile], timeout=1)
        await look()
    await meanwhile
    await look()
    assert heard == ["eerste", "tweede"]


async def test_a_listener_that_lost_its_connection_listens_again(
    database: Database, converse: Converse, live: LiveConversations, database_url: str
) -> None:
    """The database restarts now and then; open chats must not stay deaf until a reload."""
    conversation = await converse()
    with live.watch(conversation.id) as changed:
        assert await as_owner(database_url, f"SELECT pg_terminate_backend(pid) {LISTENERS}") == [True]
        await asyncio.wait_for(changed.wait(), 15)  # listening again, and telling every chat to look
        changed.clear()
        async with database.session(EVERY_MUNICIPALITY) as session:
            await conversations.answer(
                session,
                conversation_id=conversation.id,
                replies=[{"tekst": "Dag"}],
                in_reply_to=None,
                now=conversation.created_at,
            )
        await asyncio.wait_for(changed.wait(), 10)


async def test_the_worker_delivers_what_the_desk_queued(
    database: Database, contribute: Contribute, answer: Answer, settings: Settings
) -> None:
    contribution = await contribute()
    entry = await answer(contribution)
    job_app(settings)  # another queue in this process does not get in the way
    app = job_app(settings)
    async with app.open_async():
        await queue_delivery(app, entry.id)
        await queue_delivery(app, entry.id)
        await app.run_worker_async(wait=False, install_signal_handlers=False, additional_context={"database": database})
    assert [message.entry_id for message in await messages(database, contribution)] == [entry.id]


async def test_a_worker_that_starts_delivers_what_a_killed_one_had_in_its_hands(
    database: Database, contribute: Contribute, answer: Answer, settings: Settings
) -> None:
    contribution = await contribute()
    entry = await answer(contribution)
    app = job_app(settings)
    app.periodic_registry.periodic_tasks.clear()  # else the sweep of the minute may deliver it
    works = {"wait": False, "install_signal_handlers": False, "additional_context": {"database": database}}
    async with app.open_async():
        await queue_delivery(app, entry.id)
        await app.job_manager.fetch_job(queues=None, worker_id=await app.job_manager.register_worker())
        await app.run_worker_async(**works)
        assert await messages(database, contribution) == [], "nobody had it in their hands"
        await look_back(app)
        await app.run_worker_async(**works)
    assert [message.entry_id for message in await messages(database, contribution)] == [entry.id]


async def test_the_sweep_delivers_what_was_never_queued_and_the_night_erases(
    database: Database, contribute: Contribute, answer: Answer, settings: Settings
) -> None:
    contribution = await contribute(at=datetime.now(UTC))
    entry = await answer(contribution)
    old = await contribute(at=datetime.now(UTC) - timedelta(days=29))
    assert old.conversation_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        session.add(
            Message(
                conversation_id=old.conversation_id,
                sender="inwoner",
                body={"tekst": "oud"},
                created_at=datetime.now(UTC) - timedelta(days=29),
            )
        )
    app = job_app(settings)
    async with app.open_async():
        await app.configure_task("samenspel:sweep").defer_async(timestamp=0)
        await app.configure_task("samenspel:erase_expired").defer_async(timestamp=0)
        await app.run_worker_async(wait=False, install_signal_handlers=False, additional_context={"database": database})
    assert [message.entry_id for message in await messages(database, contribution)] == [entry.id]
    assert await messages(database, old) == []
    async with database.session(UTRECHT) as session:
        assert (await session.get_one(Contribution, old.id)).text == old.text
