"""What a municipality can do with a contribution: the usual list, and what it changed or added.

The name that the griffie chooses never changes once it exists: closed contributions are counted by it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.errors import DispositionUnknown, TextMissing, TextTooLong
from participation.models import Clerk, Disposition
from participation.services import audit

MAX_NAME_CHARACTERS = 60
MAX_WORDS_CHARACTERS = 400


@dataclass(frozen=True)
class Way:
    """One disposition as it holds in a municipality. `words` is what the resident reads."""

    key: str
    name: str
    words: str
    is_offered: bool = True


@lru_cache
def usual() -> Mapping[str, Way]:
    """The dispositions of a municipality that changed nothing, in the order in which they are offered."""
    loaded = content.read("afdoeningen.yml")
    return {key: Way(key, entry["naam"], entry["tekst"].strip()) for key, entry in loaded.items()}


async def all_of(session: AsyncSession, *, municipality_code: str) -> Sequence[Way]:
    """Return all dispositions: the usual ones first, then its own by name, offered or not."""
    rows = await session.scalars(
        select(Disposition).where(Disposition.municipality_code == municipality_code).order_by(Disposition.name)
    )
    changed = {row.key: Way(row.key, row.name, row.words, row.is_offered) for row in rows}
    return [changed.pop(key, way) for key, way in usual().items()] + list(changed.values())


async def offered(session: AsyncSession, *, municipality_code: str) -> Sequence[Way]:
    """Return what the griffie can choose now."""
    return [way for way in await all_of(session, municipality_code=municipality_code) if way.is_offered]


async def find(session: AsyncSession, *, municipality_code: str, key: str) -> Way:
    """Return one that is offered.

    Raises:
        DispositionUnknown: this municipality does not offer it.
    """
    for way in await offered(session, municipality_code=municipality_code):
        if way.key == key:
            return way
    raise DispositionUnknown


async def add(
    session: AsyncSession, *, municipality_code: str, name: str, words: str, clerk: Clerk, now: datetime
) -> Way:
    """Add one of the municipality's own. One with the same name is changed instead, and offered again.

    Raises:
        TextMissing, TextTooLong: nothing was kept.
    """
    name, words = _checked(name, MAX_NAME_CHARACTERS), _checked(words, MAX_WORDS_CHARACTERS)
    for way in await all_of(session, municipality_code=municipality_code):
        if way.name.casefold() == name.casefold():
            return await _keep(session, municipality_code, replace(way, words=words, is_offered=True), clerk, now)
    way = Way(f"eigen-{uuid.uuid4().hex[:12]}", name, words)
    return await _keep(session, municipality_code, way, clerk, now)


async def change(
    session: AsyncSession,
    *,
    municipality_code: str,
    key: str,
    words: str,
    is_offered: bool,
    clerk: Clerk,
    now: datetime,
) -> Way:
    """Change what residents read, or whether it is offered.

    Raises:
        DispositionUnknown: this municipality has none with this key.
        TextMissing, TextTooLong: nothing was changed.
    """
    words = _checked(words, MAX_WORDS_CHARACTERS)
    for way in await all_of(session, municipality_code=municipality_code):
        if way.key == key:
            kept = replace(way, words=words, is_offered=is_offered)
            return await _keep(session, municipality_code, kept, clerk, now)
    raise DispositionUnknown


async def _keep(session: AsyncSession, municipality_code: str, way: Way, clerk: Clerk, now: datetime) -> Way:
    values = {
        "name": way.name,
        "words": way.words,
        "is_offered": way.is_offered,
        "changed_by": clerk.id,
        "changed_at": now,
    }
    statement = insert(Disposition).values(municipality_code=municipality_code, key=way.key, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["municipality_code", "key"], set_=values))
    await audit.record(
        session,
        action="afdoening.veranderd",
        clerk=clerk,
        municipality_code=municipality_code,
        record=way.key,
        details={"naam": way.name, "tekst": way.words, "aangeboden": way.is_offered},
        now=now,
    )
    await session.flush()
    return way


def _checked(text: str, longest: int) -> str:
    text = " ".join(text.split())
    if not text:
        raise TextMissing
    if len(text) > longest:
        raise TextTooLong
    return text
