"""What a look at a link can bring, and what follows from it. No database and no network: only the rules."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from participation.dates import AMSTERDAM

GOOD, GONE = "goed", "foutmelding"
UNDECIDED = "geweigerd"
"""The other side does not want programs to look, or asks for patience: that says nothing about what residents see."""

FAILING_DAYS = 3
"""On so many different days in a row a link has to fail before it counts as broken: sites are down now and then."""

AGAIN_WHEN_GOOD, AGAIN_WHEN_NOT = timedelta(days=7), timedelta(days=1)
GIVES_UP_DAILY = 10
"""What failed on so many days is looked at as rarely as what works."""

_REFUSING = frozenset({401, 403, 407, 429, 451, 503, 999})
"""Answers of a site that keeps programs out or is overloaded. 999 is what one large site gives to all programs."""


@dataclass(frozen=True)
class Outcome:
    """`code` is GOOD, UNDECIDED or what was wrong (participation/council/faults.py); `status` as the site gave it."""

    code: str
    status: int | None = None

    @property
    def failed(self) -> bool:
        """Whether a resident would not have got there either."""
        return self.code not in (GOOD, UNDECIDED)

    @property
    def answered(self) -> bool:
        """Whether somebody at the other side said something."""
        return self.status is not None


def of_status(status: int) -> Outcome:
    """What a status code says."""
    if status < 400:
        return Outcome(GOOD, status)
    return Outcome(UNDECIDED if status in _REFUSING else GONE, status)


class Record(Protocol):
    """What is kept of a link."""

    outcome: str
    status: int | None
    failing_days: int
    failing_since: date | None
    last_failed_on: date | None
    checked_at: datetime
    again_at: datetime


def note(record: Record, outcome: Outcome, *, now: datetime) -> None:
    """Add an outcome to what is kept. Failing twice on one day counts once; being refused changes no count."""
    today = now.astimezone(AMSTERDAM).date()
    if outcome.failed and record.last_failed_on != today:
        record.failing_days += 1
        record.failing_since, record.last_failed_on = record.failing_since or today, today
    elif outcome.code == GOOD:
        record.failing_days, record.failing_since, record.last_failed_on = 0, None, None
    record.outcome, record.status, record.checked_at = outcome.code, outcome.status, now
    soon = outcome.code != GOOD and record.failing_days < GIVES_UP_DAILY
    record.again_at = now + (AGAIN_WHEN_NOT if soon else AGAIN_WHEN_GOOD)
