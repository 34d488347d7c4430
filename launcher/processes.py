"""What the system knows of processes: /proc on Linux (a small machine may have no `ps`), `ps` on macOS."""

import os
import sys
from pathlib import Path

from launcher.commands import ask

LINUX = sys.platform == "linux"


def is_alive(pid: int) -> bool:
    """Whether a process with this number runs; one that ended and waits for a slow parent does not."""
    if not LINUX:
        code, state = ask(["ps", "-p", str(pid), "-o", "stat="])
        return code == 0 and not state.startswith("Z")
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def arguments(pid: int) -> str:
    """Its command line; empty when it is gone."""
    if not LINUX:
        return ask(["ps", "-ww", "-p", str(pid), "-o", "args="])[1]
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def with_variable(name: str, value: str) -> list[int]:
    """Every living process that has this environment variable, this one left out."""
    mark = f"{name}={value}"
    if LINUX:
        found = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and _has(folder, mark)]
    else:
        lines = [line.split(maxsplit=1) for line in ask(["ps", "axeww", "-o", "pid=,command="])[1].splitlines()]
        found = [int(line[0]) for line in lines if len(line) == 2 and mark in line[1].split()]
    return [pid for pid in found if pid != os.getpid()]


def _has(folder: Path, mark: str) -> bool:
    try:
        return mark.encode() in (folder / "environ").read_bytes().split(b"\0")
    except OSError:  # gone in the meantime, or another user's
        return False
