"""Codes of an authenticator app: once each, near their time, not by guessing; and recovery codes for who lost it."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from participation.database import Database
from participation.errors import CodeRefused, TooManyAttempts
from participation.models import AuditEvent, Clerk, DeskSession, RecoveryCode, SecondFactor
from participation.services import clerks, desk_sessions, people, second_factor
from participation.services.clerks import ATTEMPTS_PER_ACCOUNT, LoggedIn
from tests.integration.participation.conftest import UTRECHT

KEY = "sleutel van deze proef, lang genoeg"


class App:
    """Somebody with an account, and the app on their phone."""

    def __init__(self, database: Database, clerk: Clerk, password: str) -> None:
        self.database, self.clerk, self.password = database, clerk, password
        self.secret = ""

    async def set_up(self, now: datetime, token: str = "") -> list[str]:
        async with self.database.session("") as session:
            self.secret = await second_factor.secret_to_set_up(session, clerk=self.clerk, key=KEY, now=now) or ""
        async with self.database.session("") as session:
            return await second_factor.confirm(
                session, clerk=self.clerk, code=self.code(now), key=KEY, token=token, now=now
            )

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.secret).at(at)

    async def password_in(self, now: datetime) -> LoggedIn:
        async with self.database.session("") as session:
            return await clerks.log_in(
                session, email=self.clerk.email, password=self.password, now=now, device="Firefox op Linux"
            )

    async def code_in(self, token: str, code: str, now: datetime) -> str | None:
        async with self.database.session("") as session:
            return await second_factor.log_in(
                session, token=token, code=code, address=uuid.uuid4().hex, key=KEY, attempts_key="s", now=now
            )

    async def is_in(self, token: str | None, now: datetime) -> bool:
        async with self.database.session("") as session:
            return await clerks.signed_in(session, token=token or "", now=now) is not None


@pytest.fixture
def new_app(database: Database, now: datetime) -> Callable[[], Awaitable[App]]:
    async def made() -> App:
        async with database.session("") as session:
            clerk, password = await clerks.create_clerk(
                session, email=f"{uuid.uuid4().hex}@utrecht.example", name="Anna", roles={UTRECHT: "griffier"}, now=now
            )
        return App(database, clerk, password)

    return made


@pytest.fixture
async def app(new_app: Callable[[], Awaitable[App]]) -> App:
    return await new_app()


async def test_with_a_second_factor_the_password_alone_opens_nothing(app: App, now: datetime) -> None:
    assert (await app.password_in(now)).awaits_code is False
    await app.set_up(now)
    later = now + timedelta(minutes=5)
    entry = await app.password_in(later)
    assert (entry.awaits_code, await app.is_in(entry.token, later)) == (True, False)
    token = await app.code_in(entry.token, app.code(later), later)
    assert await app.is_in(token, later)
    assert not await app.is_in(entry.token, later)
    with pytest.raises(CodeRefused):
        await app.code_in(entry.token, app.code(later + timedelta(minutes=1)), later)


async def test_setting_it_up_ends_the_sessions_that_the_password_alone_opened(app: App, now: datetime) -> None:
    before, own = await app.password_in(now), await app.password_in(now)
    await app.set_up(now, token=own.token)
    assert [await app.is_in(entry.token, now) for entry in (before, own)] == [False, True]


async def test_a_log_in_while_it_is_put_in_force_waits_and_then_needs_a_code(
    app: App, database: Database, now: datetime
) -> None:
    async with database.session("") as session:
        app.secret = await second_factor.secret_to_set_up(session, clerk=app.clerk, key=KEY, now=now) or ""
    async with database.session("") as session:
        await second_factor.confirm(session, clerk=app.clerk, code=app.code(now), key=KEY, token="", now=now)
        meanwhile = asyncio.create_task(app.password_in(now))
        await asyncio.sleep(1)
        assert not meanwhile.done()
    assert (await meanwhile).awaits_code


async def test_the_secret_is_sealed_and_of_recovery_codes_only_a_hash_is_kept(
    app: App, database: Database, now: datetime
) -> None:
    codes = await app.set_up(now)
    assert (len(codes), len(set(codes))) == (10, 10)
    async with database.session("") as session:
        row = await session.get_one(SecondFactor, app.clerk.id)
        kept = (await session.scalars(select(RecoveryCode.code_hash))).all()
        assert await second_factor.secret_to_set_up(session, clerk=app.clerk, key=KEY, now=now) is None
    assert app.secret.encode() not in row.sealed_secret
    assert not any(code.replace("-", "").encode() in digest for code in codes for digest in kept)


async def test_a_code_works_once_and_so_does_no_earlier_one(app: App, now: datetime) -> None:
    await app.set_up(now)
    at = now + timedelta(minutes=5)
    first, second = await app.password_in(at), await app.password_in(at)
    assert await app.code_in(first.token, app.code(at), at) is not None
    assert await app.code_in(second.token, app.code(at), at) is None
    assert await app.code_in(second.token, app.code(at - timedelta(seconds=30)), at) is None
    assert await app.code_in(second.token, app.code(at + timedelta(seconds=30)), at) is not None


async def test_a_code_used_twice_at_the_same_moment_opens_one_session(app: App, now: datetime) -> None:
    await app.set_up(now)
    at = now + timedelta(minutes=5)
    entries = [await app.password_in(at) for _ in range(3)]
    opened = await asyncio.gather(*(app.code_in(entry.token, app.code(at), at) for entry in entries))
    assert sum(token is not None for token in opened) == 1


@pytest.mark.parametrize("seconds", [-90, 90, 3600])
async def test_a_code_of_another_time_is_refused(app: App, now: datetime, seconds: int) -> None:
    await app.set_up(now)
    at = now + timedelta(hours=2)
    entry = await app.password_in(at)
    assert await app.code_in(entry.token, app.code(at + timedelta(seconds=seconds)), at) is None


async def test_many_guesses_at_once_are_counted_one_by_one(app: App, database: Database, now: datetime) -> None:
    await app.set_up(now)
    at = now + timedelta(minutes=5)
    right = app.code(at)
    wrong = [f"{number:06d}" for number in range(20) if f"{number:06d}" != right][:12]
    entry = await app.password_in(at)
    results = await asyncio.gather(*(app.code_in(entry.token, code, at) for code in wrong), return_exceptions=True)
    assert results.count(None) == ATTEMPTS_PER_ACCOUNT
    assert sum(isinstance(one, TooManyAttempts) for one in results) == len(wrong) - ATTEMPTS_PER_ACCOUNT
    with pytest.raises(TooManyAttempts):
        await app.code_in(entry.token, right, at)
    async with database.session(UTRECHT) as session:
        noted = select(func.count()).where(
            AuditEvent.action == "desk.code_geweigerd", AuditEvent.record == str(app.clerk.id)
        )
        assert await session.scalar(noted) == ATTEMPTS_PER_ACCOUNT


async def test_a_recovery_code_works_once_for_its_owner(
    app: App, new_app: Callable[[], Awaitable[App]], now: datetime
) -> None:
    codes, other = await app.set_up(now), await new_app()
    await other.set_up(now)
    entries = [await app.password_in(now), await app.password_in(now), await other.password_in(now)]
    assert await other.code_in(entries[2].token, codes[0], now) is None
    assert await app.code_in(entries[0].token, codes[0].upper(), now) is not None
    assert await app.code_in(entries[1].token, codes[0], now) is None
    async with app.database.session("") as session:
        assert await second_factor.unused_recovery_codes(session, clerk=app.clerk) == 9
        fresh = await second_factor.renew_recovery_codes(session, clerk=app.clerk, key=KEY, now=now)
    assert await app.code_in(entries[1].token, codes[1], now) is None
    assert await app.code_in(entries[1].token, fresh[0], now) is not None


async def test_the_page_for_the_code_does_not_stay_open(app: App, now: datetime) -> None:
    await app.set_up(now)
    entry = await app.password_in(now)
    late = now + desk_sessions.CODE_LIMIT + timedelta(seconds=1)
    with pytest.raises(CodeRefused):
        await app.code_in(entry.token, app.code(late), late)


async def test_a_wrong_first_code_does_not_put_it_in_force(app: App, now: datetime) -> None:
    async with app.database.session("") as session:
        await second_factor.secret_to_set_up(session, clerk=app.clerk, key=KEY, now=now)
    async with app.database.session("") as session:
        with pytest.raises(CodeRefused):
            await second_factor.confirm(session, clerk=app.clerk, code="12345", key=KEY, token="", now=now)
    assert (await app.password_in(now)).awaits_code is False


async def test_a_secret_that_waits_is_shown_for_a_quarter_of_an_hour_and_then_replaced(
    app: App, database: Database, now: datetime
) -> None:
    async def shown(at: datetime, *, starts: bool) -> str | None:
        async with database.session("") as session:
            return await second_factor.secret_to_set_up(session, clerk=app.clerk, key=KEY, now=at, starts=starts)

    first, late = await shown(now, starts=True), now + second_factor.SET_UP_LIMIT + timedelta(seconds=1)
    assert await shown(now + second_factor.SET_UP_LIMIT, starts=True) == first
    assert await shown(late, starts=False) == first
    second = await shown(late, starts=True)
    assert second not in (None, first)
    assert await shown(late, starts=False) == second


async def test_a_new_password_forgets_a_secret_that_waits_and_keeps_one_in_force(
    new_app: Callable[[], Awaitable[App]], database: Database, now: datetime
) -> None:
    """Who had the password until then may have seen the secret: it must not become the owner's."""
    waits, in_force, helped = await new_app(), await new_app(), await new_app()
    await in_force.set_up(now)
    async with database.session("") as session:
        boss, _ = await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex}@utrecht.example", name="Bo", roles={UTRECHT: "beheerder"}, now=now
        )
        for one in (waits, helped):
            await second_factor.secret_to_set_up(session, clerk=one.clerk, key=KEY, now=now)
    async with database.session(UTRECHT) as session:
        for one in (waits, in_force):
            await clerks.change_password(
                session, clerk=one.clerk, current=one.password, new="zeven blauwe stoelen", now=now
            )
        await people.new_password(session, municipality_code=UTRECHT, clerk_id=helped.clerk.id, clerk=boss, now=now)
    async with database.session("") as session:
        left = [await session.get(SecondFactor, one.clerk.id) is not None for one in (waits, in_force, helped)]
    assert left == [False, True, False]


async def test_a_new_password_ends_every_session_but_a_fresh_one(app: App, database: Database, now: datetime) -> None:
    for _ in range(3):
        await app.password_in(now)
    async with database.session("") as session:
        clerk = await session.get_one(Clerk, app.clerk.id)
        await clerks.change_password(
            session, clerk=clerk, current=app.password, new="zeven blauwe stoelen", now=now, device="Edge op Windows"
        )
    async with database.session("") as session:
        left = await session.scalars(select(DeskSession.device).where(DeskSession.clerk_id == app.clerk.id))
        assert list(left) == ["Edge op Windows"]
