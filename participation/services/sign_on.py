"""Log-in with an OpenID provider: whose account somebody has here, and whether the provider's second factor counts.

No account is made by logging in. The first time, the address that the provider checked leads to the account with that
address; from then on the provider's own name for the person does, which is never given to somebody else.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import NotYoursToChange, SignOnRefused
from participation.models import AccessRule, Clerk, ClerkRole, SignOnLink, SignOnUsed
from participation.openid import Identity, state_hash
from participation.roles import PEOPLE, may
from participation.services import audit, clerks, desk_sessions
from participation.services.clerks import LoggedIn
from participation.settings import SignOnProvider

KEPT = timedelta(hours=1)
"""That a used answer is known: longer than the browser keeps what it needs to bring one."""


async def take_once(session: AsyncSession, *, state: str, now: datetime) -> bool:
    """Note that an answer with this `state` was brought; says whether it is the first time. Commit before going on."""
    added = await session.scalar(
        insert(SignOnUsed)
        .values(state_hash=state_hash(state), created_at=now)
        .on_conflict_do_nothing()
        .returning(SignOnUsed.state_hash)
    )
    return added is not None


async def log_in(
    session: AsyncSession, *, provider: SignOnProvider, identity: Identity, now: datetime, device: str = ""
) -> LoggedIn:
    """Open a session for who the provider says it is. It first waits for our own code, unless the provider's counts.

    Raises:
        SignOnRefused: nobody here is meant, or the account is closed.
    """
    clerk = await _meant(session, provider, identity, now)
    if clerk.deactivated_at is not None:
        raise SignOnRefused("gesloten", clerk.id)
    # As with a password: a second factor that is being put in force at this moment counts.
    await session.execute(select(Clerk.id).where(Clerk.id == clerk.id).with_for_update(key_share=True))
    counts = identity.strong and await counts_everywhere(session, clerk_id=clerk.id, provider=provider.key)
    awaits_code = not counts and await clerks.has_second_factor(session, clerk_id=clerk.id)
    token = await desk_sessions.open_session(
        session,
        clerk=clerk,
        now=now,
        device=device,
        awaits_code=awaits_code,
        provider=provider.key,
        provider_factor=counts,
    )
    if not awaits_code:
        await clerks.note_log_in(session, clerk=clerk, now=now, provider=provider.key)
    return LoggedIn(clerk, token, awaits_code)


async def counts_everywhere(session: AsyncSession, *, clerk_id: uuid.UUID, provider: str) -> bool:
    """Whether every municipality of this person counts the second factor of this provider."""
    rules = await session.scalars(
        select(AccessRule.counted_provider)
        .select_from(ClerkRole)
        .outerjoin(AccessRule, AccessRule.municipality_code == ClerkRole.municipality_code)
        .where(ClerkRole.clerk_id == clerk_id)
    )
    found = rules.all()
    return bool(found) and set(found) == {provider}


async def count_factor_of(
    session: AsyncSession,
    *,
    municipality_code: str,
    provider: str | None,
    known: Collection[str],
    clerk: Clerk,
    now: datetime,
) -> None:
    """Let the second factor of one provider count for who works here, or of none.

    Args:
        known: the keys of the providers that ask one.

    Raises:
        NotYoursToChange: the person does not manage people, or there is no such provider.
    """
    own = await session.get(ClerkRole, (clerk.id, municipality_code))
    if own is None or not may(own.role, PEOPLE) or (provider is not None and provider not in known):
        raise NotYoursToChange
    rule = await session.get(AccessRule, municipality_code, with_for_update=True)
    before = rule.counted_provider if rule else None
    if before == provider:
        return
    await session.merge(AccessRule(municipality_code=municipality_code, counted_provider=provider))
    await audit.record(
        session,
        action="instelling.tweede_stap_dienst",
        clerk=clerk,
        municipality_code=municipality_code,
        details={"van": before, "naar": provider},
        now=now,
    )
    await session.flush()


async def counted_provider(session: AsyncSession, *, municipality_code: str) -> str | None:
    """The key of the provider whose second factor counts here."""
    rule = await session.get(AccessRule, municipality_code)
    return rule.counted_provider if rule else None


async def links_of(session: AsyncSession, *, clerk: Clerk) -> Sequence[SignOnLink]:
    """Return with which providers this person has logged in."""
    rows = await session.scalars(
        select(SignOnLink).where(SignOnLink.clerk_id == clerk.id).order_by(SignOnLink.created_at)
    )
    return rows.all()


async def unlink(session: AsyncSession, *, clerk: Clerk, issuer: str, now: datetime) -> bool:
    """Forget whom this person is at a provider; says whether that was known. The next log-in goes by address again."""
    gone = await session.scalar(
        delete(SignOnLink)
        .where(SignOnLink.clerk_id == clerk.id, SignOnLink.issuer == issuer)
        .returning(SignOnLink.clerk_id)
    )
    if gone is not None:
        await audit.record_about_person(session, action="desk.dienst_ontkoppeld", about=clerk, by=clerk, now=now)
    return gone is not None


async def note_refusal(
    session: AsyncSession,
    *,
    provider: SignOnProvider,
    reason: str,
    clerk_id: uuid.UUID | None,
    address: str,
    key: str,
    now: datetime,
) -> None:
    """Remember that somebody was not let in. Nothing of what the provider said about them is kept."""
    clerks.count_failure_of_address(session, address=address, key=key, now=now)
    action, details = "desk.dienst_geweigerd", {"dienst": provider.key, "reden": reason}
    about = await session.get(Clerk, clerk_id) if clerk_id else None
    if about is None:
        await audit.record(session, action=action, clerk=None, municipality_code=None, details=details, now=now)
    else:
        await audit.record_about_person(session, action=action, about=about, by=None, details=details, now=now)


async def forget(session: AsyncSession, *, now: datetime) -> None:
    """Erase the answers that could not be brought again anyway."""
    await session.execute(delete(SignOnUsed).where(SignOnUsed.created_at < now - KEPT))


async def _meant(session: AsyncSession, provider: SignOnProvider, identity: Identity, now: datetime) -> Clerk:
    known = await session.get(SignOnLink, (identity.issuer, identity.subject))
    if known is not None:
        return await session.get_one(Clerk, known.clerk_id)
    if identity.email is None:
        raise SignOnRefused("adres_niet_bevestigd")
    if identity.email.rpartition("@")[2] not in provider.domains:
        raise SignOnRefused("ander_domein")
    clerk = await session.scalar(select(Clerk).where(Clerk.email == identity.email))
    if clerk is None:
        raise SignOnRefused("geen_account")
    taken = select(SignOnLink).where(SignOnLink.clerk_id == clerk.id, SignOnLink.issuer == identity.issuer)
    if await session.scalar(taken) is not None:  # the address is somebody else's by now, at the provider or here
        raise SignOnRefused("al_gekoppeld", clerk.id)
    session.add(SignOnLink(issuer=identity.issuer, subject=identity.subject, clerk_id=clerk.id, created_at=now))
    try:
        await session.flush()
    except IntegrityError:  # the same person, in two windows at once
        raise SignOnRefused("al_gekoppeld") from None
    details = {"dienst": provider.key}
    await audit.record_about_person(
        session, action="desk.dienst_gekoppeld", about=clerk, by=clerk, details=details, now=now
    )
    return clerk
