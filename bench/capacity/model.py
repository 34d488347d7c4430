"""The capacity model: how many people, how many turns, and how many processes for them. Assumptions are data."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load.planning import TURNS

PLACES = Path(__file__).parents[2] / "participation" / "reference" / "gemeenten.csv"
COUNTRY = "alle gemeenten samen"

SHARE = 0.01
"""Of adult residents, within one hour: the goal."""
ADULTS = 0.81
"""Of residents; 80.7% at the end of 2018 by CBS, and slowly rising."""
PEAK = 3.0
"""The busiest minutes of that hour against its average: an assumption, when results are told."""
FULL = 0.7
"""How much of what was measured is planned on, so that waiting times stay as they were measured."""
CHAT_MINUTES = 5.0
"""That a chat stays open: an assumption."""
CHATS_OF_WEB = 2000
"""Open chats that one web process holds at least: what `./samenspel bench channels` opens."""
MOST_P95_MS = 800.0
"""A run counts when 95 of 100 turns were answered within this."""


@dataclass(frozen=True)
class Place:
    """Where people come from."""

    name: str
    residents: int


@dataclass(frozen=True)
class Need:
    """What comes in on election evening."""

    place: Place
    visitors: float
    turns_per_second: float
    at_peak: float
    open_chats: float

    def replicas(self, of_one: float) -> int:
        """How many replicas of Rasa, when one answers so many turns a second; one more, for when one fails."""
        return math.ceil(self.at_peak / (of_one * FULL)) + 1

    @property
    def webs(self) -> int:
        """How many web processes for the open chats alone; one more, for when one fails."""
        return math.ceil(self.open_chats / CHATS_OF_WEB) + 1


def need(place: Place) -> Need:
    """Work out what comes in from a place."""
    visitors = place.residents * ADULTS * SHARE
    turns = visitors * TURNS / 3600
    # Little's law: how many are there is how many come a minute, times how long each stays.
    return Need(place, visitors, turns, turns * PEAK, visitors / 60 * PEAK * CHAT_MINUTES)


def places() -> list[Place]:
    """Return the smallest, the middle and the largest municipality, and all of them together."""
    with PLACES.open(encoding="utf-8") as file:
        rows = [Place(row["naam"], int(row["inwoners"])) for row in csv.DictReader(file, delimiter=";")]
    rows.sort(key=lambda place: place.residents)
    whole = Place(f"{COUNTRY} ({len(rows)})", sum(place.residents for place in rows))
    return [rows[0], rows[len(rows) // 2], rows[-1], whole]


def went_well(run: dict[str, Any]) -> bool:
    """Whether every turn was answered, in its own chat, and soon enough."""
    faults = ("errors", "apologies", "busy", "lost", "doubled", "mixed_up")
    return not any(run[fault] for fault in faults) and run["p95_ms"] is not None and run["p95_ms"] <= MOST_P95_MS


def of_one_replica(runs: Sequence[dict[str, Any]]) -> float | None:
    """Return the most turns a second that one replica answered well; None when that was not measured."""
    return max((run["turns_per_second"] for run in runs if run["replicas"] == 1 and went_well(run)), default=None)
