"""`./samenspel bench upgrade --from REVISION`: a new version beside the old one, and then without it, under traffic.

The version of a revision of this clone runs, and residents talk to it. This version comes beside it on the same
database, which it brings up to date; for a while each request goes to either, so that most conversations meet both.
Then the old one is stopped. Each turn has to be answered, once, in the right chat, and to stand in it afterwards.
"""

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench.load.__main__ import NotReady, measure, warmed_up
from bench.load.planning import planned
from bench.upgrade.balancing import Balanced
from bench.upgrade.versions import Version, VersionsDiffer, share_keys, two_versions
from participation.settings import settings

PORTS = (8700, 8750)
ALONE, TOGETHER, AFTER = 30.0, 60.0, 30.0
"""Seconds: the old version alone, both, and at least so long the new version alone."""
SECONDS = 300.0
"""Of traffic: the rest is for starting and stopping."""


class TooSlow(Exception):
    """The traffic was over before the new version had been alone."""


async def run(old: Version, new: Version, *, rate: float, seed: int) -> dict[str, Any]:
    """Do it; returns the figures."""
    await asyncio.to_thread(old.start)
    share_keys(old, new)
    schema = {"before": await schema_of(old)}
    async with httpx.AsyncClient(base_url=old.url, timeout=60, trust_env=False) as http:
        references = await warmed_up(http)
    balanced = Balanced((old.url, new.url))
    balanced.admit(old.url)
    times: dict[str, float] = {}

    async def replace() -> None:
        await asyncio.sleep(ALONE)
        began = time.perf_counter()
        await asyncio.to_thread(new.start)
        schema["after"] = await schema_of(new)
        times["start_seconds"] = round(time.perf_counter() - began, 1)
        async with httpx.AsyncClient(base_url=new.url, timeout=60, trust_env=False) as http:
            for place, texts in (await warmed_up(http)).items():
                references[place] |= texts
        balanced.admit(new.url)
        await asyncio.sleep(TOGETHER)
        times["taken_by_the_new_beside_the_old"] = balanced.taken[httpx.URL(new.url)]
        began = time.perf_counter()
        await asyncio.to_thread(old.stop)
        times["stop_seconds"] = round(time.perf_counter() - began, 1)

    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        await balanced.look(http)
    watching = asyncio.create_task(balanced.watch())
    try:
        began = time.perf_counter()
        replacing = asyncio.create_task(replace())
        replacing.add_done_callback(lambda _: times.update(over_after_seconds=round(time.perf_counter() - began, 1)))
        visits = planned(rate=rate, seconds=SECONDS, seed=seed)
        found = await measure(old.url, visits, seconds=SECONDS, use=dict, transport=balanced, references=references)
        await replacing
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    if times["over_after_seconds"] > SECONDS - AFTER:
        raise TooSlow
    return {"schema": schema, **times, "taken_by_the_old": balanced.taken[httpx.URL(old.url)], **found}


async def schema_of(version: Version) -> str:
    """The migration that the database is at."""
    async with await psycopg.AsyncConnection.connect(version.database_url) as connection:
        row = await (await connection.execute("SELECT version_num FROM alembic_version")).fetchone()
    return str(row[0]) if row else ""


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="samenspel bench upgrade", description="Upgrade while residents talk")
    parser.add_argument(
        "--from", dest="revision", required=True, metavar="REVISION", help="the version before, for git"
    )
    parser.add_argument("--rate", type=float, default=3.0, metavar="N", help="turns a second, on average (3)")
    parser.add_argument("--seed", type=int, default=9, metavar="N", help="the same seed gives the same visitors (9)")
    options = parser.parse_args()
    folder = Path(settings().var).absolute() / "bench-upgrade"
    try:
        with contextlib.ExitStack() as stack:
            old, new = stack.enter_context(two_versions(folder, options.revision, ports=PORTS))
            found = asyncio.run(run(old, new, rate=options.rate, seed=options.seed))
    except VersionsDiffer:
        sys.stderr.write(f"{options.revision} wants other packages than this version; choose a later one\n")
        return 1
    except NotReady as turn:
        sys.stderr.write(f"A version does not answer this well, though all is quiet: {turn}\n")
        return 1
    except TooSlow:
        sys.stderr.write(f"Starting and stopping took too long for {SECONDS:.0f} seconds of traffic\n")
        return 1
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"This failed: {' '.join(error.cmd)}\n")
        return 1
    about = {"measured_at": datetime.now(UTC).date().isoformat(), "from": options.revision, "rate": options.rate}
    print(json.dumps({**about, **found}))
    return 1 if any(found[what] for what in ("lost", "mixed_up", "doubled", "errors", "apologies")) else 0


if __name__ == "__main__":
    sys.exit(main())
