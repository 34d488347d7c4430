"""Working for several municipalities: only where each of them agreed itself."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import NotYoursToChange, RequestUnknown, WorksHereAlready
from participation.models import AccessRequest, AuditEvent, Clerk, ClerkRole
from participation.services import access_requests, people
from participation.services.access_requests import Asked
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, MakeClerk


@pytest.fixture(autouse=True)
async def _nobody_asks(database: Database) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        for row in await session.scalars(select(AccessRequest)):
            await session.delete(row)


async def ask(database: Database, clerk: Clerk, now: datetime, role: str = "medewerker", code: str = UTRECHT) -> None:
    async with database.session(code) as session:
        await access_requests.ask(session, municipality_code=code, role=role, clerk=clerk, now=now)


async def waiting(database: Database, clerk: Clerk, code: str = UTRECHT) -> list[Asked]:
    async with database.session(code) as session:
        return list(await access_requests.waiting(session, municipality_code=code, clerk=clerk))


async def decide(
    database: Database, asked: Asked, by: Clerk, now: datetime, *, agreed: bool, code: str = UTRECHT
) -> bool:
    async with database.session(code) as session:
        return await access_requests.decide(
            session, municipality_code=code, request_id=asked.request.id, agreed=agreed, clerk=by, now=now
        )


async def roles_of(database: Database, clerk: Clerk) -> dict[str, str]:
    async with database.session("") as session:
        rows = await session.execute(
            select(ClerkRole.municipality_code, ClerkRole.role).where(ClerkRole.clerk_id == clerk.id)
        )
        return dict(rows.all())


async def test_each_municipality_agrees_for_itself_and_ends_it_for_itself(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    regional, here = await person(GM0307="medewerker"), await person(GM0344="griffier")
    elsewhere = await person(GM0307="beheerder")
    await ask(database, regional, now, role="raadslid")
    await ask(database, regional, now)  # thought again about the role
    [asked] = await waiting(database, here)
    assert (asked.clerk.email, asked.request.role, asked.works_for) == (regional.email, "medewerker", ("Amersfoort",))
    assert await waiting(database, elsewhere) == []
    with pytest.raises(NotYoursToChange):
        await decide(database, asked, elsewhere, now, agreed=True)
    with pytest.raises(RequestUnknown):
        await decide(database, asked, elsewhere, now, agreed=True, code=AMERSFOORT)
    assert await roles_of(database, regional) == {AMERSFOORT: "medewerker"}
    await decide(database, asked, here, now, agreed=True)
    assert await roles_of(database, regional) == {AMERSFOORT: "medewerker", UTRECHT: "medewerker"}
    with pytest.raises(RequestUnknown):
        await decide(database, asked, here, now, agreed=True)
    with pytest.raises(WorksHereAlready):
        await ask(database, regional, now)
    async with database.session(UTRECHT) as session:
        await people.end_access(session, municipality_code=UTRECHT, clerk_id=regional.id, clerk=here, now=now)
        events = await session.scalars(
            select(AuditEvent.action).where(AuditEvent.record == str(regional.id)).order_by(AuditEvent.id)
        )
        assert list(events)[:4] == ["medewerker.gevraagd"] * 2 + ["medewerker.verzoek_goed", "medewerker.toegang_weg"]
    assert await roles_of(database, regional) == {AMERSFOORT: "medewerker"}


async def test_a_municipality_that_says_no_is_left_alone(database: Database, person: MakeClerk, now: datetime) -> None:
    regional, here = await person(GM0307="medewerker"), await person(GM0344="griffier")
    await ask(database, regional, now)
    [asked] = await waiting(database, here)
    await decide(database, asked, here, now, agreed=False)
    assert (await waiting(database, here), await roles_of(database, regional)) == ([], {AMERSFOORT: "medewerker"})


async def test_who_works_nowhere_asks_nothing_and_nobody_asks_to_be_beheerder(
    database: Database, person: MakeClerk, now: datetime
) -> None:
    with pytest.raises(NotYoursToChange):
        await ask(database, await person(), now)
    with pytest.raises(NotYoursToChange):
        await ask(database, await person(GM0307="beheerder"), now, role="beheerder")


async def test_who_works_nowhere_any_more_is_not_let_in(database: Database, person: MakeClerk, now: datetime) -> None:
    regional, here = await person(GM0307="medewerker"), await person(GM0344="griffier")
    await ask(database, regional, now)
    [asked] = await waiting(database, here)
    async with database.session("") as session:
        await session.delete(await session.get_one(ClerkRole, (regional.id, AMERSFOORT)))
    assert await waiting(database, here) == []
    assert await decide(database, asked, here, now, agreed=True) is False
    assert await roles_of(database, regional) == {}
    with pytest.raises(RequestUnknown):
        await decide(database, asked, here, now, agreed=True)


async def test_what_who_works_nowhere_any_more_asked_goes(database: Database, person: MakeClerk, now: datetime) -> None:
    """Whoever ends their last access can not reach the other municipality; the nightly work can."""
    regional, stays = await person(GM0307="medewerker"), await person(GM0307="medewerker")
    boss, here = await person(GM0307="griffier"), await person(GM0344="griffier")
    await ask(database, regional, now)
    await ask(database, stays, now)
    assert {one.clerk.id for one in await waiting(database, here)} == {regional.id, stays.id}
    async with database.session(AMERSFOORT) as session:
        await people.end_access(session, municipality_code=AMERSFOORT, clerk_id=regional.id, clerk=boss, now=now)
    assert [one.clerk.id for one in await waiting(database, here)] == [stays.id]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await access_requests.forget(session, now=now)
        assert list(await session.scalars(select(AccessRequest.clerk_id))) == [stays.id]


async def test_a_request_that_nobody_answers_goes(database: Database, person: MakeClerk, now: datetime) -> None:
    await ask(database, await person(GM0307="medewerker"), now)
    here = await person(GM0344="griffier")
    for days, left in ((60, 1), (61, 0)):
        async with database.session(EVERY_MUNICIPALITY) as session:
            await access_requests.forget(session, now=now + timedelta(days=days))
        assert len(await waiting(database, here)) == left
