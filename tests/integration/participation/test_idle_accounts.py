"""Accounts of people who work nowhere any more: closed, and later without a name; the log still holds."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from participation.database import EVERY_MUNICIPALITY, Database
from participation.errors import LoginRefused
from participation.models import AuditEvent, Clerk, ClerkRole, SecondFactor
from participation.services import audit_chain, clerks, idle_accounts, invitations, people
from tests.integration.participation.conftest import UTRECHT

PASSWORD = "zeven blauwe stoelen"


async def made(database: Database, now: datetime, **roles: str) -> tuple[Clerk, str]:
    async with database.session("") as session:
        return await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex}@g.example", name="Anna de Wit", roles=roles, now=now
        )


async def night(database: Database, now: datetime) -> tuple[int, int]:
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await idle_accounts.run(session, now=now)


async def as_kept(database: Database, clerk: Clerk) -> Clerk:
    async with database.session("") as session:
        return await session.get_one(Clerk, clerk.id)


async def log_in(database: Database, email: str, password: str, now: datetime) -> None:
    async with database.session("") as session:
        await clerks.log_in(session, email=email, password=password, now=now)


async def test_who_works_nowhere_is_closed_and_later_loses_name_and_address(database: Database, now: datetime) -> None:
    boss, _ = await made(database, now, GM0344="beheerder")
    anna, password = await made(database, now, GM0344="medewerker")
    await log_in(database, anna.email, password, now)
    async with database.session("") as session:
        session.add(SecondFactor(clerk_id=anna.id, sealed_secret=b"x", created_at=now))
    async with database.session(UTRECHT) as session:
        await people.end_access(session, municipality_code=UTRECHT, clerk_id=anna.id, clerk=boss, now=now)
    assert await night(database, now) == (0, 0)
    assert await night(database, now + timedelta(days=89)) == (0, 0)
    await log_in(database, anna.email, password, now + timedelta(days=89))
    closed_at = now + timedelta(days=90)
    assert await night(database, closed_at) == (1, 0)
    with pytest.raises(LoginRefused):
        await log_in(database, anna.email, password, closed_at)
    assert await night(database, closed_at + timedelta(days=364)) == (0, 0)
    assert (await as_kept(database, anna)).name == "Anna de Wit"
    assert [await night(database, closed_at + timedelta(days=days)) for days in (365, 366)] == [(0, 1), (0, 0)]
    left = await as_kept(database, anna)
    assert (left.name, left.email) == (f"Oud-medewerker {str(anna.id)[:8]}", f"{anna.id}@gewist.invalid")
    assert (await as_kept(database, boss)).name == "Anna de Wit"
    async with database.session(EVERY_MUNICIPALITY) as session:
        assert await session.get(SecondFactor, anna.id) is None
        events = await session.scalars(select(AuditEvent.action).where(AuditEvent.record == str(anna.id)))
        assert {"desk.aangemeld", "medewerker.toegang_weg", "medewerker.account_gewist"} <= set(events)
        assert (await audit_chain.check(session)).fault is None


async def test_who_gets_a_role_again_in_time_keeps_the_account(database: Database, now: datetime) -> None:
    anna, _ = await made(database, now)
    await night(database, now)
    async with database.session("") as session:
        session.add(ClerkRole(clerk_id=anna.id, municipality_code=UTRECHT, role="medewerker"))
    await night(database, now + timedelta(days=80))
    async with database.session("") as session:
        await session.delete(await session.get_one(ClerkRole, (anna.id, UTRECHT)))
    await night(database, now + timedelta(days=81))
    await night(database, now + timedelta(days=120))
    assert (await as_kept(database, anna)).deactivated_at is None


async def test_an_invitation_opens_a_closed_account_anew(database: Database, now: datetime) -> None:
    """With a new password and without the second factor of before: only the history is the same."""
    boss, _ = await made(database, now, GM0344="beheerder")
    anna, password = await made(database, now)
    async with database.session("") as session:
        session.add(SecondFactor(clerk_id=anna.id, sealed_secret=b"x", created_at=now, confirmed_at=now))
    await night(database, now)
    later = now + timedelta(days=90)
    await night(database, later)
    async with database.session(UTRECHT) as session:
        _, token = await invitations.invite(
            session, municipality_code=UTRECHT, email=anna.email, role="medewerker", clerk=boss, now=later
        )
    async with database.session(UTRECHT) as session:
        await invitations.accept_as_new(
            session, municipality_code=UTRECHT, token=token, name="Anna Zwart", password=PASSWORD, now=later
        )
    with pytest.raises(LoginRefused):
        await log_in(database, anna.email, password, later)
    await log_in(database, anna.email, PASSWORD, later)
    assert ((await as_kept(database, anna)).name, await night(database, later)) == ("Anna Zwart", (0, 0))
