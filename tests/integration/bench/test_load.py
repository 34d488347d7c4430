"""The measurement of load tells what happened: against a real web process, and a double of Rasa that fails as asked."""

import os
from typing import Any

import pytest

from bench.load import planning, processes
from bench.load.__main__ import NotReady, measure
from bench.load.planning import BEGIN, planned
from tests.integration.bench.conftest import well
from tests.integration.bot.conftest import Behaviour, RasaDouble, always, said

SECONDS, RATE = 1.5, 12.0


@pytest.fixture(autouse=True)
def quick_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "LEAST_PAUSE", 0.1)
    monkeypatch.setattr(planning, "MORE_PAUSE", 0.05)


def mixing_up() -> Behaviour:
    """Say to each who has words of their own what the one before them said."""
    before: list[str] = ["Bij de kenmerk0000000000 is iets."]

    async def answer(turn: dict[str, Any]) -> tuple[int, bytes]:
        if "kenmerk" not in turn["tekst"]:
            return await well(turn)
        before.append(turn["tekst"])
        return 200, said(before[-2])

    return answer


def failing() -> Behaviour:
    async def answer(turn: dict[str, Any]) -> tuple[int, bytes]:
        return (500, b"") if "kenmerk" in turn["tekst"] else await well(turn)

    return answer


async def measured(url: str) -> dict[str, Any]:
    visits = planned(rate=RATE, seconds=SECONDS, seed=3, ramp=1.0)
    assert len({visit.address for visit in visits}) == len(visits) > 2
    parts = {processes.GENERATOR: [os.getpid()]}
    return await measure(url, visits, seconds=SECONDS, use=lambda: processes.now(parts), ramp=1.0)


async def test_what_goes_well_is_told_as_such_and_no_answer_is_lost_or_mixed_up(url: str, rasa: RasaDouble) -> None:
    found = await measured(url)
    assert {name: found[name] for name in ("errors", "apologies", "busy", "lost", "doubled", "mixed_up")} == {
        **dict.fromkeys(("errors", "apologies", "busy", "lost", "doubled", "mixed_up"), 0)
    }
    visits = planned(rate=RATE, seconds=SECONDS, seed=3, ramp=1.0)
    assert found["turns"] == sum(0 <= turn.at < SECONDS for visit in visits for turn in visit.turns) > 5
    assert found["p50_ms"] <= found["p95_ms"] <= found["p99_ms"] <= found["max_ms"]
    assert found["processes"][processes.GENERATOR]["mb"] > 20
    assert any(turn["keuze"] and turn["tekst"] == BEGIN for turn in rasa.turns)


async def test_an_installation_that_does_not_answer_in_all_quiet_is_not_measured(url: str, rasa: RasaDouble) -> None:
    rasa.behaviour = always(500, b"")
    with pytest.raises(NotReady):
        await measured(url)


@pytest.mark.parametrize(("behaviour", "counted"), [(mixing_up, "mixed_up"), (failing, "apologies")])
async def test_what_goes_wrong_is_counted(url: str, rasa: RasaDouble, behaviour: Any, counted: str) -> None:
    rasa.behaviour = behaviour()
    found = await measured(url)
    assert found[counted] > 0
    assert [found[name] for name in ("errors", "lost", "doubled")] == [0, 0, 0]
