"""Finding in the database what a paper is about. Words of residents are not read here, only which there are."""

import uuid
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.language.themes import OTHER
from participation.models import (
    Consent,
    ConsentDetail,
    Contribution,
    ContributionFlag,
    ContributionIntake,
    WorklistItem,
)
from participation.models.consent import NAME, SHARE
from participation.models.contribution import WITHDRAWN
from participation.reports.figures import NO_PLACE, Signal
from participation.reports.scope import Period, Scope
from participation.services import consents, passing_on
from participation.services.on_behalf import NEEDS_CONTACT

Query = Select[*tuple[Any, ...]]

LETTERS = ("papier", "email")
"""Channels in which somebody says who they are."""

UNSORTED = "onbekend"
AT_ONCE = 1000
"""Contributions that are read before the progress is told."""

SHORTEST_QUOTE, LONGEST_QUOTE = 25, 500
"""Characters. What is shorter says little; a longer one has to be cut, and is only taken when nothing else is."""

SPARE_QUOTES = 4
"""For each quote so many are found, so that the griffie can leave some out."""

MOST_PIECES = 200
"""On one list; a longer one is nobody's to read."""


async def count(session: AsyncSession, *, municipality_code: str, scope: Scope, period: Period) -> int:
    """How many signals there are."""
    query = select(func.count()).select_from(_signals(municipality_code, scope, period).subquery())
    return await session.scalar(query) or 0


async def signals(
    session: AsyncSession, *, municipality_code: str, scope: Scope, period: Period
) -> AsyncIterator[list[Signal]]:
    """Yield what counts in the numbers, some at a time."""
    rows = await session.stream(_signals(municipality_code, scope, period).execution_options(yield_per=AT_ONCE))
    async for part in rows.partitions(AT_ONCE):
        yield [Signal(*row) for row in part]


def _signals(municipality_code: str, scope: Scope, period: Period) -> Query:
    """Anonymous contributions. One person is one resident; what the desk entered for somebody is somebody else's.

    Of what was cut loose from residents who erased their data nobody knows whose it was: that counts as one person.
    """
    person = func.coalesce(
        cast(Contribution.resident_id, String),
        case((ContributionIntake.contribution_id.is_not(None), cast(Contribution.id, String))),
        "",
    )
    counted: Query = select(
        person,
        func.coalesce(WorklistItem.theme, OTHER),
        func.coalesce(WorklistItem.kind, UNSORTED),
        func.coalesce(WorklistItem.place, NO_PLACE),
    )
    return (
        _chosen(counted, municipality_code, scope, period)
        .where(~is_identified())
        .order_by(Contribution.created_at, Contribution.id)
    )


async def quote_candidates(
    session: AsyncSession, *, municipality_code: str, scope: Scope, themes: Sequence[str]
) -> dict[str, list[uuid.UUID]]:
    """Return for each theme contributions that may be quoted, of different residents, best length and newest first."""
    if not scope.for_council or not scope.quotes:
        return {}
    length = func.length(Contribution.masked_text)
    theme = func.coalesce(WorklistItem.theme, OTHER)
    place = func.row_number().over(
        partition_by=(theme, Contribution.resident_id),
        order_by=(length <= LONGEST_QUOTE, Contribution.created_at),
    )
    found_of: Query = select(
        Contribution.id,
        theme.label("theme"),
        place.label("place"),
        Contribution.created_at,
        length.label("length"),
    )
    one_each = (
        _chosen(found_of, municipality_code, scope, scope.period)
        .where(~is_identified(), may_be_quoted(), theme.in_(themes))
        .subquery()
    )
    rank = func.row_number().over(
        partition_by=one_each.c.theme,
        order_by=((one_each.c.length <= LONGEST_QUOTE).desc(), one_each.c.created_at.desc(), one_each.c.id),
    )
    ranked = select(one_each.c.theme, one_each.c.id, rank.label("rank")).where(one_each.c.place == 1).subquery()
    rows = await session.execute(
        select(ranked.c.theme, ranked.c.id)
        .where(ranked.c.rank <= scope.quotes * SPARE_QUOTES)
        .order_by(ranked.c.theme, ranked.c.rank)
    )
    found: dict[str, list[uuid.UUID]] = {}
    for name, contribution_id in rows:
        found.setdefault(name, []).append(contribution_id)
    return found


async def pieces(session: AsyncSession, *, municipality_code: str, scope: Scope) -> list[uuid.UUID]:
    """Return the contributions of people who are known, by the day on which they came in; one more than fit."""
    query = _chosen(select(Contribution.id), municipality_code, scope, scope.period)
    rows = await session.scalars(
        query.where(is_identified())
        .order_by(_received(), Contribution.created_at, Contribution.id)
        .limit(MOST_PIECES + 1)
    )
    return list(rows)


def _chosen(query: Query, municipality_code: str, scope: Scope, period: Period) -> Query:
    """Of the municipality, the period, the themes and the plan, without what is not for the council (any more)."""
    query = (
        query.select_from(Contribution)
        .join(WorklistItem, WorklistItem.contribution_id == Contribution.id)
        .outerjoin(ContributionIntake, ContributionIntake.contribution_id == Contribution.id)
        .where(
            Contribution.municipality_code == municipality_code,
            Contribution.id.in_(_around(municipality_code, period)),
            Contribution.id.not_in(consents.not_for_council(municipality_code)),
            *_came_in(period),
            still_said(),
        )
    )
    if scope.planned:
        of_meeting = passing_on.planned_for(municipality_code, meeting_id=scope.meeting_id, name=scope.meeting)
        query = query.where(Contribution.id.in_(of_meeting))
    return query.where(func.coalesce(WorklistItem.theme, OTHER).in_(scope.themes)) if scope.themes else query


def _received() -> ColumnElement[Any]:
    day = func.date(func.timezone("Europe/Amsterdam", Contribution.created_at))
    return func.coalesce(ContributionIntake.received_on, day)


def _around(municipality_code: str, period: Period) -> CompoundSelect[uuid.UUID]:
    """All that may have come in during a period, from two indexes: `_came_in` alone would read every contribution."""
    first, after = period.moments
    entered = select(WorklistItem.contribution_id).where(
        WorklistItem.municipality_code == municipality_code,
        WorklistItem.created_at >= first,
        WorklistItem.created_at < after,
    )
    received = select(ContributionIntake.contribution_id).where(
        ContributionIntake.municipality_code == municipality_code,
        ContributionIntake.received_on.between(period.since, period.until),
    )
    return entered.union_all(received)


def _came_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    """By the day on which it was received, which for a letter is not that on which it was entered."""
    first, after = period.moments
    by_itself = and_(
        ContributionIntake.contribution_id.is_(None), Contribution.created_at >= first, Contribution.created_at < after
    )
    return (or_(by_itself, ContributionIntake.received_on.between(period.since, period.until)),)


def still_said() -> ColumnElement[bool]:
    """That the resident did not withdraw it."""
    return and_(Contribution.text != WITHDRAWN, WorklistItem.status != "geannuleerd")


def is_named() -> ColumnElement[bool]:
    """That the council may have the name, and that it is there: it goes when it is withdrawn."""
    return exists().where(
        ConsentDetail.contribution_id == Contribution.id,
        Consent.id == ConsentDetail.consent_id,
        Consent.purpose == NAME,
        Consent.given,
    )


def is_identified() -> ColumnElement[bool]:
    """That somebody known sent it: the council may have the name, or it came in as a letter or with an address."""
    by_letter = and_(
        ContributionIntake.contribution_id.is_not(None),
        or_(Contribution.channel.in_(LETTERS), ContributionIntake.answer_by.in_(NEEDS_CONTACT)),
    )
    return or_(is_named(), func.coalesce(by_letter, False))


def may_be_quoted() -> ColumnElement[bool]:
    """That the resident agreed, that it can be read without personal data, and that no sign of danger is open."""
    later = aliased(Consent)
    agreed = exists().where(
        Consent.contribution_id == Contribution.id,
        Consent.purpose == SHARE,
        Consent.given,
        ~exists().where(
            later.contribution_id == Contribution.id, later.purpose == SHARE, ~later.given, later.id > Consent.id
        ),
    )
    flagged = exists().where(
        ContributionFlag.contribution_id == Contribution.id, func.coalesce(ContributionFlag.is_right, True)
    )
    return and_(
        agreed,
        ~flagged,
        Contribution.masked_at.is_not(None),
        func.length(Contribution.masked_text) >= SHORTEST_QUOTE,
    )
