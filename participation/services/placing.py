"""Which district or village of the municipality a contribution is about, as far as its text names one."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.language.place_tables import rows
from participation.language.places import vind_gemeente
from participation.models import Contribution, Municipality, WorklistItem
from participation.own_areas import Areas, area_in
from participation.services import municipality_settings
from participation.services.worklist_views import is_waiting

AT_ONCE = 200
"""Texts that one round of the worker reads."""

_VILLAGES = frozenset({"plaats", "voormalig"})


def place_in(text: str, *, municipality_code: str, municipality: str, areas: Areas | None = None) -> str | None:
    """Return the district or village of this municipality that the text names first; its own name is no place.

    Args:
        areas: the names that the municipality uses itself, which go before those of the national lists.
    """
    if areas and (own := area_in(text, areas)):
        return own
    for match in vind_gemeente(text.replace(municipality, " ")):
        if match.gm_code != municipality_code or match.naam == municipality:
            continue
        if match.bron in _VILLAGES or match.naam in _districts():
            return match.naam
    return None


async def place_waiting(session: AsyncSession) -> int:
    """Find the place of contributions whose text can be read and was not read for this; returns how many.

    They are locked: a place named in a text is not written down after its resident withdrew it.
    """
    waiting = (
        await session.execute(
            select(WorklistItem, Contribution.masked_text, Municipality.name)
            .join(Contribution, Contribution.id == WorklistItem.contribution_id)
            .join(Municipality, Municipality.code == WorklistItem.municipality_code)
            .where(~WorklistItem.is_placed, Contribution.masked_at.is_not(None))
            .order_by(WorklistItem.created_at)
            .limit(AT_ONCE)
            .with_for_update(of=Contribution, skip_locked=True)
        )
    ).all()
    own = await municipality_settings.areas_of(session) if waiting else {}
    # In one order, as whoever else changes several rows of the list at once: they wait, and do not block each other.
    for item, text, name in sorted(waiting, key=lambda row: row[0].contribution_id):
        code = item.municipality_code
        place = place_in(text or "", municipality_code=code, municipality=name, areas=own.get(code))
        await session.execute(
            update(WorklistItem)
            .where(WorklistItem.contribution_id == item.contribution_id)
            .values(place=place, is_placed=True)
        )
    return len(waiting)


@dataclass(frozen=True)
class Amount:
    """How many contributions are about a place, and of how many something still has to be done."""

    all: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Whereabouts:
    """What place a contribution is about, and how much there is about each place of its municipality.

    `place` is None as long as its text was not read for this, and where the text names none.
    """

    is_placed: bool
    place: str | None
    amounts: Mapping[str, Amount]

    @property
    def here(self) -> Amount:
        """What there is about the same place, this one included."""
        return self.amounts.get(self.place or "", Amount())


async def whereabouts(session: AsyncSession, *, municipality_code: str, contribution_id: uuid.UUID) -> Whereabouts:
    """Return what place a contribution is about, among all that are known and those that texts named."""
    item = await session.get_one(WorklistItem, contribution_id)
    name = await session.scalar(select(Municipality.name).where(Municipality.code == municipality_code))
    areas = (await municipality_settings.areas_of(session)).get(municipality_code)
    rows = await session.execute(
        select(WorklistItem.place, func.count(), func.count().filter(is_waiting()))
        .where(WorklistItem.municipality_code == municipality_code, WorklistItem.place.is_not(None))
        .group_by(WorklistItem.place)
    )
    found = {place: Amount(number, waiting) for place, number, waiting in rows if place}
    known = known_places(municipality_code=municipality_code, municipality=name or "", areas=areas)
    amounts = {place: found.get(place, Amount()) for place in sorted({*known, *found})}
    return Whereabouts(item.is_placed, item.place, amounts)


@lru_cache
def _districts() -> frozenset[str]:
    return frozenset(row["naam"] for row in rows("bijnamen.csv") if row["soort"] == "wijk")


def known_places(*, municipality_code: str, municipality: str, areas: Areas | None = None) -> list[str]:
    """Return the districts and villages of a municipality, in alphabetical order: its own names, if it has any."""
    if areas:
        return sorted(areas)
    villages = {row["plaats"] for row in rows("plaatsen.csv") if municipality_code in row["gemeenten"].split("|")}
    districts = {
        row["naam"]
        for row in rows("bijnamen.csv")
        if row["soort"] == "wijk" and municipality_code in row["gemeente"].split("|")
    }
    return sorted((villages | districts) - {municipality})
