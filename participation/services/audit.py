"""The log of what desk users did: adding to it."""

import hashlib
import secrets
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database.engine import set_scope
from participation.models import AuditEvent, AuditWords, Clerk, ClerkRole


async def record(
    session: AsyncSession,
    *,
    action: str,
    clerk: Clerk | None,
    municipality_code: str | None,
    now: datetime,
    record: str | None = None,
    details: dict[str, Any] | None = None,
    words: str | None = None,
) -> None:
    """Add an event in the transaction of what it describes: neither exists without the other.

    Args:
        clerk: who did it; None is the program, a resident, or somebody who did not log in.
        details: codes, numbers and ids, and texts that are public anyway. Never anything about a resident: an event
            can not be erased.
        words: what the clerk typed about a contribution, whose id is then the `record`. Erased with the contribution.
    """
    event = AuditEvent(
        action=action,
        clerk_id=clerk.id if clerk else None,
        municipality_code=municipality_code,
        record=record,
        details=details or {},
        created_at=now,
    )
    session.add(event)
    if words is not None:
        if municipality_code is None or record is None:
            raise ValueError("words belong to a contribution of a municipality")
        salt = secrets.token_bytes(16)
        event.words_hash = hashlib.sha256(salt + words.encode()).digest()
        await session.flush()
        session.add(
            AuditWords(
                event_id=event.id,
                municipality_code=municipality_code,
                contribution_id=uuid.UUID(record),
                salt=salt,
                text=words,
            )
        )


async def forget_words(session: AsyncSession, *, contribution_id: uuid.UUID, actions: Collection[str]) -> None:
    """Forget what clerks typed when they did this with a contribution. That they did it stays."""
    events = select(AuditEvent.id).where(AuditEvent.record == str(contribution_id), AuditEvent.action.in_(actions))
    await session.execute(
        delete(AuditWords).where(AuditWords.contribution_id == contribution_id, AuditWords.event_id.in_(events))
    )


async def record_about_person(
    session: AsyncSession,
    *,
    action: str,
    about: Clerk,
    by: Clerk | None,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an event about somebody's account to the log of each municipality that the person serves.

    Each of them has to be able to see it, and none may look into the log of another.
    """
    codes = await session.scalars(
        select(ClerkRole.municipality_code)
        .where(ClerkRole.clerk_id == about.id)
        .order_by(ClerkRole.municipality_code)
        .distinct()
    )
    found: list[str | None] = [*codes]
    scope = await session.scalar(text("SELECT current_setting('samenspel.gemeente', true)")) or ""
    for code in found or [None]:
        if code is not None:
            await set_scope(session, code)
        await record(
            session,
            action=action,
            clerk=by,
            municipality_code=code,
            record=str(about.id),
            details=details,
            now=now,
        )
        await session.flush()
    await set_scope(session, scope)
