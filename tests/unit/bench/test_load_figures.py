"""The figures of a run under load: who comes when, what counts, and what the parts used."""

import itertools
import os
from pathlib import Path

import pytest

from bench.load.figures import figures
from bench.load.planning import TURNS, planned
from bench.load.processes import Use, between, cpu_seconds, share, spent, used
from bench.load.visiting import APOLOGY, BUSY, ERROR, GOOD, Outcome, _judged, how_answered, is_own


def outcome(at: float, took: float = 0.1, how: str = GOOD, *, mixed_up: bool = False, late: float = 0.0) -> Outcome:
    return Outcome(at, took, late, how, mixed_up)


def test_visitors_come_at_the_rate_that_was_asked_and_the_same_every_time() -> None:
    visits = planned(rate=20, seconds=600, seed=9)
    assert visits == planned(rate=20, seconds=600, seed=9)
    assert visits != planned(rate=20, seconds=600, seed=10)
    turns = [turn.at for visit in visits for turn in visit.turns if turn.at >= 0]
    assert len(turns) / 600 == pytest.approx(20, rel=0.05)
    starts = [visit.turns[0].at for visit in visits]
    gaps = [after - before for before, after in itertools.pairwise(starts)]
    mean = sum(gaps) / len(gaps)
    spread = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    assert spread == pytest.approx(mean, rel=0.1), "a Poisson process: as spread as it is long"
    assert max(turns) < 600


def test_each_visitor_has_an_address_and_words_of_their_own() -> None:
    visits = planned(rate=40, seconds=60, seed=1)
    whole = [visit for visit in visits if len(visit.turns) == TURNS]
    assert len({visit.address for visit in visits}) == len(visits)
    assert len({visit.turns[-1].mark for visit in whole}) == len(whole) > 100
    assert all(visit.turns[-1].mark in visit.turns[-1].text for visit in whole)


def test_time_counts_from_when_a_turn_was_meant_and_only_within_the_measurement() -> None:
    found = figures([outcome(-1, 9.0), *(outcome(at, 0.2) for at in range(10)), outcome(10, 9.0)], seconds=10)
    assert (found["turns"], found["turns_per_second"]) == (10, 1.0)
    assert (found["p50_ms"], found["p95_ms"], found["max_ms"]) == (200, 200, 200)


def test_what_is_answered_late_makes_the_rate_lower() -> None:
    assert figures([outcome(9, 11.0), outcome(0, 0.1)], seconds=10)["turns_per_second"] == 0.1


def test_what_is_not_answered_well_is_counted_and_is_no_answer() -> None:
    found = figures([outcome(1, how=how) for how in (GOOD, ERROR, ERROR, APOLOGY, BUSY)], seconds=10)
    assert (found["errors"], found["apologies"], found["busy"]) == (2, 1, 1)
    assert found["turns_per_second"] == 0.1


def test_nothing_measured_has_no_percentiles() -> None:
    found = figures([], seconds=10)
    assert (found["turns"], found["p95_ms"]) == (0, None)


def test_an_answer_is_ones_own_by_its_words() -> None:
    [first, _, _, last] = planned(rate=40, seconds=60, seed=1)[0].turns
    assert is_own(["De raad is ..."], first, {"De raad is ..."})
    assert not is_own(["Iets anders"], first, {"De raad is ..."})
    assert not is_own(["Bij de kenmerk0123456789"], first, set())
    assert is_own([f"Klopt dit? {last.mark}"], last, set())
    assert not is_own([f"{last.mark} en kenmerk0123456789"], last, set())


def test_after_a_turn_that_failed_another_answer_than_usual_is_no_mix_up() -> None:
    judged = _judged([outcome(0, mixed_up=True), outcome(1, how=APOLOGY), outcome(2, mixed_up=True)])
    assert [one.mixed_up for one in judged] == [True, False, False]


@pytest.mark.parametrize(
    ("messages", "how"),
    [
        ([{"soort": "antwoord", "tekst": "Ja"}], GOOD),
        ([{"soort": "fout", "tekst": "Sorry, er ging iets mis bij ons."}], APOLOGY),
        ([{"soort": "fout", "tekst": "Het is nu erg druk. Probeer"}], BUSY),
        ([], ERROR),
    ],
)
def test_an_apology_and_a_crowd_are_told_apart(messages: list[dict[str, str]], how: str) -> None:
    assert how_answered(messages) == how


LISTING = """\
  1   0  1024 00:00:01
 10   1 102400 00:01:30
 11  10 51200 1-01:00:00
 12  11 1024 0:02.50
 20   1 2048 00:00:09
"""


def test_a_part_is_its_processes_and_all_that_they_started() -> None:
    """Of memory that they share each has its part, where the system tells that: of 11 it does not."""
    shares = {10: 25.5, 12: 0.5, 20: 2.0}
    found = used({"database": [10], "web": [20], "gone": [99]}, LISTING, share=shares.get, spent={20: 7.25}.get)
    assert found == {
        "database": Use(25.5 + 50.0 + 0.5, 90 + 90_000 + 2.5),
        "web": Use(2.0, 7.25),
        "gone": Use(0, 0),
    }


def test_the_share_of_a_process_is_read_from_what_linux_tells(tmp_path: Path) -> None:
    (tmp_path / "10").mkdir()
    told = "55d0-7ffe ---p 00000000 00:00 0  [rollup]\nRss:  4096 kB\nPss:  1536 kB\nPss_Dirty:  12 kB\n"
    (tmp_path / "10" / "smaps_rollup").write_text(told)
    assert (share(10, proc=tmp_path), share(11, proc=tmp_path)) == (1.5, None)


def test_use_is_memory_at_the_end_and_processors_meanwhile() -> None:
    before, after = {"rasa": Use(900, 10)}, {"rasa": Use(910.4, 55), "new": Use(1, 1)}
    assert between(before, after, seconds=60) == {"rasa": {"mb": 910, "cpu": 0.75}}
    assert cpu_seconds("01:02:03") == 3723


def test_processor_time_is_also_that_of_children_that_ended(tmp_path: Path) -> None:
    (tmp_path / "20").mkdir()
    ticks = os.sysconf("SC_CLK_TCK")
    fields = ["S", *["0"] * 10, *(str(seconds * ticks) for seconds in (4, 3, 2, 1)), "20", "0"]
    (tmp_path / "20" / "stat").write_text(f"20 (postgres: bg) w) {' '.join(fields)}\n")
    assert spent(20, proc=tmp_path) == 10
    assert spent(21, proc=tmp_path) is None
