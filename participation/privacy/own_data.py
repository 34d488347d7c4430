"""A resident's own data: what there is, and erasing it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import ResidentUnknown
from participation.models import Conversation, Resident
from participation.privacy import erasures
from participation.privacy.shredders import KINDS, Subject


async def subject_of(session: AsyncSession, resident_id: uuid.UUID) -> Subject:
    """Return by what the data of a resident can be found.

    Raises:
        ResidentUnknown: never was, or has been erased.
    """
    resident = await session.get(Resident, resident_id)
    if resident is None:
        raise ResidentUnknown
    theirs = await session.scalars(select(Conversation.id).where(Conversation.resident_id == resident_id))
    return Subject(resident_id, resident.pseudonym, tuple(theirs))


async def export(session: AsyncSession, *, resident_id: uuid.UUID) -> dict[str, list[dict[str, Any]]]:
    """Return everything that is kept of a resident, by kind.

    Raises:
        ResidentUnknown: never was, or has been erased.
    """
    subject = await subject_of(session, resident_id)
    return {kind.name: await kind.export(session, subject) for kind in KINDS}


async def erase(session: AsyncSession, *, resident_id: uuid.UUID, now: datetime) -> dict[str, int]:
    """Erase everything that is kept of a resident; returns the number of rows by kind.

    What the council took up already stays, cut loose from the resident: see `Contributions`.

    Raises:
        ResidentUnknown: never was, or has been erased.
    """
    subject = await subject_of(session, resident_id)
    await erasures.note(session, erasures.RESIDENT, resident_id, now=now)
    return {kind.name: await kind.shred(session, subject, now=now) for kind in KINDS}
