"""Finds and ends what a run left behind, whatever way it ended."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from launcher import state
from launcher.health import postmaster_pid
from launcher.layout import Layout
from launcher.processes import arguments, is_alive, with_variable
from launcher.variables import RUN_ID

POSTGRES_PATIENCE = 15.0


def _wait_until_gone(pids: list[int], seconds: float) -> list[int]:
    until = time.monotonic() + seconds
    while pids and time.monotonic() < until:
        time.sleep(0.05)
        pids = [pid for pid in pids if is_alive(pid)]
    return pids


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def running_postgres(data: Path) -> int | None:
    """The PostgreSQL that serves this data folder. The number in its file may have passed to another program."""
    pid = postmaster_pid(data)
    if pid is None or not is_alive(pid):
        return None
    command = arguments(pid)
    return pid if "postgres" in command and str(data) in command else None


def stop_postgres(data: Path) -> bool:
    """Stop a PostgreSQL that outlived its guardian: fast first (open sessions are cut), then at once."""
    pid = running_postgres(data)
    if pid is None:
        return False
    _send(pid, signal.SIGINT)
    if _wait_until_gone([pid], POSTGRES_PATIENCE):
        _send(pid, signal.SIGQUIT)
        _wait_until_gone([pid], POSTGRES_PATIENCE)
    return True


def sweep(layout: Layout, run_id: str | None) -> int:
    """End every process of a run whose supervisor is gone; returns how many there were."""
    data = Path(os.path.realpath(layout.postgres))
    ended = int(stop_postgres(data))
    pids = with_variable(RUN_ID, run_id) if run_id else []
    ended += len(pids)
    for number, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        for pid in pids:
            _send(pid, number)
        pids = _wait_until_gone(pids, patience)
    return ended


def remaining(layout: Layout, run_id: str | None) -> list[int]:
    """What still lives; `down` checks that this is empty."""
    postgres = running_postgres(Path(os.path.realpath(layout.postgres)))
    return ([postgres] if postgres else []) + (with_variable(RUN_ID, run_id) if run_id else [])


def clear_crashed_run(layout: Layout) -> int:
    """Clean up after a supervisor that was killed; only call when none is running."""
    old = state.read(layout.state_file)
    ended = sweep(layout, old.run_id if old else None)
    layout.state_file.unlink(missing_ok=True)
    return ended
