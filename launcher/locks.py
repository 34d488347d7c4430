"""Locks between processes that the system lets go of by itself when their holder dies, however it dies."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from launcher.console import Console

# `is_held` takes the lock for a moment to look; whoever really wants it tries a little longer than that.
GLANCE_SECONDS = 0.5


class Taken(Exception):
    """Another process holds the lock."""


def _try(file: IO[bytes], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def take(path: Path) -> IO[bytes]:
    """Take the lock and keep it for as long as the returned file is open.

    Raises:
        Taken: another process has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("ab")
    until = time.monotonic() + GLANCE_SECONDS
    while not _try(file, fcntl.LOCK_EX):
        if time.monotonic() > until:
            file.close()
            raise Taken(str(path))
        time.sleep(0.02)
    return file


def is_held(path: Path) -> bool:
    """Whether a living process has the lock."""
    try:
        with path.open("rb") as file:
            return not _try(file, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


@contextmanager
def one_at_a_time(path: Path, *, what: str, console: Console) -> Iterator[None]:
    """Wait for another launcher that is doing the same, and say so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        if not _try(file, fcntl.LOCK_EX):
            console.say(f"Another ./samenspel is {what}; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
