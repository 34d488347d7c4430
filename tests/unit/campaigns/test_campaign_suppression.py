from participation.campaigns.suppression import TOTAL, Table, mostly, shown, shown_together

COLUMNS = ("eens", "oneens", "weet_niet")


def row(agree: int, disagree: int, unsure: int) -> dict[str, int]:
    return dict(zip(COLUMNS, (agree, disagree, unsure), strict=True))


def test_large_numbers_are_all_shown():
    rows = {"GM0344": row(40, 20, 15), "GM0307": row(30, 12, 14)}
    assert shown(Table(COLUMNS, rows, {}), fewest=10)["alle"] == {
        "eens": 70,
        "oneens": 32,
        "weet_niet": 29,
        "totaal": 131,
    }


def test_a_small_number_takes_others_along_in_its_row_and_in_another_municipality():
    rows = {"GM0344": row(40, 20, 15), "GM0307": row(30, 3, 14)}
    found = shown(Table(COLUMNS, rows, {}), fewest=10)
    assert found["GM0307"]["oneens"] is None
    assert sum(number is None for number in found["GM0307"].values()) > 1
    assert None in (found["GM0344"]["oneens"], found["alle"]["oneens"])


def test_a_small_number_of_a_group_can_not_be_found_from_the_total_and_the_other_group():
    rows = {"GM0344": row(60, 40, 20)}
    groups = {"A": row(50, 4, 10), "B": row(10, 36, 10)}
    found = shown(Table(COLUMNS, rows, groups), fewest=10)
    assert found["A"]["oneens"] is None
    assert None in (found["B"]["oneens"], found["alle"]["oneens"], found["GM0344"]["oneens"])


def test_a_total_that_is_hidden_for_one_way_of_dividing_people_is_hidden_for_the_other():
    """Alone the ends would tell the totals, and with nobody older in Amersfoort how many there are young."""
    ends = {"GM0344": {"klaar": 26, "bezig": 8}, "GM0307": {"klaar": 32, "bezig": 14}}
    ages = {"GM0344": {"jong": 7, "oud": 27}, "GM0307": {"jong": 46, "oud": 0}}
    tables = [Table(("klaar", "bezig"), ends, {}), Table(("jong", "oud"), ages, {})]
    assert [shown(table, fewest=10)["GM0307"][TOTAL] for table in tables] == [46, None]
    assert [found["GM0307"][TOTAL] for found in shown_together(tables, fewest=10)] == [None, None]


def test_nobody_is_told_as_nobody():
    assert shown(Table(COLUMNS, {"GM0344": row(30, 0, 12)}, {}), fewest=10)["GM0344"] == {
        "eens": 30,
        "oneens": 0,
        "weet_niet": 12,
        "totaal": 42,
    }


def test_nearly_all_is_said_only_where_the_others_may_be_as_many_as_a_number_has_to_be_of():
    assert mostly(row(190, 4, 6), fewest=10) == ("eens", "bijna_iedereen")
    assert mostly(row(47, 1, 2), fewest=10) == ("eens", "de_meesten")
    assert mostly(row(18, 1, 1), fewest=10) is None
    assert mostly(row(60, 50, 3), fewest=10) is None
