"""An instance for one measurement: in a folder of its own, with so many replicas of Rasa, gone afterwards."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PORT = 8700
KEPT = ("SAMENSPEL_PYTHON310",)
NOTHING: Mapping[str, str] = {}


@contextlib.contextmanager
def running(var: Path, *, replicas: int, settings: Mapping[str, str] = NOTHING) -> Iterator[str]:
    """Start it, give its address, and stop it and remove its data.

    Args:
        settings: further settings of the instance, by name without the prefix.

    Raises:
        subprocess.CalledProcessError: it can not be started; why stands on stderr.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SAMENSPEL_") or name in KEPT}
    environ |= {"SAMENSPEL_VAR": str(var), "SAMENSPEL_DEMO": "true", "SAMENSPEL_LINK_CHECK": "false"}
    environ |= {f"SAMENSPEL_{name}": value for name, value in settings.items()}

    def call(*arguments: str) -> None:
        command = (sys.executable, str(ROOT / "samenspel"), *arguments)
        subprocess.run(command, env=environ, stdout=sys.stderr, check=True)  # noqa: S603  (our own launcher)

    try:
        call("up", "--detach", "--port", str(PORT), "--rasa", str(replicas))
        yield f"http://127.0.0.1:{PORT}"
    finally:
        call("reset", "--yes")


def database_of(var: Path) -> str:
    """The address of the database of the instance in this folder, as its owner, who sees all rows."""
    url: str = json.loads((var / "run" / "database.json").read_text())["url"]
    return url


def replicas_in(var: Path) -> int | None:
    """How many replicas the instance in this folder runs; None when none runs there."""
    try:
        parts = json.loads((var / "run" / "supervisor.json").read_text())["parts"]
    except (OSError, ValueError, KeyError):
        return None
    return sum(name == "rasa" or name.startswith("rasa-") for name in parts)
