"""What is hidden can not be worked out, also not by somebody who knows the rule."""

from collections import defaultdict
from itertools import product

import pytest

from participation.insight.small_numbers import LEAST, guard, guard_total


def tables(size, limit):
    """All tables of this many numbers whose total is below the limit."""
    return (table for table in product(range(limit), repeat=size) if sum(table) < limit)


@pytest.mark.parametrize(("size", "limit"), [(2, 60), (3, 26), (4, 13)])
def test_a_small_number_can_still_be_anything_from_0_to_4_for_who_knows_the_rule(size, limit):
    """Tries every table: which of them look the same, and what can each number then be?"""
    looks_like = defaultdict(list)
    for table in tables(size, limit):
        seen = guard(dict(enumerate(table)))
        published = (tuple(sorted(seen.shown.items())), seen.small, seen.also_hidden, sum(table))
        looks_like[published].append(table)
    pinned = [
        (published, key)
        for published, possible in looks_like.items()
        for key in published[1] | published[2]
        # Of a total under five, which is not shown either, nothing has to be hidden.
        if published[3] >= LEAST and len({table[key] for table in possible}) == 1
    ]
    assert pinned == []


def test_without_small_numbers_everything_is_shown():
    seen = guard({"a": 5, "b": 90, "c": 12})
    assert (dict(seen.shown), seen.small, seen.also_hidden) == ({"a": 5, "b": 90, "c": 12}, frozenset(), frozenset())


def test_one_small_number_takes_the_smallest_others_with_it():
    seen = guard({"a": 3, "b": 90, "c": 12, "d": 60})
    assert (dict(seen.shown), seen.small, seen.also_hidden) == ({"b": 90, "d": 60}, {"a"}, {"c"})


def test_small_numbers_that_hide_each_other_leave_the_rest_alone():
    seen = guard({"a": 3, "b": 90, "c": 2, "d": 0, "e": 7})
    assert (dict(seen.shown), seen.small, seen.also_hidden) == ({"b": 90, "e": 7}, {"a", "c", "d"}, frozenset())


def test_what_can_not_be_hidden_among_others_is_hidden_altogether():
    seen = guard({"ja": 4, "nee": 4})
    assert (dict(seen.shown), seen.small, seen.also_hidden) == ({}, frozenset(), {"ja", "nee"})


@pytest.mark.parametrize(("number", "shown"), [(0, None), (4, None), (5, 5)])
def test_a_number_on_its_own(number, shown):
    assert guard_total(number) == shown
