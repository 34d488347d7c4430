"""The log can not be rewritten without anybody seeing it, and erasing a resident does not look like that."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import ProgrammingError

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import AuditEvent, AuditLink, AuditWords, Clerk, Contribution
from participation.services import audit, audit_chain, history, masking
from participation.services.audit_chain import (
    CHANGED,
    LINK_LOST,
    LOST,
    NO_MARK,
    OLDER_MARK,
    OUTSIDE,
    WORDS_CHANGED,
    Mark,
)
from tests.integration.conftest import empty_log
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Contribute


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[Database]:
    """Whoever has the password of the database."""
    opened = Database(database_url)
    yield opened
    async with opened.session(EVERY_MUNICIPALITY) as session:
        await empty_log(session)
    await opened.close()


async def checked(database: Database, noted: Mark | None = None) -> audit_chain.Checked:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await audit_chain.check(session, noted=noted)


async def add(database: Database, clerk: Clerk, now: datetime, *codes: str) -> None:
    for code in codes:
        async with database.session(code) as session:
            await audit.record(
                session, action="test", clerk=clerk, municipality_code=code, record="é", details={"a": 1.5}, now=now
            )


async def tamper(owner: Database, *statements: str) -> None:
    """As somebody does who can put the triggers aside."""
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await session.execute(text(statement))


async def test_events_of_all_municipalities_are_in_one_chain(
    database: Database, owner: Database, clerk: Clerk, now: datetime
) -> None:
    await empty(owner)
    await add(database, clerk, now, UTRECHT, AMERSFOORT, UTRECHT)
    found = await checked(database)
    assert (found.events, found.erased, found.fault) == (3, 0, None)
    assert found.last is not None
    assert found.last.number == 3
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert list(await session.scalars(select(AuditLink.number).order_by(AuditLink.number))) == [1, 2, 3]


async def test_an_empty_log_is_whole(database: Database, owner: Database) -> None:
    await empty(owner)
    assert await checked(database) == audit_chain.Checked(0, 0, None, None)


async def empty(owner: Database) -> None:
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await empty_log(session)


async def test_what_is_rolled_back_leaves_no_hole(
    database: Database, owner: Database, clerk: Clerk, now: datetime
) -> None:
    await empty(owner)
    await add(database, clerk, now, UTRECHT)
    async with database.session(UTRECHT) as session:
        await audit.record(session, action="test", clerk=clerk, municipality_code=UTRECHT, now=now)
        await session.flush()
        await session.rollback()
    await add(database, clerk, now, UTRECHT)
    found = await checked(database)
    assert (found.events, found.fault) == (2, None)


async def test_many_at_once_do_not_wait_for_each_others_work_and_make_one_chain(
    database: Database, owner: Database, clerk: Clerk, now: datetime
) -> None:
    """The first has written and is still at work; the others commit all the same."""
    await empty(owner)
    async with database.session(UTRECHT) as slow:
        await audit.record(slow, action="langzaam", clerk=clerk, municipality_code=UTRECHT, now=now)
        await slow.flush()
        async with asyncio.timeout(20):
            await asyncio.gather(*(add(database, clerk, now, code) for code in (UTRECHT, AMERSFOORT) * 8))
    found = await checked(database)
    assert (found.events, found.fault) == (17, None)
    async with database.session(EVERY_MUNICIPALITY) as session:
        order = select(AuditEvent.action).join(AuditLink, AuditLink.event_id == AuditEvent.id)
        assert (await session.scalars(order.order_by(AuditLink.number.desc()).limit(1))).one() == "langzaam"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event CASCADE",
        "UPDATE audit_link SET hash = ''",
        "DELETE FROM audit_link",
    ],
)
async def test_even_the_owner_of_the_tables_can_not_rewrite_it(
    database: Database, owner: Database, clerk: Clerk, now: datetime, statement: str
) -> None:
    await add(database, clerk, now, UTRECHT)
    with pytest.raises(ProgrammingError, match="the log can only be added to"):
        async with owner.session(EVERY_MUNICIPALITY) as session:
            await session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_link (number, event_id, hash) VALUES (999, 1, '')",
        "SELECT audit_add_link(1, 'x')",
        "UPDATE audit_words SET text = 'x'",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    ],
)
async def test_the_application_can_not_make_links(database: Database, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(text(statement))


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["UPDATE audit_event SET clerk_id = NULL WHERE id = {id}"], CHANGED),
        (["UPDATE audit_event SET created_at = created_at - interval '1 second' WHERE id = {id}"], CHANGED),
        (["UPDATE audit_event SET details = '{{}}' WHERE id = {id}"], CHANGED),
        (["DELETE FROM audit_event WHERE id = {id}"], LOST),
        (["DELETE FROM audit_event WHERE id = {id}", "DELETE FROM audit_link WHERE event_id = {id}"], LINK_LOST),
        (["UPDATE audit_link SET number = number + 5 WHERE event_id > {id}"], LINK_LOST),
        (["UPDATE audit_link SET hash = sha256('x') WHERE event_id = {id}"], CHANGED),
        (
            ["INSERT INTO audit_event (action, details, created_at) VALUES ('x', '{{}}', now())"],
            OUTSIDE,
        ),
    ],
)
async def test_each_way_of_rewriting_is_seen(
    database: Database, owner: Database, clerk: Clerk, now: datetime, statements: list[str], fault: str
) -> None:
    await empty(owner)
    await add(database, clerk, now, UTRECHT, UTRECHT, UTRECHT)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        second = await session.scalar(select(AuditLink.event_id).where(AuditLink.number == 2))
    await tamper(owner, *(statement.format(id=second) for statement in statements))
    found = (await checked(database)).fault
    assert found is not None
    assert found.what == fault


async def test_a_log_that_was_cut_off_or_written_anew_misses_what_was_noted(
    database: Database, owner: Database, clerk: Clerk, now: datetime
) -> None:
    await empty(owner)
    await add(database, clerk, now, UTRECHT, UTRECHT)
    noted = (await checked(database)).last
    assert noted is not None
    assert Mark.of(str(noted)) == noted
    await add(database, clerk, now, UTRECHT)
    assert (await checked(database, noted)).fault is None
    await empty(owner)
    await add(database, clerk, now, UTRECHT, UTRECHT, UTRECHT)
    assert (await checked(database)).fault is None
    assert (await checked(database, noted)).fault == audit_chain.Fault(NO_MARK, 2)


async def test_words_go_with_their_contribution_and_the_chain_stays_whole(
    database: Database, owner: Database, clerk: Clerk, contribute: Contribute, now: datetime
) -> None:
    await empty(owner)
    contribution = await contribute(UTRECHT)
    async with database.session(UTRECHT) as session:
        await masking.reveal_original(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            reason="Mevrouw Jansen belde",
            clerk=clerk,
            now=now,
        )
    async with database.session(UTRECHT) as session:
        [told] = await history.events(session, municipality_code=UTRECHT, contribution_id=contribution.id)
        assert (told.words, told.details) == ("Mevrouw Jansen belde", {})
    assert (await checked(database)).erased == 0
    await tamper(owner, "UPDATE audit_words SET text = 'Zomaar'")
    fault = (await checked(database)).fault
    assert fault is not None
    assert fault.what == WORDS_CHANGED
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(delete(Contribution).where(Contribution.id == contribution.id))
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await session.scalar(select(func.count()).select_from(AuditWords)) == 0
    found = await checked(database)
    assert (found.erased, found.fault) == (1, None)
    async with database.session(UTRECHT) as session:
        [told] = await history.events(session, municipality_code=UTRECHT, contribution_id=contribution.id)
        assert told.words == ""


LONG_AGO, KEEP_SINCE = datetime(2019, 3, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)


async def take_off(database: Database, keep_since: datetime, now: datetime) -> int:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await audit_chain.take_off(session, keep_since=keep_since, now=now)


async def test_the_oldest_events_go_in_their_time_and_the_chain_goes_on_from_a_seal(
    database: Database, owner: Database, clerk: Clerk, now: datetime
) -> None:
    await empty(owner)
    await add(database, clerk, LONG_AGO, UTRECHT, AMERSFOORT, UTRECHT)
    in_between = (await checked(database)).last
    await add(database, clerk, now, UTRECHT)
    await add(database, clerk, LONG_AGO, UTRECHT)  # a clock that was wrong: only what is before all that stays goes
    assert [await take_off(database, KEEP_SINCE, now) for _ in range(2)] == [3, 0]
    found = await checked(database)
    assert (found.events, found.taken_off, found.fault) == (3, 3, None)
    assert (await checked(database, in_between)).fault is None
    async with database.session(UTRECHT) as session:
        events = (await session.scalars(select(AuditEvent.action).order_by(AuditEvent.id))).all()
        assert events == ["test", "test", "logboek.opgeruimd"]
    await add(database, clerk, now, AMERSFOORT)
    assert (await checked(database)).fault is None


async def test_a_mark_of_what_was_taken_off_is_not_called_good(
    database: Database, owner: Database, clerk: Clerk, now: datetime
) -> None:
    await empty(owner)
    await add(database, clerk, LONG_AGO, UTRECHT)
    old = (await checked(database)).last
    await add(database, clerk, LONG_AGO, UTRECHT)
    sealed = (await checked(database)).last
    await add(database, clerk, now, UTRECHT)
    await take_off(database, KEEP_SINCE, now)
    assert old is not None
    assert sealed is not None
    faults = [(await checked(database, mark)).fault for mark in (old, sealed, Mark(sealed.number, old.hash))]
    assert [fault and fault.what for fault in faults] == [OLDER_MARK, None, NO_MARK]


async def test_the_last_event_stays_however_old(
    database: Database, owner: Database, clerk: Clerk, now: datetime
) -> None:
    await empty(owner)
    assert await take_off(database, KEEP_SINCE, now) == 0
    await add(database, clerk, LONG_AGO, UTRECHT, UTRECHT)
    assert [await take_off(database, KEEP_SINCE, now) for _ in range(3)] == [1, 1, 0]
    found = await checked(database)
    assert (found.events, found.taken_off, found.fault) == (2, 2, None)


async def test_what_is_young_can_not_be_taken_off_and_nothing_from_the_middle(
    database: Database, owner: Database, clerk: Clerk, now: datetime
) -> None:
    """By whom it is asked: the application can do no more than its job."""
    await empty(owner)
    await add(database, clerk, LONG_AGO, UTRECHT, UTRECHT, UTRECHT)
    with pytest.raises(ProgrammingError, match="at least 366 days"):
        await take_off(database, datetime.now(UTC) - timedelta(days=365), now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("SET LOCAL samenspel.logboek = 'opruimen'"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(text("DELETE FROM audit_event"))
        await session.rollback()
    await tamper(
        owner,
        "DELETE FROM audit_link WHERE number = 1",
        "DELETE FROM audit_event WHERE NOT EXISTS (SELECT FROM audit_link WHERE event_id = audit_event.id)",
    )
    assert (await checked(database)).fault == audit_chain.Fault(LINK_LOST, 1)
