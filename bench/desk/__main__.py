"""`./samenspel bench desk`: how fast the griffie's work list is with 100,000 contributions, and a report on 5,000.

Makes a scratch database with its own embedded PostgreSQL (one municipality with 100,000 contributions among 342),
serves the desk from it in a process of its own, and asks for lists, filters and searches as a browser does, one at a
time. Then Chromium opens the list, and a report is made as the worker does. Times are milliseconds, of the report
seconds. Takes some minutes and about 2 GB; leaves nothing behind.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

from bench.desk import paint, reporting, serving
from bench.desk.serving import CODE, Bench

LISTS = ("", "?weergave=nieuw", "?weergave=mij", "?weergave=inwoner", "?weergave=te_laat&volgorde=oudste")
FILTERS = (
    "?thema=verkeer",
    "?soort=idee&thema=groen",
    "?plaats=Overvecht&status=in_behandeling",
    "?kanaal=telegram&van=2024-01-01&tot=2024-12-31",
    "?wie=mij&status=in_behandeling&thema=verkeer",
    "?weergave=te_laat&soort=zorg",
    "?wie=niemand",
    "?status=afgehandeld&plaats=Zuilen&thema=wonen",
    "?campagne=campagne20&soort=zorg",
)
SEARCHES = (
    "?zoek=parkeren",
    "?zoek=straat",
    "?zoek=lantaarn",
    "?zoek=school+veilig",
    "?zoek=prkeren",
    "?zoek=zwembad&thema=sport",
    "?zoek=%22mijn+straat%22",
    "?zoek=fietspad+-auto",
    "?zoek=gemeente&weergave=nieuw",
    "?zoek=xylofoonorkest",
    "?zoek=gemeente",
)
"""The last is the commonest word of the texts, in one of seven contributions, and nothing else is asked for."""

GOAL_MS, PAINT_GOAL_MS = 200, 1000
FEWEST_STEPS = 3
"""So often a waiting griffier sees at least that the counting of a report went on."""


def figures(times: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return {"p50_ms": round(statistics.median(times), 1), "p95_ms": round(cuts[18], 1)}


async def ask(bench: Bench, queries: Iterable[str], rounds: int) -> dict[str, list[float]]:
    """Ask for each list so often, after once to warm up; returns the times by query."""
    times: dict[str, list[float]] = {}
    async with httpx.AsyncClient(base_url=bench.url, cookies=bench.cookies, timeout=120, trust_env=False) as http:
        for turn in range(rounds + 1):
            for query in queries:
                started = time.perf_counter()
                answer = await http.get(f"/griffie/{CODE}/inbreng{query}")
                if turn:
                    times.setdefault(query, []).append((time.perf_counter() - started) * 1000)
                answer.raise_for_status()
    return times


async def measure(bench: Bench, rounds: int) -> dict[str, object]:
    """Measure all."""
    measured: dict[str, object] = {}
    all_times: list[float] = []
    for name, queries in (("list", LISTS), ("filter", FILTERS), ("search", SEARCHES)):
        by_query = await ask(bench, queries, rounds)
        for query, times in by_query.items():
            print(f"  {name:6}  {query or '(all)':55} {statistics.median(times):7.1f} ms", flush=True)
        times = [one for of_query in by_query.values() for one in of_query]
        measured[name] = figures(times)
        all_times += times
    return measured | {"all": figures(all_times)}


def met(result: dict[str, Any]) -> dict[str, bool]:
    """Return for each part whether it kept to its goal. What could not be measured did not."""
    painted, report = result["first_paint_ms"], result["report"]
    return {name: result[name]["p95_ms"] <= GOAL_MS for name in ("list", "filter", "search")} | {
        "first_paint": painted is not None and painted["slowest"] <= PAINT_GOAL_MS,
        "report": report["all_s"] < reporting.GOAL_S and len(report["progress"]) > FEWEST_STEPS,
    }


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="samenspel bench desk", description="Measure the work list of the griffie")
    parser.add_argument("--count", type=int, default=100_000, help="contributions in the one municipality")
    parser.add_argument("--rounds", type=int, default=10, help="how often each list is asked for")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="samenspel-") as folder,
        serving.serve(Path(folder), options.count) as bench,
    ):
        result: dict[str, Any] = {"contributions": options.count, "municipalities": bench.municipalities}
        result |= asyncio.run(measure(bench, options.rounds))
        result |= asyncio.run(paint.first_paint(bench))
        result["report"] = asyncio.run(reporting.measure(bench.database_url))
    result["goals"] = met(result)
    result["goal_met"] = all(result["goals"].values())
    result["cores"], result["load_before"] = os.cpu_count(), round(bench.load, 1)
    result["python"] = platform.python_version()
    print(json.dumps(result))
    return 0 if result["goal_met"] else 1


if __name__ == "__main__":
    sys.exit(main())
