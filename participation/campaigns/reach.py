"""How many came, began and finished, by the place of the link.

That a page was opened is a number to which one is added. Who began is counted from who takes part; nobody is followed
from the one to the other.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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


async def count_opened(
    session: AsyncSession, *, campaign_id: uuid.UUID, municipality_code: str, place: str, now: datetime
) -> None:
    """Add one."""
    await session.execute(
        insert(CampaignReach)
        .values(
            campaign_id=campaign_id,
            municipality_code=municipality_code,
            place=place,
            day=now.astimezone(AMSTERDAM).date(),
            opened=1,
            started=0,
            finished=0,
        )
        .on_conflict_do_update(
            index_elements=["campaign_id", "municipality_code", "place", "day"],
            set_={"opened": CampaignReach.opened + 1},
        )
    )


async def by_place(session: AsyncSession, *, campaign_id: uuid.UUID, municipality_code: str) -> Sequence[Reach]:
    """Return the numbers of one municipality's places, the most started first."""
    opened = await session.execute(
        select(CampaignReach.place, func.sum(CampaignReach.opened))
        .where(CampaignReach.campaign_id == campaign_id, CampaignReach.municipality_code == municipality_code)
        .group_by(CampaignReach.place)
    )
    place = func.coalesce(Participant.place, "")
    people = await session.execute(
        select(place, func.count(), func.count(Participant.finished_at))
        .where(
            Participant.campaign_id == campaign_id,
            Participant.municipality_code == municipality_code,
            Participant.aside_at.is_(None),
        )
        .group_by(place)
    )
    pages = {row[0]: int(row[1]) for row in opened}
    took = {row[0]: (row[1], row[2]) for row in people}
    found = [Reach(name, pages.get(name, 0), *took.get(name, (0, 0))) for name in {*pages, *took}]
    return sorted(found, key=lambda one: (-one.started, -one.opened, one.place))


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
