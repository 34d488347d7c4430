"""Messages about campaigns leave by day, in Dutch time, and not on Sundays."""

from datetime import UTC, datetime

import pytest

from participation.campaigns.pacing import QuietHours


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(27, 8, 0), None),  # Friday, nine o'clock here
        (at(27, 7, 59), at(27, 8)),
        (at(27, 18, 59), None),
        (at(27, 19, 0), at(28, 8)),  # eight in the evening
        (at(28, 19, 30), at(30, 8)),  # Saturday evening: Sunday is passed over
        (at(29, 11, 0), at(30, 8)),
        (at(28, 23, 30), at(30, 8)),  # Sunday here, Saturday in Greenwich
        (at(24, 18, 30, month=10), at(26, 8, month=10)),  # in between the clock goes back
    ],
)
def test_the_evening_the_night_and_sundays_are_quiet(now: datetime, until: datetime | None) -> None:
    assert QuietHours().end(now) == until


def test_sundays_can_be_chosen() -> None:
    assert QuietHours(sundays=True).end(at(29, 11)) is None


def test_all_hours_can_be_chosen() -> None:
    always = QuietHours(since=24, until=0, sundays=True)
    assert [always.end(at(29, hour)) for hour in range(24)] == [None] * 24
