"""Finding what is in the shared library: by words, by kind, and one thing with its versions and who uses it."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, func, literal, literal_column, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from participation.council.calendar import beginning_with, spellings
from participation.models import Municipality, Offer, OfferUse, OfferVersion
from participation.models.council import SEARCH_CONFIGURATION
from participation.offer_faults import OfferUnknown

MOST_WORDS = 8
"""Of what is typed in the search box; the rest is not looked for."""

SHORTEST_PART = 4
"""Letters of a word that is also found inside a longer one: `vergunning` in `parkeervergunning`."""

_WORD = re.compile(r"[^\W_]+")
_IS_NEWEST = and_(OfferVersion.offer_id == Offer.id, OfferVersion.number == Offer.newest)


@dataclass(frozen=True)
class Found:
    """One thing in the library with its newest version; `by` is the name of the municipality that offers it."""

    offer: Offer
    version: OfferVersion
    by: str
    users: int


@dataclass(frozen=True)
class User:
    """A municipality whose residents get a version of it."""

    name: str
    number: int


@dataclass(frozen=True)
class Page:
    """Some of what was found, and how much there is in all; beyond the last page there is nothing."""

    rows: Sequence[Found]
    total: int


async def search(
    session: AsyncSession, *, typed: str, kind: str | None, limit: int, offset: int, of: str | None = None
) -> Page:
    """Return what is offered now: what holds most of the words first, then the newest.

    A word also finds longer ones that it is part of, and what Dutch spells otherwise there. Words that say nothing,
    such as `het`, are not looked for.

    Args:
        of: only what this municipality offers.
    """
    wanted: list[ColumnElement[bool]] = [Offer.withdrawn_at.is_(None)]
    if kind:
        wanted.append(Offer.kind == kind)
    if of:
        wanted.append(Offer.municipality_code == of)
    order: list[Any] = [OfferVersion.offered_at.desc(), Offer.id]
    if typed.strip():
        words = await _stems(session, typed)
        hits = [_holds(word, stem) for word, stem in words.items()]
        wanted.append(or_(False, *hits))
        if hits:
            held: ColumnElement[int] = sum((case((hit, 1), else_=0) for hit in hits), start=literal(0))
            order = [held.desc(), _rank(list(words)).desc(), *order]
    # First which, then what: to count and to order, no more is read than is needed for that.
    which = select(Offer.id, func.count().over()).join(OfferVersion, _IS_NEWEST).where(*wanted)
    chosen = (await session.execute(which.order_by(*order).limit(limit).offset(offset))).all()
    rows = await session.execute(_newest().where(Offer.id.in_([offer_id for offer_id, _ in chosen])))
    found = {row[0].id: Found(*row) for row in rows}
    return Page([found[offer_id] for offer_id, _ in chosen], chosen[0][1] if chosen else 0)


async def kind_of(session: AsyncSession, *, offer_id: uuid.UUID) -> str | None:
    """Return what kind of thing it is, also after it was withdrawn; none when there is no such offer."""
    return await session.scalar(select(Offer.kind).where(Offer.id == offer_id))


async def get(session: AsyncSession, *, offer_id: uuid.UUID) -> Found:
    """Return one thing with its newest version.

    Raises:
        OfferUnknown: there is none, or another municipality has withdrawn it.
    """
    row = (await session.execute(_newest().where(Offer.id == offer_id))).one_or_none()
    if row is None:
        raise OfferUnknown
    return Found(*row)


async def of_municipality(session: AsyncSession, *, municipality_code: str) -> Sequence[Found]:
    """Return all that a municipality offers or offered, each with its newest version, the newest first."""
    rows = await session.execute(
        _newest().where(Offer.municipality_code == municipality_code).order_by(Offer.offered_at.desc(), Offer.id)
    )
    return [Found(*row) for row in rows]


async def versions(session: AsyncSession, *, offer_id: uuid.UUID) -> Sequence[OfferVersion]:
    """Return all versions, the newest first."""
    query = select(OfferVersion).where(OfferVersion.offer_id == offer_id).order_by(OfferVersion.number.desc())
    return (await session.scalars(query)).all()


async def users(session: AsyncSession, *, offer_id: uuid.UUID) -> Sequence[User]:
    """Return who took it over and has it in the chat, in the order of the alphabet."""
    rows = await session.execute(
        select(Municipality.name, OfferUse.number)
        .join(Municipality, Municipality.code == OfferUse.municipality_code)
        .where(OfferUse.offer_id == offer_id)
        .order_by(Municipality.name)
    )
    return [User(name, number) for name, number in rows]


def _newest() -> Select[Any]:
    users_of_it = select(func.count()).where(OfferUse.offer_id == Offer.id).scalar_subquery()
    return (
        select(Offer, OfferVersion, Municipality.name, users_of_it)
        .join(OfferVersion, _IS_NEWEST)
        .join(Municipality, Municipality.code == Offer.municipality_code)
    )


async def _stems(session: AsyncSession, typed: str) -> dict[str, str]:
    """The words that Dutch full-text search keeps something of, with what it keeps."""
    words = list(dict.fromkeys(_WORD.findall(typed.lower())))[:MOST_WORDS]
    if not words:
        return {}
    word = func.unnest(array(words, type_=Text)).column_valued("word")
    stem = func.array_to_string(func.tsvector_to_array(func.to_tsvector(_dutch(), word)), " ")
    kept = {typed: found for typed, found in await session.execute(select(word, stem)) if found}
    return {word: kept[word] for word in words if word in kept}


def _holds(word: str, stem: str) -> ColumnElement[bool]:
    parts = (form for form in (stem, *spellings(word)) if len(form) >= SHORTEST_PART)
    inside = [OfferVersion.search_text.contains(part, autoescape=True) for part in parts]
    return or_(OfferVersion.search_words.op("@@")(func.to_tsquery(_dutch(), beginning_with(word))), *inside)


def _rank(words: Sequence[str]) -> ColumnElement[float]:
    asked = func.to_tsquery(_dutch(), " | ".join(beginning_with(word) for word in words))
    return func.ts_rank(OfferVersion.search_words, asked)


def _dutch() -> ColumnElement[str]:
    return literal_column(f"'{SEARCH_CONFIGURATION}'::regconfig")
