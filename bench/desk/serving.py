"""The scratch database, and the desk on top of it in a process of its own."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import select

from bench.desk import filling
from desk.access import SESSION_COOKIE
from participation.database import EVERY_MUNICIPALITY, Database
from participation.database.embedded import EmbeddedPostgres
from participation.database.migrate import migrate
from participation.models import Clerk, Municipality
from participation.services import clerks, municipalities

CODE = "GM0344"
OTHERS = 20
"""Contributions of every other municipality."""

NAMES = ("Anna de Wit", "Bram Visser", "Fatima el Amrani")
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Bench:
    """A desk that answers, and the cookie of a griffier who is signed in."""

    url: str
    cookies: dict[str, str]
    municipalities: int
    load: float
    database_url: str


@contextmanager
def serve(folder: Path, count: int) -> Iterator[Bench]:
    """Fill a scratch database and serve the desk from it until the end of the block."""
    load = os.getloadavg()[0]
    with EmbeddedPostgres(folder / "pg") as server:
        migrate(server.url)
        ids, token, codes = asyncio.run(people(server.url))
        started = time.monotonic()
        print(f"filling: {count} contributions in {CODE}, {OTHERS} in each of {len(codes) - 1} others", flush=True)
        others = {code: OTHERS for code in codes if code != CODE}
        filling.fill(server.url, municipality=CODE, count=count, others=others, clerks=ids)
        print(f"filled in {time.monotonic() - started:.0f} s", flush=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {
            "SAMENSPEL_DATABASE_URL": server.url,
            "SAMENSPEL_APP_DATABASE_URL": "",
            "SAMENSPEL_DEMO": "true",
            "SAMENSPEL_PORT": str(port),
            "SAMENSPEL_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        process = subprocess.Popen([sys.executable, "-m", "bench.desk.site"], env=os.environ | settings)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process)
            yield Bench(url, {SESSION_COOKIE: token}, len(codes), load, server.url)
        finally:
            process.terminate()
            process.wait()


async def people(url: str) -> tuple[list[uuid.UUID], str, list[str]]:
    """Make municipalities and three griffiers; the first is signed in."""
    database, now = Database(url), datetime.now(UTC)
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            await municipalities.seed(session)
            codes = list((await session.scalars(select(Municipality.code))).all())
        ids = []
        async with database.session("") as session:
            for name in NAMES:
                email = f"{name.split(maxsplit=1)[0].lower()}@gemeente.example"
                clerk, one_time = await clerks.create_clerk(
                    session, email=email, name=name, roles={CODE: "griffier"}, now=now
                )
                ids.append(clerk.id)
            first = await session.get_one(Clerk, ids[0])
            email = first.email
            one_time = clerks.give_one_time_password(first)
            first.password_is_one_time = False
            await session.flush()
            token = (await clerks.log_in(session, email=email, password=one_time, now=now)).token
    finally:
        await database.close()
    return ids, token, codes


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{url}/griffie/aanmelden", trust_env=False, timeout=10)
        except httpx.TransportError:
            time.sleep(0.3)
        else:
            return
    raise SystemExit("the desk did not come up")
