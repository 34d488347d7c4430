"""Log-ins at the desk: opened, shown to the person whose they are, and ended."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Clerk, DeskSession
from participation.services import audit

IDLE_LIMIT = timedelta(hours=2)
SESSION_LIMIT = timedelta(hours=12)
CODE_LIMIT = timedelta(minutes=10)
"""How long the page that asks for a code may stay open."""


async def open_session(
    session: AsyncSession,
    *,
    clerk: Clerk,
    now: datetime,
    device: str = "",
    awaits_code: bool = False,
    provider: str | None = None,
    provider_factor: bool = False,
) -> str:
    """Open a session and return the secret token for the cookie.

    Args:
        provider: key of the OpenID provider that said who it is; `provider_factor`: its second factor counted.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        DeskSession(
            token_hash=token_hash(token),
            id=uuid.uuid4(),
            clerk_id=clerk.id,
            csrf_token=secrets.token_urlsafe(32),
            device=device,
            awaits_code=awaits_code,
            provider=provider,
            provider_factor=provider_factor,
            created_at=now,
            last_seen_at=now,
        )
    )
    await session.flush()
    return token


async def find(session: AsyncSession, *, token: str, now: datetime, awaits_code: bool = False) -> DeskSession | None:
    """Return the session of a cookie, unless it is unknown, idle or old, or waits for a code and may not."""
    row = await session.get(DeskSession, token_hash(token))
    if row is None or row.awaits_code != awaits_code:
        return None
    if awaits_code and now - row.created_at > CODE_LIMIT:
        return None
    return None if now - row.last_seen_at > IDLE_LIMIT or now - row.created_at > SESSION_LIMIT else row


async def of(session: AsyncSession, *, clerk: Clerk, now: datetime) -> Sequence[DeskSession]:
    """Return the sessions of this person that still work, the last used first."""
    rows = await session.scalars(
        select(DeskSession)
        .where(
            DeskSession.clerk_id == clerk.id,
            ~DeskSession.awaits_code,
            DeskSession.last_seen_at >= now - IDLE_LIMIT,
            DeskSession.created_at >= now - SESSION_LIMIT,
        )
        .order_by(DeskSession.last_seen_at.desc(), DeskSession.id)
    )
    return rows.all()


async def end(session: AsyncSession, *, clerk: Clerk, session_id: uuid.UUID, now: datetime) -> bool:
    """End a session of this person; says whether there was one."""
    ended = await session.scalar(
        delete(DeskSession)
        .where(DeskSession.clerk_id == clerk.id, DeskSession.id == session_id)
        .returning(DeskSession.id)
    )
    if ended is not None:
        await audit.record_about_person(session, action="desk.sessie_beeindigd", about=clerk, by=clerk, now=now)
    return ended is not None


async def end_others(session: AsyncSession, *, clerk: Clerk, token: str, now: datetime) -> None:
    """End all sessions of this person but the one of this cookie."""
    ended = await session.scalars(
        delete(DeskSession)
        .where(DeskSession.clerk_id == clerk.id, DeskSession.token_hash != token_hash(token))
        .returning(DeskSession.id)
    )
    if ended.all():
        await audit.record_about_person(session, action="desk.sessie_beeindigd", about=clerk, by=clerk, now=now)


async def end_all(session: AsyncSession, *, clerk_id: uuid.UUID) -> None:
    """End every session of this person."""
    await session.execute(delete(DeskSession).where(DeskSession.clerk_id == clerk_id))


async def end_one(session: AsyncSession, *, token: str) -> None:
    """End the session of this cookie; an unknown token is fine."""
    await session.execute(delete(DeskSession).where(DeskSession.token_hash == token_hash(token)))


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Erase sessions that do not work any more."""
    await session.execute(
        delete(DeskSession).where(
            (DeskSession.last_seen_at < now - IDLE_LIMIT) | (DeskSession.created_at < now - SESSION_LIMIT)
        )
    )


def token_hash(token: str) -> bytes:
    """What is kept of the cookie's token."""
    return hashlib.sha256(token.encode()).digest()
