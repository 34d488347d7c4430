"""What Prometheus gets of the database: each figure of what is there, and nothing of anybody."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import procrastinate
import pytest
from prometheus_client import generate_latest
from sqlalchemy import event, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import EVERY_MUNICIPALITY, Database
from participation.measures import measuring, serving
from participation.measures.figures import FIGURES, MEASURED, Figure
from participation.measures.measuring import MEASURES, Measure, Measured
from participation.models import (
    AnswerVerdict,
    BackupMade,
    ChatAddress,
    Clerk,
    Contribution,
    ContributionSorting,
    CouncilFeed,
    Incoming,
    Message,
    Outgoing,
)
from participation.models.improvement import REASONS
from participation.services import municipality_settings, sorting
from participation.settings import Settings
from participation.worker import connector, measured
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Answer, Contribute, Converse
from tests.mail_server import free_port

pytestmark = pytest.mark.usefixtures("_empty")

BEFORE = timedelta(days=8)
MINUTE = timedelta(minutes=1)
MADE = (
    *("contribution", "resident", "council_feed", "incoming", "municipality_setting", "backup_made"),
    *("jobs.procrastinate_jobs", "jobs.procrastinate_workers"),
)
"""Tables that the tests fill; what hangs on their rows goes with them."""


@pytest.fixture
async def _empty(database_url: str) -> AsyncIterator[None]:
    """Each test counts what it made itself."""
    yield
    owner = Database(database_url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("SET LOCAL search_path = public, jobs"))  # for a trigger of the queue
        for table in MADE:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608  (constants)
    await owner.close()


async def measure(database: Database, now: datetime) -> Measured:
    figures = Measured()
    for one in MEASURES:
        await figures.measure(database, one, now=now)
    return figures


def shown(figures: Measured, name: str, **labels: str) -> float | None:
    return figures.registry.get_sample_value(name, labels)


async def put(database: Database, *rows: Any) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        session.add_all(rows)


async def test_of_an_empty_database_every_group_is_measured(database: Database, now: datetime) -> None:
    figures = await measure(database, now)
    assert {one.name: shown(figures, MEASURED, measure=one.name) for one in MEASURES} == dict.fromkeys(
        (one.name for one in MEASURES), now.timestamp()
    )
    nothing = {
        ("samenspel_jobs_oldest_seconds", ()): 0.0,
        ("samenspel_workers", ()): 0.0,
        **{("samenspel_jobs", (("state", state),)): 0.0 for state in ("wacht", "bezig", "mislukt")},
        ("samenspel_contributions_unfinished", (("step", "maskeren"),)): 0.0,
        ("samenspel_verdicts_week", (("verdict", "ja"), ("reason", "geen"))): 0.0,
        ("samenspel_sortings_week", (("outcome", "andere_soort"),)): 0.0,
    }
    assert {key: shown(figures, key[0], **dict(key[1])) for key in nothing} == nothing


async def test_jobs_are_counted_by_what_became_of_them(database: Database, database_url: str) -> None:
    app = procrastinate.App(connector=connector(Settings(demo=True, database_url=database_url)))

    @app.task(name="test:broken")
    async def broken() -> None:
        raise RuntimeError

    async with app.open_async():
        await app.configure_task("test:broken").defer_async()
        await app.run_worker_async(wait=False, install_signal_handlers=False)
        for _ in range(2):
            await app.configure_task("test:later").defer_async()
        await app.configure_task("test:later", schedule_in={"hours": 1}).defer_async()
        await app.job_manager.fetch_job(queues=None, worker_id=await app.job_manager.register_worker())
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(text("UPDATE jobs.procrastinate_events SET at = at - interval '5 minutes'"))
            there = await session.scalar(text("SELECT now()"))
    assert there
    figures = await measure(database, there)
    states = {state: shown(figures, "samenspel_jobs", state=state) for state in ("wacht", "bezig", "mislukt")}
    assert states == {"wacht": 1, "bezig": 1, "mislukt": 1}
    assert 300 <= (shown(figures, "samenspel_jobs_oldest_seconds") or 0) < 330
    assert shown(figures, "samenspel_workers") == 1


async def test_what_channels_have_to_take_is_counted_without_what_waits_on_purpose(
    database: Database, converse: Converse, now: datetime
) -> None:
    for blocked in (None, now):
        conversation = await converse()
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(text("UPDATE conversation SET channel = 'telegram'"))
            session.add(ChatAddress(conversation_id=conversation.id, sealed=b"x", created_at=now, blocked_at=blocked))
            for minutes, done in ((3, None), (1, None), (9, now)):
                message = Message(
                    conversation_id=conversation.id, sender="bot", body={}, created_at=now - minutes * MINUTE
                )
                session.add(message)
                await session.flush()
                session.add(Outgoing(message_id=message.id, conversation_id=conversation.id, due_at=now, done_at=done))
    await put(
        database,
        *(
            Incoming(
                channel="telegram",
                update_id=number,
                sender=bytes(32),
                urgent=False,
                received_at=now - number * MINUTE,
                due_at=now,
                handled_at=handled,
            )
            for number, handled in ((1, None), (2, None), (3, now))
        ),
    )
    figures = await measure(database, now)
    assert shown(figures, "samenspel_outgoing_waiting", channel="telegram", kind="antwoord") == 2
    assert shown(figures, "samenspel_outgoing_oldest_seconds", channel="telegram", kind="antwoord") == 180
    assert shown(figures, "samenspel_incoming_waiting", channel="telegram") == 2
    assert shown(figures, "samenspel_incoming_oldest_seconds", channel="telegram") == 120


async def test_contributions_and_texts_that_the_worker_still_has_to_do_are_counted(
    database: Database, contribute: Contribute, answer: Answer, now: datetime
) -> None:
    contribution = await contribute()
    await answer(contribution)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(update(Contribution).values(masked_at=None, masked_text=None))
    figures = await measure(database, now + 5 * MINUTE)
    assert shown(figures, "samenspel_replies_undelivered") == 1
    assert shown(figures, "samenspel_replies_oldest_seconds") == 300
    assert shown(figures, "samenspel_contributions_unfinished", step="maskeren") == 1
    assert shown(figures, "samenspel_contributions_unfinished", step="indelen") == 1


async def test_overdue_is_what_each_municipality_says_it_is(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    for code in (UTRECHT, UTRECHT, AMERSFOORT):
        await contribute(code, at=now - BEFORE)
    await contribute(UTRECHT, at=now)
    figures = await measure(database, now)
    assert shown(figures, "samenspel_contributions_overdue", gemeente=UTRECHT) == 2
    assert shown(figures, "samenspel_contributions_overdue", gemeente=AMERSFOORT) == 1
    days = dict.fromkeys(municipality_settings.PATIENCE, 30)
    async with database.session(UTRECHT) as session:
        await municipality_settings.set_patience(session, municipality_code=UTRECHT, days=days, clerk=clerk, now=now)
    figures = await measure(database, now)
    assert shown(figures, "samenspel_contributions_overdue", gemeente=UTRECHT) is None
    assert shown(figures, "samenspel_contributions_overdue", gemeente=AMERSFOORT) == 1


async def test_a_calendar_is_stale_when_it_is_older_than_it_promises(database: Database, now: datetime) -> None:
    made = now - timedelta(days=30)

    def feed(code: str, kind: str, hours: int, good: datetime | None) -> CouncilFeed:
        return CouncilFeed(
            municipality_code=code,
            kind=kind,
            address=uuid.uuid4().hex,
            fresh_hours=hours,
            last_good_at=good,
            created_at=made,
        )

    fresh, old = now - timedelta(hours=3), now - timedelta(hours=50)
    await put(
        database,
        feed(UTRECHT, "ori", 48, fresh),
        feed(UTRECHT, "ical", 48, old),
        feed(UTRECHT, "bestand", 1, old),
        feed(AMERSFOORT, "csv", 72, old),
    )
    figures = await measure(database, now)
    stale = {code: shown(figures, "samenspel_imports_stale", gemeente=code) for code in (UTRECHT, AMERSFOORT)}
    assert stale == {UTRECHT: 1, AMERSFOORT: 0}
    name = "samenspel_import_last_good_timestamp_seconds"
    assert shown(figures, name, gemeente=UTRECHT) == old.timestamp()


async def test_the_last_backup_is_known_by_the_moment_that_it_is_of(
    database: Database, database_url: str, now: datetime
) -> None:
    owner = Database(database_url)
    assert shown(await measure(database, now), "samenspel_backup_last_timestamp_seconds") is None
    async with owner.session(EVERY_MUNICIPALITY) as session:
        for days in (3, 1, 2):
            made = now - timedelta(days=days)
            session.add(BackupMade(made_at=made, finished_at=now, size=1))
    await owner.close()
    last = shown(await measure(database, now), "samenspel_backup_last_timestamp_seconds")
    assert last == (now - timedelta(days=1)).timestamp()


async def test_answers_to_another_question_are_told_from_those_that_are_hard_to_read(
    database: Database, converse: Converse, now: datetime
) -> None:
    conversation = await converse()
    given = [("ja", None, now), ("nee", "andere_vraag", now), ("nee", "andere_vraag", now), ("nee", None, now)]
    await put(
        database,
        *(
            AnswerVerdict(
                conversation_id=conversation.id,
                turn_id=number,
                municipality_code=(UTRECHT, AMERSFOORT)[number % 2],
                topic="gemeenteraad_taken",
                verdict=verdict,
                reason=reason,
                created_at=at,
            )
            for number, (verdict, reason, at) in enumerate([*given, ("ja", None, now - BEFORE)])
        ),
    )
    figures = await measure(database, now)
    found = {
        (verdict, reason): shown(figures, "samenspel_verdicts_week", verdict=verdict, reason=reason)
        for verdict, reason in (("ja", "geen"), ("nee", "geen"), *(("nee", one) for one in REASONS))
    }
    assert found == {
        ("ja", "geen"): 1,
        ("nee", "geen"): 1,
        ("nee", "te_moeilijk"): 0,
        ("nee", "klopt_niet"): 0,
        ("nee", "andere_vraag"): 2,
    }


async def test_what_clerks_made_of_proposals_is_counted_once_a_contribution(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    async def sorted_as(kind: str, theme: str, at: datetime = now) -> None:
        contribution = await contribute(at=at)
        await put(
            database,
            ContributionSorting(
                contribution_id=contribution.id,
                municipality_code=UTRECHT,
                kind="zorg",
                theme="verkeer",
                kind_probability=0.9,
                theme_probability=0.9,
                created_at=now - MINUTE,
            ),
        )
        async with database.session(UTRECHT) as session:
            for number, (one, about) in enumerate((("compliment", "overig"), (kind, theme))):
                await sorting.correct(
                    session,
                    municipality_code=UTRECHT,
                    contribution_id=contribution.id,
                    kind=one,
                    theme=about,
                    clerk=clerk,
                    now=now + number * MINUTE,
                )

    await sorted_as("zorg", "verkeer")
    await sorted_as("idee", "verkeer")
    await sorted_as("vraag", "wonen")
    await sorted_as("zorg", "wonen")
    await sorted_as("idee", "verkeer", at=now - BEFORE)
    await contribute()
    figures = await measure(database, now)
    found = {
        outcome: shown(figures, "samenspel_sortings_week", outcome=outcome)
        for outcome in ("gelijk", "andere_soort", "ander_thema")
    }
    assert found == {"gelijk": 1, "andere_soort": 2, "ander_thema": 1}


async def test_what_can_not_be_measured_any_more_is_not_told_any_more(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old figure would look like a good one; when it was measured last stays, for who watches."""
    answers = [[Figure("samenspel_workers", 1)]]

    async def take(session: AsyncSession, _: datetime) -> list[Figure]:
        if answers:
            return answers.pop()
        await session.execute(text("SELECT pg_sleep(5)"))
        raise AssertionError

    monkeypatch.setattr(measuring, "LONGEST", "50ms")
    figures, one = Measured(), Measure("taken", 1.0, take)
    await figures.measure(database, one, now=now)
    assert shown(figures, "samenspel_workers") == 1
    await figures.measure(database, one, now=now + MINUTE)
    assert shown(figures, "samenspel_workers") is None
    assert shown(figures, MEASURED, measure="taken") == now.timestamp()


async def test_the_worker_tells_them_at_a_port_of_its_own_as_long_as_it_works(database: Database) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/metrics"
    expected = {one.name for one in MEASURES}
    async with (
        measured(database, Settings(demo=True, metrics_port=port - serving.WORKER)),
        httpx.AsyncClient(trust_env=False) as http,
        asyncio.timeout(20),
    ):
        found: set[str] = set()
        while found != expected:
            await asyncio.sleep(0.05)
            told = (await http.get(address)).text
            found = set(re.findall(rf'^{MEASURED}{{measure="(\w+)"}}', told, re.MULTILINE))
    assert "samenspel_workers 0.0" in told.splitlines()
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(address)


async def test_nothing_of_anybody_is_told_and_every_name_is_described(
    database: Database, contribute: Contribute, clerk: Clerk, answer: Answer, now: datetime
) -> None:
    contribution = await contribute(text="De lantaarn van Jansen is kapot.", at=now - BEFORE)
    await answer(contribution)
    told = generate_latest((await measure(database, now)).registry).decode()
    private = ["Jansen", "lantaarn", contribution.reference, str(contribution.id), str(contribution.resident_id)]
    assert [word for word in (*private, clerk.email, clerk.name) if word in told] == []
    described = {line.split()[2] for line in told.splitlines() if line.startswith("# HELP samenspel_")}
    assert described == {*FIGURES, MEASURED}


INDEXES = {
    *("ix_outgoing_waiting", "ix_incoming_waiting", "ix_contribution_entry_undelivered", "ix_recipient_waiting"),
    *("ix_contribution_unmasked", "ix_contribution_unsorted", "ix_worklist_item_waiting"),
    *("ix_answer_verdict_municipality_code_created_at", "ix_contribution_sorting_contribution_id"),
}


async def test_every_count_that_can_be_large_has_an_index_that_answers_it(database: Database, now: datetime) -> None:
    """The tables are empty here, so the plan is asked for as if reading a whole table were dear."""
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        asked.clear()
        for one in MEASURES:
            await one.take(session, now)
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        connection = await session.connection()
        plans = [
            "\n".join(row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters))
            for statement, parameters in asked
        ]
    used = {name for plan in plans for name in re.findall(r"using (\w+) on", plan)}
    used |= {name for plan in plans for name in re.findall(r"Bitmap Index Scan on (\w+)", plan)}
    assert INDEXES - used == set()
    whole = {name for plan in plans for name in re.findall(r"Seq Scan on (\w+)", plan)}
    assert whole <= {"council_feed", "procrastinate_jobs", "procrastinate_workers", "backup_made"}, "small ones"
