"""Somebody keeps us out of their chat: answers wait there, and messages about campaigns end."""

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import subscriptions
from participation.services import outgoing


async def keep_out(session: AsyncSession, *, resident_id: uuid.UUID, channel: str, now: datetime) -> None:
    """Send nothing more. Who lets us in again gets the answers that waited, and has not agreed to campaigns anew."""
    await outgoing.set_blocked(session, resident_id=resident_id, blocked=True, now=now)
    await subscriptions.end(session, resident_id=resident_id, channel=channel, now=now)
