"""When a service forgets to look at the municipality, the database still does; and history can not be rewritten."""

# ruff: noqa: S608  the statements are made of constants of this file

import uuid
from datetime import date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from participation.council import feeds
from participation.database import EVERY_MUNICIPALITY, Database
from participation.insight import subjects
from participation.logo import Logo
from participation.models import (
    AnswerDraft,
    AnswerOverride,
    AnswerVersion,
    CampaignMunicipality,
    Clerk,
    CodeAttempt,
    Contribution,
    ContributionCheck,
    ContributionFlag,
    ContributionIntake,
    ContributionLikeness,
    DestructionItem,
    DestructionList,
    LocalFact,
    OwnQuestion,
    RetentionPeriod,
    UnsureQuestion,
)
from participation.models.consent import CONTACT
from participation.privacy.periods import CLOSED
from participation.services import (
    access_requests,
    assigning,
    audit,
    bulk,
    bundles,
    clerks,
    consents,
    conversations,
    deep_links,
    dispositions,
    handling_rules,
    incoming,
    invitations,
    municipality_settings,
    notes,
    outgoing,
    reply_verdicts,
    saved_filters,
    standard_texts,
    verdicts,
)
from tests.integration.participation.conftest import (
    AMERSFOORT,
    UTRECHT,
    Answer,
    Contribute,
    Converse,
    campaign_with,
    papers,
)

PER_MUNICIPALITY = (
    *("contribution", "contribution_status", "contribution_entry", "local_fact", "answer_override"),
    *("answer_draft", "answer_version"),
    *("answer_verdict", "unsure_question", "own_question"),
    "deep_link",
    *("retention_period", "destruction_list", "destruction_item"),
    *("contribution_intake", "contribution_check", "contribution_flag"),
    *("disposition", "handling_rule", "reply_verdict", "bundle", "bundle_member", "contribution_likeness"),
    *("standard_text", "municipality_setting", "municipality_logo"),
    *("report_draft", "issued_report", "report_file", "report_source"),
    *("contribution_note", "audit_words", "invitation", "access_request", "consent", "consent_detail"),
    *("worklist_item", "worklist_word", "contribution_assignment", "saved_filter", "bulk_change"),
    *("subject_round", "subject", "subject_member"),
    *("participant", "vote", "campaign_answer", "campaign_reach", "subscription", "mailing", "recipient"),
    *("campaign", "campaign_municipality", "campaign_part", "statement", "campaign_event"),
    "campaign_trial",
    *("campaign_outcome", "campaign_feedback", "final_report"),
    *("council_feed", "meeting", "agenda_item", "council_document"),
)
CALENDAR = b"soort;nummer;datum;naam;vergadering\n;1;3-12-2026;Raad;\nagendapunt;;;Opening;1\nmotie;;1-11-2026;Meer;1\n"
CHAT_ONLY = (
    *("resident", "conversation", "message", "choice", "chat_address", "outgoing", "incoming"),
    *("code_attempt", "campaign_trial_run"),
)


@pytest.fixture
async def something_everywhere(
    database: Database, contribute: Contribute, answer: Answer, clerk: Clerk, converse: Converse, now: datetime
) -> Contribution:
    """At least one row of Utrecht in every table, so that there is something to leak."""
    contribution = await contribute(UTRECHT)
    entry = await answer(contribution)
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert contribution.resident_id
        about = {"municipality_code": UTRECHT, "clerk": clerk, "now": now}
        await dispositions.add(session, name="Naar de wijkraad", words="De wijkraad leest uw tekst.", **about)
        await handling_rules.set_answer_days(session, days=10, **about)
        await municipality_settings.set_logo(session, logo=Logo(b"x", "x"), **about)
        await standard_texts.add(
            session, name="Dank", purpose="antwoord", words="Dank u wel.", submission=uuid.uuid4(), **about
        )
        await bundles.make(session, contribution_id=contribution.id, name="Lampen", **about)
        await notes.write(session, contribution_id=contribution.id, text="Gebeld.", submission=uuid.uuid4(), **about)
        await reply_verdicts.give(
            session, resident_id=contribution.resident_id, entry_id=entry.id, verdict="ja", now=now
        )
        session.add(
            ContributionLikeness(
                contribution_id=contribution.id, municipality_code=UTRECHT, embedding=b"x", created_at=now
            )
        )
        await session.flush()
        await subjects.keep(session, municipality_code=UTRECHT, found=[("lampen", [contribution.id])], texts=1, now=now)
        await consents.give(
            session,
            resident_id=contribution.resident_id,
            municipality_code=UTRECHT,
            purpose=CONTACT,
            channel="web",
            now=now,
            contribution_id=contribution.id,
            detail="06-24681357",
        )
        session.add(CodeAttempt(resident_id=contribution.resident_id, reference_hash=b"x", created_at=now))
        await session.merge(
            LocalFact(
                municipality_code=UTRECHT, name="zetels", value="45", source="test", checked_on=date(2026, 11, 23)
            )
        )
        await session.merge(
            AnswerOverride(
                municipality_code=UTRECHT,
                topic="fractie",
                short="Onze fracties.",
                source_name="Utrecht",
                source_url="https://utrecht.example",
                checked_on=date(2026, 11, 23),
                published_at=now,
            )
        )
        await session.merge(
            AnswerDraft(
                municipality_code=UTRECHT,
                topic="fractie",
                short="Twaalf fracties.",
                source_name="Utrecht",
                source_url="https://utrecht.example",
                checked_on=date(2026, 11, 23),
                state="concept",
                revision=1,
                edited_by=clerk.id,
                edited_at=now,
            )
        )
        if await session.get(AnswerVersion, (UTRECHT, "fractie", 1)) is None:
            session.add(AnswerVersion(municipality_code=UTRECHT, topic="fractie", number=1, published_at=now))
        await feeds.hand_over(session, municipality_code=UTRECHT, name="raad.csv", content=CALENDAR, now=now)
        await invitations.invite(session, email="nieuw@utrecht.example", role="medewerker", **about)
        regional, _ = await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex}@g.example", name="Regio", roles={AMERSFOORT: "medewerker"}, now=now
        )
        await access_requests.ask(session, municipality_code=UTRECHT, role="medewerker", clerk=regional, now=now)
        await audit.record(session, action="test", clerk=clerk, municipality_code=UTRECHT, now=now)
        await deep_links.make(session, municipality_code=UTRECHT, campaign=None, place=None, now=now)
        await incoming.store(session, incoming.Update("telegram", now.microsecond, b"x", b"x", urgent=False), now=now)
        conversation = await converse()
        await outgoing.remember_address(session, conversation_id=conversation.id, sealed=b"x", now=now)
        await verdicts.give(
            session,
            conversation_id=conversation.id,
            turn_id=1,
            municipality_code=UTRECHT,
            topic="fractie",
            verdict="ja",
            reason=None,
            now=now,
        )
        session.add(
            OwnQuestion(
                municipality_code=UTRECHT,
                ways=["Wanneer is de kermis?"],
                embeddings=b"",
                short="In mei.",
                source_name="Utrecht",
                source_url="https://utrecht.example",
                checked_on=now.date(),
                is_published=True,
                revision=1,
                changed_at=now,
            )
        )
        session.add(
            UnsureQuestion(
                conversation_id=conversation.id, municipality_code=UTRECHT, masked_text="Wat nu?", created_at=now
            )
        )
        await _safekeeping(session, contribution, clerk, now)
        await papers(session, contribution, clerk=clerk, now=now)
        await campaign_with(session, await converse(), clerk=clerk, words="Lampen.", now=now)
        await bulk.carry_out(session, contribution_ids=[contribution.id], action="oppakken", target=None, **about)
        await assigning.assign(session, contribution_ids=[contribution.id], assignee_id=clerk.id, **about)
        await saved_filters.save(session, name="Groen", query="thema=groen", is_shared=True, **about)
        await conversations.answer(
            session,
            conversation_id=conversation.id,
            replies=[{"tekst": "Dag", "knoppen": [{"titel": "Ja", "betekenis": {"intent": "bevestigen"}}]}],
            in_reply_to=None,
            now=now,
        )
    return contribution


async def _safekeeping(session: AsyncSession, contribution: Contribution, clerk: Clerk, now: datetime) -> None:
    """Periods, lists of destruction, what the desk entered, and what a person has to look at."""
    await session.merge(RetentionPeriod(municipality_code=UTRECHT, kind=CLOSED, days=400, changed_at=now))
    listed = DestructionList(
        id=uuid.uuid4(), municipality_code=UTRECHT, state="voorgesteld", counts={}, periods={}, made_at=now
    )
    session.add(listed)
    await session.flush()
    of_this = {"contribution_id": contribution.id, "municipality_code": UTRECHT}
    session.add_all(
        [
            DestructionItem(
                list_id=listed.id,
                record_id=contribution.id,
                municipality_code=UTRECHT,
                kind=CLOSED,
                reference=contribution.reference,
                received_on=now.date(),
                closed_on=now.date(),
            ),
            ContributionIntake(**of_this, received_on=now.date(), entered_by=clerk.id, entered_at=now),
            ContributionCheck(**of_this, group_id=contribution.id, received_at=now, checked_until=now),
            ContributionFlag(**of_this, kind="bedreiging", created_at=now),
        ]
    )
    await session.flush()


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


async def test_a_contribution_can_still_be_erased_with_its_history(
    database: Database, something_everywhere: Contribution
) -> None:
    """The right to erasure: the history goes because its contribution goes."""
    of_this = f"contribution_id = '{something_everywhere.id}'"
    async with database.session(UTRECHT) as session:
        await session.execute(text(f"DELETE FROM contribution WHERE id = '{something_everywhere.id}'"))
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
