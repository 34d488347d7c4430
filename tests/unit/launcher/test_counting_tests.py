"""The counts of a layer: nothing that was skipped, broke off or never ran may look like success."""

import json
from pathlib import Path

import pytest

from launcher.outcome import Counts, Outcome, count_stories, from_junit, from_rasa_report, judged, total
from launcher.testing import chosen


def junit(path: Path, **numbers: int) -> Path:
    attributes = " ".join(f'{name}="{number}"' for name, number in numbers.items())
    path.write_text(f'<?xml version="1.0"?><testsuites><testsuite name="pytest" {attributes}/></testsuites>')
    return path


def test_junit_counts_errors_as_failures(tmp_path: Path) -> None:
    report = junit(tmp_path / "unit.xml", tests=10, failures=2, errors=1, skipped=3)
    assert from_junit(report) == Counts(passed=4, failed=3, skipped=3)


@pytest.mark.parametrize("text", [None, "<testsuites"])
def test_a_report_that_is_missing_or_broken_counts_nothing(tmp_path: Path, text: str | None) -> None:
    report = tmp_path / "unit.xml"
    if text is not None:
        report.write_text(text)
    assert from_junit(report) == Counts()


@pytest.mark.parametrize(
    ("counts", "code", "expected"),
    [
        (Counts(passed=3), 0, (Counts(passed=3), "")),
        (Counts(passed=3, failed=1), 1, (Counts(passed=3, failed=1), "")),
        (Counts(), 0, (Counts(failed=1), "no test ran")),
        (Counts(skipped=4), 0, (Counts(failed=1, skipped=4), "no test ran")),
        (Counts(passed=3), 3, (Counts(passed=3, failed=1), "the run itself failed with exit code 3")),
    ],
)
def test_a_run_that_tested_nothing_or_broke_off_is_a_failure(
    counts: Counts, code: int, expected: tuple[Counts, str]
) -> None:
    assert judged(counts, code) == expected


def test_rasa_stories_that_were_left_out_count_as_failed(tmp_path: Path) -> None:
    report = tmp_path / "story_report.json"
    report.write_text(json.dumps({"conversation_accuracy": {"accuracy": 0.8, "correct": 8, "total": 10}}))
    assert from_rasa_report(report, written=10) == Counts(passed=8, failed=2)
    assert from_rasa_report(report, written=12) == Counts(passed=8, failed=4)
    assert from_rasa_report(tmp_path / "none.json", written=12) == Counts()


def test_stories_are_counted_over_all_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "test_raad.yml").write_text("stories:\n- story: een\n  steps: []\n- story: twee\n")
    (tmp_path / "a" / "test_meedoen.yml").write_text("stories:\n  - story: drie\n")
    assert count_stories(tmp_path) == 3


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (Counts(passed=123), "unit: 123 passed in 4.2 s"),
        (Counts(passed=120, failed=3, skipped=2), "unit: 120 passed, 3 failed, 2 skipped in 4.2 s"),
    ],
)
def test_the_line_of_a_layer(counts: Counts, expected: str) -> None:
    assert Outcome("unit", counts, 4.21).line() == expected


def test_the_closing_line_sums_the_layers() -> None:
    outcomes = [Outcome("unit", Counts(passed=3), 1), Outcome("e2e", Counts(passed=2, failed=1), 1)]
    assert str(total(outcomes)) == "5 passed, 1 failed"
    assert str(total([*outcomes, Outcome("nlu", Counts(passed=1, skipped=2), 1)])) == "6 passed, 1 failed, 2 skipped"


def test_which_layers_run() -> None:
    assert chosen(None, fast=False) == ("checks", "unit", "integration", "nlu", "dialogue", "e2e", "browser")
    assert chosen(None, fast=True) == ("checks", "unit", "integration")
    assert chosen("nlu", fast=False) == ("nlu",)
