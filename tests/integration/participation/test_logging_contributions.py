"""What a resident confirms is stored once, whole, under a number without gaps."""

import asyncio
import dataclasses
import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import DraftIncomplete
from participation.models import Contribution, ContributionStatus
from participation.services import contributions, own_contributions
from participation.services.contributions import Draft
from participation.services.references import format_reference
from tests.integration.participation.conftest import UTRECHT, Contribute, Converse, draft_of


async def confirm(database: Database, draft: Draft, now: datetime, code: str | None = UTRECHT) -> Contribution:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await contributions.log_contribution(session, municipality_code=code, draft=draft, now=now)


async def stored(database: Database, draft: Draft) -> int | None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await session.scalar(
            select(func.count()).select_from(Contribution).where(Contribution.draft == draft.id)
        )


async def number_in_force(database: Database, now: datetime) -> int:
    """The last number given out this year, by what was really stored."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        last = await session.scalar(
            select(func.max(Contribution.reference)).where(Contribution.reference.like(f"SP-{now.year}-%"))
        )
    return int(last.split("-")[2]) if last else 0


async def test_twenty_confirmations_at_once_make_one_contribution(
    database: Database, converse: Converse, now: datetime
) -> None:
    draft = draft_of(await converse())
    logged = await asyncio.gather(*(confirm(database, draft, now) for _ in range(20)))
    assert len({(one.id, one.reference) for one in logged}) == 1
    assert await stored(database, draft) == 1
    async with database.session(EVERY_MUNICIPALITY) as session:
        statuses = await session.scalars(
            select(ContributionStatus.status).where(ContributionStatus.contribution_id == logged[0].id)
        )
    assert statuses.all() == ["ontvangen"]


async def test_a_repeated_confirmation_returns_the_first_also_when_text_and_place_have_changed(
    database: Database, converse: Converse, now: datetime
) -> None:
    draft = draft_of(await converse())
    first = await confirm(database, draft, now)
    again = await confirm(database, dataclasses.replace(draft, text="Iets anders."), now, code="GM0307")
    assert (again.id, again.text, again.municipality_code) == (first.id, draft.text, UTRECHT)


async def test_twenty_drafts_at_once_get_numbers_without_gaps(
    database: Database, converse: Converse, now: datetime
) -> None:
    before = await number_in_force(database, now)
    drafts = [draft_of(await converse()) for _ in range(20)]
    logged = await asyncio.gather(*(confirm(database, draft, now) for draft in drafts))
    assert sorted(one.reference for one in logged) == [
        format_reference(2026, number) for number in range(before + 1, before + 21)
    ]


async def test_a_confirmation_that_fails_leaves_no_gap(
    database: Database, converse: Converse, contribute: Contribute, now: datetime
) -> None:
    before = int((await contribute()).reference.split("-")[2])
    draft = draft_of(await converse())

    async def confirm_and_fail() -> None:
        async with database.session(EVERY_MUNICIPALITY) as session:
            await contributions.log_contribution(session, municipality_code=UTRECHT, draft=draft, now=now)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await confirm_and_fail()
    assert await stored(database, draft) == 0
    assert (await contribute()).reference == format_reference(2026, before + 1)


async def test_the_year_of_a_number_is_the_dutch_one(database: Database, converse: Converse) -> None:
    """Half an hour before midnight in London it is next year in Utrecht; numbers start at 1 again."""
    draft = draft_of(await converse())
    logged = await confirm(database, draft, datetime(2030, 12, 31, 23, 30, tzinfo=UTC))
    assert logged.reference == format_reference(2031, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Één zin.\n\n  Met inspringing,\ttabs en „aanhalingstekens”.",
        "{gemeente} {0} %s \\n <b>vet</b> '; DROP TABLE contribution; --",
        "Mijn naam is Jan, bel 06-12345678",
        "🙂 عربي Türkçe e\u0301",
        "x" * 10_000,
    ],
)
async def test_the_words_are_kept_as_they_were_written(
    database: Database, converse: Converse, now: datetime, text: str
) -> None:
    draft = draft_of(await converse(), text)
    logged = await confirm(database, draft, now)
    async with database.session(UTRECHT) as session:
        kept = await session.scalar(select(Contribution.text).where(Contribution.id == logged.id))
    assert kept == text


async def test_space_around_the_words_is_dropped(database: Database, converse: Converse, now: datetime) -> None:
    assert (await confirm(database, draft_of(await converse(), " \n Mijn idee. \n"), now)).text == "Mijn idee."


@pytest.mark.parametrize(
    ("text", "code"), [("", UTRECHT), (" \n\t ", UTRECHT), ("Een idee", None), ("Een idee", ""), ("Een idee", "GM9999")]
)
async def test_without_words_or_municipality_nothing_is_stored(
    database: Database, converse: Converse, now: datetime, text: str, code: str | None
) -> None:
    draft = draft_of(await converse(), text)
    with pytest.raises(DraftIncomplete):
        await confirm(database, draft, now, code)
    assert await stored(database, draft) == 0


async def test_the_overview_of_a_resident_holds_only_their_own(
    database: Database, converse: Converse, contribute: Contribute, now: datetime
) -> None:
    conversation = await converse()
    mine = await confirm(database, draft_of(conversation), now)
    await contribute()
    async with database.session(EVERY_MUNICIPALITY) as session:
        rows = await own_contributions.all_of(session, resident_id=conversation.resident_id)
        nobody = await own_contributions.all_of(session, resident_id=uuid.uuid4())
    assert [(row.contribution.id, row.status) for row in rows] == [(mine.id, "ontvangen")]
    assert nobody == []
