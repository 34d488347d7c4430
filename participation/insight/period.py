"""The period that somebody looks at, and the periods it is held against. Days are days in the Netherlands."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from participation.dates import AMSTERDAM, MONTHS, dutch_date

WEEK, MONTH, QUARTER, YEAR, OWN = "week", "maand", "kwartaal", "jaar", "eigen"
KINDS = (WEEK, MONTH, QUARTER, YEAR)
MOST_DAYS = 1830
"""Of dates of one's own: five years."""

EARLIER = 3
"""Periods before the one before: what is usual is taken from four periods."""

_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}
_ORDINALS = ("eerste", "tweede", "derde", "vierde")


class PeriodUnknown(Exception):
    """There is no such period, it is too long, or it has not begun."""


@dataclass(frozen=True)
class Span:
    """Days from `first` until `until`, which is not one of them."""

    first: date
    until: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.until - self.first).days

    @property
    def start(self) -> datetime:
        """The moment at which it begins."""
        return datetime.combine(self.first, time(), AMSTERDAM)

    @property
    def end(self) -> datetime:
        """The moment at which it is over."""
        return datetime.combine(self.until, time(), AMSTERDAM)


@dataclass(frozen=True)
class Period:
    """A week, month, quarter or year of the calendar, or dates of one's own; `last` is its last day."""

    kind: str
    first: date
    last: date

    @classmethod
    def around(cls, kind: str, day: date) -> "Period":
        """Return the period of this kind that a day is in; a week starts on Monday.

        Raises:
            PeriodUnknown: there is no such kind.
        """
        if kind == WEEK:
            first = day - timedelta(days=day.weekday())
            return cls(kind, first, first + timedelta(days=6))
        if kind not in _MONTHS:
            raise PeriodUnknown
        first = date(day.year, (day.month - 1) // _MONTHS[kind] * _MONTHS[kind] + 1, 1)
        return cls(kind, first, _months_on(first, _MONTHS[kind]) - timedelta(days=1))

    @classmethod
    def own(cls, first: date, last: date) -> "Period":
        """Return the period from one day up to and including another.

        Raises:
            PeriodUnknown: the last day comes before the first, or there are more than five years between.
        """
        if not 0 <= (last - first).days < MOST_DAYS:
            raise PeriodUnknown
        return cls(OWN, first, last)

    @property
    def name(self) -> str:
        """What Dutch people call it: `week 48 van 2026`, `november 2026`, `het vierde kwartaal van 2026`."""
        if self.kind == WEEK:
            year, week, _ = self.first.isocalendar()
            return f"week {week} van {year}"
        if self.kind == MONTH:
            return f"{MONTHS[self.first.month - 1]} {self.first.year}"
        if self.kind == QUARTER:
            return f"het {_ORDINALS[self.first.month // 3]} kwartaal van {self.first.year}"
        if self.kind == YEAR:
            return str(self.first.year)
        return f"{dutch_date(self.first)} tot en met {dutch_date(self.last)}"

    @property
    def span(self) -> Span:
        """All of its days."""
        return Span(self.first, self.last + timedelta(days=1))

    def before(self, times: int = 1) -> "Period":
        """Return the period that many times before it."""
        if self.kind == OWN:
            back = timedelta(days=self.span.days * times)
            return Period(OWN, self.first - back, self.last - back)
        if self.kind == WEEK:
            return Period.around(WEEK, self.first - timedelta(days=7 * times))
        return Period.around(self.kind, _months_on(self.first, -_MONTHS[self.kind] * times))

    def after(self) -> "Period":
        """Return the period that follows on it."""
        if self.kind == OWN:
            return Period.own(self.last + timedelta(days=1), self.last + timedelta(days=self.span.days))
        return Period.around(self.kind, self.last + timedelta(days=1))

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.last < today


@dataclass(frozen=True)
class Comparison:
    """A period as far as it has come, the same stretch of the one before, and what is usual: the four before it."""

    period: Period
    now: Span
    before: Span
    usual: Span

    @classmethod
    def of(cls, period: Period, today: date) -> "Comparison":
        """Lay a period beside those before it.

        Of a period that is not over, only as many days of the one before count: else November would always have less
        than October until its last day.

        Raises:
            PeriodUnknown: it has not begun, or lies before the calendar.
        """
        if period.first > today:
            raise PeriodUnknown
        now = Span(period.first, min(period.last, today) + timedelta(days=1))
        try:
            previous, oldest = period.before().span, period.before(1 + EARLIER)
        except (OverflowError, ValueError):
            raise PeriodUnknown from None
        before = previous
        if not period.is_over(today):
            before = Span(previous.first, min(previous.until, previous.first + timedelta(days=now.days)))
        return cls(period, now, before, Span(oldest.first, now.first))


def _months_on(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)
