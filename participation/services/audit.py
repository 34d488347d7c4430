"""The log of what desk users did."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import AuditEvent, Clerk


async def record(
    session: AsyncSession,
    *,
    action: str,
    clerk: Clerk | None,
    municipality_code: str | None,
    now: datetime,
    record: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an event in the transaction of what it describes: neither exists without the other."""
    session.add(
        AuditEvent(
            action=action,
            clerk_id=clerk.id if clerk else None,
            municipality_code=municipality_code,
            record=record,
            details=details or {},
            created_at=now,
        )
    )
