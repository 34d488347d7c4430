"""Which district or village of the municipality a contribution is about, as far as its text names one."""

from functools import lru_cache

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.language.place_tables import rows
from participation.language.places import vind_gemeente
from participation.models import Contribution, Municipality, WorklistItem
from participation.own_areas import Areas, area_in
from participation.services import municipality_settings

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
