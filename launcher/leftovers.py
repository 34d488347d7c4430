"""Finds and ends what a run left behind, whatever way it ended."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from launcher import state
from launcher.commands import ask
from launcher.health import is_alive, postmaster_pid
from launcher.layout import Layout
from launcher.variables import RUN_ID

POSTGRES_PATIENCE = 15.0


def marked_processes(run_id: str) -> list[int]:
    """Every living process that carries the mark of this run in its environment, children of children too."""
    mark = f"{RUN_ID}={run_id}"
    if sys.platform == "linux":
        found = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and _has(folder, mark)]
    else:
        listing = subprocess.run(["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=False)
        lines = [line.strip().split(maxsplit=1) for line in listing.stdout.splitlines()]
        found = [int(line[0]) for line in lines if len(line) == 2 and mark in line[1].split()]
    return [pid for pid in found if pid != os.getpid()]


def _has(folder: Path, mark: str) -> bool:
    try:
        return mark.encode() in (folder / "environ").read_bytes().split(b"\0")
    except OSError:  # gone in the meantime, or another user's
        return False


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
    _, command = ask(["ps", "-p", str(pid), "-o", "args="])
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
    pids = marked_processes(run_id) if run_id else []
    ended += len(pids)
    for number, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        for pid in pids:
            _send(pid, number)
        pids = _wait_until_gone(pids, patience)
    return ended


def remaining(layout: Layout, run_id: str | None) -> list[int]:
    """What still lives; `down` checks that this is empty."""
    postgres = running_postgres(Path(os.path.realpath(layout.postgres)))
    return ([postgres] if postgres else []) + (marked_processes(run_id) if run_id else [])


def clear_crashed_run(layout: Layout) -> int:
    """Clean up after a supervisor that was killed; only call when none is running."""
    old = state.read(layout.state_file)
    ended = sweep(layout, old.run_id if old else None)
    layout.state_file.unlink(missing_ok=True)
    return ended
