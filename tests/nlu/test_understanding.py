"""The trained model understands people it has not met. Floors lie a little under what was measured."""

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

import pytest

from nlu.components import evaluation
from tests.nlu.conftest import ROOT


@pytest.fixture(scope="session")
def figures(model: Path) -> dict[str, Any]:
    lines = evaluation.read(ROOT / "tests" / "nlu" / "ontwikkelset.tsv")
    return evaluation.measure(lines, asyncio.run(evaluation.understand(model, [line.text for line in lines])))


def test_accuracy_on_the_development_set_does_not_fall(figures: dict[str, Any]) -> None:
    assert figures["lines"] > 700
    assert figures["accuracy"] >= 0.87
    assert figures["top3"] >= 0.95
    assert figures["wrong_answered"] <= 0.06


def test_no_kind_of_writer_is_left_behind(figures: dict[str, Any]) -> None:
    assert {kind: one["accuracy"] for kind, one in figures["per_type"].items() if one["accuracy"] < 0.74} == {}


def test_danger_is_recognised(figures: dict[str, Any]) -> None:
    recall = {label: figures["per_label"][label]["recall"] for label in ("noodgeval", "persoonlijke_nood")}
    assert recall == {"noodgeval": 1.0, "persoonlijke_nood": 1.0}


def test_places_are_found_and_not_imagined() -> None:
    places = evaluation.measure_places(evaluation.read(ROOT / "tests" / "nlu" / "gemeenten.tsv"))
    assert places["exact_set"] >= 0.97
    assert places["false_municipality"] <= 0.01


def test_a_message_is_understood_in_time(model: Path) -> None:
    """Measured with room for a busy machine; docs/adr/0004 has the figures of a quiet one."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    async def seconds(text: str) -> float:
        started = time.perf_counter()
        await agent.parse_message(text)
        return time.perf_counter() - started

    async def run() -> dict[str, float]:
        await seconds("even warm worden")
        short = [await seconds("wanneer vergadert de gemeenteraad van Zwolle ook alweer") for _ in range(30)]
        long = await seconds(" ".join(["dit is een heel lang verhaal over onze straat"] * 40))
        return {"median": statistics.median(short), "long": long}

    taken = asyncio.run(run())
    assert taken["median"] < 0.15
    assert taken["long"] < 1.0
