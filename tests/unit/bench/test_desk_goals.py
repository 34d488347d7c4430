"""Each part of the desk is held to its own goal, and what was not measured is not met."""

from bench.desk.__main__ import met

QUICK = {name: {"p50_ms": 50.0, "p95_ms": 80.0} for name in ("list", "filter", "search")} | {
    "first_paint_ms": {"median": 400.0, "slowest": 600.0},
    "report": {"all_s": 4.4, "progress": [0, 14, 35, 70, 90]},
}


def missed(**changed: object) -> set[str]:
    return {name for name, is_met in met(QUICK | changed).items() if not is_met}


def test_one_slow_part_is_not_hidden_by_the_others() -> None:
    assert missed() == set()
    assert missed(search={"p50_ms": 50.0, "p95_ms": 201.0}) == {"search"}
    assert missed(first_paint_ms={"median": 400.0, "slowest": 1100.0}) == {"first_paint"}


def test_a_paint_without_a_browser_is_not_met() -> None:
    assert missed(first_paint_ms=None) == {"first_paint"}


def test_a_report_has_to_be_made_in_time_and_to_tell_how_far_it_is() -> None:
    assert missed(report={"all_s": 10.0, "progress": [0, 14, 35, 70, 90]}) == {"report"}
    assert missed(report={"all_s": 4.4, "progress": [0, 100]}) == {"report"}
