"""`./samenspel bench load`: turns a second, waiting times, and whether every answer came to the right chat.

An open-loop measurement: visitors come at moments that were drawn before it began, whether or not earlier ones have
been answered, and a turn's time counts from the moment that it was meant to be sent. So a hold-up is told for everybody
who would have met it. Each visitor has a conversation of its own: two questions, whose answers must be those that they
get when all is quiet, and words that nobody else has, which must be read back to it alone. Afterwards every
conversation is read again: what was answered must stand there once, in order.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bench.chat import QUESTIONS
from bench.load import own_instance, processes
from bench.load.figures import figures
from bench.load.planning import BEGIN, RAMP_SECONDS, Visit, asked, place_of, planned
from bench.load.processes import Use
from bench.load.visiting import (
    API,
    GOOD,
    OPENED_BEFORE,
    References,
    Visited,
    how_answered,
    is_whole,
    place_in,
    visit,
)
from participation.settings import settings

PATIENCE_SECONDS = 30.0
"""After which a visitor gives up: an error."""
READ_AT_ONCE = 8
WARM_UPS = 3


class NotReady(Exception):
    """The installation does not answer a turn well."""


async def references_of(http: httpx.AsyncClient) -> dict[tuple[int, int], set[str]]:
    """Make a visit of each kind, one after the other and without words of one's own; this also warms everything up."""
    found: dict[tuple[int, int], set[str]] = {}
    for number in range(len(QUESTIONS)):
        body = {"gemeente": place_of(number)}
        opened = (await http.post(f"{API}/gesprekken", json=body)).raise_for_status().json()
        [press] = [b["id"] for m in opened["berichten"] for b in m["knoppen"] if b["titel"] == BEGIN]
        key = {"Authorization": f"Bearer {opened['token']}"}
        for position, text in enumerate(asked(number)):
            body = {"keuze": press} if text == BEGIN else {"tekst": text}
            answer = (await http.post(f"{API}/berichten", json=body, headers=key)).raise_for_status()
            messages = answer.json()["berichten"]
            if how_answered(messages) != GOOD:
                raise NotReady(text)
            found[place_in(number, position)] = {messages[0]["tekst"]}
    return found


async def warmed_up(http: httpx.AsyncClient) -> dict[tuple[int, int], set[str]]:
    """Return the references; the first turns after a start may take longer than residents wait.

    Raises:
        NotReady: it still does not answer well, though nobody else asks anything.
    """
    for _ in range(WARM_UPS):
        with contextlib.suppress(NotReady):
            return await references_of(http)
    return await references_of(http)


async def measure(
    url: str,
    visits: list[Visit],
    *,
    seconds: float,
    use: Callable[[], dict[str, Use]],
    ramp: float = RAMP_SECONDS,
    transport: httpx.AsyncBaseTransport | None = None,
    references: References | None = None,
) -> dict[str, Any]:
    """Make the visits, and read all conversations back.

    Args:
        transport: what brings requests to the installation, when that is not one address.
        references: what is answered when all is quiet, when that was asked before; it may grow meanwhile.
    """
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=200)
    async with httpx.AsyncClient(
        base_url=url, timeout=PATIENCE_SECONDS, trust_env=False, limits=limits, transport=transport
    ) as http:
        references = references or await warmed_up(http)
        zero = time.perf_counter() + ramp + OPENED_BEFORE
        tasks = [asyncio.create_task(visit(http, one, references, zero)) for one in visits]
        await asyncio.sleep(max(0.0, zero - time.perf_counter()))
        before = use()
        await asyncio.sleep(max(0.0, zero + seconds - time.perf_counter()))
        after = use()
        done = await asyncio.gather(*tasks)
        lost, doubled = await read_back(http, done)
    outcomes = [outcome for one in done for outcome in one.outcomes]
    opened = sorted(one.opened_in for one in done if one.opened_in is not None)
    return {
        **figures(outcomes, seconds=seconds),
        "lost": lost,
        "doubled": doubled,
        "conversations": len(done),
        "opened_p95_ms": round(opened[int(len(opened) * 0.95)] * 1000, 1) if opened else None,
        "distinct_answers": len({text for texts in references.values() for text in texts}),
        "processes": processes.between(before, after, seconds=seconds),
    }


async def read_back(http: httpx.AsyncClient, done: list[Visited]) -> tuple[int, int]:
    """How many turns are lost, and how many stand twice or out of order, in all conversations together."""
    places = asyncio.Semaphore(READ_AT_ONCE)

    async def one(visited: Visited) -> tuple[int, int]:
        async with places:
            return await is_whole(http, visited)

    counted = await asyncio.gather(*(one(visited) for visited in done))
    return sum(lost for lost, _ in counted), sum(doubled for _, doubled in counted)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="samenspel bench load", description="Measure an installation under load")
    parser.add_argument("--rate", type=float, default=15.0, metavar="N", help="turns a second, on average (15)")
    parser.add_argument("--duration", type=float, default=60.0, metavar="S", help="seconds that count (60)")
    parser.add_argument("--seed", type=int, default=9, metavar="N", help="the same seed gives the same visitors (9)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--url", default="http://localhost:8000", help="a running installation; it keeps the visits")
    where.add_argument(
        "--replicas", type=int, metavar="N", help="start one with so many replicas of Rasa, and remove it afterwards"
    )
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    visits = planned(rate=options.rate, seconds=options.duration, seed=options.seed)
    load_before = os.getloadavg()[0]
    with contextlib.ExitStack() as stack:
        url, var = options.url, settings().var
        if options.replicas:
            var = Path(settings().var).absolute() / "bench-load"
            url = stack.enter_context(own_instance.running(var, replicas=options.replicas))
        parts = processes.roots(var)
        measured = measure(url, visits, seconds=options.duration, use=lambda: processes.now(parts))
        try:
            found = asyncio.run(measured)
        except httpx.ConnectError:
            sys.stderr.write(f"Samenspel is not running at {url}; start it with ./samenspel up\n")
            return 1
        except NotReady as turn:
            sys.stderr.write(f"Samenspel at {url} does not answer this well, though all is quiet: {turn}\n")
            return 1
        replicas = own_instance.replicas_in(var)
    about = {
        "measured_at": datetime.now(UTC).date().isoformat(),
        "rate": options.rate,
        "duration": options.duration,
        "seed": options.seed,
        "replicas": replicas,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "load_before": round(load_before, 1),
    }
    print(json.dumps({**about, **found}))
    return 1 if found["lost"] or found["mixed_up"] or found["doubled"] else 0


if __name__ == "__main__":
    sys.exit(main())
