"""Desk users: accounts, log-in, who a cookie belongs to."""

import hmac
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation import roles
from participation.errors import LoginRefused, PasswordTooWeak, TooManyAttempts
from participation.models import AccessRule, Clerk, ClerkRole, LoginAttempt, Municipality, SecondFactor
from participation.services import audit, desk_sessions, passwords
from participation.services.desk_sessions import IDLE_LIMIT, SESSION_LIMIT

__all__ = ["IDLE_LIMIT", "SESSION_LIMIT"]

ATTEMPTS_PER_ACCOUNT = 5
ATTEMPTS_PER_ADDRESS = 30
ATTEMPT_WINDOW = timedelta(minutes=15)
PASSWORD_LENGTH = passwords.LENGTH
ACCOUNT, CODE = "account", "code"
"""What was guessed at: the password of an account, or the code of its second factor."""


@dataclass(frozen=True)
class SignedIn:
    """Who is at the desk: the person, their session's CSRF token and the municipalities with the role in each."""

    clerk: Clerk
    csrf_token: str
    roles: dict[str, str]
    """Municipality code to role."""
    municipality_names: dict[str, str]
    """Municipality code to name, in alphabetical order of the names."""
    session_id: uuid.UUID
    has_second_factor: bool = False
    second_factor_asked: bool = False
    """Whether a role or a municipality of this person asks for a second factor."""
    provider: str | None = None
    """Key of the OpenID provider that said who it is; None after a password."""
    provider_factor: bool = False
    """Whether that provider asked a second factor that counts in every municipality of this person."""

    @property
    def lacks_second_factor(self) -> bool:
        """Whether one is asked that this person has not set up yet."""
        return self.second_factor_asked and not self.has_second_factor and not self.provider_factor

    @property
    def needs_new_password(self) -> bool:
        """Whether a one-time password has to be replaced first. Who came without one is not asked for it."""
        return self.clerk.password_is_one_time and self.provider is None


@dataclass(frozen=True)
class LoggedIn:
    """The password was right. With `awaits_code` the session opens nothing until the code was right too."""

    clerk: Clerk
    token: str
    awaits_code: bool


async def create_clerk(
    session: AsyncSession, *, email: str, name: str, roles: dict[str, str], now: datetime
) -> tuple[Clerk, str]:
    """Make an account and return it with its one-time password, which is stored nowhere."""
    clerk = Clerk(id=uuid.uuid4(), email=email.strip().lower(), name=name, created_at=now)
    password = give_one_time_password(clerk)
    session.add(clerk)
    await session.flush()
    session.add_all(ClerkRole(clerk_id=clerk.id, municipality_code=code, role=role) for code, role in roles.items())
    await session.flush()
    return clerk, password


def give_one_time_password(clerk: Clerk) -> str:
    """Replace the password by a fresh one that has to be changed at the first log-in; returns it."""
    password = passwords.one_time()
    clerk.password_hash = passwords.hashed(password)
    clerk.password_is_one_time = True
    return password


async def guard_log_in(
    session: AsyncSession, *, email: str, address: str, key: str, now: datetime, what: str = ACCOUNT
) -> None:
    """Refuse to check a password (or a code) after too many failures for this account or from this address.

    Raises:
        TooManyAttempts: 5 failures for the account or 30 from the address within 15 minutes.
    """
    await _guard(session, _subjects(what, email, address, key), now)


async def _guard(session: AsyncSession, subjects: list[tuple[bytes, int]], now: datetime) -> None:
    for subject, limit in subjects:
        failures = await session.scalar(
            select(func.count())
            .select_from(LoginAttempt)
            .where(LoginAttempt.subject == subject, LoginAttempt.created_at > now - ATTEMPT_WINDOW)
        )
        if (failures or 0) >= limit:
            raise TooManyAttempts


async def guard_address(session: AsyncSession, *, address: str, key: str, now: datetime) -> None:
    """Refuse to look at what an address brings, after too many failures from there.

    Raises:
        TooManyAttempts: 30 failures within 15 minutes.
    """
    await _guard(session, _subjects(ACCOUNT, None, address, key), now)


def count_failure_of_address(session: AsyncSession, *, address: str, key: str, now: datetime) -> None:
    """Count one more. Call in a transaction of its own."""
    session.add_all(
        LoginAttempt(subject=subject, created_at=now) for subject, _ in _subjects(ACCOUNT, None, address, key)
    )


async def note_failure(
    session: AsyncSession, *, email: str, address: str, key: str, now: datetime, what: str = ACCOUNT
) -> None:
    """Remember a failed log-in. Call in a transaction of its own: the refused one is rolled back.

    What was typed is not kept: it may be a password, or the address of somebody who has no account here.
    """
    session.add_all(
        LoginAttempt(subject=subject, created_at=now) for subject, _ in _subjects(what, email, address, key)
    )
    known = await session.scalar(select(Clerk).where(Clerk.email == email.strip().lower()))
    action = "desk.geweigerd" if what == ACCOUNT else "desk.code_geweigerd"
    if known is None:
        await audit.record(session, action=action, clerk=None, municipality_code=None, now=now)
    else:
        await audit.record_about_person(session, action=action, about=known, by=None, now=now)


async def log_in(session: AsyncSession, *, email: str, password: str, now: datetime, device: str = "") -> LoggedIn:
    """Check the password and open a session. With a second factor that session first waits for its code.

    An unknown e-mail takes as long as a wrong password, so that time does not tell who has an account.

    Raises:
        LoginRefused: they do not belong together, or the account is closed.
    """
    clerk = await session.scalar(select(Clerk).where(Clerk.email == email.strip().lower()))
    fits = passwords.fits(password, clerk.password_hash if clerk else None)
    if not fits or clerk is None or clerk.deactivated_at is not None:
        raise LoginRefused
    # A second factor that is being put in force at this moment counts, and then ends the sessions without one.
    await session.execute(select(Clerk.id).where(Clerk.id == clerk.id).with_for_update(key_share=True))
    awaits_code = await has_second_factor(session, clerk_id=clerk.id)
    token = await desk_sessions.open_session(session, clerk=clerk, now=now, device=device, awaits_code=awaits_code)
    if not awaits_code:
        await note_log_in(session, clerk=clerk, now=now)
    return LoggedIn(clerk, token, awaits_code)


async def note_log_in(session: AsyncSession, *, clerk: Clerk, now: datetime, provider: str | None = None) -> None:
    """Write down that somebody is in, and which OpenID provider said who it is, if one did."""
    await session.execute(update(Clerk).where(Clerk.id == clerk.id).values(last_login_at=now))
    details = {"dienst": provider} if provider else None
    await audit.record_about_person(session, action="desk.aangemeld", about=clerk, by=clerk, details=details, now=now)


async def has_second_factor(session: AsyncSession, *, clerk_id: uuid.UUID) -> bool:
    """Whether a log-in of this person needs a code."""
    row = await session.get(SecondFactor, clerk_id)
    return row is not None and row.confirmed_at is not None


async def forget_unconfirmed_factor(session: AsyncSession, *, clerk_id: uuid.UUID) -> None:
    """Erase a secret that waits for its first code: whoever had the password until now may have seen it."""
    await session.execute(
        delete(SecondFactor).where(SecondFactor.clerk_id == clerk_id, SecondFactor.confirmed_at.is_(None))
    )


async def change_password(
    session: AsyncSession, *, clerk: Clerk, current: str, new: str, now: datetime, device: str = ""
) -> str:
    """Set a new password, end all sessions of this person and return the token of a fresh one.

    Raises:
        LoginRefused: the current password is wrong.
        PasswordGuessable: one that others would try.
        PasswordTooWeak: shorter than 12 or longer than 128 characters, or the same as the current one.
    """
    if not passwords.fits(current, clerk.password_hash):
        raise LoginRefused
    if hmac.compare_digest(new.encode(), current.encode()):
        raise PasswordTooWeak
    passwords.check(new, about=(clerk.name, clerk.email))
    await session.execute(
        update(Clerk)
        .where(Clerk.id == clerk.id)
        .values(password_hash=passwords.hashed(new), password_is_one_time=False)
    )
    await forget_unconfirmed_factor(session, clerk_id=clerk.id)
    await desk_sessions.end_all(session, clerk_id=clerk.id)
    await audit.record_about_person(session, action="desk.wachtwoord", about=clerk, by=clerk, now=now)
    return await desk_sessions.open_session(session, clerk=clerk, now=now, device=device)


async def signed_in(session: AsyncSession, *, token: str, now: datetime, is_active: bool = True) -> SignedIn | None:
    """Return who the cookie's token belongs to, or None when it is unknown, idle for 2 hours or 12 hours old.

    Args:
        is_active: the person does something; what a page asks by itself must not keep a session alive.
    """
    row = await desk_sessions.find(session, token=token, now=now)
    if row is None:
        return None
    if is_active and now - row.last_seen_at > timedelta(minutes=1):
        row.last_seen_at = now
    clerk = await session.get_one(Clerk, row.clerk_id)
    if clerk.deactivated_at is not None:
        return None
    found = await session.execute(
        select(
            ClerkRole.municipality_code,
            ClerkRole.role,
            Municipality.name,
            AccessRule.second_factor_for_all,
            AccessRule.counted_provider,
        )
        .join(Municipality, Municipality.code == ClerkRole.municipality_code)
        .outerjoin(AccessRule, AccessRule.municipality_code == ClerkRole.municipality_code)
        .where(ClerkRole.clerk_id == clerk.id)
        .order_by(Municipality.name)
    )
    places = found.all()
    owns_factor = await has_second_factor(session, clerk_id=clerk.id)
    # Counted at log-in; a municipality may have stopped counting it since, or joined that never did.
    counts = row.provider_factor and all(place.counted_provider == row.provider for place in places)
    if row.provider_factor and not counts and owns_factor:
        return None
    return SignedIn(
        clerk=clerk,
        csrf_token=row.csrf_token,
        roles={place.municipality_code: place.role for place in places},
        municipality_names={place.municipality_code: place.name for place in places},
        session_id=row.id,
        has_second_factor=owns_factor,
        second_factor_asked=any(place.second_factor_for_all or place.role == roles.BEHEERDER for place in places),
        provider=row.provider,
        provider_factor=counts,
    )


async def names_of(session: AsyncSession, *, clerk_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of these people by id, for the history of a contribution; unknown ids are left out."""
    rows = await session.execute(select(Clerk.id, Clerk.name).where(Clerk.id.in_(clerk_ids)))
    return dict(rows.all())


async def log_out(session: AsyncSession, *, token: str) -> None:
    """End the session; an unknown token is fine."""
    await desk_sessions.end_one(session, token=token)


def _subjects(what: str, email: str | None, address: str, key: str) -> list[tuple[bytes, int]]:
    def subject(kind: str, value: str) -> bytes:
        return hmac.digest(key.encode(), f"{kind}:{value}".encode(), "sha256")

    of_account = [] if email is None else [(subject(what, email.strip().lower()), ATTEMPTS_PER_ACCOUNT)]
    return [*of_account, (subject("adres", address), ATTEMPTS_PER_ADDRESS)]
