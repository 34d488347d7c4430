"""How the supervisor sees that a part works."""

import http.client
import json
import time
from collections.abc import Callable
from pathlib import Path

from launcher.processes import is_alive

TIMEOUT_SECONDS = 4.0
Check = Callable[[], bool]


def _get(host: str, port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def answers_ok(host: str, port: int, path: str) -> Check:
    """The part answers 200."""

    def check() -> bool:
        try:
            return _get(host, port, path)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    return check


def reports_true(host: str, port: int, path: str, *keys: str) -> Check:
    """Another part says in its JSON that this one works; with any status, as an unready service answers 503."""

    def check() -> bool:
        try:
            value = json.loads(_get(host, port, path)[1])
            for key in keys:
                value = value[key]
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return False
        return value is True

    return check


def touched_lately(file: Path, *, seconds: float) -> Check:
    """The part serves nothing, but touches a file as long as it does not hang."""

    def check() -> bool:
        try:
            return time.time() - file.stat().st_mtime < seconds
        except OSError:
            return False

    return check


def postmaster_pid(data: Path) -> int | None:
    """The process number that PostgreSQL wrote down in its data folder."""
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def database_announced(file: Path, data: Path) -> Check:
    """The embedded server wrote its address and its main process lives."""

    def check() -> bool:
        pid = postmaster_pid(data)
        return file.exists() and pid is not None and is_alive(pid)

    return check
