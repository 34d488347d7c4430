"""A town that tells its council things, in few statements: these tests need hundreds of contributions."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import (
    Clerk,
    Contribution,
    ContributionIntake,
    ContributionStatus,
    Resident,
    WorklistItem,
)
from participation.models.consent import NAME, SHARE
from participation.reports.scope import Scope
from participation.services import clerks, consents
from participation.services.references import next_reference

UTRECHT, AMERSFOORT = "GM0344", "GM0307"
SEPTEMBER = datetime(2026, 9, 10, 12, tzinfo=UTC)
AUGUST = SEPTEMBER - timedelta(days=31)
SAID = "De auto’s rijden hier te hard, mijn kinderen durven niet over te steken."

Tells = Callable[..., Awaitable[Contribution]]


@pytest.fixture
async def clerk(database: Database, now: datetime) -> Clerk:
    """The griffier of Utrecht."""
    async with database.session(UTRECHT) as session:
        made, _ = await clerks.create_clerk(
            session, email=f"{uuid.uuid4().hex}@utrecht.example", name="Anna", roles={UTRECHT: "griffier"}, now=now
        )
    return made


@pytest.fixture
def tells(database: Database, clerk: Clerk) -> Tells:
    """Somebody tells something: masked, sorted and placed, as the worker leaves it."""

    async def tell(
        theme: str = "verkeer",
        place: str | None = None,
        *,
        at: datetime = SEPTEMBER,
        code: str = UTRECHT,
        text: str = SAID,
        resident_id: uuid.UUID | None = None,
        shared: bool | None = True,
        name: str | None = None,
        channel: str = "web",
    ) -> Contribution:
        entered = channel not in {"web", "telegram"}
        async with database.session(EVERY_MUNICIPALITY) as session:
            if resident_id is None and not entered:
                resident_id = uuid.uuid4()
                pseudonym = uuid.uuid4().bytes * 2
                session.add(
                    Resident(id=resident_id, pseudonym=pseudonym, channel=channel, created_at=at, last_seen_at=at)
                )
                await session.flush()
            made = Contribution(
                id=uuid.uuid4(),
                reference=await next_reference(session, year=at.year),
                municipality_code=code,
                resident_id=resident_id,
                draft=uuid.uuid4(),
                kind="zorg",
                theme=theme,
                text=f"{text} Groet, Noor Geheim.",
                masked_text=text,
                masked_at=at,
                channel=channel,
                created_at=at,
            )
            session.add(made)
            await session.flush()
            of_this = {"contribution_id": made.id, "municipality_code": code}
            session.add(ContributionStatus(**of_this, number=1, status="ontvangen", created_at=at))
            if entered:
                session.add(ContributionIntake(**of_this, received_on=at.date(), entered_by=clerk.id, entered_at=at))
            await session.flush()
            if place:
                placed = update(WorklistItem).where(WorklistItem.contribution_id == made.id)
                await session.execute(placed.values(place=place, is_placed=True))
            for purpose, given, detail in ((SHARE, shared, None), (NAME, name is not None, name)):
                if resident_id is not None and given is not None and (given or purpose == SHARE):
                    about = {"resident_id": resident_id, "channel": channel, "now": at, "contribution_id": made.id}
                    await consents.give(session, municipality_code=code, purpose=purpose, detail=detail, **about)
                    if not given:
                        await consents.withdraw(session, purposes=(purpose,), **about)
        return made

    return tell


def scope_of(kind: str = "signalen", audience: str = "raad", **chosen: object) -> Scope:
    """September."""
    first, last = SEPTEMBER.date().replace(day=1), SEPTEMBER.date().replace(day=30)
    return Scope(kind, audience, first, last, **chosen)  # type: ignore[arg-type]
