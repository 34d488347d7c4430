"""Make a back-up: `python -m participation.operations.backup FOLDER`, or `./samenspel backup FOLDER`.

The back-up is locked with public keys, so the machine that makes it can not read it. Beside it comes erasures.jsonl,
the list of what residents had erased: a restore asks for it.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pyrage

from participation.operations import backup_file, clockwork, journal, making
from participation.operations.faults import Refused
from participation.settings import settings

MARGIN_DAYS = 30
"""A list of erasures goes back further than the oldest back-up by this much, for a copy that was kept elsewhere."""


def main(argv: Sequence[str]) -> int:
    """Run from the command line; what goes wrong is one line."""
    options = _parser().parse_args(argv)
    return report(lambda: _run(options))


def report(work: Callable[[], int]) -> int:
    """Turn the causes that we know into one line each."""
    try:
        return work()
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
    except psycopg.OperationalError as error:
        sys.stderr.write(f"The database can not be reached: {str(error).strip().splitlines()[0]}\n")
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}: {error.filename or 'no file named'}\n")
    return 1


@contextmanager
def database(embedded: Path | None) -> Iterator[str]:
    """The database of the settings, or the embedded one in this folder, started for as long as it is needed.

    Raises:
        Refused: the settings name none.
    """
    if embedded is not None:
        # Not at the top: its package has things to say that are of no use to who has a PostgreSQL of their own.
        from participation.database.embedded import EmbeddedPostgres

        with EmbeddedPostgres(embedded) as server:
            yield server.url
    elif url := settings().database_url:
        yield url
    else:
        raise Refused("SAMENSPEL_DATABASE_URL is not set.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./samenspel backup", description=__doc__, allow_abbrev=False)
    parser.add_argument("path", type=Path, nargs="?", help="a folder, or the file to make (ending in .age)")
    parser.add_argument(
        "--to",
        action="append",
        metavar="KEY",
        help="public key; may be given more than once (SAMENSPEL_BACKUP_RECIPIENTS)",
    )
    parser.add_argument("--keep", type=int, metavar="DAYS", help="remove back-ups in the folder that are older")
    parser.add_argument("--erasures", action="store_true", help="only bring the list of erasures up to date")
    parser.add_argument("--daily", metavar="HH:MM", help="stay: a back-up every day (UTC), the list every minute")
    parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a pair of keys and stop")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--embedded", type=Path, help=argparse.SUPPRESS)
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.new_key is not None:
        sys.stdout.write(f"{new_key(options.new_key)}\n")
        return 0
    if options.path is None:
        raise Refused("Where to? Name a folder.")
    is_file = options.path.suffix == making.ENDING
    folder = options.path.parent if is_file else options.path
    if is_file and (options.keep is not None or options.daily):
        raise Refused("--keep and --daily need a folder.")
    if options.keep is not None and options.keep < 1:
        raise Refused("--keep takes a number of days from 1.")
    known_for = options.keep + MARGIN_DAYS if options.keep is not None else None
    keys = [] if options.erasures else backup_file.recipients(options.to or settings().backup_recipients.split())

    def erasures(url: str) -> journal.Journal:
        return journal.keep(url, folder / journal.NAME, days=known_for)

    def back_up(url: str) -> None:
        making.remove_drafts(folder, now=datetime.now(UTC))  # first: they may be what fills the disk
        target = options.path if is_file else folder / making.name_of(datetime.now(UTC))
        manifest = making.make(url, target, keys=keys, pseudonym_key=settings().pseudonym_key)
        listed = erasures(url)
        removed = making.remove_old(folder, days=options.keep, now=datetime.now(UTC)) if options.keep else []
        told = {
            "file": str(target),
            "bytes": target.stat().st_size,
            "tables": len(manifest.tables),
            "rows": sum(rows for rows, _ in manifest.tables.values()),
            "erasures": len(listed.lines),
            "removed": len(removed),
        }
        if options.json:
            sys.stdout.write(json.dumps(told) + "\n")
        else:
            sys.stdout.write("{file}: {rows} rows in {tables} tables, {bytes} bytes\n".format(**told))
        sys.stdout.flush()

    with database(options.embedded) as url:
        if options.daily:
            clockwork.run(
                options.daily,
                newest=making.newest(folder),
                back_up=lambda: back_up(url),
                every_minute=lambda: erasures(url),
            )
        elif options.erasures:
            listed = erasures(url)
            sys.stdout.write(f"{folder / journal.NAME}: {len(listed.lines)} lines\n")
        else:
            back_up(url)
    return 0


def new_key(path: Path) -> str:
    """Make a pair of keys: the secret one in a new file that only its owner can read; returns the public one."""
    secret = pyrage.x25519.Identity.generate()
    public = str(secret.to_public())
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(f"{path} exists already.") from None
    with open(number, "w", encoding="utf-8") as file:  # noqa: PTH123  (private from the first byte)
        file.write(f"# public key: {public}\n{secret}\n")
    return public


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
