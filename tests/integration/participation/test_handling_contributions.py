"""The desk's work on contributions: a list, one record, statuses and replies, each within its municipality."""

import asyncio
import uuid
from datetime import datetime

import pytest
from sqlalchemy import select

from participation.database import Database
from participation.errors import ChatGone, ContributionUnknown, TextMissing, TextTooLong, TransitionNotAllowed
from participation.models import AuditEvent, Clerk, Contribution, ContributionEntry, ContributionStatus
from participation.services import clerks, contributions
from participation.services.contributions import ContributionDetail
from participation.services.lifecycle import CLOSING
from tests.integration.participation.conftest import AMERSFOORT, SOMEWHERE, UTRECHT, Contribute


async def detail(database: Database, contribution: Contribution) -> ContributionDetail:
    async with database.session(contribution.municipality_code) as session:
        return await contributions.find_contribution(
            session, municipality_code=contribution.municipality_code, contribution_id=contribution.id
        )


async def change(
    database: Database,
    contribution: Contribution,
    status: str,
    clerk: Clerk,
    now: datetime,
    *,
    code: str = UTRECHT,
    reason: str | None = None,
    disposition: str | None = "beantwoord",
) -> ContributionStatus:
    async with database.session(code) as session:
        return await contributions.change_status(
            session,
            municipality_code=code,
            contribution_id=contribution.id,
            status=status,
            clerk=clerk,
            now=now,
            reason=reason,
            disposition=disposition,
            to=SOMEWHERE.get(status),
        )


async def reply(
    database: Database,
    contribution: Contribution,
    text: str,
    clerk: Clerk,
    now: datetime,
    *,
    code: str = UTRECHT,
    submission: uuid.UUID | None = None,
) -> ContributionEntry:
    async with database.session(code) as session:
        return await contributions.reply(
            session,
            municipality_code=code,
            contribution_id=contribution.id,
            text=text,
            clerk=clerk,
            submission=submission or uuid.uuid4(),
            now=now,
        )


async def audited(database: Database, contribution: Contribution, code: str = UTRECHT) -> list[tuple[str, dict]]:
    async with database.session(code) as session:
        rows = await session.scalars(
            select(AuditEvent).where(AuditEvent.record == str(contribution.id)).order_by(AuditEvent.id)
        )
        return [(row.action, row.details) for row in rows]


async def test_history_is_added_to_and_each_step_is_audited(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    one = await contribute()
    await change(database, one, "in_behandeling", clerk, now)
    await change(database, one, "afgehandeld", clerk, now, reason="De lamp is vervangen.")
    await change(database, one, "heropend", clerk, now)
    found = await detail(database, one)
    assert [(row.number, row.status, row.reason) for row in found.statuses] == [
        (1, "ontvangen", None),
        (2, "in_behandeling", None),
        (3, "afgehandeld", "De lamp is vervangen."),
        (4, "heropend", None),
    ]
    assert [row.clerk_id for row in found.statuses] == [None, clerk.id, clerk.id, clerk.id]
    assert found.status == "heropend"
    assert await audited(database, one) == [
        ("inbreng.status", {"van": "ontvangen", "naar": "in_behandeling"}),
        ("inbreng.status", {"van": "in_behandeling", "naar": "afgehandeld"}),
        ("inbreng.status", {"van": "afgehandeld", "naar": "heropend"}),
    ]


@pytest.mark.parametrize("status", sorted(CLOSING))
@pytest.mark.parametrize("reason", [None, "", " \n "])
async def test_closing_needs_a_reason(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, status: str, reason: str | None
) -> None:
    one = await contribute()
    with pytest.raises(TransitionNotAllowed):
        await change(database, one, status, clerk, now, reason=reason)
    assert (await detail(database, one)).status == "ontvangen"
    assert await audited(database, one) == []


@pytest.mark.parametrize("status", ["heropend", "reactie_ontvangen", "gesloten", ""])
async def test_what_the_table_does_not_allow_is_refused(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, status: str
) -> None:
    one = await contribute()
    with pytest.raises(TransitionNotAllowed):
        await change(database, one, status, clerk, now, reason="Daarom.")
    assert len((await detail(database, one)).statuses) == 1


async def test_a_status_form_sent_twice_changes_nothing(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    one = await contribute()
    rows = [await change(database, one, "afgehandeld", clerk, now, reason=" De lamp brandt.") for _ in range(2)]
    assert [row.number for row in rows] == [2, 2]
    assert len((await detail(database, one)).statuses) == 2


async def test_closing_what_a_colleague_closed_with_other_words_is_refused(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    """Told that it is done, the second clerk would never know that the resident did not read their text."""
    one = await contribute()
    async with database.session(UTRECHT) as session:
        colleague, _ = await clerks.create_clerk(
            session, email="collega.sluit@utrecht.example", name="Bas", roles={UTRECHT: "griffier"}, now=now
        )
    words = "De lamp brandt."
    await change(database, one, "afgehandeld", clerk, now, reason=words)
    for by, reason, disposition in (
        (colleague, words, "beantwoord"),
        (clerk, "De lamp komt in mei.", "beantwoord"),
        (clerk, words, "naar_raad"),
    ):
        with pytest.raises(TransitionNotAllowed):
            await change(database, one, "afgehandeld", by, now, reason=reason, disposition=disposition)
    found = await detail(database, one)
    assert (len(found.statuses), len(found.entries)) == (2, 1)


async def test_two_clerks_at_once_make_one_history(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    one = await contribute()
    wishes = ["in_behandeling", "doorgezonden", "ingepland"] * 3
    done = await asyncio.gather(*(change(database, one, wish, clerk, now) for wish in wishes), return_exceptions=True)
    assert {type(row) for row in done} <= {ContributionStatus, TransitionNotAllowed}
    numbers = [row.number for row in (await detail(database, one)).statuses]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_form_sent_twice_at_once_writes_one_text(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    one, submission = await contribute(), uuid.uuid4()
    written = await asyncio.gather(
        *(reply(database, one, "Dank u wel.", clerk, now, submission=submission) for _ in range(10))
    )
    assert len({entry.id for entry in written}) == 1
    assert [entry.text for entry in (await detail(database, one)).entries] == ["Dank u wel."]
    assert await audited(database, one) == [
        ("inbreng.status", {"van": "ontvangen", "naar": "in_behandeling"}),
        ("inbreng.antwoord", {"tekens": 11}),
    ]


@pytest.mark.parametrize(("text", "error"), [("", TextMissing), (" \n", TextMissing), ("x" * 4001, TextTooLong)])
async def test_an_empty_or_endless_reply_is_refused(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime, text: str, error: type[Exception]
) -> None:
    one = await contribute()
    with pytest.raises(error):
        await reply(database, one, text, clerk, now)
    assert (await detail(database, one)).entries == []
    assert len((await reply(database, one, "x" * 4000, clerk, now)).text) == 4000


async def test_nothing_is_written_where_no_text_can_arrive(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    contribution = await contribute()
    async with database.session(UTRECHT) as session:
        (await session.get_one(Contribution, contribution.id)).conversation_id = None
    with pytest.raises(ChatGone):
        async with database.session(UTRECHT) as session:
            await contributions.reply(
                session,
                municipality_code=UTRECHT,
                contribution_id=contribution.id,
                text="Dag",
                clerk=clerk,
                submission=uuid.uuid4(),
                now=now,
            )
    assert (await detail(database, contribution)).entries == []


async def test_another_municipality_finds_changes_and_answers_nothing(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    """Through its own scope, and also where the scope would be wide open: the service looks for itself."""
    one = await contribute(UTRECHT)
    assert (await detail(database, one)).contribution.id == one.id
    for scope in (AMERSFOORT, "*"):
        async with database.session(scope) as session:
            for attempt in (
                contributions.find_contribution(session, municipality_code=AMERSFOORT, contribution_id=one.id),
                contributions.change_status(
                    session,
                    municipality_code=AMERSFOORT,
                    contribution_id=one.id,
                    status="in_behandeling",
                    clerk=clerk,
                    now=now,
                ),
                contributions.reply(
                    session,
                    municipality_code=AMERSFOORT,
                    contribution_id=one.id,
                    text="Dag",
                    clerk=clerk,
                    submission=uuid.uuid4(),
                    now=now,
                ),
            ):
                with pytest.raises(ContributionUnknown):
                    await attempt
    found = await detail(database, one)
    assert (len(found.statuses), found.entries) == (1, [])
