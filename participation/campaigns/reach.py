"""How many came, began and finished, by the place of the link.

That a page was opened is a number to which one is added. Who began is counted from who takes part; nobody is followed
from the one to the other.
"""

import uuid
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.dates import AMSTERDAM
from participation.models import CampaignReach, Participant

FEWEST_SHOWN = 5
"""At the desk, where somebody may know who was at a place."""


@dataclass(frozen=True)
class Reach:
    """Of one place: `opened` is how often the page was opened, the others are people; None: not shown.

    An empty place: without one.
    """

    place: str
    opened: int
    started: int | None
    finished: int | None


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
        )
        .on_conflict_do_update(
            index_elements=["campaign_id", "municipality_code", "place", "day"],
            set_={"opened": CampaignReach.opened + 1},
        )
    )


async def by_place(session: AsyncSession, *, campaign_id: uuid.UUID, municipality_code: str) -> Sequence[Reach]:
    """Return the numbers of one municipality's places as they may be shown, the most started first.

    All places together are on the page of the outcome, so a small number takes others along; see `hidden`. Nor does the
    order tell of a number that is not shown.
    """
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
    took: dict[str, tuple[int, int]] = {row[0]: (row[1], row[2]) for row in people}
    no_start, no_end = hidden(took)
    found = []
    for name in {*pages, *took}:
        started, finished = took.get(name, (0, 0))
        told = None if name in no_start else started, None if name in no_end else finished
        found.append(Reach(name, pages.get(name, 0), *told))
    return sorted(found, key=lambda one: (-1 if one.started is None else -one.started, -one.opened, one.place))


def hidden(took: Mapping[str, tuple[int, int]], *, fewest: int = FEWEST_SHOWN) -> tuple[Set[str], Set[str]]:
    """Return of which places not to show how many started, and of which not how many finished.

    A small number is hidden, and also where few finished or few did not. Then the smallest places go with them until
    whoever knows the numbers of all places together can not tell a hidden number within less than `fewest`. That is
    certain when nobody, or enough people, of the hidden places finished and did not, and no place with a shown start is
    nearly all of them: then each of these people may be of another place.

    Args:
        took: how many started and finished, by place.
    """
    order = sorted((name for name in took if took[name][0]), key=lambda name: (took[name][0], name))
    count = sum(took[name][0] < fewest for name in order)
    while 0 < count < len(order) and (count == 1 or sum(took[name][0] for name in order[:count]) < fewest):
        count += 1
    no_start, few = frozenset(order[:count]), range(1, fewest)
    no_end = {name for name in order if took[name][1] in few or took[name][0] - took[name][1] in few} | no_start
    others = [name for name in order if name not in no_end]

    def tells() -> bool:
        started, finished = (sum(took[name][which] for name in no_end) for which in (0, 1))
        nearly_all = any(started - took[name][0] < fewest for name in no_end - no_start)
        return finished in few or started - finished in few or nearly_all

    while others and tells():
        no_end.add(others.pop(0))
    return no_start, no_end


def shown(number: int, fewest: int = FEWEST_SHOWN) -> str:
    """Return a number that is in no sum as it may be shown."""
    return str(number) if number == 0 or number >= fewest else f"minder dan {fewest}"
