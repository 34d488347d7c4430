"""What the desk shows of a period: numbers, and for who only reads without the small ones.

Who only reads sees quarters that are over, and nothing else: from a week, a month and a quarter that overlap, or from
one day more or less, what is hidden in one of them could be worked out with the others.
"""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from participation.insight import counting, rising, subjects
from participation.insight.answer_time import AnswerTime, answer_time
from participation.insight.counting import BEFORE, EARLIER, NOW, Counted, Verdicts
from participation.insight.period import QUARTER, Comparison, Period, PeriodUnknown, Span
from participation.insight.rising import Rise
from participation.insight.small_numbers import LEAST, Guarded, guard
from participation.models import SubjectRound

REST = "rest"
"""The places of which too little came in to name them to everybody."""

LEAST_FOR_TIMES = 10
"""Of fewer contributions who only reads gets no times: one of them would be one resident's."""


@dataclass(frozen=True)
class View:
    """What is looked at, of which municipality, when, and whether small numbers may be seen."""

    municipality_code: str
    comparison: Comparison
    now: datetime
    exact: bool

    @property
    def about(self) -> dict[str, Any]:
        """As counting takes it."""
        return {"municipality_code": self.municipality_code, "may_handle": self.exact}


@dataclass(frozen=True)
class Amount:
    """A number, or None with whether it is small or hidden because of one that is."""

    number: int | None
    is_small: bool = False


@dataclass(frozen=True)
class Line:
    """One theme, place, channel, step or subject, now and before. `key` is None for what has none."""

    key: Any
    now: Amount
    before: Amount

    @property
    def change(self) -> int | None:
        """How much more or less, when both may be seen. The rest is each time of other places: it has no change."""
        if self.key == REST or self.now.number is None or self.before.number is None:
            return None
        return self.now.number - self.before.number


@dataclass(frozen=True)
class Rising:
    """What rises: a: `theme`, `place` or `subject`. Who only reads gets no `expected`: it adds up other periods."""

    kind: str
    key: Any
    now: int
    expected: float | None


@dataclass(frozen=True)
class SubjectLine:
    """One subject with its name and how much belongs to it."""

    id: uuid.UUID
    words: str
    line: Line


def comparison_for(period: Period, *, today: date, exact: bool) -> Comparison:
    """Lay a period beside those before it, when this person may see it.

    Raises:
        PeriodUnknown: it has not begun, or is not for who only reads.
    """
    if not exact and (period.kind != QUARTER or not period.is_over(today)):
        raise PeriodUnknown
    return Comparison.of(period, today)


def usual_period(*, today: date, exact: bool) -> Period:
    """Return what somebody sees who asks for no period: this month, or the last quarter that is over."""
    return Period.around("maand", today) if exact else Period.around(QUARTER, today).before()


def total(counted: Counted, view: View) -> Line:
    """All that came in."""
    return Line(None, _alone(counted.total(NOW), view), _alone(counted.total(BEFORE), view))


def lines(
    counts: Mapping[str, Counter[Any]],
    view: View,
    *,
    always: Sequence[Hashable] = (),
    named: Callable[[Any], Any] = lambda key: key,
    open_ended: bool = False,
) -> list[Line]:
    """Return a line for each key, most first; what has no key comes last.

    Args:
        always: keys that have a line also when nothing came in.
        named: brings keys together that are one to who reads.
        open_ended: that there is a line tells that something came in; of small ones one line is made.
    """
    now, before = (_brought_together(counts.get(piece, Counter()), named) for piece in (NOW, BEFORE))
    if view.exact:
        keys = dict.fromkeys([*always, *now, *before])
        found = [Line(key, Amount(now[key]), Amount(before[key])) for key in keys]
    else:
        own_now, own_before = (_of_one_period(one, view, always, open_ended=open_ended) for one in (now, before))
        found = [Line(key, amount, own_before.get(key, Amount(None))) for key, amount in own_now.items()]
    last = {REST: 1, None: 2}
    return sorted(found, key=lambda line: (last.get(line.key, 0), -(line.now.number or 0), str(line.key)))


def _of_one_period(
    counts: Counter[Any], view: View, always: Sequence[Hashable], *, open_ended: bool
) -> dict[Any, Amount]:
    """Return what may be seen of one period by its own numbers alone.

    Each period has two pages, its own and that of the period after it. Were another number hidden on the one than on
    the other, they would tell together what neither does. So the order of the keys, by which one of equals is hidden,
    is fixed too.
    """
    if open_ended:
        many = {None, *(key for key, number in counts.items() if number >= LEAST)}
        counts, always = _brought_together(counts, lambda key: key if key in many else REST), [None, REST]
    others = sorted((key for key in counts if key not in always), key=str)
    return _guarded({key: counts[key] for key in [*always, *others]}, view)


def over_time(counted: Counted, view: View) -> list[Line]:
    """Return a line for each step of the period, in order; its key is its first day."""
    comparison, pieces = view.comparison, []
    starts = counting.steps(comparison)
    # A quarter has thirteen or fourteen steps of seven days. As on its own page, the one before has its own number.
    starts_before = counting.steps_in(comparison.before, counting.step_of(comparison))
    for piece, of_piece in ((NOW, starts), (BEFORE, starts_before)):
        steps = counted.step.get(piece, Counter())
        pieces.append(_guarded({number: steps[number] for number in range(max(len(of_piece), *_of(steps)))}, view))
    now, before = pieces
    no_such_step = Amount(0 if view.exact else None)
    return [Line(start, now[number], before.get(number, no_such_step)) for number, start in enumerate(starts)]


def _of(steps: Counter[int]) -> Sequence[int]:
    return [number + 1 for number in steps] or [0]


async def rises(
    session: AsyncSession,
    view: View,
    counted: Counted,
    by_subject: Mapping[str, Counter[Any]],
    *,
    told: Collection[tuple[str, Any]],
) -> list[Rising] | None:
    """Return what comes in more often than one would expect; None while there is too little time to compare with.

    Args:
        told: kinds and keys of which the number may be seen; of the others nothing is said.
    """
    usual = usual_span(view.comparison, counted.first)
    if usual is None:
        return None
    now: dict[tuple[str, Any], int] = {}
    before: dict[tuple[str, Any], int] = {}
    for kind, counts in (("theme", counted.theme), ("place", counted.place), ("subject", by_subject)):
        for key, number in counts.get(NOW, Counter()).items():
            if key is not None:
                now[kind, key] = number
                before[kind, key] = counts.get(BEFORE, Counter())[key] + counts.get(EARLIER, Counter())[key]
    found: Sequence[Rise[tuple[str, Any]]] = await asyncio.to_thread(
        rising.rises, now, before, days=view.comparison.now.days, usual_days=usual.days
    )
    if not found:
        return []
    writers = await counting.residents(session, municipality_code=view.municipality_code, span=view.comparison.now)
    return [
        Rising(kind, key, rise.now, rise.expected if view.exact else None)
        for rise in found
        for kind, key in [rise.key]
        if rise.key in told and writers[kind][key] >= (rising.LEAST_RESIDENTS if view.exact else LEAST)
    ]


def usual_span(comparison: Comparison, first: date | None) -> Span | None:
    """Return the days with which a period is compared, from the first contribution on; None when they are too few."""
    usual = comparison.usual
    if first is None or first >= usual.until:
        return None
    span = Span(max(first, usual.first), usual.until)
    return span if span.days >= comparison.now.days else None


def subject_lines(
    names: Mapping[uuid.UUID, str], by_subject: Mapping[str, Counter[Any]], view: View
) -> list[SubjectLine]:
    """Return the subjects of which something came in during the period, most first.

    Subjects add up to nothing that is shown elsewhere, so that a small one can be left out on its own.
    """
    now, before = by_subject.get(NOW, Counter()), by_subject.get(BEFORE, Counter())
    found = [
        SubjectLine(key, words, Line(key, _alone(now[key], view), _alone(before[key], view)))
        for key, words in names.items()
        if now[key] >= (1 if view.exact else LEAST)
    ]
    return sorted(found, key=lambda one: (-(one.line.now.number or 0), one.words))


async def answer_times(session: AsyncSession, view: View) -> AnswerTime | None:
    """Estimate how long an answer takes; who only reads gets the median and the slow ones, of enough of them."""
    found = await counting.waits(session, span=view.comparison.now, now=view.now, **view.about)
    estimate = await asyncio.to_thread(answer_time, found)
    if view.exact or estimate is None:
        return estimate
    if estimate.total < LEAST_FOR_TIMES or min(estimate.answered, estimate.total - estimate.answered) < LEAST:
        return None
    return replace(estimate, within={}, curve=())


def verdict_lines(verdicts: Verdicts, view: View) -> dict[str, Amount]:
    """Return how often yes and how often no."""
    return _guarded({"ja": verdicts.yes, "nee": verdicts.no}, view)


def _alone(number: int, view: View) -> Amount:
    return Amount(number) if view.exact or number >= LEAST else Amount(None, is_small=True)


def _guarded(table: Mapping[Any, int], view: View) -> dict[Any, Amount]:
    if view.exact:
        return {key: Amount(number) for key, number in table.items()}
    seen: Guarded[Any] = guard(table)
    return {key: Amount(seen.shown.get(key), is_small=key in seen.small) for key in table}


def _brought_together(counts: Counter[Any], named: Callable[[Any], Any]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for key, number in counts.items():
        found[named(key)] += number
    return found


@dataclass(frozen=True)
class LookedFor:
    """When subjects were last looked for, in how many texts, and whether somebody waits for the next time."""

    at: datetime | None
    texts: int
    is_asked: bool


async def looked_for(session: AsyncSession, view: View) -> LookedFor:
    """Return the state of the subjects of this municipality."""
    found: SubjectRound | None = await subjects.last_round(session, municipality_code=view.municipality_code)
    if found is None:
        return LookedFor(None, 0, is_asked=False)
    return LookedFor(found.computed_at, found.texts, is_asked=found.asked_at is not None)
