"""When a link counts as failing, and when somebody looks at it again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from participation.links.outcomes import FAILING_DAYS, GOOD, Outcome, note, of_status

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
GONE, REFUSED, FINE = of_status(404), of_status(403), of_status(200)


@dataclass
class Record:
    outcome: str = GOOD
    status: int | None = None
    failing_days: int = 0
    failing_since: date | None = None
    last_failed_on: date | None = None
    checked_at: datetime = MORNING
    again_at: datetime = MORNING


def after(*outcomes: tuple[int, Outcome]) -> Record:
    """What is kept after an outcome so many hours after the morning."""
    record = Record()
    for hours, outcome in outcomes:
        note(record, outcome, now=MORNING + timedelta(hours=hours))
    return record


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *((status, "goed") for status in (200, 204, 304)),
        *((status, "foutmelding") for status in (400, 404, 410, 500, 502)),
        *((status, "geweigerd") for status in (401, 403, 429, 503)),
    ],
)
def test_what_a_status_code_says(status: int, code: str) -> None:
    assert of_status(status) == Outcome(code, status)


def test_failing_all_day_counts_as_one_day() -> None:
    record = after(*((hour, GONE) for hour in range(12)))
    assert (record.failing_days, record.failing_since) == (1, date(2026, 11, 23))


def test_days_are_dutch_days() -> None:
    """23.30 and 0.30 hours in Amsterdam are 22.30 and 23.30 UTC of one day."""
    record = after((13, GONE), (14, GONE))
    assert (record.failing_days, record.last_failed_on) == (2, date(2026, 11, 24))


def test_failing_on_enough_days_since_the_first() -> None:
    record = after(*((24 * day, GONE) for day in range(FAILING_DAYS)))
    assert (record.failing_days, record.failing_since) == (FAILING_DAYS, date(2026, 11, 23))


def test_one_success_begins_anew_and_a_refusal_changes_no_count() -> None:
    assert after((0, GONE), (24, FINE), (48, GONE)).failing_days == 1
    record = after((0, GONE), (24, REFUSED), (48, GONE))
    assert (record.failing_days, record.failing_since) == (2, date(2026, 11, 23))
    assert after((0, REFUSED), (24, REFUSED), (48, REFUSED)).failing_days == 0


def test_what_works_is_looked_at_weekly_what_fails_daily_and_what_keeps_failing_weekly_again() -> None:
    waits = [
        (record.again_at - record.checked_at).days
        for record in (
            after((0, FINE)),
            after((0, REFUSED)),
            after((0, GONE)),
            after(*((24 * day, GONE) for day in range(9))),
            after(*((24 * day, GONE) for day in range(10))),
        )
    ]
    assert waits == [7, 1, 1, 1, 7]
