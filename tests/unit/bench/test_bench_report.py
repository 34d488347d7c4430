"""What `bench nlu` tells: nothing is hidden when a contender fails, and a part is not taken for the whole."""

from pathlib import Path
from typing import Any

from bench.understanding import report
from bench.understanding.contenders import CONTENDERS
from bench.understanding.figures import Answer
from bench.understanding.running import ContenderFailed, ContenderMissing, Run
from nlu.components.evaluation import Line

DEFAULT, OURS, _, NODE = CONTENDERS
ROOT = Path("/home/user/samenspel")


def measured() -> dict[str, Any]:
    answers = [Answer(["vraag/a"], answered=True, milliseconds=12.345)]
    run = Run(61.234, 812.34, {"score": 0.5, "lead": 0.2}, ["the sentence encoder does not work here"], answers)
    return report.measured(OURS, [Line("vraag/a", None, "?")], run)


def failed() -> dict[str, Any]:
    folder = ROOT / "var" / "bench" / "nlu" / DEFAULT.name
    return report.failed(DEFAULT, ContenderFailed(f"no {folder}/model", log=folder / "train.log"), ROOT)


def missing() -> dict[str, Any]:
    return report.missing(NODE, ContenderMissing("needs node"))


def results(*entries: dict[str, Any], share: float = 1.0) -> dict[str, Any]:
    told = {"file": "set.tsv", "messages": 1, "labels": 96, "examples": 1200, "all_examples": 12000, "cores": 2}
    return {**told, "share": share, "contenders": list(entries)}


def test_the_entry_of_a_contender_that_answered() -> None:
    assert measured() == {
        "name": "samenspel",
        "title": "Samenspel (config.yml)",
        "outcome": "measured",
        "accuracy": 1.0,
        "top3": 1.0,
        "answered": 1.0,
        "wrong_answered": 0.0,
        "asked_back": 0.0,
        "p50_ms": 12.35,
        "p95_ms": 12.35,
        "train_seconds": 61.23,
        "memory_mb": 812.3,
        "threshold": {"score": 0.5, "lead": 0.2},
        "remarks": ["the sentence encoder does not work here"],
    }


def test_a_failure_says_what_and_where_without_naming_this_machine() -> None:
    assert failed() == {
        "name": "rasa-default",
        "title": DEFAULT.title,
        "outcome": "failed",
        "reason": "no var/bench/nlu/rasa-default/model",
        "log": "var/bench/nlu/rasa-default/train.log",
    }


def test_only_a_failure_makes_the_bench_fail() -> None:
    assert report.exit_code([measured(), missing()]) == 0
    assert report.exit_code([measured(), failed()]) == 1


def test_the_table_has_a_line_for_everyone() -> None:
    lines = report.table(results(measured(), failed(), missing())).splitlines()
    assert [line.split() for line in lines if line.startswith(OURS.title)] == [
        [*OURS.title.split(), "1.000", "1.000", "1.000", "0.000", "0.000", "61.2", "12.3", "12.3", "812"]
    ]
    assert f"{DEFAULT.title}  failed: no var/bench/nlu/rasa-default/model" in lines
    assert f"{NODE.title}         not measured: needs node" in lines


def test_the_notes_tell_each_threshold_and_what_was_amiss() -> None:
    assert report.table(results(measured(), failed(), missing())).splitlines()[-2:] == [
        "  Samenspel (config.yml): answers from score 0.5 and lead 0.2; the sentence encoder does not work here",
        f"  {DEFAULT.title}: its own words are in var/bench/nlu/rasa-default/train.log",
    ]


def test_a_part_is_not_taken_for_the_whole() -> None:
    warning = "ONLY A PART: 0.1 of the 12000 training examples. These figures say nothing about the whole."
    assert warning in report.table(results(measured(), share=0.1)).splitlines()
    assert warning not in report.table(results(measured())).splitlines()
