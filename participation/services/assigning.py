"""Who of the griffie handles a contribution. Every assignment is kept; the latest counts."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation import roles
from participation.errors import ColleagueUnknown
from participation.models import Clerk, ClerkRole, Contribution, ContributionAssignment, WorklistItem
from participation.services import audit, statuses


async def colleagues(session: AsyncSession, *, municipality_code: str) -> list[tuple[uuid.UUID, str]]:
    """Return who may handle contributions of this municipality: id and name, in the order of the alphabet."""
    rows = await session.execute(
        select(Clerk.id, Clerk.name)
        .join(ClerkRole, ClerkRole.clerk_id == Clerk.id)
        .where(ClerkRole.municipality_code == municipality_code, ClerkRole.role.in_(roles.with_right(roles.HANDLE)))
        .order_by(Clerk.name, Clerk.id)
    )
    return [(clerk_id, name) for clerk_id, name in rows]


async def handler_of(session: AsyncSession, *, contribution_id: uuid.UUID) -> uuid.UUID | None:
    """Return who handles a contribution, if anybody does."""
    return await session.scalar(select(WorklistItem.assignee_id).where(WorklistItem.contribution_id == contribution_id))


async def assign(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_ids: Collection[uuid.UUID],
    assignee_id: uuid.UUID | None,
    clerk: Clerk,
    now: datetime,
) -> dict[uuid.UUID, uuid.UUID | None]:
    """Give contributions to a colleague, to oneself, or (None) to nobody.

    Returns:
        Those that changed hands, each with who had it before. Unknown ids, and what the colleague has already, are
        left out.

    Raises:
        ColleagueUnknown: nobody of this municipality who handles contributions.
    """
    if assignee_id is not None and assignee_id not in dict(
        await colleagues(session, municipality_code=municipality_code)
    ):
        raise ColleagueUnknown
    items = await locked(session, municipality_code=municipality_code, contribution_ids=contribution_ids)
    before = {item.contribution_id: item.assignee_id for item in items if item.assignee_id != assignee_id}
    about: dict[str, Any] = {"municipality_code": municipality_code, "clerk": clerk, "now": now}
    for contribution_id, previous in before.items():
        await _hand_over(session, contribution_id, previous, assignee_id, **about)
    return before


async def take_on(session: AsyncSession, *, contribution: Contribution, clerk: Clerk, now: datetime) -> None:
    """Give a contribution that nobody has to who does something with it."""
    about: dict[str, Any] = {"municipality_code": contribution.municipality_code, "clerk": clerk, "now": now}
    if await handler_of(session, contribution_id=contribution.id) is None:
        await _hand_over(session, contribution.id, None, clerk.id, **about)


async def locked(
    session: AsyncSession, *, municipality_code: str, contribution_ids: Collection[uuid.UUID]
) -> Sequence[WorklistItem]:
    """Return these items of the work list as they are now; others wait with changing them until the caller commits.

    The contributions are locked first, by id: every other change starts there and reaches the item through a trigger,
    so that two clerks at once wait for each other, and never both at once.
    """
    await statuses.hold(session, municipality_code=municipality_code, contribution_ids=contribution_ids)
    rows = await session.scalars(
        select(WorklistItem)
        .where(WorklistItem.municipality_code == municipality_code, WorklistItem.contribution_id.in_(contribution_ids))
        .order_by(WorklistItem.contribution_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def _hand_over(
    session: AsyncSession,
    contribution_id: uuid.UUID,
    previous: uuid.UUID | None,
    assignee_id: uuid.UUID | None,
    *,
    municipality_code: str,
    clerk: Clerk,
    now: datetime,
) -> None:
    session.add(
        ContributionAssignment(
            id=uuid.uuid4(),
            contribution_id=contribution_id,
            municipality_code=municipality_code,
            assignee_id=assignee_id,
            clerk_id=clerk.id,
            created_at=now,
        )
    )
    await audit.record(
        session,
        action="inbreng.toegewezen",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(contribution_id),
        details={"van": _text(previous), "naar": _text(assignee_id)},
        now=now,
    )
    await session.flush()


def _text(clerk_id: uuid.UUID | None) -> str | None:
    return str(clerk_id) if clerk_id else None
