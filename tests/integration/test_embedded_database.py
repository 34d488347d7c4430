"""The PostgreSQL that comes along: what it writes down, and that it starts again after it was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from participation.database import discretion
from participation.database.embedded import EmbeddedPostgres

WORDS = "de lantaarn bij ons brandt niet"
GUARDIAN = """
import os, sys
from pathlib import Path
from participation.database.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1])).__enter__()
print(server.url, flush=True)
sys.stdin.read()
os._exit(0)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Of a server; who still works in it at the end is killed."""
    yield tmp_path / "postgres"  # short enough for its socket to be in it
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(tmp_path / "postgres"):
                process.kill()
        except (psutil.Error, OSError):
            continue


@contextmanager
def zombie() -> Iterator[int]:
    """The number of a process that has ended and that nobody asks after."""
    dead = subprocess.Popen((sys.executable, "-c", ""))
    while psutil.Process(dead.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.02)
    yield dead.pid
    dead.wait()


def test_its_log_holds_no_statement_and_no_row(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE said (words text PRIMARY KEY)")
        for _ in range(2):  # the second is refused, and would be told with its values
            try:
                connection.execute(f"INSERT INTO said VALUES ('{WORDS}')")  # noqa: S608  as Rasa's driver does
            except psycopg.errors.UniqueViolation:
                refused = True
        assert refused
    log = (folder / "log").read_text()
    assert ("duplicate key" in log, WORDS in log) == (True, False)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_statement": "none"}, []),
        ({"log_min_error_statement": "error", "log_error_verbosity": "terse"}, ["log_min_error_statement = error"]),
        ({"log_error_verbosity": "default"}, ["log_error_verbosity = default"]),
        (
            {"log_statement": "all", "log_min_duration_statement": "250"},
            ["log_statement = all", "log_min_duration_statement = 250"],
        ),
    ],
)
def test_what_brings_words_into_a_log_is_seen(settings: dict[str, str], told: list[str]) -> None:
    assert discretion.indiscreet(settings) == told


def test_killed_with_its_guardian_it_starts_again_at_once(folder: Path) -> None:
    """The one who should notice that it is dead does not, as in a container without an init."""
    guardian = subprocess.Popen(
        (sys.executable, "-c", GUARDIAN, str(folder)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert guardian.stdout
    assert guardian.stdout.readline().startswith("postgresql://")
    postmaster = int((folder / "postmaster.pid").read_text().splitlines()[0])
    with guardian:
        guardian.kill()
    with zombie() as dead:
        os.kill(postmaster, signal.SIGKILL)
        for mark in (folder / "postmaster.pid", folder / ".s.PGSQL.5432.lock"):
            mark.write_text("\n".join([str(dead), *mark.read_text().splitlines()[1:]]) + "\n")
        began = time.monotonic()
        with EmbeddedPostgres(folder) as server, psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert time.monotonic() - began < 30, "what is seen as running is given up after much longer"
