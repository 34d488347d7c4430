"""Noting what was erased or withdrawn at somebody's wish, in the transaction that does it.

A back-up of Monday holds whom Tuesday erased. What is noted here is kept beside the back-ups and done again after a
restore. What goes by itself after so many days is not noted: the next night takes it again.
"""

import hashlib
import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Erasure

HASHED_WITH = b"samenspel:erasure:"
RESIDENT, CONTRIBUTION, WITHDRAWN, CONSENT = "inwoner", "inbreng", "ingetrokken", "toestemming"


def trace(record_id: uuid.UUID) -> bytes:
    """Return that by which a record is known again in an older copy, and in nothing else."""
    return hashlib.sha256(HASHED_WITH + record_id.bytes).digest()


async def note(
    session: AsyncSession,
    kind: str,
    record_id: uuid.UUID,
    *,
    now: datetime,
    purpose: str | None = None,
    contribution_id: uuid.UUID | None = None,
) -> None:
    """Add a line. The application can not read it back.

    Args:
        record_id: of the resident for RESIDENT and CONSENT, of the contribution for the others.
        purpose: of a consent, and `contribution_id` what it was about.
    """
    session.add(
        Erasure(
            id=uuid.uuid4(),
            kind=kind,
            record=trace(record_id),
            purpose=purpose,
            about=trace(contribution_id) if contribution_id is not None else None,
            created_at=now,
        )
    )
    await session.flush()
