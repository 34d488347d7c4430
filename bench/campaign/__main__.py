"""`./samenspel bench campaign`: votes a second and opinion groups; with `--whole` a campaign from draft to report.

Each runs in an instance of its own, which is gone afterwards.
"""

import argparse
import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.campaign import groups, voting, whole
from bench.campaign.making import begin
from bench.load import own_instance
from participation.database import Database
from participation.settings import settings

STATEMENTS = 12
MOST_P95_MS, LEAST_SHARE = 300.0, 0.99
"""The goal for votes; the pace is kept when at least this share of it was reached."""

MOST_SECONDS, LEAST_RAND = 30.0, 0.95
"""The goal for opinion groups."""


def votes_and_groups(var: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure votes a second on a campaign of its own, and then how long groups take."""
    with own_instance.running(var, replicas=1) as url:
        database_url = own_instance.database_of(var)
        campaign = asyncio.run(_begun(database_url))
        asked = {"people": options.people, "per_second": options.per_second, "seconds": options.seconds}
        found = asyncio.run(voting.measure(url, database_url, campaign, **asked))
    # After the votes: it takes all of a core, and would slow them.
    grouped = groups.figures()
    met = {
        "votes": found["votes_per_second"] >= LEAST_SHARE * options.per_second and found["p95_ms"] <= MOST_P95_MS,
        "none_lost": not found["lost"] and not found["refused"],
        "groups": grouped["seconds"] <= MOST_SECONDS and grouped["adjusted_rand"] >= LEAST_RAND,
    }
    return {**found, "groups": grouped, "goals": met, "goal_met": all(met.values())}


async def _begun(database_url: str) -> str:
    database = Database(database_url, become_app_role=True)
    try:
        begun = await begin(database, codes=(voting.CODE,), statements=STATEMENTS, now=datetime.now(UTC))
    finally:
        await database.close()
    return begun.campaign.public_id


def main() -> int:
    """Run from the command line; exit code 1 when a goal was not met."""
    parser = argparse.ArgumentParser(prog="samenspel bench campaign", description="Measure campaigns")
    parser.add_argument("--people", type=int, metavar="N", help="residents (1,000; with --whole 10,000)")
    parser.add_argument("--per-second", type=int, default=200, metavar="N", help="votes a second (200)")
    parser.add_argument("--seconds", type=int, default=300, metavar="S", help="how long people vote (300)")
    parser.add_argument("--whole", action="store_true", help="a campaign of three municipalities, draft to report")
    options = parser.parse_args()
    var = Path(settings().var).absolute() / "bench-campaign"
    options.people = options.people or (10_000 if options.whole else 1_000)
    load_before = os.getloadavg()[0]
    found = whole.figures(var, people=options.people) if options.whole else votes_and_groups(var, options)
    about = {
        "measured_at": datetime.now(UTC).date().isoformat(),
        "people": options.people,
        "cores": os.cpu_count(),
        "load_before": round(load_before, 1),
    }
    print(json.dumps(about | found))
    return 0 if found["goal_met"] else 1


if __name__ == "__main__":
    sys.exit(main())
