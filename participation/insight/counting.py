"""Counting what came in, with a number of queries that does not depend on how much it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, DateTime, Integer, case, cast, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from participation.dates import AMSTERDAM
from participation.insight.answer_time import Wait
from participation.insight.period import Comparison, Span
from participation.models import (
    AnswerVerdict,
    Contribution,
    ReplyVerdict,
    SubjectMember,
    UnsureQuestion,
    WorklistItem,
)
from participation.services import consents

DAY, WEEK, MONTH = "dag", "week", "maand"
NOW, BEFORE, EARLIER = "nu", "ervoor", "eerder"
_MOST_DAY_STEPS, _MOST_WEEK_STEPS = 31, 186
"""Days up to which a picture has a step a day, or a step of seven days."""


@dataclass
class Counted:
    """Numbers of contributions by slice of time: NOW, BEFORE, and EARLIER (the rest of what is usual)."""

    theme: dict[str, Counter[str | None]] = field(default_factory=dict)
    place: dict[str, Counter[str | None]] = field(default_factory=dict)
    channel: dict[str, Counter[str | None]] = field(default_factory=dict)
    step: dict[str, Counter[int]] = field(default_factory=dict)
    first: date | None = None
    """The day of the first contribution that the municipality still has."""

    def total(self, piece: str) -> int:
        """All of a slice."""
        return sum(self.channel.get(piece, Counter()).values())

    def usual(self, of: str) -> Counter[Any]:
        """Of theme, place or channel: all before the period."""
        counted = getattr(self, of)
        return Counter(counted.get(BEFORE, Counter())) + Counter(counted.get(EARLIER, Counter()))


@dataclass(frozen=True)
class Verdicts:
    """How often residents said that something helped, or was clear, and how often not."""

    yes: int = 0
    no: int = 0


def step_of(comparison: Comparison) -> str:
    """Say in which steps a period is drawn: by the whole of it, so that it does not change while it lasts."""
    days = comparison.period.span.days
    return DAY if days <= _MOST_DAY_STEPS else WEEK if days <= _MOST_WEEK_STEPS else MONTH


def steps(comparison: Comparison) -> list[date]:
    """Return the first day of each step of the period, as far as it has come."""
    return steps_in(comparison.now, step_of(comparison))


def steps_in(span: Span, size: str) -> list[date]:
    """Return the first day of each step of this size in a span."""
    if size != MONTH:
        return [span.first + timedelta(days=number) for number in range(0, span.days, 1 if size == DAY else 7)]
    months = (span.until - timedelta(days=1)).month - span.first.month
    months += 12 * ((span.until - timedelta(days=1)).year - span.first.year)
    starts = [span.first.year * 12 + span.first.month - 1 + number for number in range(months + 1)]
    return [span.first, *(date(month // 12, month % 12 + 1, 1) for month in starts[1:])]


async def counted(
    session: AsyncSession, *, municipality_code: str, comparison: Comparison, may_handle: bool
) -> Counted:
    """Count the period and those before it by theme, place, channel and step, in three queries.

    Theme, place and channel are counted together and added up here: PostgreSQL then goes through the rows once.
    """
    chosen = (
        WorklistItem.created_at >= comparison.usual.start,
        WorklistItem.created_at < comparison.now.end,
        *_visible(municipality_code, may_handle=may_handle),
    )
    kinds = (_slice(comparison).label("slice"), WorklistItem.theme, WorklistItem.place, WorklistItem.channel)
    found = Counted()
    for piece, theme, place, channel, count in await session.execute(
        select(*kinds, func.count()).where(*chosen).group_by(*kinds)
    ):
        for table, key in ((found.theme, theme), (found.place, place), (found.channel, channel)):
            table.setdefault(piece, Counter())[key] += count
    numbered = _numbered_steps(comparison)
    starts = literal([start for start, _, _ in numbered], ARRAY(DateTime(timezone=True)))
    edge = func.width_bucket(WorklistItem.created_at, starts).label("edge")
    for number, count in await session.execute(select(edge, func.count()).where(*chosen).group_by(edge)):
        _, piece, step = numbered[number - 1]
        found.step.setdefault(piece, Counter())[step] += count
    first = await session.scalar(
        select(func.min(WorklistItem.created_at)).where(WorklistItem.municipality_code == municipality_code)
    )
    found.first = first.astimezone(AMSTERDAM).date() if first else None
    return found


async def by_subject(
    session: AsyncSession, *, municipality_code: str, comparison: Comparison, may_handle: bool
) -> dict[str, Counter[Any]]:
    """Count by slice what belongs to each subject."""
    piece = _slice(comparison).label("slice")
    rows = await session.execute(
        select(piece, SubjectMember.subject_id, func.count())
        .join(WorklistItem, WorklistItem.contribution_id == SubjectMember.contribution_id)
        .where(
            SubjectMember.municipality_code == municipality_code,
            WorklistItem.created_at >= comparison.usual.start,
            WorklistItem.created_at < comparison.now.end,
            *_visible(municipality_code, may_handle=may_handle),
        )
        .group_by(piece, SubjectMember.subject_id)
    )
    found: dict[str, Counter[Any]] = {}
    for slice_, subject_id, count in rows:
        found.setdefault(slice_, Counter())[subject_id] += count
    return found


async def residents(session: AsyncSession, *, municipality_code: str, span: Span) -> dict[str, Counter[Any]]:
    """Count who wrote, by theme, place and subject. What the griffie entered for somebody counts as one each."""
    who = func.coalesce(Contribution.resident_id, Contribution.id)
    rows = await session.execute(
        select(
            WorklistItem.theme,
            WorklistItem.place,
            SubjectMember.subject_id,
            func.grouping(WorklistItem.theme, WorklistItem.place, SubjectMember.subject_id),
            func.count(who.distinct()),
        )
        .join(Contribution, Contribution.id == WorklistItem.contribution_id)
        .outerjoin(SubjectMember, SubjectMember.contribution_id == WorklistItem.contribution_id)
        .where(
            WorklistItem.municipality_code == municipality_code,
            WorklistItem.created_at >= span.start,
            WorklistItem.created_at < span.end,
        )
        .group_by(
            func.grouping_sets(tuple_(WorklistItem.theme), tuple_(WorklistItem.place), tuple_(SubjectMember.subject_id))
        )
    )
    found: dict[str, Counter[Any]] = {"theme": Counter(), "place": Counter(), "subject": Counter()}
    for theme, place, subject_id, kind, count in rows:
        name, key = {0b011: ("theme", theme), 0b101: ("place", place), 0b110: ("subject", subject_id)}[kind]
        found[name][key] = count
    return found


async def waits(
    session: AsyncSession, *, municipality_code: str, span: Span, now: datetime, may_handle: bool
) -> Sequence[Wait]:
    """Return how long what came in waited for an answer, or has waited until now or until it was withdrawn."""
    until = case(
        (WorklistItem.answered_at.is_not(None), WorklistItem.answered_at),
        (WorklistItem.status == "geannuleerd", WorklistItem.status_at),
        else_=now,
    )
    # date_part and not extract, whose numbers of any length take PostgreSQL several times as long
    seconds = func.greatest(func.date_part("epoch", until - WorklistItem.created_at), 0)
    waited = (
        select(
            cast(func.floor(seconds / 3600), Integer).label("hours"),
            WorklistItem.answered_at.is_not(None).label("answered"),
        )
        .where(
            WorklistItem.created_at >= span.start,
            WorklistItem.created_at < span.end,
            *_visible(municipality_code, may_handle=may_handle),
        )
        .subquery()
    )
    rows = await session.execute(
        select(waited.c.hours, waited.c.answered, func.count()).group_by(waited.c.hours, waited.c.answered)
    )
    return [Wait(hours, answered, count) for hours, answered, count in rows]


async def helped(session: AsyncSession, *, municipality_code: str, span: Span) -> Verdicts:
    """Count what residents said of answers of the griffie."""
    return await _verdicts(session, ReplyVerdict, municipality_code, span)


async def clear(session: AsyncSession, *, municipality_code: str, span: Span) -> Verdicts:
    """Count what residents said of answers of the chat."""
    return await _verdicts(session, AnswerVerdict, municipality_code, span)


async def not_understood(session: AsyncSession, *, municipality_code: str, days: int, now: datetime) -> int:
    """Count the questions of the last days that the chat did not understand or had no answer to."""
    return (
        await session.scalar(
            select(func.count())
            .select_from(UnsureQuestion)
            .where(
                UnsureQuestion.municipality_code == municipality_code,
                UnsureQuestion.topic.is_(None),
                UnsureQuestion.created_at >= now - timedelta(days=days),
            )
        )
        or 0
    )


async def _verdicts(
    session: AsyncSession, table: type[ReplyVerdict] | type[AnswerVerdict], municipality_code: str, span: Span
) -> Verdicts:
    rows = await session.execute(
        select(table.verdict, func.count())
        .where(
            table.municipality_code == municipality_code, table.created_at >= span.start, table.created_at < span.end
        )
        .group_by(table.verdict)
    )
    by_verdict = dict(rows.all())
    return Verdicts(by_verdict.get("ja", 0), by_verdict.get("nee", 0))


def _visible(municipality_code: str, *, may_handle: bool) -> list[ColumnElement[bool]]:
    """What who only reads for the council may count: all but what was refused. Who did not say counts too."""
    found = [WorklistItem.municipality_code == municipality_code]
    if not may_handle:
        found.append(WorklistItem.contribution_id.not_in(consents.not_for_council(municipality_code)))
    return found


def _slice(comparison: Comparison) -> ColumnElement[str]:
    at = WorklistItem.created_at
    return case(
        (at >= comparison.now.start, NOW),
        ((at >= comparison.before.start) & (at < comparison.before.end), BEFORE),
        else_=EARLIER,
    )


def _numbered_steps(comparison: Comparison) -> list[tuple[datetime, str, int]]:
    """Return where each step begins, in order of time, with its slice and its number there; what is earlier has one."""
    size, earlier = step_of(comparison), Span(comparison.before.until, comparison.now.first)
    found = [(comparison.usual.start, EARLIER, -1)]
    for piece, span in ((BEFORE, comparison.before), (NOW, comparison.now)):
        starts = steps_in(span, size)
        found += [(Span(start, span.until).start, piece, number) for number, start in enumerate(starts)]
    if earlier.days > 0:  # days of the period before that this one has not come to yet
        found.append((earlier.start, EARLIER, -1))
    return sorted(found)
