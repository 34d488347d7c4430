"""Votes on a campaign, two hundred a second: `./samenspel bench campaign --campaign ID` asks a running installation.

Each resident has a conversation, takes part, and votes on the address for votes. Votes leave at a steady pace, whether
or not the earlier ones are answered. At the end every resident is asked what is kept of them: a vote that was taken and
is not there is lost.
"""

import argparse
import asyncio
import itertools
import json
import sys
import time
from dataclasses import dataclass, field

import httpx
import numpy as np

from bench import campaign_groups
from bench.campaign_residents import imagine
from bench.channels import opened

PER_SECOND, SECONDS, PEOPLE = 200, 300, 1000


@dataclass
class Voter:
    """A resident with the key to their conversation, and the votes that were taken of them."""

    key: dict[str, str]
    statements: list[str]
    taken: dict[str, int] = field(default_factory=dict)


async def begun(http: httpx.AsyncClient, campaign: str) -> Voter:
    """Take part."""
    key = await opened(http)
    answer = (await http.post(f"/api/v1/chat/peilingen/{campaign}", headers=key)).raise_for_status().json()
    return Voter(key, [one["stelling"] for one in answer["stellingen"]])


async def vote(http: httpx.AsyncClient, voter: Voter, statement: str, value: int) -> tuple[float, bool]:
    """Vote; returns the milliseconds and whether it was taken."""
    began = time.perf_counter()
    body = {"stelling": statement, "waarde": value}
    try:
        answer = await http.post("/api/v1/chat/stemmen", json=body, headers=voter.key)
    except httpx.TransportError:
        return (time.perf_counter() - began) * 1000, False
    took = (time.perf_counter() - began) * 1000
    taken = answer.status_code == httpx.codes.NO_CONTENT
    if taken:
        voter.taken[statement] = value
    return took, taken


async def lost(http: httpx.AsyncClient, campaign: str, voters: list[Voter]) -> int:
    """How many votes were taken and are not kept."""
    missing = 0
    for voter in voters:
        answer = (await http.post(f"/api/v1/chat/peilingen/{campaign}", headers=voter.key)).raise_for_status().json()
        kept = {one["stelling"]: one["waarde"] for one in answer["stellingen"]}
        missing += sum(kept.get(statement) != value for statement, value in voter.taken.items())
    return missing


async def run(url: str, campaign: str, *, people: int, per_second: int, seconds: int) -> dict[str, float]:
    """Measure one installation."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits) as http:
        voters = [await begun(http, campaign) for _ in range(people)]
        statements = len(voters[0].statements)
        cast = votes(people, statements, per_second * seconds)
        tasks = []
        began = time.perf_counter()
        for number, (person, statement, value) in enumerate(cast):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            voter = voters[person]
            tasks.append(asyncio.create_task(vote(http, voter, sorted(voter.statements)[statement], value)))
        answers = await asyncio.gather(*tasks)
        took = time.perf_counter() - began
        missing = await lost(http, campaign, voters)
    times = sorted(one for one, _ in answers)
    return {
        "votes": len(answers),
        "per_second": round(len(answers) / took, 1),
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "refused": sum(not taken for _, taken in answers),
        "lost": missing,
    }


def votes(people: int, statements: int, number: int) -> list[tuple[int, int, int]]:
    """So many votes of people who think in groups, spread over the people; who ends begins again."""
    imagined = imagine(people=people, statements=statements, groups=3, rng=np.random.default_rng(7), stop=0.0)
    by_person = [[(person, *one) for one in theirs] for person, theirs in imagined.by_person()]
    in_turn = [one for several in itertools.zip_longest(*by_person) for one in several if one is not None]
    return list(itertools.islice(itertools.cycle(in_turn), number))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="samenspel bench campaign", description="Measure votes on a campaign")
    parser.add_argument("--url", default="http://localhost:8000", help="address of a running installation")
    parser.add_argument("--campaign", required=True, metavar="ID", help="public id of a campaign that runs")
    parser.add_argument("--people", type=int, default=PEOPLE, help="residents who vote")
    parser.add_argument("--per-second", type=int, default=PER_SECOND, help="votes a second")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long")
    options = parser.parse_args()
    asked = {"people": options.people, "per_second": options.per_second, "seconds": options.seconds}
    try:
        figures = asyncio.run(run(options.url, options.campaign, **asked))
    except httpx.ConnectError:
        sys.stderr.write(f"Samenspel is not running at {options.url}; start it with ./samenspel up\n")
        return 1
    # After the votes: it takes all of a core, and would slow them.
    print(json.dumps(figures | {"groups": campaign_groups.figures()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
