"""Running other programs: on a leash, with their output in a log, and never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
PATIENCE_SECONDS = 10.0


def leashed(command: Sequence[str]) -> list[str]:
    """Wrap a command so that it ends when this process does.

    Start it from the main thread: what Linux watches is the thread that started it.
    """
    return [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *command]


def signal_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    """Signal the whole group of a process that was started with `process_group=0`."""
    with suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        os.killpg(process.pid, number)


def end_group(process: "subprocess.Popen[bytes]", *, patience: float = PATIENCE_SECONDS) -> None:
    """Wait for a process that was asked to stop, then kill what is left of its group; returns when it is gone."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    signal_group(process, signal.SIGKILL)
    process.wait()


def run_logged(command: Sequence[str], *, log: Path, cwd: Path, env: Mapping[str, str]) -> int:
    """Run to the end with all output in `log` (overwritten); an interruption ends the command's whole group.

    The group is asked with SIGINT, because that is what lets pytest take its fixtures (a database) down.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            leashed(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        try:
            return process.wait()
        finally:
            signal_group(process, signal.SIGINT)
            end_group(process)


def ask(
    command: Sequence[str],
    *,
    timeout: float = 20.0,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Exit code and output of a short command; a program that is missing or hangs gives code 127 or 124."""
    try:
        answer = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=cwd,
            env=env,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 124, ""
    except OSError:
        return 127, ""
    return answer.returncode, (answer.stdout or answer.stderr).strip()


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a log that may not exist, blank ones left out."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 64_000))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()][-count:]
