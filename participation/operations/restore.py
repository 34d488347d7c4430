"""Put a back-up back: `python -m participation.operations.restore FILE --key FILE`, or `./samenspel restore FILE ...`.

The database has to be empty, and Samenspel has to be stopped. The keys of the installation have to be those of then.
Everybody who was erased since the back-up is erased again, from the list of erasures beside it.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from participation.dates import AMSTERDAM
from participation.operations import backup_file, journal, restoring
from participation.operations.backup import database, report
from participation.operations.faults import Refused
from participation.settings import settings


def main(argv: Sequence[str]) -> int:
    """Run from the command line; what goes wrong is one line."""
    options = _parser().parse_args(argv)
    return report(lambda: _run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./samenspel restore", description=__doc__, allow_abbrev=False)
    parser.add_argument("file", type=Path, help="the back-up")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="the secret key; - is standard input")
    parser.add_argument("--check", action="store_true", help="only read the back-up to its end; no database is needed")
    parser.add_argument("--replace", action="store_true", help="take away what is in the database first, for good")
    lists = parser.add_mutually_exclusive_group()
    lists.add_argument("--erasures", type=Path, metavar="FILE", help="the newest list (default: beside the back-up)")
    lists.add_argument("--without-erasures", action="store_true", help="nobody was erased since; say so deliberately")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--embedded", type=Path, help=argparse.SUPPRESS)
    return parser


def _run(options: argparse.Namespace) -> int:
    key, pseudonym_key = backup_file.identity(options.key), settings().pseudonym_key
    if options.check:
        manifest = backup_file.read(options.file, key=key, pseudonym_key=pseudonym_key)
        _tell(options, manifest, "The back-up is whole", {})
        return 0
    erasures = _erasures(options)
    with database(options.embedded) as url:
        restored = restoring.put_back(
            url,
            options.file,
            key=key,
            pseudonym_key=pseudonym_key,
            journal=erasures,
            chat_days=settings().chat_retention_days,
            now=datetime.now(UTC),
            replace=options.replace,
        )
    _tell(options, restored.manifest, "Put back and checked", restored.again)
    if erasures is not None and not options.json:
        sys.stdout.write(f"The list of erasures is of {_told(erasures.until)}; what was erased later is not on it\n")
    return 0


def _erasures(options: argparse.Namespace) -> journal.Journal | None:
    if options.without_erasures:
        return None
    path = options.erasures or options.file.parent / journal.NAME
    if not path.exists():
        raise Refused(
            f"There is no list of erasures {path}. Name the newest one with --erasures: without it whoever was erased "
            "since the back-up comes back. If there is none, say so with --without-erasures."
        )
    return journal.load(path)


def _tell(options: argparse.Namespace, manifest: backup_file.Manifest, outcome: str, again: dict[str, int]) -> None:
    rows = sum(count for count, _ in manifest.tables.values())
    if options.json:
        told = {
            "made_at": manifest.made_at.isoformat(),
            "schema": manifest.schema,
            "server": manifest.server,
            "tables": {name: count for name, (count, _) in manifest.tables.items()},
            "erased_again": again,
        }
        sys.stdout.write(json.dumps(told) + "\n")
        return
    sys.stdout.write(f"{outcome}: {rows} rows in {len(manifest.tables)} tables, as of {_told(manifest.made_at)}\n")
    for kind, count in again.items():
        sys.stdout.write(f"Erased again: {count} {kind}\n")


def _told(moment: datetime) -> str:
    return moment.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M:%S")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
