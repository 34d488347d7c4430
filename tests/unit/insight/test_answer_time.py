"""Who still waits counts: else the slowest municipality looks the fastest."""

import pytest

from participation.insight.answer_time import Wait, answer_time


def test_when_all_are_answered_these_are_the_plain_numbers():
    found = answer_time([Wait(24 * day, True, 1) for day in range(1, 11)])
    assert (found.total, found.answered, found.median, found.slow) == (10, 10, 5.0, 9.0)
    assert found.within == {1: pytest.approx(0.1), 7: pytest.approx(0.7), 14: 1.0, 28: 1.0}


def test_who_still_waits_makes_it_longer():
    """The example: of six, three are answered after 1, 2 and 4 days; three wait since 2, 3 and 5 days.

    By hand: 1 - 5/6 = 1/6 after one day; 1 - 5/6 * 4/5 = 1/3 after two; 1 - 2/3 * 1/2 = 2/3 after four.
    """
    waits = [Wait(24 * days, True, 1) for days in (1, 2, 4)] + [Wait(24 * days, False, 1) for days in (2, 3, 5)]
    found = answer_time(waits)
    assert [(day, round(share, 6)) for day, share in found.curve] == [(1, 0.166667), (2, 0.333333), (4, 0.666667)]
    assert (found.median, found.slow) == (4.0, None)


def test_half_of_the_answered_is_not_half_of_all():
    found = answer_time([Wait(1, True, 10), Wait(240, False, 90)])
    assert (found.median, found.slow, found.within[7]) == (None, None, pytest.approx(0.1))


def test_what_came_in_yesterday_tells_nothing_of_a_week():
    assert answer_time([Wait(24, False, 5)]).within == {1: 0.0, 7: None, 14: None, 28: None}


def test_nothing_has_no_times():
    assert answer_time([]) is None
