"""Making desk accounts from the command line."""

import asyncio
import uuid
from datetime import datetime

import pyotp
import pytest
from sqlalchemy import select

from participation import accounts
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import AuditEvent, Clerk, DeskSession, RecoveryCode, SecondFactor
from participation.services import clerks, second_factor


async def test_an_account_can_log_in_with_its_one_time_password(database_url: str, database: Database, now) -> None:
    password = await accounts.make(
        database_url, email="Jan@voorbeeld.example", name="Jan", roles={"GM0344": "griffier"}
    )
    async with database.session("") as session:
        found = await clerks.log_in(session, email="jan@voorbeeld.example", password=password, now=now)
        signed_in = await clerks.signed_in(session, token=found.token, now=now)
    assert found.clerk.password_is_one_time
    assert signed_in is not None
    assert signed_in.roles == {"GM0344": "griffier"}


def test_an_unknown_municipality_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMENSPEL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert accounts.main(["jan@voorbeeld.example", "--naam", "Jan", "--gemeente", "GM9999"]) == 2
    assert capsys.readouterr().err == "no municipality has code GM9999\n"


async def logged(database: Database, clerk: Clerk, code: str) -> list[tuple[str, dict[str, str]]]:
    async with database.session(code) as session:
        found = await session.execute(
            select(AuditEvent.action, AuditEvent.details)
            .where(AuditEvent.record == str(clerk.id), AuditEvent.municipality_code == code)
            .order_by(AuditEvent.id)
        )
        return [(action, details) for action, details in found]


async def test_an_account_whose_owner_is_shut_out_is_repaired(
    database_url: str, database: Database, now: datetime
) -> None:
    email = f"{uuid.uuid4().hex}@voorbeeld.example"
    lost = await accounts.make(
        database_url, email=email, name="Jan", roles={"GM0344": "griffier", "GM0307": "raadslid"}
    )
    async with database.session("") as session:
        clerk = (await session.scalars(select(Clerk).where(Clerk.email == email))).one()
        secret = await second_factor.secret_to_set_up(session, clerk=clerk, key="k" * 40, now=now)
        code = pyotp.TOTP(secret or "").at(now)
        await second_factor.confirm(session, clerk=clerk, code=code, key="k" * 40, token="", now=now)
        await clerks.desk_sessions.open_session(session, clerk=clerk, now=now)
    codes = ["GM0344", "GM0307"]
    password = await accounts.repair(database_url, email=email.upper(), municipality_codes=codes, role="beheerder")
    async with database.session("") as session:
        for kept in (SecondFactor, RecoveryCode, DeskSession):
            assert (await session.scalars(select(kept).where(kept.clerk_id == clerk.id))).all() == []
        with pytest.raises(clerks.LoginRefused):
            await clerks.log_in(session, email=email, password=lost, now=now)
        entry = await clerks.log_in(session, email=email, password=password, now=now)
        signed_in = await clerks.signed_in(session, token=entry.token, now=now)
    assert signed_in is not None
    assert (entry.awaits_code, signed_in.clerk.password_is_one_time) == (False, True)
    assert signed_in.roles == dict.fromkeys(codes, "beheerder")
    events = [one for one in await logged(database, clerk, "GM0307") if one[0].startswith("medewerker.")]
    assert events == [
        ("medewerker.account_gemaakt", {}),
        ("medewerker.rol", {"van": "raadslid", "naar": "beheerder"}),
        ("medewerker.account_hersteld", {}),
        ("medewerker.tweede_stap_gewist", {}),
    ]


async def test_a_repair_adds_a_role_and_takes_none_that_it_was_not_asked_to(
    database_url: str, database: Database, now: datetime
) -> None:
    email = f"{uuid.uuid4().hex}@voorbeeld.example"
    await accounts.make(database_url, email=email, name="Jan", roles={"GM0344": "beheerder"})
    password = await accounts.repair(database_url, email=email, municipality_codes=["GM0344", "GM0307"])
    async with database.session(EVERY_MUNICIPALITY) as session:
        entry = await clerks.log_in(session, email=email, password=password, now=now)
        signed_in = await clerks.signed_in(session, token=entry.token, now=now)
    assert signed_in is not None
    assert signed_in.roles == {"GM0344": "beheerder", "GM0307": "griffier"}
    assert ("medewerker.rol", {"naar": "griffier"}) in await logged(database, entry.clerk, "GM0307")


async def test_the_command_line_tells_how_to_repair_and_when_there_is_nothing_to(
    database_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMENSPEL_DATABASE_URL", database_url)
    email = f"{uuid.uuid4().hex}@voorbeeld.example"

    async def run(*words: str) -> tuple[int, str]:
        code = await asyncio.to_thread(accounts.main, [email, *words])
        return code, capsys.readouterr().err

    made = ("--naam", "Jan", "--gemeente", "GM0344")
    assert await run("--herstel") == (1, f"{email} has no account; make it without --herstel\n")
    assert await run(*made) == (0, "")
    assert await run(*made) == (1, f"{email} has an account already; --herstel gives it a new password and a role\n")
    assert await run("--herstel") == (0, "")


def test_an_address_to_which_no_mail_can_go_gets_no_account(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMENSPEL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert accounts.main(["josé@voorbeeld.example", "--naam", "José", "--gemeente", "GM0344"]) == 2
    assert capsys.readouterr().err == "an e-mail address has plain letters only, without accents\n"
