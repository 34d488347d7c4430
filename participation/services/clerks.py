"""Desk users: accounts, log-in with argon2, sessions."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import LoginRefused, PasswordTooWeak, TooManyAttempts
from participation.models import Clerk, ClerkRole, DeskSession, LoginAttempt, Municipality
from participation.services import audit

ATTEMPTS_PER_ACCOUNT = 5
ATTEMPTS_PER_ADDRESS = 30
ATTEMPT_WINDOW = timedelta(minutes=15)
IDLE_LIMIT = timedelta(hours=2)
SESSION_LIMIT = timedelta(hours=12)
PASSWORD_LENGTH = (12, 128)

_hasher = PasswordHasher()


@dataclass(frozen=True)
class SignedIn:
    """Who is at the desk: the person, their session's CSRF token and the municipalities with the role in each."""

    clerk: Clerk
    csrf_token: str
    roles: dict[str, str]
    """Municipality code to role."""
    municipality_names: dict[str, str]
    """Municipality code to name, in alphabetical order of the names."""


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
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    clerk.password_hash = _hasher.hash(password)
    clerk.password_is_one_time = True
    return password


async def guard_log_in(session: AsyncSession, *, email: str, address: str, key: str, now: datetime) -> None:
    """Refuse to check a password after too many failures for this account or from this address.

    Raises:
        TooManyAttempts: 5 failures for the account or 30 from the address within 15 minutes.
    """
    for subject, limit in _subjects(email, address, key):
        failures = await session.scalar(
            select(func.count())
            .select_from(LoginAttempt)
            .where(LoginAttempt.subject == subject, LoginAttempt.created_at > now - ATTEMPT_WINDOW)
        )
        if (failures or 0) >= limit:
            raise TooManyAttempts


async def note_failure(
    session: AsyncSession, *, email: str, address: str, key: str, now: datetime, action: str = "desk.geweigerd"
) -> None:
    """Remember a failed log-in. Call in a transaction of its own: the refused one is rolled back.

    What was typed is not kept: it may be a password, or the address of somebody who has no account here.
    """
    session.add_all(LoginAttempt(subject=subject, created_at=now) for subject, _ in _subjects(email, address, key))
    known = await session.scalar(select(Clerk).where(Clerk.email == email.strip().lower()))
    if known is None:
        await audit.record(session, action=action, clerk=None, municipality_code=None, now=now)
    else:
        await audit.record_about_person(session, action=action, about=known, by=None, now=now)


async def log_in(session: AsyncSession, *, email: str, password: str, now: datetime) -> tuple[Clerk, str]:
    """Check the password and open a session; returns the clerk and the secret token for the cookie.

    An unknown e-mail takes as long as a wrong password, so that time does not tell who has an account.

    Raises:
        LoginRefused: they do not belong together.
    """
    clerk = await session.scalar(select(Clerk).where(Clerk.email == email.strip().lower()))
    try:
        _hasher.verify(clerk.password_hash if clerk else _hash_of_nobody(), password)
    except VerificationError:
        raise LoginRefused from None
    if clerk is None:
        raise LoginRefused
    token = await _open_session(session, clerk=clerk, now=now)
    await audit.record_about_person(session, action="desk.aangemeld", about=clerk, by=clerk, now=now)
    return clerk, token


async def change_password(session: AsyncSession, *, clerk: Clerk, current: str, new: str, now: datetime) -> str:
    """Set a new password, end all sessions of this person and return the token of a fresh one.

    Raises:
        LoginRefused: the current password is wrong.
        PasswordTooWeak: shorter than 12 or longer than 128 characters, or the same as the current one.
    """
    try:
        _hasher.verify(clerk.password_hash, current)
    except VerificationError:
        raise LoginRefused from None
    if not PASSWORD_LENGTH[0] <= len(new) <= PASSWORD_LENGTH[1] or hmac.compare_digest(new.encode(), current.encode()):
        raise PasswordTooWeak
    await session.execute(
        update(Clerk).where(Clerk.id == clerk.id).values(password_hash=_hasher.hash(new), password_is_one_time=False)
    )
    await session.execute(delete(DeskSession).where(DeskSession.clerk_id == clerk.id))
    await audit.record_about_person(session, action="desk.wachtwoord", about=clerk, by=clerk, now=now)
    return await _open_session(session, clerk=clerk, now=now)


async def signed_in(session: AsyncSession, *, token: str, now: datetime, is_active: bool = True) -> SignedIn | None:
    """Return who the cookie's token belongs to, or None when it is unknown, idle for 2 hours or 12 hours old.

    Args:
        is_active: the person does something; what a page asks by itself must not keep a session alive.
    """
    row = await session.get(DeskSession, _hash(token))
    if row is None or now - row.last_seen_at > IDLE_LIMIT or now - row.created_at > SESSION_LIMIT:
        return None
    if is_active and now - row.last_seen_at > timedelta(minutes=1):
        row.last_seen_at = now
    clerk = await session.get_one(Clerk, row.clerk_id)
    roles = await session.execute(
        select(ClerkRole.municipality_code, ClerkRole.role, Municipality.name)
        .join(Municipality, Municipality.code == ClerkRole.municipality_code)
        .where(ClerkRole.clerk_id == clerk.id)
        .order_by(Municipality.name)
    )
    found = roles.all()
    return SignedIn(
        clerk=clerk,
        csrf_token=row.csrf_token,
        roles={code: role for code, role, _ in found},
        municipality_names={code: name for code, _, name in found},
    )


async def names_of(session: AsyncSession, *, clerk_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of these people by id, for the history of a contribution; unknown ids are left out."""
    rows = await session.execute(select(Clerk.id, Clerk.name).where(Clerk.id.in_(clerk_ids)))
    return dict(rows.all())


async def log_out(session: AsyncSession, *, token: str) -> None:
    """End the session; an unknown token is fine."""
    await session.execute(delete(DeskSession).where(DeskSession.token_hash == _hash(token)))


async def _open_session(session: AsyncSession, *, clerk: Clerk, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        DeskSession(
            token_hash=_hash(token),
            clerk_id=clerk.id,
            csrf_token=secrets.token_urlsafe(32),
            created_at=now,
            last_seen_at=now,
        )
    )
    await session.flush()
    return token


@lru_cache
def _hash_of_nobody() -> str:
    return _hasher.hash(secrets.token_hex(16))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _subjects(email: str, address: str, key: str) -> list[tuple[bytes, int]]:
    def subject(kind: str, value: str) -> bytes:
        return hmac.digest(key.encode(), f"{kind}:{value}".encode(), "sha256")

    return [
        (subject("account", email.strip().lower()), ATTEMPTS_PER_ACCOUNT),
        (subject("adres", address), ATTEMPTS_PER_ADDRESS),
    ]
