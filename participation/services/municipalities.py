"""Municipalities: the national table and looking one up."""

import csv
from functools import lru_cache
from pathlib import Path

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import MunicipalityUnknown
from participation.models import Municipality

_TABLE = Path(__file__).parents[1] / "reference" / "gemeenten.csv"


@lru_cache
def names() -> dict[str, str]:
    """Code to official name of all municipalities."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["naam"] for row in csv.DictReader(file, delimiter=";")}


async def seed(session: AsyncSession) -> int:
    """Bring the table of municipalities up to date with the bundled list; returns their number."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            {
                "code": row["code"],
                "name": row["naam"],
                "province": row["provincie"],
                "inhabitants": int(row["inwoners"]),
            }
            for row in csv.DictReader(file, delimiter=";")
        ]
    statement = insert(Municipality)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["code"],
            set_={column: statement.excluded[column] for column in ("name", "province", "inhabitants")},
        ),
        rows,
    )
    return len(rows)


async def get(session: AsyncSession, code: str) -> Municipality:
    """Return a municipality.

    Raises:
        MunicipalityUnknown: no municipality has this code.
    """
    found = await session.get(Municipality, code)
    if found is None:
        raise MunicipalityUnknown(code)
    return found
