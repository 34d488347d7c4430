"""The trained model understands people it has not met. Floors lie a little under what was measured."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from launcher.models import concern_model
from nlu.components import concern_evaluation, evaluation
from participation.language.concerns import ConcernModel
from tests.nlu.conftest import ROOT

SETS = ("ontwikkelset", "toetsset")
MOST_MS = 300
ELSEWHERE = {"buiten_bereik", "dienst_gemeente", "andere_overheid", "melding_openbare_ruimte"}


@pytest.fixture(scope="session", params=SETS)
def lines(request: pytest.FixtureRequest) -> list[evaluation.Line]:
    return evaluation.read(ROOT / "tests" / "nlu" / f"{request.param}.tsv")


@pytest.fixture(scope="session")
def outcomes(model: Path, lines: list[evaluation.Line]) -> list[evaluation.Outcome]:
    return asyncio.run(evaluation.understand(model, [line.text for line in lines]))


@pytest.fixture(scope="session")
def figures(lines: list[evaluation.Line], outcomes: list[evaluation.Outcome]) -> dict[str, Any]:
    return evaluation.measure(lines, outcomes)


def test_accuracy_does_not_fall(figures: dict[str, Any]) -> None:
    assert figures["lines"] >= 499
    assert figures["accuracy"] >= 0.93
    assert figures["top3"] >= 0.98
    assert figures["wrong_answered"] <= 0.045
    assert figures["asked_back"] <= 0.08


def test_no_kind_of_writer_is_left_behind(figures: dict[str, Any]) -> None:
    assert len(figures["per_type"]) == 15
    assert {kind: one["accuracy"] for kind, one in figures["per_type"].items() if one["accuracy"] < 0.80} == {}


def test_danger_and_voting_advice_are_recognised(figures: dict[str, Any]) -> None:
    least = {"noodgeval": 0.9, "persoonlijke_nood": 0.9, "stemadvies": 0.9}
    recall = {label: figures["per_label"][label]["recall"] for label in least}
    assert {label: recall[label] for label in least if recall[label] < least[label]} == {}


def test_what_belongs_elsewhere_is_rarely_answered_as_a_question_about_democracy(
    lines: list[evaluation.Line], outcomes: list[evaluation.Outcome], examples: dict[str, list[str]]
) -> None:
    questions = {evaluation.plain(label) for label in examples if label.startswith("vraag/")}
    answered = [
        outcome.answered and outcome.ranking[0] in questions
        for line, outcome in zip(lines, outcomes, strict=True)
        if line.label in ELSEWHERE
    ]
    assert len(answered) >= 60
    assert sum(answered) / len(answered) <= 0.05


def test_kind_and_theme_of_contributions_are_proposed(model: Path) -> None:
    concerns = ConcernModel.load(concern_model(model))
    figures = concern_evaluation.measure(concerns, concern_evaluation.read(ROOT / "tests" / "nlu" / "inbreng.tsv"))
    assert figures["lines"] == figures["theme_lines"] == 368
    assert figures["kind_accuracy"] >= 0.85
    assert figures["theme_top1"] >= 0.79
    assert figures["theme_top3"] >= 0.91


def test_kind_and_theme_are_proposed_for_contributions_that_nothing_was_chosen_on(model: Path) -> None:
    concerns = ConcernModel.load(concern_model(model))
    figures = concern_evaluation.measure(
        concerns, concern_evaluation.read(ROOT / "tests" / "nlu" / "inbreng_toets.tsv")
    )
    assert figures["lines"] == figures["theme_lines"] == 220
    assert figures["kind_accuracy"] >= 0.82
    assert figures["theme_top1"] >= 0.74
    assert figures["theme_top3"] >= 0.87


@pytest.mark.parametrize(("name", "right", "imagined"), [("strikken", 0.92, 0.02), ("toets", 0.93, 0.05)])
def test_places_in_other_sets_do_not_get_worse(name: str, right: float, imagined: float) -> None:
    """Below what is wanted (.97 and .01): these are held where they are."""
    places = evaluation.measure_places(evaluation.read(ROOT / "tests" / "nlu" / f"gemeenten_{name}.tsv"))
    assert places["exact_set"] >= right
    assert places["false_municipality"] <= imagined


def test_places_are_found_and_not_imagined() -> None:
    places = evaluation.measure_places(evaluation.read(ROOT / "tests" / "nlu" / "gemeenten.tsv"))
    assert places["exact_set"] >= 0.97
    assert places["false_municipality"] <= 0.01


def test_messages_are_understood_in_time(
    model: Path, lines: list[evaluation.Line], outcomes: list[evaluation.Outcome], figures: dict[str, Any]
) -> None:
    """Wanted are 30, 70 and 120 ms of the processor; a machine with much else to do takes more than twice as many.

    What took longest is tried once more: whatever else the process did at that moment counts too.
    """
    most = {"p50": 60, "p95": 180}
    assert {name: took for name in most if (took := figures["processor_ms"][name]) > most[name]} == {}
    slow = [line.text for line, one in zip(lines, outcomes, strict=True) if one.milliseconds > MOST_MS]
    again = asyncio.run(evaluation.understand(model, slow)) if slow else []
    assert [one.milliseconds for one in again if one.milliseconds > MOST_MS] == []


def test_no_message_takes_much_longer_than_a_story(model: Path) -> None:
    """Whatever somebody pastes or leans on. The letters are other ones, as repeated ones are taken out first."""
    told = "dit is een heel lang verhaal over onze straat"
    long = {
        "a story": " ".join([told] * 12),
        "an endless story": " ".join([told] * 200),
        "no spaces": "".join(chr(ord("a") + number * 7 % 26) for number in range(20_000)),
        "another script": "".join(chr(0x4E00 + number) for number in range(10_000)),
        "pictures": "".join(chr(0x1F300 + number % 500) for number in range(5_000)),
        "letters": " ".join(chr(ord("a") + number * 7 % 26) for number in range(5_000)),
        "long words": " ".join(f"gemeenteraadsverkiezing{chr(97 + number % 26)}kandidaat" for number in range(400)),
    }
    rounds = 3
    outcomes = asyncio.run(evaluation.understand(model, [*long.values()] * rounds))
    took = {name: min(outcome.milliseconds for outcome in outcomes[at :: len(long)]) for at, name in enumerate(long)}
    assert {name: milliseconds for name, milliseconds in took.items() if milliseconds > 3 * took["a story"]} == {}
