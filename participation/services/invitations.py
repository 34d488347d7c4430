"""Asking somebody to work for a municipality: with a link that works once, for seven days.

Each municipality invites for itself. Who works for one already joins another with the same account, after an
invitation of that other one: so nobody serves a municipality that did not agree to it.
"""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import InvitationForAnother, InvitationUnknown, NotYoursToChange, WorksHereAlready
from participation.models import Clerk, ClerkRole, DeskSession, Invitation, RecoveryCode, SecondFactor, SignOnLink
from participation.roles import may_give
from participation.services import audit, passwords

VALID = timedelta(days=7)
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Opened:
    """An invitation that still works. Not whether its address has an account: who invites may open the link too."""

    invitation: Invitation
    inviter: str


async def invite(
    session: AsyncSession,
    *,
    municipality_code: str,
    email: str,
    role: str,
    clerk: Clerk,
    now: datetime,
) -> tuple[Invitation, str]:
    """Make an invitation and return it with the secret of its link, of which only a hash is stored.

    An earlier one for the same address stops working. Whether the address has an account somewhere is not told.

    Raises:
        NotYoursToChange: the inviter may not give this role.
        WorksHereAlready: who has this address works here; an invitation would outlive the end of their access.
    """
    own = await session.scalar(
        select(ClerkRole.role).where(ClerkRole.clerk_id == clerk.id, ClerkRole.municipality_code == municipality_code)
    )
    if own is None or not may_give(own, role):
        raise NotYoursToChange
    address = email.strip().lower()
    works_here = exists().where(
        Clerk.email == address, ClerkRole.clerk_id == Clerk.id, ClerkRole.municipality_code == municipality_code
    )
    if await session.scalar(select(works_here)):
        raise WorksHereAlready
    await withdraw_all(session, municipality_code=municipality_code, email=address, clerk=clerk, now=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        id=uuid.uuid4(),
        municipality_code=municipality_code,
        email=address,
        role=role,
        token_hash=_hash(token),
        invited_by=clerk.id,
        created_at=now,
        expires_at=now + VALID,
    )
    session.add(invitation)
    await _record(session, "medewerker.uitgenodigd", invitation, clerk, now)
    return invitation, token


async def waiting(session: AsyncSession, *, municipality_code: str, now: datetime) -> Sequence[Invitation]:
    """Return the invitations that work and that nobody has used yet, the newest first."""
    rows = await session.execute(
        select(Invitation, ClerkRole.role)
        .join(
            ClerkRole,
            (ClerkRole.clerk_id == Invitation.invited_by)
            & (ClerkRole.municipality_code == Invitation.municipality_code),
        )
        .where(
            Invitation.municipality_code == municipality_code,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.created_at.desc(), Invitation.id)
    )
    return [invitation for invitation, inviter in rows if may_give(inviter, invitation.role)]


async def withdraw(
    session: AsyncSession, *, municipality_code: str, invitation_id: uuid.UUID, clerk: Clerk, now: datetime
) -> None:
    """Let a link stop working.

    Raises:
        InvitationUnknown: not of this municipality, or used or withdrawn already.
    """
    found = await session.scalar(
        select(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.municipality_code == municipality_code,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .with_for_update()
    )
    if found is None:
        raise InvitationUnknown
    found.withdrawn_at, found.sealed_link = now, None
    await _record(session, "medewerker.uitnodiging_weg", found, clerk, now)


async def withdraw_all(
    session: AsyncSession, *, municipality_code: str, email: str, clerk: Clerk, now: datetime
) -> None:
    """Let every link for this address stop working here."""
    found = await session.scalars(
        select(Invitation)
        .where(
            Invitation.municipality_code == municipality_code,
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.id)
        .with_for_update()
    )
    for invitation in found.all():
        invitation.withdrawn_at, invitation.sealed_link = now, None
        await _record(session, "medewerker.uitnodiging_weg", invitation, clerk, now)


async def look(session: AsyncSession, *, municipality_code: str, token: str, now: datetime) -> Opened:
    """Return what a link is about.

    Raises:
        InvitationUnknown: it never was one, or it was used, withdrawn or is older than seven days.
    """
    invitation = await _valid(session, municipality_code, token, now)
    inviter = await session.get_one(Clerk, invitation.invited_by)
    return Opened(invitation, inviter.name)


async def accept_as_new(
    session: AsyncSession, *, municipality_code: str, token: str, name: str, password: str, now: datetime
) -> None:
    """Make the account and its role; the person logs in with it.

    Where the address has an account already nothing happens, and it looks and takes the same: whoever has the link does
    not hear that there is one. Its owner logs in with the own password, and then takes the invitation. An account that
    was closed because nobody needed it is opened again, with nothing left of what let its owner in before.

    Raises:
        InvitationUnknown: it does not work (any more).
        PasswordTooWeak, PasswordGuessable: nothing was made.
    """
    invitation = await _valid(session, municipality_code, token, now, lock=True)
    passwords.check(password, about=(name, invitation.email))
    password_hash = passwords.hashed(password)
    clerk = await session.scalar(select(Clerk).where(Clerk.email == invitation.email).with_for_update())
    if clerk is not None and clerk.deactivated_at is None:
        return
    if clerk is None:
        clerk = Clerk(id=uuid.uuid4(), email=invitation.email, created_at=now)
        session.add(clerk)
    else:
        for left in (SecondFactor, RecoveryCode, SignOnLink, DeskSession):
            await session.execute(delete(left).where(left.clerk_id == clerk.id))
    clerk.name, clerk.password_hash, clerk.password_is_one_time = name.strip(), password_hash, False
    try:
        await session.flush()
    except IntegrityError as error:  # another invitation made this account at the same moment
        raise InvitationUnknown from error
    await _admit(session, invitation, clerk, now)


async def accept(session: AsyncSession, *, municipality_code: str, token: str, clerk: Clerk, now: datetime) -> None:
    """Let somebody who has an account work for this municipality too. Asking twice is fine: who is in is in.

    Raises:
        InvitationUnknown: it does not work (any more).
        InvitationForAnother: it is for another e-mail address.
    """
    if await has_accepted(session, municipality_code=municipality_code, token=token, clerk=clerk):
        return
    invitation = await _valid(session, municipality_code, token, now, lock=True)
    if invitation.email != clerk.email:
        raise InvitationForAnother
    await _admit(session, invitation, clerk, now)


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Erase invitations, with the address in them, a while after they stopped working. The log keeps who invited."""
    await session.execute(delete(Invitation).where(Invitation.expires_at < now - KEPT))


async def _admit(session: AsyncSession, invitation: Invitation, clerk: Clerk, now: datetime) -> None:
    invitation.accepted_at, invitation.sealed_link = now, None
    known = await session.get(ClerkRole, (clerk.id, invitation.municipality_code), with_for_update=True)
    if known is None:
        session.add(ClerkRole(clerk_id=clerk.id, municipality_code=invitation.municipality_code, role=invitation.role))
    needed = update(Clerk).where(Clerk.id == clerk.id).values(without_role_since=None, deactivated_at=None)
    await session.execute(needed)
    # Whoever works here already keeps the role they have: changing it is done on the page of the people.
    await session.flush()
    await audit.record(
        session,
        action="medewerker.toegelaten",
        clerk=clerk,
        municipality_code=invitation.municipality_code,
        record=str(clerk.id),
        details={"rol": known.role if known else invitation.role, "uitnodiging": str(invitation.id)},
        now=now,
    )
    await session.flush()


async def has_accepted(session: AsyncSession, *, municipality_code: str, token: str, clerk: Clerk) -> bool:
    """Whether this person took this invitation and works here; waits for who is taking it at this moment."""
    taken = await session.scalar(
        select(Invitation)
        .where(Invitation.token_hash == _hash(token), Invitation.municipality_code == municipality_code)
        .with_for_update()
    )
    if taken is None or taken.accepted_at is None or taken.email != clerk.email:
        return False
    return await session.get(ClerkRole, (clerk.id, municipality_code)) is not None


async def _valid(
    session: AsyncSession, municipality_code: str, token: str, now: datetime, *, lock: bool = False
) -> Invitation:
    query = select(Invitation).where(
        Invitation.token_hash == _hash(token),
        Invitation.municipality_code == municipality_code,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise InvitationUnknown
    inviter = await session.get(ClerkRole, (found.invited_by, municipality_code))
    if inviter is None or not may_give(inviter.role, found.role):  # who does not work here any more invites nobody
        raise InvitationUnknown
    return found


async def _record(session: AsyncSession, action: str, invitation: Invitation, clerk: Clerk, now: datetime) -> None:
    await audit.record(
        session,
        action=action,
        clerk=clerk,
        municipality_code=invitation.municipality_code,
        record=str(invitation.id),
        details={"rol": invitation.role},
        now=now,
    )
    await session.flush()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
