"""Consent of residents: kept with its purpose, the version of its text, time and channel; withdrawn at once."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CompoundSelect, Select, delete, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.consent_texts import version_in_force
from participation.models import Consent, ConsentDetail, Contribution, ContributionIntake, Conversation
from participation.models.consent import CONTACT, NAME, PURPOSES, SHARE
from participation.privacy import erasures, withdrawn_words


@dataclass(frozen=True)
class ContributionConsent:
    """What holds for one contribution. `shared` is none when the resident has not said (yet)."""

    shared: bool | None = None
    contact: str | None = None
    name: str | None = None


async def give(
    session: AsyncSession,
    *,
    resident_id: uuid.UUID,
    municipality_code: str,
    purpose: str,
    channel: str,
    now: datetime,
    contribution_id: uuid.UUID | None = None,
    detail: str | None = None,
) -> None:
    """Keep a consent, with what goes with it. One that is in force already, with the same detail, is not kept twice."""
    await _lock(session, resident_id)
    rows = await _latest(session, resident_id, purposes=(purpose,), contribution_id=contribution_id)
    last = next((row for row in rows if row.municipality_code == municipality_code), None)
    if last is not None and last.given and await _detail_of(session, last) == detail:
        return
    if last is not None and last.given:
        await _erase_details(session, resident_id, [last])
    row = Consent(
        resident_id=resident_id,
        municipality_code=municipality_code,
        contribution_id=contribution_id,
        purpose=purpose,
        given=True,
        text_version=version_in_force(purpose),
        channel=channel,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    if detail is not None and contribution_id is not None:
        session.add(
            ConsentDetail(
                consent_id=row.id, contribution_id=contribution_id, municipality_code=municipality_code, value=detail
            )
        )
        await session.flush()


async def refuse(
    session: AsyncSession,
    *,
    resident_id: uuid.UUID,
    municipality_code: str,
    purpose: str,
    channel: str,
    contribution_id: uuid.UUID,
    now: datetime,
) -> None:
    """Keep a no to what was asked about a contribution: not the same as never having been asked."""
    await _lock(session, resident_id)
    rows = await _latest(session, resident_id, purposes=(purpose,), contribution_id=contribution_id)
    if rows and rows[0].given:
        await withdraw(
            session,
            resident_id=resident_id,
            channel=channel,
            now=now,
            purposes=(purpose,),
            contribution_id=contribution_id,
        )
    elif not rows:
        session.add(
            Consent(
                resident_id=resident_id,
                municipality_code=municipality_code,
                contribution_id=contribution_id,
                purpose=purpose,
                given=False,
                text_version=version_in_force(purpose),
                channel=channel,
                created_at=now,
            )
        )
        await session.flush()


async def withdraw(
    session: AsyncSession,
    *,
    resident_id: uuid.UUID,
    channel: str,
    now: datetime,
    purposes: Collection[str] = PURPOSES,
    contribution_id: uuid.UUID | None = None,
) -> Sequence[Consent]:
    """Withdraw what is in force; name, number and address that went with it are erased. Returns what was in force.

    They also go out of the conversations in which they were typed.

    Args:
        contribution_id: only what is about this one.
    """
    await _lock(session, resident_id)
    rows = await _latest(session, resident_id, purposes=purposes, contribution_id=contribution_id)
    given = [row for row in rows if row.given]
    await _erase_details(session, resident_id, given)
    for row in given:
        session.add(
            Consent(
                resident_id=resident_id,
                municipality_code=row.municipality_code,
                contribution_id=row.contribution_id,
                purpose=row.purpose,
                given=False,
                text_version=row.text_version,
                channel=channel,
                created_at=now,
            )
        )
        await erasures.note(
            session,
            erasures.CONSENT,
            resident_id,
            purpose=row.purpose,
            contribution_id=row.contribution_id,
            now=now,
        )
    await session.flush()
    return given


async def of_contribution(
    session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID
) -> ContributionConsent:
    """Return what the resident agrees to about one contribution, at this moment."""
    rows = await session.execute(
        select(Consent.purpose, Consent.given, ConsentDetail.value)
        .outerjoin(ConsentDetail, ConsentDetail.consent_id == Consent.id)
        .where(Consent.contribution_id == contribution_id, Consent.municipality_code == municipality_code)
        .ext(distinct_on(Consent.purpose))
        .order_by(Consent.purpose, Consent.id.desc())
    )
    latest = {purpose: (given, value) for purpose, given, value in rows}
    shared = latest.get(SHARE)
    contact, name = (latest.get(purpose, (False, None)) for purpose in (CONTACT, NAME))
    return ContributionConsent(
        shared=shared and shared[0],
        contact=contact[1] if contact[0] else None,
        name=name[1] if name[0] else None,
    )


def not_for_council(municipality_code: str) -> Select[uuid.UUID | None]:
    """Select the contributions of which the resident refused or withdrew that the council may have them.

    Who did not say is not among them: such a contribution counts in figures, though the council does not read it.
    """
    return withdrawn_of(SHARE, municipality_code)


def readable_by_council(municipality_code: str) -> CompoundSelect[uuid.UUID | None]:
    """Select the contributions that the council may read: the resident agrees, or the desk entered it for them."""
    entered = select(ContributionIntake.contribution_id).where(
        ContributionIntake.municipality_code == municipality_code
    )
    return _last_word(SHARE, municipality_code, given=True).union_all(entered)


def withdrawn_of(purpose: str, municipality_code: str) -> Select[uuid.UUID | None]:
    """Select the contributions of which the last word on a purpose is that it is withdrawn."""
    return _last_word(purpose, municipality_code, given=False)


def _last_word(purpose: str, municipality_code: str, *, given: bool) -> Select[uuid.UUID | None]:
    later = aliased(Consent)
    changed = exists().where(
        later.contribution_id == Consent.contribution_id,
        later.purpose == purpose,
        later.given.is_not(given),
        later.id > Consent.id,
    )
    return select(Consent.contribution_id).where(
        Consent.municipality_code == municipality_code,
        Consent.purpose == purpose,
        Consent.given.is_(given),
        Consent.contribution_id.is_not(None),
        ~changed,
    )


async def contributions_by_drafts(
    session: AsyncSession, *, resident_id: uuid.UUID, drafts: Sequence[uuid.UUID]
) -> Sequence[Contribution]:
    """Return the resident's own contributions that came from these drafts, oldest first."""
    rows = await session.scalars(
        select(Contribution)
        .where(Contribution.draft.in_(drafts), Contribution.resident_id == resident_id)
        .order_by(Contribution.created_at, Contribution.id)
    )
    return rows.all()


async def _latest(
    session: AsyncSession, resident_id: uuid.UUID, *, purposes: Collection[str], contribution_id: uuid.UUID | None
) -> Sequence[Consent]:
    """The last word on each purpose and contribution, and for what is about no contribution on each municipality."""
    query = (
        select(Consent)
        .where(Consent.resident_id == resident_id, Consent.purpose.in_(purposes))
        .ext(distinct_on(Consent.purpose, Consent.contribution_id, Consent.municipality_code))
        .order_by(Consent.purpose, Consent.contribution_id, Consent.municipality_code, Consent.id.desc())
    )
    if contribution_id is not None:
        query = query.where(Consent.contribution_id == contribution_id)
    return (await session.scalars(query)).all()


async def _detail_of(session: AsyncSession, row: Consent) -> str | None:
    return await session.scalar(select(ConsentDetail.value).where(ConsentDetail.consent_id == row.id))


async def _erase_details(session: AsyncSession, resident_id: uuid.UUID, rows: Collection[Consent]) -> None:
    """Erase what went with these, also where it was typed."""
    erased = await session.scalars(
        delete(ConsentDetail)
        .where(ConsentDetail.consent_id.in_([row.id for row in rows]))
        .returning(ConsentDetail.value)
    )
    details = set(erased.all())
    if details:
        theirs = await session.scalars(select(Conversation.id).where(Conversation.resident_id == resident_id))
        await withdrawn_words.take_out_details(session, conversation_ids=theirs.all(), details=details)


async def _lock(session: AsyncSession, resident_id: uuid.UUID) -> None:
    """One word after the other: of two at the same moment the later one sees the first."""
    await session.execute(select(func.pg_advisory_xact_lock(resident_id.int % 2**63)))
