"""`./samenspel packages list` and `./samenspel packages check`."""

import argparse
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from participation.settings import settings
from supply import locked, sbom, weaknesses

FINE, WEAK, BROKEN, NOT_CHECKED = 0, 1, 2, 3


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="./samenspel packages", description="What Samenspel is made of")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="write var/sbom/*.json (CycloneDX 1.6)")
    check = commands.add_parser("check", help="look for known weaknesses; exit code 3: it could not be checked")
    check.add_argument("--register", default=weaknesses.REGISTER, help="an OSV register, such as a copy of your own")
    options = parser.parse_args()
    try:
        worlds = {world: locked.read(path) for world, path in locked.WORLDS.items()}
    except locked.LockBroken as broken:
        print(f"The lock file is broken: {broken}", file=sys.stderr)
        return BROKEN
    if options.command == "list":
        return write_lists(worlds, settings().var / "sbom")
    return tell_weaknesses(options.register)


def write_lists(worlds: dict[str, list[locked.Package]], folder: Path) -> int:
    """Write a list for each world."""
    version = tomllib.loads((locked.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    folder.mkdir(parents=True, exist_ok=True)
    for world, packages in worlds.items():
        file = folder / f"samenspel-{world}.cdx.json"
        file.write_text(sbom.made(world, packages, version=version, now=datetime.now(UTC)), encoding="utf-8")
        print(f"{file}: {len(packages)} packages, fits CycloneDX 1.6")
    return FINE


def tell_weaknesses(register: str) -> int:
    """Ask about each world and tell; what could not be asked counts heavier than what was found."""
    accepted = {(one.wereld, one.pakket) for one in weaknesses.accepted()}
    code = FINE
    for world, path in locked.WORLDS.items():
        found = weaknesses.ask(path, register=register)
        if isinstance(found, weaknesses.NotChecked):
            print(f"{world}: NOT CHECKED, nothing is known. {found.reason}")
            code = NOT_CHECKED
            continue
        fresh = [one for one in found if (world, one.package) not in accepted]
        for one in found:
            mark = "new     " if one in fresh else "accepted"
            print(
                f"{world}: {mark} {one.package} {one.version} {one.name} (mended in {', '.join(one.mended_in) or '-'})"
            )
        print(f"{world}: {len(fresh)} new weaknesses, {len(found) - len(fresh)} of packages in supply/aanvaard.yml")
        if fresh and code == FINE:
            code = WEAK
    return code


if __name__ == "__main__":
    sys.exit(main())
