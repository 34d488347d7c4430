"""From a contender's answers to the figures that are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nlu.components.evaluation import Line, Outcome, measure, plain

NOTHING = "(nothing)"
"""Stands for the likeliest label of a contender that found none likely at all; it is never right."""

COMPARED = ("accuracy", "top3", "answered", "wrong_answered", "asked_back")


@dataclass(frozen=True)
class Answer:
    """What a contender made of one message: labels, the likeliest first; whether it answered at once; and how soon."""

    ranking: list[str]
    answered: bool
    milliseconds: float

    def outcome(self) -> Outcome:
        """As `./samenspel evaluate` counts it, so that its figures and ours mean the same."""
        return Outcome([plain(label) for label in self.ranking] or [NOTHING], self.answered and bool(self.ranking))


def figures(lines: Sequence[Line], answers: Sequence[Answer]) -> dict[str, float]:
    """Shares from 0 to 1 over all lines, and milliseconds a message."""
    counted: dict[str, Any] = measure(list(lines), [answer.outcome() for answer in answers])
    times = [answer.milliseconds for answer in answers]
    return {name: round(counted[name], 4) for name in COMPARED} | {
        "p50_ms": round(percentile(times, 50), 2),
        "p95_ms": round(percentile(times, 95), 2),
    }


def percentile(values: Sequence[float], wanted: int) -> float:
    """The smallest value that at least `wanted` percent of the values do not exceed (nearest rank)."""
    rank = -(-wanted * len(values) // 100)
    return sorted(values)[max(rank, 1) - 1]
