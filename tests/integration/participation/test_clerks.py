"""Who works at the desk: one-time passwords, log-in, sessions that end."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from participation.database import Database
from participation.errors import LoginRefused, PasswordTooWeak, TooManyAttempts
from participation.models import AuditEvent, Clerk, DeskSession
from participation.services import clerks, passwords
from participation.services.clerks import (
    ATTEMPT_WINDOW,
    ATTEMPTS_PER_ACCOUNT,
    ATTEMPTS_PER_ADDRESS,
    IDLE_LIMIT,
    SESSION_LIMIT,
    SignedIn,
)
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT

NEW = "een lange zin 123"
MakeAccount = Callable[[], Awaitable[tuple[Clerk, str]]]


@pytest.fixture
def make_account(database: Database, now: datetime) -> MakeAccount:
    async def made() -> tuple[Clerk, str]:
        async with database.session("") as session:
            return await clerks.create_clerk(
                session,
                email=f"  {uuid.uuid4().hex}@Utrecht.example ",
                name="Anna de Wit",
                roles={UTRECHT: "griffier", AMERSFOORT: "raadslid"},
                now=now,
            )

    return made


async def log_in(database: Database, email: str, password: str, now: datetime) -> str:
    async with database.session("") as session:
        return (await clerks.log_in(session, email=email, password=password, now=now)).token


async def who(database: Database, token: str, now: datetime) -> SignedIn | None:
    async with database.session("") as session:
        return await clerks.signed_in(session, token=token, now=now)


async def change(database: Database, clerk: Clerk, current: str, new: str, now: datetime) -> str:
    async with database.session("") as session:
        fresh = await session.get_one(Clerk, clerk.id)
        return await clerks.change_password(session, clerk=fresh, current=current, new=new, now=now)


async def sessions_of(database: Database, clerk: Clerk) -> int | None:
    async with database.session("") as session:
        return await session.scalar(
            select(func.count()).select_from(DeskSession).where(DeskSession.clerk_id == clerk.id)
        )


async def test_a_new_account_has_a_one_time_password_that_is_stored_nowhere(
    database: Database, make_account: MakeAccount, now: datetime
) -> None:
    clerk, password = await make_account()
    assert clerk.email == clerk.email.strip().lower()
    assert clerk.password_is_one_time
    assert password not in clerk.password_hash
    assert clerk.password_hash.startswith("$argon2id$")
    token = await log_in(database, f" {clerk.email.upper()} ", password, now)
    signed_in = await who(database, token, now)
    assert signed_in is not None
    assert signed_in.clerk.password_is_one_time
    assert signed_in.roles == {UTRECHT: "griffier", AMERSFOORT: "raadslid"}
    assert list(signed_in.municipality_names.values()) == ["Amersfoort", "Utrecht"]


async def test_two_accounts_never_get_the_same_password(make_account: MakeAccount) -> None:
    assert (await make_account())[1] != (await make_account())[1]


async def test_a_wrong_password_and_an_unknown_account_are_refused_alike(
    database: Database, make_account: MakeAccount, now: datetime
) -> None:
    clerk, password = await make_account()
    for email, given in (
        (clerk.email, "iets anders"),
        (clerk.email, ""),
        (clerk.email, password.upper()),
        ("niemand@utrecht.example", password),
        ("", ""),
    ):
        with pytest.raises(LoginRefused) as refused:
            await log_in(database, email, given, now)
        assert str(refused.value) == ""
    assert await sessions_of(database, clerk) == 0


async def test_an_unknown_account_costs_the_same_work(database: Database, now: datetime) -> None:
    """Counted, not timed: the password is checked against a hash in both cases."""
    checked: list[str] = []
    verify = type(passwords._hasher).verify

    def counting(hasher: object, stored: str, given: str) -> bool:
        checked.append(given)
        return verify(passwords._hasher, stored, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(passwords._hasher), "verify", counting)
        with pytest.raises(LoginRefused):
            await log_in(database, "niemand@utrecht.example", "geraden", now)
    assert checked == ["geraden"]


async def test_the_password_is_changed_and_all_other_sessions_end(
    database: Database, make_account: MakeAccount, now: datetime
) -> None:
    clerk, password = await make_account()
    old = [await log_in(database, clerk.email, password, now) for _ in range(2)]
    fresh = await change(database, clerk, password, NEW, now)
    assert [await who(database, token, now) for token in old] == [None, None]
    signed_in = await who(database, fresh, now)
    assert signed_in is not None
    assert not signed_in.clerk.password_is_one_time
    with pytest.raises(LoginRefused):
        await log_in(database, clerk.email, password, now)
    await log_in(database, clerk.email, NEW, now)


@pytest.mark.parametrize("new", ["elf tekens.", "", "x" * 129, None])
async def test_a_weak_or_unchanged_password_is_refused(
    database: Database, make_account: MakeAccount, now: datetime, new: str | None
) -> None:
    clerk, password = await make_account()
    with pytest.raises(PasswordTooWeak):
        await change(database, clerk, password, password if new is None else new, now)
    await log_in(database, clerk.email, password, now)


async def test_without_the_current_password_nothing_changes(
    database: Database, make_account: MakeAccount, now: datetime
) -> None:
    clerk, password = await make_account()
    with pytest.raises(LoginRefused):
        await change(database, clerk, "geraden", NEW, now)
    await log_in(database, clerk.email, password, now)


async def test_who_logs_in_or_changes_the_password_is_written_down(
    database: Database, make_account: MakeAccount, now: datetime
) -> None:
    """In the log of each municipality that this person serves; of a refusal nobody knows whose it was."""
    clerk, password = await make_account()
    async with database.session("") as session:
        about = {"email": clerk.email, "address": "192.0.2.1", "key": "s", "now": now}
        await clerks.note_failure(session, **about)
    await log_in(database, clerk.email, password, now)
    await change(database, clerk, password, NEW, now)
    for code in (UTRECHT, AMERSFOORT):
        async with database.session(code) as session:
            rows = await session.scalars(
                select(AuditEvent)
                .where(AuditEvent.municipality_code == code, AuditEvent.record == str(clerk.id))
                .order_by(AuditEvent.id)
            )
            assert [(row.action, row.clerk_id, row.details) for row in rows] == [
                ("desk.geweigerd", None, {}),
                ("desk.aangemeld", clerk.id, {}),
                ("desk.wachtwoord", clerk.id, {}),
            ]


async def test_a_refusal_for_an_unknown_address_does_not_keep_what_was_typed(database: Database, now: datetime) -> None:
    async with database.session("") as session:
        await clerks.note_failure(session, email="wachtwoord?", address="192.0.2.1", key="s", now=now)
    async with database.session("") as session:
        last = await session.scalar(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))
        assert last is not None
        assert (last.action, last.municipality_code, last.record, last.details) == ("desk.geweigerd", None, None, {})


async def test_an_idle_session_ends_and_use_keeps_it_alive(
    database: Database, make_account: MakeAccount, now: datetime
) -> None:
    clerk, password = await make_account()
    idle, used = [await log_in(database, clerk.email, password, now) for _ in range(2)]
    assert await who(database, used, now + IDLE_LIMIT) is not None
    assert await who(database, idle, now + IDLE_LIMIT + timedelta(seconds=1)) is None
    assert await who(database, used, now + IDLE_LIMIT * 2) is not None


async def test_a_session_ends_after_twelve_hours_of_use(
    database: Database, make_account: MakeAccount, now: datetime
) -> None:
    clerk, password = await make_account()
    token = await log_in(database, clerk.email, password, now)
    for hour in range(1, 13):
        assert await who(database, token, now + timedelta(hours=hour)) is not None
    assert timedelta(hours=12) == SESSION_LIMIT
    assert await who(database, token, now + SESSION_LIMIT + timedelta(seconds=1)) is None


async def test_logging_out_ends_this_session_only(database: Database, make_account: MakeAccount, now: datetime) -> None:
    clerk, password = await make_account()
    here, elsewhere = [await log_in(database, clerk.email, password, now) for _ in range(2)]
    async with database.session("") as session:
        await clerks.log_out(session, token=here)
        await clerks.log_out(session, token="onbekend")
    assert await who(database, here, now) is None
    assert await who(database, elsewhere, now) is not None
    assert await who(database, "", now) is None


async def test_the_cookie_is_not_in_the_database(database: Database, make_account: MakeAccount, now: datetime) -> None:
    clerk, password = await make_account()
    token = await log_in(database, clerk.email, password, now)
    async with database.session("") as session:
        row = await session.scalar(select(DeskSession).where(DeskSession.clerk_id == clerk.id))
    assert row is not None
    assert token.encode() not in row.token_hash
    assert token != row.csrf_token


async def fail(database: Database, email: str, address: str, now: datetime, times: int) -> None:
    async with database.session("") as session:
        for _ in range(times):
            await clerks.note_failure(session, email=email, address=address, key="sleutel", now=now)


async def guard(database: Database, email: str, address: str, now: datetime) -> bool:
    """Whether a password may be tried."""
    async with database.session("") as session:
        try:
            await clerks.guard_log_in(session, email=email, address=address, key="sleutel", now=now)
        except TooManyAttempts:
            return False
    return True


async def test_an_account_closes_after_five_failures_and_opens_again(database: Database, now: datetime) -> None:
    email, address = f"{uuid.uuid4().hex}@x.example", uuid.uuid4().hex
    await fail(database, email, address, now, ATTEMPTS_PER_ACCOUNT - 1)
    assert await guard(database, email, address, now)
    await fail(database, email, address, now, 1)
    assert not await guard(database, email, address, now)
    assert not await guard(database, f" {email.upper()} ", uuid.uuid4().hex, now), "from everywhere, however typed"
    assert await guard(database, "iemand.anders@x.example", address, now)
    assert await guard(database, email, address, now + ATTEMPT_WINDOW)


async def test_an_address_closes_after_thirty_failures_whatever_the_account(database: Database, now: datetime) -> None:
    address = uuid.uuid4().hex
    for _ in range(ATTEMPTS_PER_ADDRESS):
        await fail(database, f"{uuid.uuid4().hex}@x.example", address, now, 1)
    assert not await guard(database, "iemand.anders@x.example", address, now)
    assert await guard(database, "iemand.anders@x.example", uuid.uuid4().hex, now)
