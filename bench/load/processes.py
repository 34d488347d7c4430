"""Memory and processor time of the parts of an instance, by `ps`, which Linux and macOS have.

Linux also tells each process's share of memory that several use, such as the buffers of PostgreSQL: with that these
count once. Elsewhere they count with each process. It also tells processor time in hundredths of a second, and that of
processes that have ended since, such as connections of PostgreSQL; `ps` tells whole seconds of those that live.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

GENERATOR = "generator"
"""The measurement itself: on one machine it takes its share."""


@dataclass(frozen=True)
class Use:
    """What a part holds and has used."""

    megabytes: float
    cpu_seconds: float


def roots(var: Path) -> dict[str, list[int]]:
    """The first processes of each part of the instance in this folder; nothing where none runs."""
    try:
        parts = json.loads((var / "run" / "supervisor.json").read_text())["parts"]
    except (OSError, ValueError, KeyError):
        return {GENERATOR: [os.getpid()]}
    found = {name: [part["pid"]] for name, part in parts.items() if part["pid"]}
    try:  # it leads a session of its own, beside who guards it
        postmaster = int((var / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        found.setdefault("database", []).append(postmaster)
    except (OSError, ValueError, IndexError):
        pass
    return {**found, GENERATOR: [os.getpid()]}


def share(pid: int, *, proc: Path = Path("/proc")) -> float | None:
    """Megabytes of a process, of what it shares its part only (PSS); None where the system does not tell."""
    try:
        told = (proc / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return None
    found = re.search(r"^Pss: +(\d+) kB$", told, re.MULTILINE)
    return int(found[1]) / 1024 if found else None


def spent(pid: int, *, proc: Path = Path("/proc")) -> float | None:
    """Seconds of processor time of a process and of its children that ended; None where the system does not tell."""
    try:
        told = (proc / str(pid) / "stat").read_text()
    except OSError:
        return None
    fields = told.rpartition(")")[2].split()  # from the third of proc(5), the state: a name may hold spaces
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def used(
    parts: Mapping[str, list[int]],
    listing: str,
    *,
    share: Callable[[int], float | None] = share,
    spent: Callable[[int], float | None] = spent,
) -> dict[str, Use]:
    """Add up a part's processes and all that they started, in a listing of `ps`."""
    rows: dict[int, tuple[int, Use]] = {}
    for line in listing.splitlines():
        pid, parent, kilobytes, time = line.split()
        rows[int(pid)] = int(parent), Use(int(kilobytes) / 1024, cpu_seconds(time))
    result = {}
    for name, pids in parts.items():
        mine = {pid for pid in pids if pid in rows}
        while more := {pid for pid, (parent, _) in rows.items() if parent in mine} - mine:
            mine |= more
        megabytes = sum(rows[pid][1].megabytes if (own := share(pid)) is None else own for pid in mine)
        seconds = sum(rows[pid][1].cpu_seconds if (exact := spent(pid)) is None else exact for pid in mine)
        result[name] = Use(megabytes, seconds)
    return result


def now(parts: Mapping[str, list[int]]) -> dict[str, Use]:
    """What each part uses at this moment."""
    command = ("ps", "-axo", "pid=,ppid=,rss=,time=")
    told = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603  (nothing from outside)
    return used(parts, told.stdout)


def cpu_seconds(time: str) -> float:
    """Read `[[days-]hours:]minutes:seconds`."""
    days, _, rest = time.rpartition("-")
    total = 0.0
    for piece in rest.split(":"):
        total = total * 60 + float(piece)
    return total + int(days or 0) * 86_400


def between(before: Mapping[str, Use], after: Mapping[str, Use], *, seconds: float) -> dict[str, dict[str, float]]:
    """Memory at the end, and how many processors were busy for a part on average."""
    return {
        name: {
            "mb": round(use.megabytes),
            "cpu": round((use.cpu_seconds - before[name].cpu_seconds) / seconds, 2),
        }
        for name, use in after.items()
        if name in before
    }
