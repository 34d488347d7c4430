from participation.campaigns.suppression import Table, mostly, shown

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
