"""Known weaknesses of what is pinned, asked of a register with pip-audit.

That needs a network. Without one nothing is known, and that is said: "no weaknesses found" is never the answer to a
question that was not asked. Weaknesses of packages in `aanvaard.yml` are told too and are not new: the world of Rasa
is frozen, and for each of those packages that table says what contains it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

REGISTER = "https://api.osv.dev/v1/query"
ACCEPTED = Path(__file__).with_name("aanvaard.yml")


@dataclass(frozen=True)
class Weakness:
    """One finding: the package, the name of the weakness, and the versions in which it is mended."""

    package: str
    version: str
    name: str
    mended_in: tuple[str, ...]


@dataclass(frozen=True)
class NotChecked:
    """Nothing is known; why."""

    reason: str


@dataclass(frozen=True)
class Accepted:
    """A package of which weaknesses are accepted: what kind, what contains them. Dutch: it is shown in a document."""

    pakket: str
    wereld: str
    wat: str
    houdt_tegen: str
    bestand: str


def accepted() -> list[Accepted]:
    """The table."""
    return [Accepted(**row) for row in yaml.safe_load(ACCEPTED.read_text(encoding="utf-8"))]


def ask(lock: Path, *, register: str = REGISTER, seconds: int = 15) -> list[Weakness] | NotChecked:
    """All known weaknesses of a lock file, or that it could not be asked."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip"]
    command += ["--vulnerability-service", "osv", "--osv-url", register, "--timeout", str(seconds)]
    command += ["--format", "json", "--progress-spinner", "off", "--desc", "off"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (our own arguments)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        return NotChecked(lines[-1][:300] if lines else f"pip-audit ended with {done.returncode}")
    if skipped := [one["name"] for one in told["dependencies"] if "skip_reason" in one]:
        return NotChecked(f"skipped: {', '.join(skipped)}")
    return [
        Weakness(one["name"], one["version"], found["id"], tuple(found["fix_versions"]))
        for one in told["dependencies"]
        for found in one["vulns"]
    ]
