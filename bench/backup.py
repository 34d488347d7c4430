"""`./samenspel bench backup`: how long a back-up takes while contributions come in, and how long putting it back.

Makes a scratch database with its own embedded PostgreSQL, filled as `bench desk` fills it, backs it up while somebody
writes without a pause, reads the file to its end, and puts it back in a second database, where every table is compared
row for row. The last line is one JSON object; times are seconds. Leaves nothing behind.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pyrage

from bench.desk import filling
from bench.desk.serving import CODE, OTHERS, people
from participation.database.embedded import EmbeddedPostgres
from participation.database.migrate import migrate
from participation.operations import backup_file, making, restoring

KEY = "only for this measurement, and long enough for it"
COPY = "teruggezet"


class Writer(threading.Thread):
    """Somebody who goes on writing until told to stop."""

    def __init__(self, url: str, first: int) -> None:
        super().__init__(daemon=True)
        self._url, self._first, self._told_to_stop = url, first, threading.Event()
        self.written = 0

    def run(self) -> None:
        """Log one contribution after the other."""
        chance = random.Random(7)  # noqa: S311  a repeatable choice, no secret
        many = filling.contributions(CODE, 10**6, first=self._first, now=datetime.now(UTC), chance=chance)
        with psycopg.connect(self._url, autocommit=True, options="-c samenspel.gemeente=*") as connection:
            for one in many:
                if self._told_to_stop.is_set():
                    return
                with connection.transaction():
                    connection.execute(
                        "INSERT INTO contribution (id, reference, municipality_code, draft, text, masked_text, "
                        "masked_at, channel, kind, theme, created_at) "
                        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                        one.row,
                    )
                    connection.execute(
                        "INSERT INTO contribution_status (id, contribution_id, municipality_code, number, status, "
                        "created_at) VALUES (%s, %s, %s, %s, %s, %s)",
                        one.statuses[0],
                    )
                self.written += 1

    def end(self) -> int:
        """Stop; returns how many were written."""
        self._told_to_stop.set()
        self.join()
        return self.written


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What came of it, and in how many seconds."""
    started = time.perf_counter()
    result = work()
    return result, round(time.perf_counter() - started, 1)


def measure(url: str, folder: Path, count: int) -> dict[str, object]:
    """Fill, back up, check and put back."""
    migrate(url)
    ids, _, codes = asyncio.run(people(url))
    others = {code: OTHERS for code in codes if code != CODE}
    filling.fill(url, municipality=CODE, count=count, others=others, clerks=ids)
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        connection.execute(f"CREATE DATABASE {COPY}")
    print("filled", flush=True)
    secret, file = pyrage.x25519.Identity.generate(), folder / "een.age"
    writer = Writer(url, first=count + OTHERS * len(others) + 1)
    writer.start()
    manifest, backup_s = timed(lambda: making.make(url, file, keys=[secret.to_public()], pseudonym_key=KEY))
    written = writer.end()
    print("backed up", flush=True)
    _, check_s = timed(lambda: backup_file.read(file, key=secret, pseudonym_key=KEY))
    target = url.replace("/postgres?", f"/{COPY}?")
    _, restore_s = timed(
        lambda: restoring.put_back(
            target, file, key=secret, pseudonym_key=KEY, journal=None, chat_days=28, now=datetime.now(UTC)
        )
    )
    return {
        "rows": sum(rows for rows, _ in manifest.tables.values()),
        "database_mb": round((found[0] if found else 0) / 1e6),
        "file_mb": round(file.stat().st_size / 1e6, 1),
        "backup_s": backup_s,
        "written_meanwhile": written,
        "check_s": check_s,
        "restore_s": restore_s,
    }


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="samenspel bench backup", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="contributions in one municipality")
    options = parser.parse_args()
    load = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="samenspel-") as folder, EmbeddedPostgres(Path(folder) / "pg") as server:
        result = measure(server.url, Path(folder), options.count)
    print(json.dumps({"contributions": options.count, **result, "cores": os.cpu_count(), "load_before": load}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
