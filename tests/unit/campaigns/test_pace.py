from datetime import UTC, datetime, timedelta

from participation.campaigns.pace import Mark, next_marks

START = datetime(2026, 11, 1, tzinfo=UTC)


def at(*minutes: int) -> list[datetime]:
    return [START + timedelta(minutes=one) for one in minutes]


def mark(minute: int, people: int) -> Mark:
    return Mark(at(minute)[0], people)


def test_nothing_is_counted_of_fewer_than_ten_people():
    assert next_marks({"GM0344": at(*range(9))}, {}) is None


def test_the_last_five_wait():
    assert next_marks({"GM0344": at(*range(10))}, {}) == {"GM0344": mark(4, 5)}


def test_the_next_count_waits_for_five_more():
    before = {"GM0344": mark(4, 5)}
    assert next_marks({"GM0344": at(*range(14))}, before) is None
    assert next_marks({"GM0344": at(*range(15))}, before) == {"GM0344": mark(9, 10)}


def test_a_municipality_in_which_little_happens_is_counted_as_before():
    before = {"GM0344": mark(4, 5), "GM0307": mark(4, 5)}
    after = {"GM0344": at(*range(15)), "GM0307": at(*range(12))}
    assert next_marks(after, before) == {"GM0344": mark(9, 10), "GM0307": mark(4, 5)}


def test_one_changed_answer_waits_until_others_hide_it():
    """Who was first of those that were counted did something again."""
    before = {"GM0344": mark(4, 5), "GM0307": mark(4, 5)}
    changed = at(*range(1, 10), 11)
    assert next_marks({"GM0344": changed, "GM0307": at(*range(20))}, before) is None
    assert next_marks({"GM0344": at(*range(1, 10), *range(11, 16)), "GM0307": at(*range(10))}, before) == {
        "GM0344": mark(9, 9),
        "GM0307": mark(4, 5),
    }


def test_five_that_are_set_aside_together_are_taken_out_at_once():
    before = {"GM0344": mark(9, 10)}
    assert next_marks({"GM0344": at(*range(5, 15))}, before) == {"GM0344": mark(9, 5)}
