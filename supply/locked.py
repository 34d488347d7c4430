"""Reads the lock files: every package with its version, its condition and the hashes that an installer accepts."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORLDS = {"app": ROOT / "requirements" / "app.txt", "rasa": ROOT / "requirements" / "rasa.txt"}
"""What runs in production; the tests' lists hold these and more."""

_PIN = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<condition>[^\\]+?))?\s*\\?$"
)
_HASH = re.compile(r"\s+--hash=sha256:(?P<digest>[0-9a-f]{64})\s*\\?$")


class LockBroken(Exception):
    """A line that an installer would not take by hash; says which."""


@dataclass(frozen=True)
class Package:
    """One line of a lock file, as `name==version ; condition`, with its hashes."""

    name: str
    version: str
    condition: str
    hashes: tuple[str, ...]


def read(path: Path) -> list[Package]:
    """All packages of a lock file.

    Raises:
        LockBroken: a line is no pin, or a pin has no hash.
    """
    found: list[tuple[re.Match[str], list[str]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if digest := _HASH.fullmatch(line):
            if not found:
                raise LockBroken(f"{path.name}:{number}: a hash of nothing")
            found[-1][1].append(digest["digest"])
        elif pin := _PIN.fullmatch(line):
            found.append((pin, []))
        else:
            raise LockBroken(f"{path.name}:{number}: no pin and no hash: {line.strip()}")
    for pin, hashes in found:
        if not hashes:
            raise LockBroken(f"{path.name}: {pin['name']} has no hash")
    return [Package(pin["name"], pin["version"], pin["condition"] or "", tuple(hashes)) for pin, hashes in found]
