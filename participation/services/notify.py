"""Waking who waits for something new, through PostgreSQL's NOTIFY."""

import asyncio
import uuid

from sqlalchemy import ColumnElement, Function, func, select
from sqlalchemy.ext.asyncio import AsyncSession

NOTIFY_CHANNEL = "samenspel_bericht"
"""The payload says what is new: in a conversation or for a resident (their id), or from a channel (its name)."""


class Change(asyncio.Event):
    """Set whenever what is watched changed; `ended` when this process stops, so that who listens goes elsewhere."""

    ended = False


def notification(subject: uuid.UUID | str | ColumnElement[str]) -> Function[None]:
    """What wakes them when the transaction that selects it commits."""
    return func.pg_notify(NOTIFY_CHANNEL, subject if isinstance(subject, ColumnElement) else str(subject))


async def notify(session: AsyncSession, subject: uuid.UUID | str) -> None:
    """Wake them when this transaction commits."""
    await session.execute(select(notification(subject)))
