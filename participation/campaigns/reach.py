"""How many came, began and finished, by place and day. Numbers are added to; nobody is remembered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.dates import AMSTERDAM
from participation.models import CampaignReach, Participant

FEWEST_SHOWN = 5
"""At the desk, where somebody may know who was at a place."""

FEWEST_PUBLISHED = 10


@dataclass(frozen=True)
class Reach:
    """Of one place: `opened` is how often the page was opened, the others are people. Empty: without a place."""

    place: str
    opened: int
    started: int
    finished: int


async def count(
    session: AsyncSession,
    *,
    campaign_id: uuid.UUID,
    municipality_code: str,
    place: str,
    what: Literal["opened", "started", "finished"],
    now: datetime,
) -> None:
    """Add one."""
    day = now.astimezone(AMSTERDAM).date()
    column = getattr(CampaignReach, what)
    await session.execute(
        insert(CampaignReach)
        .values(
            campaign_id=campaign_id,
            municipality_code=municipality_code,
            place=place,
            day=day,
            **({"opened": 0, "started": 0, "finished": 0} | {what: 1}),
        )
        .on_conflict_do_update(
            index_elements=["campaign_id", "municipality_code", "place", "day"], set_={what: column + 1}
        )
    )


async def by_place(session: AsyncSession, *, campaign_id: uuid.UUID, municipality_code: str) -> Sequence[Reach]:
    """Return the numbers of one municipality's places, the most started first."""
    sums = [func.sum(column) for column in (CampaignReach.opened, CampaignReach.started, CampaignReach.finished)]
    found = await session.execute(
        select(CampaignReach.place, *sums)
        .where(CampaignReach.campaign_id == campaign_id, CampaignReach.municipality_code == municipality_code)
        .group_by(CampaignReach.place)
        .order_by(sums[1].desc(), CampaignReach.place)
    )
    return [Reach(row[0], int(row[1]), int(row[2]), int(row[3])) for row in found]


async def taking_part(session: AsyncSession, campaign_id: uuid.UUID) -> int:
    """Return how many take part, those that were set aside left out. Needs the scope of every municipality."""
    return (
        await session.scalar(
            select(func.count())
            .select_from(Participant)
            .where(Participant.campaign_id == campaign_id, Participant.aside_at.is_(None))
        )
        or 0
    )


def shown(number: int, fewest: int = FEWEST_SHOWN) -> str:
    """Return a number of people as it may be shown."""
    return str(number) if number == 0 or number >= fewest else f"minder dan {fewest}"
