"""What rises is more than chance, and enough to speak of."""

from random import Random

import pytest

from participation.insight.rising import rises


def test_what_comes_far_more_often_than_before_is_told_with_what_was_usual():
    (found,) = rises({"a": 12, "b": 3}, {"a": 12, "b": 12}, days=30, usual_days=120)
    assert (found.key, found.now, found.expected) == ("a", 12, 3.0)


@pytest.mark.parametrize(
    ("now", "usual"),
    [
        (4, 0),  # nothing before, and still too few
        (6, 12),  # twice as often as usual, which chance does easily
        (1300, 4000),  # certain, and no more than a third above usual
        (0, 0),
    ],
)
def test_what_is_few_or_chance_or_little_more_is_not_told(now, usual):
    assert rises({"a": now}, {"a": usual}, days=30, usual_days=120) == []


def test_the_same_number_tells_less_among_many_that_are_looked_at():
    many = {f"andere {number}": 4 for number in range(60)}
    usual = dict.fromkeys(many, 16)
    assert [one.key for one in rises({"a": 9}, {"a": 12}, days=30, usual_days=120)] == ["a"]
    assert rises({"a": 9} | many, {"a": 12} | usual, days=30, usual_days=120) == []


def test_in_a_world_where_nothing_changes_almost_nothing_is_told():
    """Two hundred periods of thirty themes with one rate each: in at most one of twenty anything is told.

    That is ten; up to seventeen is chance, in 99 of 100 such worlds.
    """
    chance = Random(7)  # noqa: S311  the same world each time
    false = 0
    for _ in range(200):
        usual, now = {}, {}
        for theme in range(30):
            draws = chance.choices((True, False), weights=(1, 4), k=25 * (1 + theme % 5))
            now[theme], usual[theme] = draws.count(True), draws.count(False)
        false += bool(rises(now, usual, days=30, usual_days=120))
    assert false <= 17


def test_without_time_there_is_nothing_to_compare():
    assert rises({"a": 9}, {}, days=30, usual_days=0) == []
    assert rises({}, {}, days=30, usual_days=120) == []
