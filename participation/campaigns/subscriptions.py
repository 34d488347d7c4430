"""Who wants to hear of campaigns, and about what: a consent, and beside it themes and areas."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Consent, Participant, Subscription
from participation.models.consent import CAMPAIGN
from participation.services import consents


async def is_wanted(session: AsyncSession, *, resident_id: uuid.UUID, municipality_code: str) -> bool:
    """Whether a resident agreed to messages about campaigns of a municipality, and did not take that back."""
    last = await session.scalar(
        select(Consent.given)
        .where(
            Consent.resident_id == resident_id,
            Consent.municipality_code == municipality_code,
            Consent.purpose == CAMPAIGN,
        )
        .order_by(Consent.id.desc())
        .limit(1)
    )
    return bool(last)


async def agree(
    session: AsyncSession, *, resident_id: uuid.UUID, municipality_code: str, channel: str, now: datetime
) -> None:
    """Keep the consent; without a choice below it is about everything. What was chosen long ago does not come back."""
    if not await is_wanted(session, resident_id=resident_id, municipality_code=municipality_code):
        await _forget_choices(session, resident_id, municipality_code)
    await consents.give(
        session,
        resident_id=resident_id,
        municipality_code=municipality_code,
        purpose=CAMPAIGN,
        channel=channel,
        now=now,
    )


async def choose(
    session: AsyncSession,
    *,
    resident_id: uuid.UUID,
    municipality_code: str,
    now: datetime,
    theme: str | None = None,
    area: str | None = None,
) -> None:
    """Add a theme or an area that somebody wants to hear about; with neither it is about everything again."""
    if theme is None and area is None:
        await _forget_choices(session, resident_id, municipality_code)
        return
    await session.execute(
        insert(Subscription)
        .values(
            id=uuid.uuid4(),
            resident_id=resident_id,
            municipality_code=municipality_code,
            theme=theme,
            area=area,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )


async def of_resident(session: AsyncSession, *, resident_id: uuid.UUID) -> Sequence[Subscription]:
    """Return what a resident chose, oldest first."""
    rows = await session.scalars(
        select(Subscription)
        .where(Subscription.resident_id == resident_id)
        .order_by(Subscription.created_at, Subscription.id)
    )
    return rows.all()


async def end(session: AsyncSession, *, resident_id: uuid.UUID, channel: str, now: datetime) -> bool:
    """Stop all messages about campaigns, of all municipalities, also about outcomes. Returns whether there were any."""
    gone = await consents.withdraw(session, resident_id=resident_id, channel=channel, now=now, purposes=(CAMPAIGN,))
    return await forget(session, resident_id=resident_id) or bool(gone)


async def forget(session: AsyncSession, *, resident_id: uuid.UUID) -> bool:
    """Forget what goes with the consent, when that is taken back. Returns whether there was something."""
    chosen = await session.execute(
        delete(Subscription).where(Subscription.resident_id == resident_id).returning(Subscription.id)
    )
    wanted = await session.execute(
        update(Participant)
        .where(Participant.resident_id == resident_id, Participant.wants_outcome.is_(True))
        .values(wants_outcome=False)
        .returning(Participant.id)
        .execution_options(synchronize_session=False)
    )
    return bool(chosen.all()) | bool(wanted.all())


async def _forget_choices(session: AsyncSession, resident_id: uuid.UUID, municipality_code: str) -> None:
    await session.execute(
        delete(Subscription).where(
            Subscription.resident_id == resident_id, Subscription.municipality_code == municipality_code
        )
    )
