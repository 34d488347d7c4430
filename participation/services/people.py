"""Who works for a municipality: what they may do, and the end of their access."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation import roles
from participation.errors import LastManager, NotYoursToChange, PersonUnknown
from participation.models import Clerk, ClerkRole, SecondFactor, SignOnLink, WorklistItem
from participation.roles import PEOPLE, may_give
from participation.services import answer_owners, assigning, audit, clerks, desk_sessions, invitations, second_factor


@dataclass(frozen=True)
class Person:
    """Somebody who works for the municipality. `works_elsewhere` says that other municipalities rely on the account."""

    clerk: Clerk
    role: str
    has_second_factor: bool
    works_elsewhere: bool


async def of_municipality(session: AsyncSession, *, municipality_code: str) -> Sequence[Person]:
    """Return everyone who works here, in the order of the alphabet."""
    other = aliased(ClerkRole)
    elsewhere = exists().where(other.clerk_id == Clerk.id, other.municipality_code != municipality_code)
    rows = await session.execute(
        select(Clerk, ClerkRole.role, SecondFactor.confirmed_at, elsewhere)
        .join(ClerkRole, ClerkRole.clerk_id == Clerk.id)
        .outerjoin(SecondFactor, SecondFactor.clerk_id == Clerk.id)
        .where(ClerkRole.municipality_code == municipality_code)
        .order_by(Clerk.name, Clerk.id)
    )
    return [
        Person(clerk, role, confirmed is not None, works_elsewhere) for clerk, role, confirmed, works_elsewhere in rows
    ]


async def resettable(session: AsyncSession, *, municipality_code: str, clerk: Clerk) -> frozenset[uuid.UUID]:
    """Return who works here and may be given a new password, or a new start with the second factor, by this person."""
    here = await session.scalars(select(ClerkRole.clerk_id).where(ClerkRole.municipality_code == municipality_code))
    known = await _roles_of(session, {*here, clerk.id})
    return frozenset(one for one, theirs in known.items() if one != clerk.id and _may_reset(known[clerk.id], theirs))


async def change_role(
    session: AsyncSession,
    *,
    municipality_code: str,
    clerk_id: uuid.UUID,
    role: str,
    clerk: Clerk,
    now: datetime,
) -> None:
    """Give somebody who works here another role.

    Raises:
        PersonUnknown: nobody of this municipality.
        NotYoursToChange: only a beheerder makes or unmakes a beheerder.
        LastManager: nobody else could manage people any more.
    """
    everyone = await _everyone(session, municipality_code)
    before = _role_of(everyone, clerk_id)
    _check_may(everyone, clerk, before, role)
    if before == role:
        return
    _check_managers(everyone, clerk_id, role)
    everyone[clerk_id].role = role
    await audit.record(
        session,
        action="medewerker.rol",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(clerk_id),
        details={"van": before, "naar": role},
        now=now,
    )
    if not roles.may(role, roles.HANDLE):
        await _hand_back_work(session, municipality_code, clerk_id, clerk, now)
    await session.flush()


async def end_access(
    session: AsyncSession, *, municipality_code: str, clerk_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """End what somebody may do here. What they had in hand waits for somebody else; what they did stays theirs.

    No invitation that still waits lets them in again.

    Raises:
        PersonUnknown, NotYoursToChange, LastManager: as with `change_role`.
    """
    everyone = await _everyone(session, municipality_code)
    before = _role_of(everyone, clerk_id)
    _check_may(everyone, clerk, before)
    _check_managers(everyone, clerk_id, None)
    goes = await session.get_one(Clerk, clerk_id)
    await invitations.withdraw_all(session, municipality_code=municipality_code, email=goes.email, clerk=clerk, now=now)
    await _hand_back_work(session, municipality_code, clerk_id, clerk, now)
    await session.execute(
        delete(ClerkRole).where(ClerkRole.clerk_id == clerk_id, ClerkRole.municipality_code == municipality_code)
    )
    if await session.scalar(select(ClerkRole.role).where(ClerkRole.clerk_id == clerk_id).limit(1)) is None:
        await desk_sessions.end_all(session, clerk_id=clerk_id)
    await audit.record(
        session,
        action="medewerker.toegang_weg",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(clerk_id),
        details={"van": before},
        now=now,
    )
    await session.flush()


async def reset_second_factor(
    session: AsyncSession, *, municipality_code: str, clerk_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """Let somebody who lost the app start anew.

    Raises:
        PersonUnknown: nobody of this municipality.
        NotYoursToChange: a beheerder, somebody on whose account other municipalities rely too, or the actor: one's own
            account is changed with one's own password and code.
    """
    person = await _own_account(session, municipality_code, clerk_id, clerk)
    await second_factor.reset(session, clerk=person, by=clerk, now=now)


async def new_password(
    session: AsyncSession, *, municipality_code: str, clerk_id: uuid.UUID, clerk: Clerk, now: datetime
) -> str:
    """Give somebody who forgot the password a one-time one, to hand over; all their sessions end.

    Whom they are at an OpenID provider is forgotten: the next log-in there goes by their address again.

    Raises:
        PersonUnknown, NotYoursToChange: as with `reset_second_factor`.
    """
    person = await _own_account(session, municipality_code, clerk_id, clerk)
    password = clerks.give_one_time_password(person)
    await clerks.forget_unconfirmed_factor(session, clerk_id=person.id)
    await session.execute(delete(SignOnLink).where(SignOnLink.clerk_id == person.id))
    await desk_sessions.end_all(session, clerk_id=person.id)
    await audit.record_about_person(session, action="medewerker.wachtwoord", about=person, by=clerk, now=now)
    await session.flush()
    return password


async def _everyone(session: AsyncSession, municipality_code: str) -> dict[uuid.UUID, ClerkRole]:
    """The roles here, locked: two who take each other's role at once must not leave nobody."""
    rows = await session.scalars(
        select(ClerkRole)
        .where(ClerkRole.municipality_code == municipality_code)
        .order_by(ClerkRole.clerk_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.clerk_id: row for row in rows}


def _role_of(everyone: dict[uuid.UUID, ClerkRole], clerk_id: uuid.UUID) -> str:
    row = everyone.get(clerk_id)
    if row is None:
        raise PersonUnknown
    return row.role


def _check_may(everyone: dict[uuid.UUID, ClerkRole], actor: Clerk, *concerned: str) -> None:
    """By the actor's role as it is in the database now, and not as it was when the page was asked for."""
    own = everyone.get(actor.id)
    if own is None or not all(may_give(own.role, role) for role in concerned):
        raise NotYoursToChange


def _check_managers(everyone: dict[uuid.UUID, ClerkRole], clerk_id: uuid.UUID, role: str | None) -> None:
    after = {known: row.role for known, row in everyone.items()} | {clerk_id: role or ""}
    if not any(roles.may(left, PEOPLE) for left in after.values()):
        raise LastManager


async def _own_account(session: AsyncSession, municipality_code: str, clerk_id: uuid.UUID, actor: Clerk) -> Clerk:
    """A colleague on whose account no municipality relies where the actor does not manage people.

    Never the actor: who sits down at an unlocked desk would take the account over without password or code.
    """
    if clerk_id == actor.id:
        raise NotYoursToChange
    everyone = await _everyone(session, municipality_code)
    _check_may(everyone, actor, _role_of(everyone, clerk_id))
    known = await _roles_of(session, {clerk_id, actor.id})
    if not _may_reset(known[actor.id], known[clerk_id]):
        raise NotYoursToChange
    return await session.get_one(Clerk, clerk_id)


async def _roles_of(session: AsyncSession, clerk_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    """What these people may do, per municipality."""
    found: dict[uuid.UUID, dict[str, str]] = {one: {} for one in clerk_ids}
    for row in await session.scalars(select(ClerkRole).where(ClerkRole.clerk_id.in_(clerk_ids))):
        found[row.clerk_id][row.municipality_code] = row.role
    return found


def _may_reset(mine: dict[str, str], theirs: dict[str, str]) -> bool:
    return all(may_give(mine.get(code, ""), role) for code, role in theirs.items())


async def _hand_back_work(
    session: AsyncSession, municipality_code: str, clerk_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    held = await session.scalars(
        select(WorklistItem.contribution_id).where(
            WorklistItem.municipality_code == municipality_code, WorklistItem.assignee_id == clerk_id
        )
    )
    await assigning.assign(
        session,
        municipality_code=municipality_code,
        contribution_ids=held.all(),
        assignee_id=None,
        clerk=clerk,
        now=now,
    )
    await answer_owners.give_up_all(session, municipality_code=municipality_code, clerk_id=clerk_id)
