"""The page on capacity says what was measured and what follows from it, and nothing that was typed by hand."""

from dataclasses import replace
from typing import Any

import pytest

from bench.capacity.__main__ import PAGE, RUNS
from bench.capacity.model import FULL, Need, Place, cost_of_a_turn, machines, need, of_one_replica, went_well
from bench.capacity.page import BEGIN, END, runs_in, with_figures
from participation.database.connections import MOST

RUN: dict[str, Any] = {
    "measured_at": "2026-11-27",
    "rate": 15.0,
    "replicas": 1,
    "cores": 2,
    "turns_per_second": 14.9,
    "p50_ms": 210.5,
    "p95_ms": 640.0,
    "p99_ms": 1234.5,
    **dict.fromkeys(("errors", "apologies", "busy", "lost", "doubled", "mixed_up"), 0),
    "processes": {"rasa": {"mb": 905, "cpu": 0.75}, "web": {"mb": 310, "cpu": 0.3}},
}


def test_the_page_is_what_the_program_makes_of_the_measurements() -> None:
    """When this fails: ./samenspel bench capacity."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_figures(page, runs_in(RUNS.read_text(encoding="utf-8")))


def test_a_run_stands_on_the_page_as_people_write_numbers() -> None:
    page = with_figures(f"voor\n{BEGIN} oud {END}\nna", [RUN])
    assert page.startswith(f"voor\n{BEGIN}\n\n### Aannames")
    assert page.endswith(f"{END}\nna")
    cells = "2026-11-27 | 2 | 1 | 15 | 14,9 | 210,5 | 640 | 1.234,5 | 0 | 0 | 905 | 310 | 0,75 | 0,3 | - | - | - | ja"
    assert f"| {cells} |" in page
    assert "één Rasa beantwoordt 14,9 beurten per seconde" in page
    assert " oud " not in page


def test_a_page_without_the_place_is_refused() -> None:
    with pytest.raises(ValueError, match="the page has no"):
        with_figures("niets", [])


def test_what_comes_in_follows_from_the_residents() -> None:
    """100,000 residents: 81,000 adults, 810 of them in the hour, four turns each."""
    found = need(Place("Voorbeeld", 100_000))
    assert found.visitors == pytest.approx(810)
    assert found.turns_per_second == pytest.approx(0.9)
    assert found.at_peak == pytest.approx(2.7)
    assert found.open_chats == pytest.approx(810 / 60 * 3 * 5)
    assert (found.replicas(2.7 / FULL), found.replicas(2.6 / FULL)) == (2, 3)


def test_what_it_takes_follows_from_what_a_turn_takes() -> None:
    """A turn takes 50 ms of Rasa, 40 of web, 20 of actions and 10 of the database; 0.7 of each core is planned on."""
    parts = {"rasa": (900, 0.5), "web": (400, 0.4), "actions": (450, 0.2), "database": (999, 0.1), "worker": (300, 0.1)}
    run = {
        **RUN,
        "turns_per_second": 10.0,
        "processes": {name: {"mb": mb, "cpu": cpu} for name, (mb, cpu) in parts.items()},
    }
    cost = cost_of_a_turn([RUN, run, {**run, "busy": 1, "turns_per_second": 1.0}])
    assert cost is not None
    assert cost.seconds == pytest.approx({"rasa": 0.05, "web": 0.04, "actions": 0.02, "database": 0.01})
    evening = Need(Place("Voorbeeld", 1), visitors=1, turns_per_second=1, at_peak=69, open_chats=9_000)
    found = machines(evening, cost, None)
    assert (found.rasas, found.webs, found.actions, found.cores) == (6, 6, 3, 12)
    assert (found.of_database, found.gigabytes) == pytest.approx((0.69, (6 * 900 + 6 * 400 + 3 * 450 + 2 * 300) / 1024))
    assert found.connections == 6 * MOST["rasa"] + 6 * MOST["web"] + 3 * MOST["actions"] + 2 * MOST["worker"]
    assert machines(evening, cost, of_one=20.0).rasas == 6
    assert machines(replace(evening, at_peak=1), cost, None).webs == 6, "for the open chats"
    assert cost_of_a_turn([RUN]) is None


@pytest.mark.parametrize(
    "fault", [{"errors": 1}, {"busy": 1}, {"lost": 1}, {"mixed_up": 1}, {"p95_ms": 801.0}, {"p95_ms": None}]
)
def test_a_run_with_a_fault_does_not_count(fault: dict[str, Any]) -> None:
    assert went_well(RUN)
    assert not went_well({**RUN, **fault})
    assert of_one_replica([RUN, {**RUN, "turns_per_second": 40.0, **fault}]) == 14.9


def test_what_one_replica_can_is_not_read_from_two() -> None:
    assert of_one_replica([{**RUN, "replicas": 2}]) is None
