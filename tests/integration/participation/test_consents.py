"""Consent in the database: only added to, seen and erased by whom it is about, its details not kept for ever."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Consent, ConsentDetail, Contribution
from participation.models.consent import CAMPAIGN, CONTACT, NAME, SHARE
from participation.privacy import own_data
from participation.privacy.retention import erase_expired
from participation.services import consents, contributions
from participation.services.consents import ContributionConsent
from tests.integration.participation.conftest import UTRECHT, Contribute

NUMBER = "06 24681357"
EDE = "GM0228"


async def agree(database: Database, contribution: Contribution, now: datetime, purpose: str, **more: Any) -> None:
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        await consents.give(
            session,
            resident_id=contribution.resident_id,
            municipality_code=contribution.municipality_code,
            purpose=purpose,
            channel="web",
            contribution_id=contribution.id,
            now=now,
            **more,
        )


async def counted(database: Database) -> tuple[int, int]:
    """Consents and details."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        found = [await session.scalar(select(func.count()).select_from(table)) for table in (Consent, ConsentDetail)]
    return found[0] or 0, found[1] or 0


async def holds(database: Database, contribution: Contribution) -> ContributionConsent:
    async with database.session(UTRECHT) as session:
        return await consents.of_contribution(session, municipality_code=UTRECHT, contribution_id=contribution.id)


async def test_agreeing_twice_with_the_same_is_one_consent_and_with_another_number_a_new_one(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    contribution = await contribute()
    before = await counted(database)
    for number in (NUMBER, NUMBER, "030-1234567"):
        await agree(database, contribution, now, CONTACT, detail=number)
    after = await counted(database)
    assert (after[0] - before[0], after[1] - before[1]) == (2, 1)
    assert (await holds(database, contribution)).contact == "030-1234567"


async def test_what_is_about_no_contribution_holds_for_each_municipality_apart(
    database: Database, contribute: Contribute, now: datetime
) -> None:
    contribution = await contribute()
    resident_id = contribution.resident_id
    assert resident_id
    for code in (UTRECHT, EDE, EDE):
        async with database.session(EVERY_MUNICIPALITY) as session:
            await consents.give(
                session, resident_id=resident_id, municipality_code=code, purpose=CAMPAIGN, channel="web", now=now
            )
    async with database.session(EVERY_MUNICIPALITY) as session:
        about = select(Consent.municipality_code, Consent.given).where(Consent.resident_id == resident_id)
        given = (await session.execute(about.order_by(Consent.id))).all()
        gone = await consents.withdraw(session, resident_id=resident_id, channel="web", now=now, purposes=(CAMPAIGN,))
    assert given == [(UTRECHT, True), (EDE, True)]
    assert sorted(row.municipality_code for row in gone) == sorted([UTRECHT, EDE])


async def test_no_row_can_be_changed(database: Database, contribute: Contribute, now: datetime) -> None:
    await agree(database, await contribute(), now, SHARE)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.session(EVERY_MUNICIPALITY) as session:
            await session.execute(text("UPDATE consent SET given = false"))


async def test_the_resident_sees_all_of_it_and_erasing_leaves_nothing(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    """Also of a contribution that stays because the council works on it."""
    contribution = await contribute()
    before = await counted(database)
    await agree(database, contribution, now, SHARE)
    await agree(database, contribution, now, NAME, detail="Noor de Proef")
    async with database.session(UTRECHT) as session:
        await contributions.change_status(
            session,
            municipality_code=UTRECHT,
            contribution_id=contribution.id,
            status="in_behandeling",
            clerk=clerk,
            now=now,
        )
    assert contribution.resident_id
    async with database.session(EVERY_MUNICIPALITY) as session:
        kept = await own_data.export(session, resident_id=contribution.resident_id)
    shared = {
        "gegeven": True,
        "nummer": contribution.reference,
        "gemeente": UTRECHT,
        "versie_van_de_tekst": 1,
        "kanaal": "web",
        "tijd": now.isoformat(),
    }
    assert [{**row, "tijd": now.isoformat()} for row in kept["toestemmingen"]] == [
        {**shared, "doel": SHARE, "gegeven_erbij": None, "versie_van_de_tekst": 2},
        {**shared, "doel": NAME, "gegeven_erbij": "Noor de Proef"},
    ]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_data.erase(session, resident_id=contribution.resident_id, now=now)
    assert await counted(database) == before
    assert await holds(database, contribution) == ContributionConsent()


async def test_a_number_goes_some_time_after_the_contribution_was_closed(
    database: Database, contribute: Contribute, clerk: Clerk, now: datetime
) -> None:
    opened, closed = await contribute(), await contribute()
    for contribution in (opened, closed):
        await agree(database, contribution, now, CONTACT, detail=NUMBER)
    async with database.session(UTRECHT) as session:
        await contributions.change_status(
            session,
            municipality_code=UTRECHT,
            contribution_id=closed.id,
            status="geannuleerd",
            clerk=clerk,
            now=now,
            reason="klaar",
        )
    for days, kept in ((29, NUMBER), (31, None)):
        async with database.session(EVERY_MUNICIPALITY) as session:
            await erase_expired(session, days=28, now=now + timedelta(days=days))
        assert ((await holds(database, opened)).contact, (await holds(database, closed)).contact) == (NUMBER, kept)
