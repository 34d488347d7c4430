"""The database goes away, comes back, refuses to write, or has no room any more."""

import contextlib
import os
import signal
from pathlib import Path

import psycopg
import pytest

from tests.faults.drill import drilled
from tests.faults.world import World

pytestmark = pytest.mark.timeout(900)


async def test_the_database_is_restarted(world: World) -> None:
    how = "SIGINT (snelle stop) naar PostgreSQL; de launcher start hem opnieuw"
    async with drilled(world, "database-herstart", "De database wordt herstart", how) as drill:
        await drill.going()
        drill.strikes()
        os.kill(world.postmaster, signal.SIGINT)
        await drill.normal_again()


async def test_the_database_is_killed(world: World) -> None:
    how = "kill -9 van PostgreSQL en van zijn bewaker"
    async with drilled(world, "database-weg", "De database valt om", how) as drill:
        await drill.going()
        drill.strikes()
        os.kill(world.postmaster, signal.SIGKILL)
        world.signal(signal.SIGKILL, "database")
        await drill.normal_again()


async def _read_only(world: World, *, on: bool) -> None:
    change = (
        "ALTER SYSTEM SET default_transaction_read_only = on"
        if on
        else "ALTER SYSTEM RESET default_transaction_read_only"
    )
    async with await psycopg.AsyncConnection.connect(world.instance.database_url, autocommit=True) as connection:
        await connection.execute("SET default_transaction_read_only = off")
        await connection.execute(change)
        await connection.execute("SELECT pg_reload_conf()")


async def test_the_database_only_reads(world: World) -> None:
    how = "default_transaction_read_only = on, 15 seconden lang"
    async with drilled(world, "database-alleen-lezen", "De database schrijft niet meer", how) as drill:
        await drill.going()
        await _read_only(world, on=True)
        try:
            await drill.lasts(15)
        finally:
            await _read_only(world, on=False)
        drill.ends()
        await drill.normal_again()
        assert drill.ledger.seen, "nobody noticed, so there was no fault"


def _fill(file: Path) -> int:
    """Take all the room that is left; returns how many bytes that was."""
    taken = 0
    with file.open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while True:
                    taken += ballast.write(b"\0" * size)
    return taken


async def test_the_disk_is_full(world: World) -> None:
    """The server may stop altogether when it can not write its log: residents get what they get in an outage."""
    if not world.small_disk:
        pytest.skip("no file system of its own could be mounted here (needs Linux and root)")
    how = "het bestandssysteem van de database wordt gevuld tot de laatste byte, 20 seconden lang"
    ballast = world.layout.postgres / "ballast"
    async with drilled(world, "schijf-vol", "De schijf van de database is vol", how) as drill:
        await drill.going()
        try:
            taken = _fill(ballast)
            for _ in range(4):
                await drill.lasts(5)
                taken += _fill(world.layout.postgres / "ballast2")
        finally:
            for file in (ballast, world.layout.postgres / "ballast2"):
                file.unlink(missing_ok=True)
        drill.ends()
        drill.extra.append(f"{taken >> 20} MB gevuld")
        await drill.normal_again()
