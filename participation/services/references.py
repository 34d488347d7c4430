"""References that people can read out over the phone, such as SP-2026-000123-K."""

import re

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import ReferenceCounter

_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_PATTERN = re.compile(r"\s*SP[\s-]*(\d{4})[\s-]*(\d{6})[\s-]*([A-Z])\s*", re.IGNORECASE)


def check_letter(year: int, number: int) -> str:
    """Return the check letter: the digits modulo 23.

    23 is prime and divides no difference of two powers of ten below 10^10, so every single wrong digit and every swap
    of two neighbours gives another letter (the method of the Spanish NIF).
    """
    return _LETTERS[(year * 1_000_000 + number) % 23]


def format_reference(year: int, number: int) -> str:
    """Write a reference; `number` runs from 1 in each year."""
    return f"SP-{year}-{number:06d}-{check_letter(year, number)}"


def parse_reference(text: str) -> str | None:
    """Return the reference in its official form, or None when it is malformed or the check letter is wrong."""
    match = _PATTERN.fullmatch(text)
    if not match:
        return None
    year, number = int(match[1]), int(match[2])
    return format_reference(year, number) if match[3].upper() == check_letter(year, number) else None


async def next_reference(session: AsyncSession, *, year: int) -> str:
    """Give out the next reference of a year. The counter row is locked until the caller commits."""
    return (await reserve_references(session, year=year, count=1))[0]


async def reserve_references(session: AsyncSession, *, year: int, count: int) -> list[str]:
    """Give out the next references of a year, in order. The counter row is locked until the caller commits."""
    statement = (
        insert(ReferenceCounter)
        .values(year=year, last=count)
        .on_conflict_do_update(index_elements=["year"], set_={"last": ReferenceCounter.last + count})
        .returning(ReferenceCounter.last)
    )
    last = (await session.execute(statement)).scalar_one()
    return [format_reference(year, number) for number in range(last - count + 1, last + 1)]
