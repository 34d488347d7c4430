"""What who only reads sees of a quarter is the same on its own page and beside the quarter after it."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import permutations
from random import Random

import pytest

from participation.insight import overview
from participation.insight.counting import BEFORE, NOW, Counted
from participation.insight.overview import REST, Amount, View
from participation.insight.period import QUARTER, Comparison, Period

TODAY = date(2026, 11, 23)
THEMES = ("wonen", "verkeer", "groen", None)


def quarter_of(day, *, exact=False):
    comparison = Comparison.of(Period.around(QUARTER, day), TODAY)
    return View("GM0344", comparison, datetime(2026, 11, 23, 12, tzinfo=UTC), exact)


SPRING, SUMMER = quarter_of(date(2026, 5, 1)), quarter_of(date(2026, 8, 1))


class Place(str):
    """A name of which we choose the hash, which is another in each process."""

    def __new__(cls, name, number):
        made = super().__new__(cls, name)
        made.number = number
        return made

    def __hash__(self):
        return self.number

    def __eq__(self, other):
        return str.__eq__(self, other)


def hidden(lines):
    return {line.key for line in lines if line.now.number is None}


@pytest.mark.parametrize("many", [{"open_ended": True}, {"always": [None]}])
def test_which_of_equal_numbers_is_hidden_does_not_depend_on_the_process(many):
    names, seen = ("Lunetten", "Ondiep", "Zuilen"), set()
    for hashes in permutations((1, 2, 3)):
        places = [Place(name, number) for name, number in zip(names, hashes, strict=True)]
        for order in permutations(places):
            counts = {NOW: Counter(dict.fromkeys(order, 9))}
            seen.add(frozenset(map(str, hidden(overview.lines(counts, SUMMER, **many)))))
    assert len(seen) == 1
    assert len(next(iter(seen)) & set(names)) == 1


@pytest.mark.parametrize("many", [{"open_ended": True}, {"always": THEMES}])
def test_beside_the_next_quarter_a_quarter_shows_what_its_own_page_does(many):
    random = Random(4)  # noqa: S311  numbers to try, no secret
    keys, differ = ("wonen", "verkeer", "groen", "sport", None), 0
    for _ in range(300):
        spring, summer = (Counter({key: random.randrange(12) for key in keys}) for _ in range(2))
        own = {line.key: line.now for line in overview.lines({NOW: +spring}, SPRING, **many)}
        beside = {line.key: line.before for line in overview.lines({NOW: +summer, BEFORE: +spring}, SUMMER, **many)}
        assert beside == {key: own.get(key, Amount(None)) for key in beside}
        differ += own.keys() != beside.keys()
    assert differ > 30


def test_steps_beside_the_next_quarter_are_those_of_its_own_page():
    """The second quarter has thirteen steps of seven days and the third has fourteen."""
    steps = Counter(dict.fromkeys(range(13), 9) | {3: 1})
    own = [line.now for line in overview.over_time(Counted(step={NOW: steps}), SPRING)]
    beside = [line.before for line in overview.over_time(Counted(step={BEFORE: steps}), SUMMER)]
    assert (len(own), beside) == (13, [*own, Amount(None)])


def test_the_rest_is_of_other_places_each_time_and_has_no_change():
    counts = {NOW: Counter({"a": 9, "b": 4, "c": 4}), BEFORE: Counter({"a": 4, "b": 4, "c": 9})}
    found = {line.key: line for line in overview.lines(counts, SUMMER, open_ended=True)}
    assert (found["a"].before, found["a"].change) == (Amount(None), None)
    assert "c" not in found
    assert found[REST].change is None


def test_the_griffie_sees_each_place_now_and_before():
    counts = {NOW: Counter({"a": 9, "b": 1}), BEFORE: Counter({"c": 2, "b": 3})}
    lines = overview.lines(counts, quarter_of(date(2026, 8, 1), exact=True), open_ended=True)
    assert [(line.key, line.now.number, line.before.number, line.change) for line in lines] == [
        ("a", 9, 0, 9), ("b", 1, 3, -2), ("c", 0, 2, -2),
    ]  # fmt: skip
