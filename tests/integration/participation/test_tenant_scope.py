"""When a service forgets to look at the municipality, the database still does; and history can not be rewritten."""

# ruff: noqa: S608  the statements are made of constants of this file

import uuid
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import CampaignMunicipality, Clerk, Contribution
from participation.services import clerks
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Converse, campaign_with
from tests.integration.something_everywhere import fill

PER_MUNICIPALITY = (
    *("contribution", "contribution_status", "contribution_entry", "local_fact", "answer_override"),
    *("answer_draft", "answer_version", "answer_owner"),
    *("answer_verdict", "unsure_question", "own_question"),
    "deep_link",
    *("retention_period", "destruction_list", "destruction_item"),
    *("contribution_intake", "contribution_check", "contribution_flag"),
    *("disposition", "handling_rule", "reply_verdict", "bundle", "bundle_member", "contribution_likeness"),
    *("standard_text", "municipality_setting", "municipality_logo"),
    *("report_draft", "issued_report", "report_file", "report_source"),
    *("mask_correction", "mask_lesson"),
    *("contribution_note", "audit_words", "invitation", "access_request", "consent", "consent_detail"),
    *("worklist_item", "worklist_word", "contribution_assignment", "saved_filter", "bulk_change"),
    *("subject_round", "subject", "subject_member"),
    *("participant", "vote", "campaign_answer", "campaign_reach", "subscription", "mailing", "recipient"),
    *("campaign", "campaign_municipality", "campaign_part", "statement", "campaign_event"),
    "campaign_trial",
    *("campaign_outcome", "campaign_feedback", "final_report"),
    *("council_feed", "meeting", "agenda_item", "council_document"),
)
CHAT_ONLY = (
    *("resident", "conversation", "message", "choice", "chat_address", "outgoing", "incoming"),
    *("code_attempt", "campaign_trial_run"),
)


@pytest.fixture(scope="module")
async def something_everywhere(database: Database, now: datetime) -> Contribution:
    """At least one row of Utrecht in every table, so that there is something to leak."""
    return await _made(database, now)


async def _made(database: Database, now: datetime) -> Contribution:
    async with database.session(EVERY_MUNICIPALITY) as session:
        email = f"{uuid.uuid4().hex}@utrecht.example"
        clerk, _ = await clerks.create_clerk(session, email=email, name="Anna", roles={UTRECHT: "griffier"}, now=now)
        return await fill(session, clerk=clerk, now=now)


async def count(database: Database, table: str, scope: str, where: str = "true") -> int | None:
    async with database.session(scope) as session:
        return await session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))


@pytest.mark.usefixtures("something_everywhere")
@pytest.mark.parametrize("table", PER_MUNICIPALITY)
async def test_a_query_without_a_filter_sees_one_municipality(database: Database, table: str) -> None:
    of_utrecht = f"municipality_code = '{UTRECHT}'"
    assert (await count(database, table, UTRECHT, of_utrecht) or 0) > 0
    assert await count(database, table, AMERSFOORT, of_utrecht) == 0
    assert await count(database, table, UTRECHT, f"municipality_code <> '{UTRECHT}'") == 0


@pytest.mark.usefixtures("something_everywhere")
@pytest.mark.parametrize("table", PER_MUNICIPALITY + CHAT_ONLY)
async def test_without_a_scope_there_is_nothing(database: Database, table: str) -> None:
    """Neither in a transaction that never had one, nor on a connection that had one in an earlier transaction."""
    assert (await count(database, table, EVERY_MUNICIPALITY) or 0) > 0
    assert await count(database, table, "") == 0
    async with database.engine.connect() as connection:
        assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


@pytest.mark.usefixtures("something_everywhere")
@pytest.mark.parametrize("table", CHAT_ONLY)
async def test_the_desk_never_sees_conversations(database: Database, table: str) -> None:
    assert (await count(database, table, EVERY_MUNICIPALITY) or 0) > 0
    assert await count(database, table, UTRECHT) == 0


@pytest.mark.usefixtures("something_everywhere")
async def test_the_log_of_another_municipality_is_hidden(database: Database) -> None:
    of_utrecht = f"municipality_code = '{UTRECHT}'"
    assert (await count(database, "audit_event", UTRECHT, of_utrecht) or 0) > 0
    assert await count(database, "audit_event", AMERSFOORT, of_utrecht) == 0


async def test_a_row_of_another_municipality_can_not_be_written(
    database: Database, something_everywhere: Contribution
) -> None:
    statements = (
        "INSERT INTO contribution (id, reference, municipality_code, draft, text, channel, created_at) "
        f"VALUES (gen_random_uuid(), '{uuid.uuid4().hex[:20]}', '{UTRECHT}', gen_random_uuid(), 'x', 'web', now())",
        "INSERT INTO contribution_status (id, contribution_id, municipality_code, number, status, created_at) "
        f"VALUES (gen_random_uuid(), '{something_everywhere.id}', '{UTRECHT}', 99, 'ingepland', now())",
        "INSERT INTO local_fact (municipality_code, name, value, source, checked_on) "
        f"VALUES ('{UTRECHT}', 'coalitie', 'x', 'x', now())",
        "INSERT INTO audit_event (municipality_code, action, details, created_at) "
        f"VALUES ('{UTRECHT}', 'x', '{{}}', now())",
        "INSERT INTO resident (id, pseudonym, channel, created_at, last_seen_at) "
        f"VALUES (gen_random_uuid(), '\\x{uuid.uuid4().hex}', 'web', now(), now())",
    )
    for statement in statements:
        with pytest.raises(ProgrammingError, match="row-level security"):
            async with database.session(AMERSFOORT) as session:
                await session.execute(text(statement))


async def test_rows_of_another_municipality_can_not_be_changed_moved_or_deleted(
    database: Database, something_everywhere: Contribution
) -> None:
    async with database.session(AMERSFOORT) as session:
        for statement in ("UPDATE contribution SET text = 'x'", "DELETE FROM contribution"):
            await session.execute(text(f"{statement} WHERE municipality_code = '{UTRECHT}'"))
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.session(UTRECHT) as session:
            await session.execute(text(f"UPDATE contribution SET municipality_code = '{AMERSFOORT}'"))
    async with database.session(UTRECHT) as session:
        kept = await session.get_one(Contribution, something_everywhere.id)
    assert (kept.text, kept.municipality_code) == (something_everywhere.text, UTRECHT)


async def test_a_municipality_that_takes_part_reads_the_campaign_and_changes_nothing_of_it(
    database: Database, converse: Converse, clerk: Clerk, now: datetime
) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign_id = (
            await campaign_with(session, await converse(), clerk=clerk, words="Lampen.", now=now)
        ).campaign_id
        session.add(
            CampaignMunicipality(
                campaign_id=campaign_id,
                municipality_code=AMERSFOORT,
                leader_code=UTRECHT,
                asked_at=now,
                agreed_at=now,
            )
        )
    ours = f"campaign_id = '{campaign_id}'"
    for table in ("campaign_part", "campaign_event", "campaign_feedback", "final_report"):
        seen = await count(database, table, AMERSFOORT, ours)
        assert (seen, seen) == (await count(database, table, UTRECHT, ours), await count(database, table, "*", ours))
    assert await count(database, "campaign_outcome", AMERSFOORT, ours) == 1, "of all together, not of Utrecht"
    assert await states_of_statements(database, campaign_id, UTRECHT) == ["goed", "wacht"]
    assert await states_of_statements(database, campaign_id, AMERSFOORT) == ["goed"]
    for table in ("participant", "vote", "campaign_answer", "campaign_reach", "mailing"):
        assert await count(database, table, AMERSFOORT, ours) == 0
    async with database.session(AMERSFOORT) as session:
        for statement in (
            f"UPDATE campaign SET title = 'x' WHERE id = '{campaign_id}'",
            f"DELETE FROM campaign WHERE id = '{campaign_id}'",
            f"UPDATE statement SET text = 'x' WHERE {ours}",
            f"DELETE FROM campaign_part WHERE {ours}",
            f"DELETE FROM campaign_outcome WHERE {ours}",
        ):
            assert (await session.execute(text(statement))).rowcount == 0
    with pytest.raises(IntegrityError, match="fk_campaign_municipality_campaign_id_campaign"):
        async with database.session(AMERSFOORT) as session:
            await session.execute(text(f"UPDATE campaign_municipality SET leader_code = '{AMERSFOORT}' WHERE {ours}"))


async def states_of_statements(database: Database, campaign_id: uuid.UUID, scope: str) -> list[str]:
    async with database.session(scope) as session:
        found = await session.scalars(
            text(f"SELECT state FROM statement WHERE campaign_id = '{campaign_id}' ORDER BY number")
        )
        return list(found)


async def test_who_was_asked_reads_what_is_asked_and_not_what_residents_wrote_or_what_came_of_it(
    database: Database, converse: Converse, clerk: Clerk, now: datetime
) -> None:
    """Before an answer and after a refusal: a row without `agreed_at` is both. Also what a resident wrote who was
    erased stays out."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign_id = (
            await campaign_with(session, await converse(), clerk=clerk, words="Lampen.", now=now)
        ).campaign_id
        session.add(
            CampaignMunicipality(
                campaign_id=campaign_id, municipality_code=AMERSFOORT, leader_code=UTRECHT, asked_at=now
            )
        )
        part_id = await session.scalar(text(f"SELECT id FROM campaign_part WHERE campaign_id = '{campaign_id}'"))
        columns = "(id, campaign_id, part_id, municipality_code, number, text, state, writer_code, created_at)"
        at = f"gen_random_uuid(), '{campaign_id}', '{part_id}', '{UTRECHT}'"
        await session.execute(text(f"INSERT INTO statement {columns} VALUES ({at}, 3, 'Team.', 'goed', NULL, now())"))
        await session.execute(
            text(f"INSERT INTO statement {columns} VALUES ({at}, 4, 'Gewist.', 'goed', '{UTRECHT}', now())")
        )
    ours = f"campaign_id = '{campaign_id}'"
    assert await count(database, "statement", UTRECHT, ours) == 4
    assert await count(database, "statement", AMERSFOORT, ours) == 1
    assert await count(database, "statement", AMERSFOORT, f"{ours} AND number = 3") == 1
    assert await count(database, "campaign_part", AMERSFOORT, ours) == 1
    assert await count(database, "campaign_outcome", UTRECHT, ours) == 2
    for table in ("campaign_feedback", "final_report"):
        assert await count(database, table, UTRECHT, ours) > 0
    for table in ("campaign_outcome", "campaign_feedback", "final_report"):
        assert await count(database, table, AMERSFOORT, ours) == 0


async def test_a_municipality_can_not_put_itself_into_a_campaign(
    database: Database, converse: Converse, clerk: Clerk, now: datetime
) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign_id = (
            await campaign_with(session, await converse(), clerk=clerk, words="Lampen.", now=now)
        ).campaign_id
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.session(AMERSFOORT) as session:
            session.add(
                CampaignMunicipality(
                    campaign_id=campaign_id, municipality_code=AMERSFOORT, leader_code=UTRECHT, asked_at=now
                )
            )
    with pytest.raises(IntegrityError, match="fk_campaign_municipality_campaign_id_campaign"):
        async with database.session(AMERSFOORT) as session:
            session.add(
                CampaignMunicipality(
                    campaign_id=campaign_id, municipality_code=AMERSFOORT, leader_code=AMERSFOORT, asked_at=now
                )
            )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contribution_status SET status = 'ingepland'",
        "DELETE FROM contribution_status",
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "DELETE FROM audit_link",
        "UPDATE audit_words SET text = 'x'",
        "UPDATE answer_version SET short = 'x'",
        "DELETE FROM answer_version",
        "UPDATE consent SET given = true",
        "UPDATE contribution_assignment SET assignee_id = NULL",
        "DELETE FROM contribution_assignment",
        "UPDATE standard_text SET words = 'x'",
        "DELETE FROM standard_text",
        "DELETE FROM destruction_list",
        "DELETE FROM destruction_item",
        "UPDATE issued_report SET content = '{}'",
        "DELETE FROM issued_report",
        "UPDATE report_file SET body = ''",
        "DELETE FROM report_file",
        "UPDATE report_source SET number = 2",
        "DELETE FROM report_source",
        "UPDATE campaign_event SET detail = '{}'",
        "DELETE FROM campaign_event",
        "UPDATE final_report SET content = '{}'",
        "DELETE FROM final_report",
        "UPDATE municipality SET name = name",
        "TRUNCATE contribution",
        "ALTER TABLE contribution DISABLE ROW LEVEL SECURITY",
        "DROP POLICY scope ON contribution",
        "SELECT 1 FROM pg_authid",
    ],
)
async def test_history_and_protection_are_out_of_reach_of_the_application(database: Database, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(text(statement))


async def test_a_contribution_can_still_be_erased_with_its_history(database: Database, now: datetime) -> None:
    """The right to erasure: the history goes because its contribution goes."""
    erased = await _made(database, now)
    of_this = f"contribution_id = '{erased.id}'"
    async with database.session(UTRECHT) as session:
        await session.execute(text(f"DELETE FROM contribution WHERE id = '{erased.id}'"))
    assert await count(database, "contribution_status", EVERY_MUNICIPALITY, of_this) == 0
    assert await count(database, "contribution_entry", EVERY_MUNICIPALITY, of_this) == 0


async def test_logging_in_as_the_application_gives_the_same_sight(
    server_url: str, database_url: str, something_everywhere: Contribution
) -> None:
    """With a login of its own instead of SET ROLE, as large installations have."""
    login = Database(database_url.replace("postgresql://postgres:", "postgresql://samenspel_app:"))
    try:
        of_this = f"id = '{something_everywhere.id}'"
        seen = [
            await count(login, "contribution", scope, of_this)
            for scope in (UTRECHT, EVERY_MUNICIPALITY, AMERSFOORT, "")
        ]
    finally:
        await login.close()
    assert seen == [1, 1, 0, 0]
