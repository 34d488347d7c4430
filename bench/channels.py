"""What the way in costs: `./samenspel bench channels` starts an installation of its own, which is gone afterwards.

Three measurements. Turns that come one after the other: what the gateway takes above Rasa and its action, by
Server-Timing. Turns that come at ten a second, whether or not the earlier ones are answered, each in a conversation of
its own: from sending to complete answer. And 2,000 chats that are open and silent: the memory of the web process.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bench.chat import QUESTIONS
from bench.load import own_instance, processes
from bot import timing
from bot.limits import LISTENING
from participation.settings import settings

SETTLE_SECONDS = 40
"""After a start: models are read and the worker looks through what is to be done, on the same processors."""
ALONE, PER_SECOND, SECONDS, OPEN_CHATS, AT_ONCE = 150, 10, 30, 2000, 20

MOST_GATEWAY_P95_MS, MOST_ANSWER_P50_MS, MOST_ANSWER_P95_MS, MOST_CHATS_MB = 10.0, 150.0, 400.0, 300.0
"""The goals; memory is what the open chats add to the web process."""


async def opened(http: httpx.AsyncClient) -> dict[str, str]:
    """Open a conversation; returns the header that goes with its turns."""
    while True:
        answer = await http.post("/api/v1/chat/gesprekken", json={"gemeente": "GM0344"})
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:  # one address opens so many: what limits are for
            await asyncio.sleep(int(answer.headers["Retry-After"]))
            continue
        return {"Authorization": f"Bearer {answer.raise_for_status().json()['token']}"}


async def turn(http: httpx.AsyncClient, key: dict[str, str], text: str) -> tuple[float, dict[str, float], bool]:
    """Ask; returns the milliseconds, those of each stage, and whether it was answered."""
    began = time.perf_counter()
    answer = await http.post("/api/v1/chat/berichten", json={"tekst": text}, headers=key)
    took = (time.perf_counter() - began) * 1000
    fine = answer.status_code == httpx.codes.OK and all(one["soort"] != "fout" for one in answer.json()["berichten"])
    return took, timing.read(answer.headers.get("Server-Timing", "")), fine


async def alone(http: httpx.AsyncClient) -> dict[str, float | None]:
    """One turn after the other, in a conversation of its own each ten."""
    above, storing = list[float](), list[float]()
    for number in range(ALONE):
        if number % len(QUESTIONS) == 0:
            key = await opened(http)
        _, stages, fine = await turn(http, key, QUESTIONS[number % len(QUESTIONS)])
        if fine and timing.RASA in stages:
            above.append(stages[timing.TURN] - stages[timing.RASA] - stages.get(timing.WAITING, 0.0))
            storing.append(stages[timing.STORING])
    return {**percentiles("gateway_ms", above), **percentiles("of_which_storing_ms", storing)}


async def steadily(http: httpx.AsyncClient) -> dict[str, float | None]:
    """Ten turns a second, each in a conversation of its own that was opened before."""
    keys = [await opened(http) for _ in range(PER_SECOND * SECONDS)]
    tasks = []
    began = time.perf_counter()
    for number, key in enumerate(keys):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        tasks.append(asyncio.create_task(turn(http, key, QUESTIONS[number % len(QUESTIONS)])))
    answers = await asyncio.gather(*tasks)
    return {
        "turns": len(answers),
        "faults": sum(not fine for _, _, fine in answers),
        **percentiles("answer_ms", [took for took, _, _ in answers]),
    }


async def silently(http: httpx.AsyncClient, url: str, pid: int) -> dict[str, float]:
    """Open chats that hear nothing; each conversation has as many as it may."""
    keys = [await opened(http) for _ in range(OPEN_CHATS // LISTENING)]
    before = resident_mb(pid)
    places = asyncio.Semaphore(AT_ONCE)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits) as many:

        async def listen(key: dict[str, str], ready: asyncio.Event, stop: asyncio.Event) -> None:
            async with places:
                stream = many.stream("GET", "/api/v1/chat/gebeurtenissen", headers=key)
                answer = await stream.__aenter__()
                answer.raise_for_status()
                ready.set()
            await stop.wait()
            await stream.__aexit__(None, None, None)

        stop = asyncio.Event()
        ready = [asyncio.Event() for _ in range(OPEN_CHATS)]
        tasks = [asyncio.create_task(listen(keys[number // LISTENING], one, stop)) for number, one in enumerate(ready)]
        await asyncio.wait(
            [asyncio.gather(*(one.wait() for one in ready)), *tasks], return_when=asyncio.FIRST_COMPLETED
        )
        await asyncio.sleep(5)
        during = resident_mb(pid)
        stop.set()
        await asyncio.gather(*tasks)
    return {"open_chats": OPEN_CHATS, "web_mb_before": before, "web_mb": during}


def percentiles(name: str, values: list[float]) -> dict[str, float | None]:
    """The middle and the slow end, in milliseconds; None where hardly anything was answered."""
    if len(values) < 2:
        return {f"{name}_p50": None, f"{name}_p95": None}
    cuts = statistics.quantiles(values, n=100)
    return {f"{name}_p50": round(cuts[49], 1), f"{name}_p95": round(cuts[94], 1)}


def resident_mb(pid: int) -> float:
    """How much memory a process holds, as `ps` says."""
    command = ("/bin/ps", "-o", "rss=", "-p", str(pid))
    told = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603  (a number, no words)
    return round(int(told.stdout) / 1024, 1)


def met(figures: Mapping[str, float | None]) -> dict[str, bool]:
    """Return which goals were met; what was not measured is not met."""

    def within(name: str, most: float) -> bool:
        value = figures[name]
        return value is not None and value <= most

    before, during = figures["web_mb_before"] or 0.0, figures["web_mb"]
    return {
        "gateway": within("gateway_ms_p95", MOST_GATEWAY_P95_MS),
        "answers": bool(figures["turns"])
        and not figures["faults"]
        and within("answer_ms_p50", MOST_ANSWER_P50_MS)
        and within("answer_ms_p95", MOST_ANSWER_P95_MS),
        "open_chats": during is not None and during - before <= MOST_CHATS_MB,
    }


async def run(url: str, pid: int) -> dict[str, float | None]:
    """Measure one installation."""
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as http:
        for question in QUESTIONS:  # warm
            await turn(http, await opened(http), question)
        return {**await alone(http), **await steadily(http), **await silently(http, url, pid)}


def main() -> int:
    """Run from the command line; exit code 1 when a goal was not met."""
    parser = argparse.ArgumentParser(prog="samenspel bench channels", description="Measure what the way in costs")
    parser.add_argument("--url", help="address of an installation that runs on this machine; it keeps the visits")
    parser.add_argument("--pid", type=int, metavar="N", help="its web process, as ./samenspel status says")
    options = parser.parse_args()
    if (options.url is None) != (options.pid is None):
        parser.error("--url and --pid go together")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    load_before = os.getloadavg()[0]
    with ExitStack() as stack:
        url, pid = (options.url, options.pid) if options.pid else _own(stack)
        try:
            found = asyncio.run(run(url, pid))
        except httpx.ConnectError:
            sys.stderr.write(f"Samenspel is not running at {url}; start it with ./samenspel up\n")
            return 1
    about = {
        "measured_at": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load_before": round(load_before, 1),
    }
    goals = met(found)
    print(json.dumps({**about, **found, "goals": goals, "goal_met": all(goals.values())}))
    return 0 if all(goals.values()) else 1


def _own(stack: ExitStack) -> tuple[str, int]:
    """The address and the web process of an instance for this measurement."""
    var = Path(settings().var).absolute() / "bench-channels"
    url = stack.enter_context(own_instance.running(var, replicas=1))
    time.sleep(SETTLE_SECONDS)
    return url, processes.roots(var)["web"][0]


if __name__ == "__main__":
    sys.exit(main())
