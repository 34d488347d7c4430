"""Accounts of people who work for no municipality any more: closed after a while, and later without a name.

The log keeps who did what by the number of the account, so the account itself stays: without name, address or password.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Delete, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import (
    AccessRequest,
    BulkChange,
    Clerk,
    ClerkRole,
    DeskSession,
    Digest,
    DigestChoice,
    Invitation,
    RecoveryCode,
    SavedFilter,
    SecondFactor,
    SignOnLink,
)
from participation.services import audit, passwords

CLOSED_AFTER = timedelta(days=90)
ERASED_AFTER = timedelta(days=365)
"""After closing. Until then an invitation opens the account again, with its history."""

NOWHERE = "gewist.invalid"
"""Domain that no mail goes to (RFC 2606): an erased account has an address in it, for two may not have the same."""


async def run(session: AsyncSession, *, now: datetime) -> tuple[int, int]:
    """Once a night: note who has no role since when, close and erase; returns how many of each."""
    works = exists().where(ClerkRole.clerk_id == Clerk.id)
    await session.execute(
        update(Clerk).where(works, Clerk.without_role_since.is_not(None)).values(without_role_since=None)
    )
    await session.execute(
        update(Clerk)
        .where(~works, Clerk.without_role_since.is_(None), Clerk.email.not_like(f"%@{NOWHERE}"))
        .values(without_role_since=now)
    )
    return await _close(session, now), await _erase(session, now)


async def _close(session: AsyncSession, now: datetime) -> int:
    found = await session.scalars(
        select(Clerk)
        .where(Clerk.without_role_since <= now - CLOSED_AFTER, Clerk.deactivated_at.is_(None))
        .order_by(Clerk.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    closed = found.all()
    for clerk in closed:
        clerk.deactivated_at = now
        await session.execute(delete(DeskSession).where(DeskSession.clerk_id == clerk.id))
        await audit.record_about_person(session, action="medewerker.account_gesloten", about=clerk, by=None, now=now)
    return len(closed)


async def _erase(session: AsyncSession, now: datetime) -> int:
    found = await session.scalars(
        select(Clerk)
        .where(
            Clerk.without_role_since.is_not(None),
            Clerk.deactivated_at <= now - ERASED_AFTER,
            Clerk.email.not_like(f"%@{NOWHERE}"),
        )
        .order_by(Clerk.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    erased = found.all()
    for clerk in erased:
        for statement in _all_of(clerk):
            await session.execute(statement)
        clerk.email, clerk.name = f"{clerk.id}@{NOWHERE}", f"Oud-medewerker {str(clerk.id)[:8]}"
        clerk.password_hash, clerk.last_login_at = passwords.hashed(secrets.token_urlsafe(32)), None
        await audit.record_about_person(session, action="medewerker.account_gewist", about=clerk, by=None, now=now)
    await session.flush()
    return len(erased)


def _all_of(clerk: Clerk) -> list[Delete]:
    own = (
        AccessRequest,
        BulkChange,
        DeskSession,
        Digest,
        DigestChoice,
        RecoveryCode,
        SavedFilter,
        SecondFactor,
        SignOnLink,
    )
    return [
        *(delete(table).where(table.clerk_id == clerk.id) for table in own),
        delete(Invitation).where(Invitation.email == clerk.email),
    ]
