"""Asking another municipality to work for it too: for who works for several, as in a regional griffie.

The municipality that is asked agrees or does not; nobody else can do that for it. Who asks tells it for whom they work
now, so it can judge.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import NotYoursToChange, RequestUnknown, WorksHereAlready
from participation.models import AccessRequest, Clerk, ClerkRole, Municipality
from participation.roles import BEHEERDER, ROLES, may_give
from participation.services import audit

ROLES_TO_ASK = tuple(role for role in ROLES if role != BEHEERDER)
KEPT = timedelta(days=60)
"""That a request waits."""

_STILL_WORKS = exists().where(ClerkRole.clerk_id == AccessRequest.clerk_id)
"""Whether who asks works for a municipality now."""


@dataclass(frozen=True)
class Asked:
    """A request that waits, who asks, and the names of the municipalities that they work for."""

    request: AccessRequest
    clerk: Clerk
    works_for: tuple[str, ...]


async def ask(session: AsyncSession, *, municipality_code: str, role: str, clerk: Clerk, now: datetime) -> None:
    """Ask a municipality. Asking again changes the role that is asked.

    Raises:
        NotYoursToChange: who works for no municipality has nothing to show; a beheerder is invited.
        WorksHereAlready
    """
    codes = set(await session.scalars(select(ClerkRole.municipality_code).where(ClerkRole.clerk_id == clerk.id)))
    if municipality_code in codes:
        raise WorksHereAlready
    if not codes or role not in ROLES_TO_ASK:
        raise NotYoursToChange
    row = {"role": role, "created_at": now}
    await session.execute(
        insert(AccessRequest)
        .values(id=uuid.uuid4(), municipality_code=municipality_code, clerk_id=clerk.id, **row)
        .on_conflict_do_update(index_elements=["municipality_code", "clerk_id"], set_=row)
    )
    await _record(session, "medewerker.gevraagd", municipality_code, clerk, clerk, role, now)


async def waiting(session: AsyncSession, *, municipality_code: str, clerk: Clerk) -> Sequence[Asked]:
    """Return the requests that this person may decide about, the oldest first; not of who works nowhere any more."""
    own = await session.get(ClerkRole, (clerk.id, municipality_code))
    rows = await session.execute(
        select(AccessRequest, Clerk)
        .join(Clerk, Clerk.id == AccessRequest.clerk_id)
        .where(AccessRequest.municipality_code == municipality_code, _STILL_WORKS)
        .order_by(AccessRequest.created_at, AccessRequest.id)
    )
    found = [(request, asker) for request, asker in rows if own is not None and may_give(own.role, request.role)]
    places: dict[uuid.UUID, list[str]] = {asker.id: [] for _, asker in found}
    named = await session.execute(
        select(ClerkRole.clerk_id, Municipality.name)
        .join(Municipality, Municipality.code == ClerkRole.municipality_code)
        .where(ClerkRole.clerk_id.in_(places))
        .order_by(Municipality.name)
    )
    for clerk_id, name in named:
        places[clerk_id].append(name)
    return [Asked(request, asker, tuple(places[asker.id])) for request, asker in found]


async def decide(
    session: AsyncSession,
    *,
    municipality_code: str,
    request_id: uuid.UUID,
    agreed: bool,
    clerk: Clerk,
    now: datetime,
) -> bool:
    """Let somebody work here too, or not. The request goes.

    Returns whether that could be done: who works for nobody any more, since this page was made, is not let in.

    Raises:
        RequestUnknown: not of this municipality, or decided already.
        NotYoursToChange: the person may not give this role.
    """
    found = await session.scalar(
        select(AccessRequest)
        .where(AccessRequest.id == request_id, AccessRequest.municipality_code == municipality_code)
        .with_for_update()
    )
    if found is None:
        raise RequestUnknown
    own = await session.get(ClerkRole, (clerk.id, municipality_code), populate_existing=True)
    if own is None or not may_give(own.role, found.role):
        raise NotYoursToChange
    asker, role = await session.get_one(Clerk, found.clerk_id), found.role
    still_works = await session.scalar(select(ClerkRole.role).where(ClerkRole.clerk_id == asker.id).limit(1))
    await session.delete(found)
    if agreed and still_works is None:
        await session.flush()
        return False
    if agreed and await session.get(ClerkRole, (asker.id, municipality_code)) is None:
        session.add(ClerkRole(clerk_id=asker.id, municipality_code=municipality_code, role=role))
        await session.flush()
    action = "medewerker.verzoek_goed" if agreed else "medewerker.verzoek_afgewezen"
    await _record(session, action, municipality_code, clerk, asker, role, now)
    return True


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Erase requests that nobody decided about, and those of who works nowhere any more.

    Not where their last access ends: a municipality can not reach what was asked of another one.
    """
    await session.execute(
        delete(AccessRequest)
        .where(or_(AccessRequest.created_at < now - KEPT, ~_STILL_WORKS))
        .execution_options(synchronize_session=False)
    )


async def _record(
    session: AsyncSession, action: str, municipality_code: str, clerk: Clerk, about: Clerk, role: str, now: datetime
) -> None:
    await audit.record(
        session,
        action=action,
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(about.id),
        details={"rol": role},
        now=now,
    )
    await session.flush()
