"""The capacity model: how many people, how many turns, and how many processes for them. Assumptions are data."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load.planning import TURNS
from participation.database.connections import MOST

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
WORKERS = 2
"""One that works, and one for when it fails."""
MOST_P95_MS = 800.0
"""A run counts when 95 of 100 turns were answered within this."""
FAULTS = ("errors", "apologies", "busy", "lost", "doubled", "mixed_up")
PARTS = ("rasa", "web", "actions", "database")
"""That work on a turn."""


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

    def processes(self, seconds_of_a_turn: float) -> int:
        """How many processes of which each keeps one core busy at most; one more, for when one fails."""
        return math.ceil(self.at_peak * seconds_of_a_turn / FULL) + 1


@dataclass(frozen=True)
class Cost:
    """What was measured of the parts that work on a turn."""

    seconds: dict[str, float]
    """Of processor time that one turn takes."""
    megabytes: dict[str, float]
    """Of one process; of the database it depends on what else it has to do."""


@dataclass(frozen=True)
class Machines:
    """What an installation needs on election evening."""

    rasas: int
    webs: int
    actions: int
    cores: int
    of_database: float
    """Cores that the database keeps busy: there is one of it."""
    gigabytes: float
    """Of memory, without the database."""
    connections: int
    """That they can open together at most."""


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


def machines(wanted: Need, cost: Cost, of_one: float | None) -> Machines:
    """Work out what that takes.

    Args:
        of_one: turns a second that one replica of Rasa answers; where that was not measured its processor time counts.
    """
    rasas = wanted.processes(cost.seconds["rasa"]) if of_one is None else wanted.replicas(of_one)
    webs = max(wanted.processes(cost.seconds["web"]), math.ceil(wanted.open_chats / CHATS_OF_WEB) + 1)
    running = {"rasa": rasas, "web": webs, "actions": wanted.processes(cost.seconds["actions"]), "worker": WORKERS}
    return Machines(
        rasas=rasas,
        webs=webs,
        actions=running["actions"],
        cores=math.ceil(wanted.at_peak * sum(cost.seconds.values()) / FULL),
        of_database=wanted.at_peak * cost.seconds["database"],
        gigabytes=sum(count * cost.megabytes[part] for part, count in running.items()) / 1024,
        connections=sum(count * MOST[part] for part, count in running.items()),
    )


def went_well(run: dict[str, Any]) -> bool:
    """Whether every turn was answered, in its own chat, and soon enough."""
    return not any(run[fault] for fault in FAULTS) and run["p95_ms"] is not None and run["p95_ms"] <= MOST_P95_MS


def of_one_replica(runs: Sequence[dict[str, Any]]) -> float | None:
    """Return the most turns a second that one replica answered well; None when that was not measured."""
    return max((run["turns_per_second"] for run in runs if run["replicas"] == 1 and went_well(run)), default=None)


def cost_of_a_turn(runs: Sequence[dict[str, Any]]) -> Cost | None:
    """Return the most that each part took in a run in which every turn was answered, however late; None without one."""
    answered = [
        run
        for run in runs
        if run["replicas"] == 1
        and not any(run[fault] for fault in FAULTS)
        and {*PARTS, "worker"} <= run["processes"].keys()
    ]
    if not answered:
        return None
    return Cost(
        {part: max(run["processes"][part]["cpu"] / run["turns_per_second"] for run in answered) for part in PARTS},
        {
            part: max(run["processes"][part]["mb"] for run in answered)
            for part in (*PARTS, "worker")
            if part != "database"
        },
    )
