"""Periods of the calendar, and the days they are held against."""

from datetime import date

import pytest

from participation.insight.period import Comparison, Period, PeriodUnknown, Span

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("kind", "first", "last", "name"),
    [
        ("week", date(2026, 11, 23), date(2026, 11, 29), "week 48 van 2026"),
        ("maand", date(2026, 11, 1), date(2026, 11, 30), "november 2026"),
        ("kwartaal", date(2026, 10, 1), date(2026, 12, 31), "het vierde kwartaal van 2026"),
        ("jaar", date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_the_period_around_a_day(kind, first, last, name):
    found = Period.around(kind, TODAY)
    assert (found.first, found.last, found.name) == (first, last, name)
    assert (found.before().last, found.after().first) == (
        date.fromordinal(first.toordinal() - 1),
        date.fromordinal(last.toordinal() + 1),
    )


def test_a_week_belongs_to_the_year_of_its_thursday():
    assert Period.around("week", date(2027, 1, 1)).name == "week 53 van 2026"


def test_own_dates_count_both_ends():
    found = Period.own(date(2026, 11, 1), date(2026, 11, 10))
    assert (found.span.days, found.before().first, found.before().last) == (10, date(2026, 10, 22), date(2026, 10, 31))


def test_a_period_that_lasts_is_held_against_as_many_days():
    found = Comparison.of(Period.around("maand", TODAY), TODAY)
    assert found.now == Span(date(2026, 11, 1), date(2026, 11, 24))
    assert found.before == Span(date(2026, 10, 1), date(2026, 10, 24))
    assert found.usual == Span(date(2026, 7, 1), date(2026, 11, 1))


def test_the_last_days_of_a_long_month_are_held_against_all_of_a_short_one():
    found = Comparison.of(Period.around("maand", date(2027, 3, 30)), date(2027, 3, 30))
    assert (found.now.days, found.before) == (30, Span(date(2027, 2, 1), date(2027, 3, 1)))


def test_a_period_that_is_over_is_held_against_all_of_the_one_before():
    found = Comparison.of(Period.around("kwartaal", date(2026, 8, 1)), TODAY)
    assert (found.now, found.before) == (
        Span(date(2026, 7, 1), date(2026, 10, 1)),
        Span(date(2026, 4, 1), date(2026, 7, 1)),
    )


def test_what_has_not_begun_or_is_no_period_is_none():
    for ask in (
        lambda: Comparison.of(Period.around("maand", date(2026, 12, 1)), TODAY),
        lambda: Comparison.of(Period.around("jaar", date(1, 5, 1)), TODAY),
        lambda: Period.around("eeuw", TODAY),
        lambda: Period.own(date(2026, 2, 2), date(2026, 2, 1)),
        lambda: Period.own(date(2020, 1, 1), date(2026, 1, 1)),
    ):
        with pytest.raises(PeriodUnknown):
            ask()
