"""Making a back-up: one moment of the database, counted and dumped while everybody works on, encrypted on the way."""

import os
import subprocess
import tempfile
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from participation.operations import backup_file, programs, tallies
from participation.operations.backup_file import Manifest
from participation.operations.faults import Refused

NAME, ENDING = "samenspel-", ".age"
DUMPED = ("--format=custom", "--enable-row-security", "--lock-wait-timeout=60s")
"""With row-level security on, as the connection is in the scope of every municipality; see `tallies.take`."""
DRAFT = timedelta(hours=1)
"""A file that is being written is written to more often than this."""
_WRITTEN = "%Y%m%dT%H%M%SZ"


def make(url: str, target: Path, *, keys: Sequence[Any], pseudonym_key: str) -> Manifest:
    """Write a back-up of the whole database to a file that does not exist yet; it appears when it is whole.

    Args:
        url: libpq URI of the owner of the tables.
        keys: what it is locked with, see `backup_file.recipients`.

    Raises:
        Refused: with the reason; no file is left.
    """
    if target.exists():
        raise Refused(f"{target} exists already.")
    with psycopg.connect(url, options=tallies.OPTIONS) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        found = connection.execute("SELECT pg_export_snapshot(), now()").fetchone()
        assert found is not None  # noqa: S101  (one row)
        snapshot, now = found
        manifest = Manifest(
            made_at=now,
            schema=_schema(connection),
            server=str(connection.info.server_version),
            key=backup_file.fingerprint(pseudonym_key),
            tables=tallies.take(connection),
        )
        program = programs.find("pg_dump", server=connection.info.server_version // 10_000)
        # The transaction stays open until the dump has ended: it keeps the moment.
        _dump(program, url, snapshot, target, manifest, keys, pseudonym_key)
    _note(url, manifest, target)
    return manifest


def name_of(moment: datetime) -> str:
    """The file of a back-up in a folder of them; sorted by name they are sorted by time."""
    return f"{NAME}{moment.astimezone(UTC).strftime(_WRITTEN)}{ENDING}"


def newest(folder: Path) -> datetime | None:
    """When the last back-up in a folder of them was made."""
    return max((made for made, _ in _dated(folder)), default=None)


def remove_old(folder: Path, *, days: int, now: datetime) -> list[Path]:
    """Remove the back-ups of more than so many days ago; the newest one always stays."""
    old = [path for made, path in sorted(_dated(folder))[:-1] if made < now - timedelta(days=days)]
    for path in old:
        path.unlink()
    return old


def remove_drafts(folder: Path, *, now: datetime) -> list[Path]:
    """Remove what was being written when the program was killed; what was written to in the last hour stays."""
    left = [path for path in folder.glob(f".{NAME}*{ENDING}-*") if path.stat().st_mtime < (now - DRAFT).timestamp()]
    for path in left:
        path.unlink()
    return left


def _dated(folder: Path) -> list[tuple[datetime, Path]]:
    """Only files that are named as ours, and their names tell the time: a copy keeps that, not its date."""
    dated = []
    for path in folder.glob(f"{NAME}*{ENDING}"):
        with suppress(ValueError):
            made = datetime.strptime(path.name, f"{NAME}{_WRITTEN}{ENDING}").replace(tzinfo=UTC)
            dated.append((made, path))
    return dated


def _schema(connection: psycopg.Connection[Any]) -> str:
    try:
        with connection.transaction():
            found = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        found = None
    if found is None:
        raise Refused("There is no Samenspel in this database.")
    return str(found[0])


def _dump(
    program: str, url: str, snapshot: str, target: Path, manifest: Manifest, keys: Sequence[Any], pseudonym_key: str
) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    number, draft = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)  # readable by its owner only
    try:
        with open(number, "wb") as file, tempfile.TemporaryFile() as said:  # noqa: PTH123  (a descriptor)
            process = programs.start(
                program,
                url,
                *DUMPED,
                f"--snapshot={snapshot}",
                options=tallies.OPTIONS,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
            )
            assert process.stdout is not None  # noqa: S101  (a pipe)

            def ended_well() -> None:
                if process.wait():
                    said.seek(0)
                    raise Refused(f"The database could not be read: {programs.last_line(said.read())}")

            try:
                backup_file.write(
                    file,
                    manifest=manifest,
                    dump=process.stdout,
                    ended_well=ended_well,
                    keys=keys,
                    pseudonym_key=pseudonym_key,
                )
            finally:
                process.stdout.close()
                process.kill()
                process.wait()
            file.flush()
            os.fsync(file.fileno())
        Path(draft).rename(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _note(url: str, manifest: Manifest, target: Path) -> None:
    with psycopg.connect(url) as connection:
        known = connection.execute("SELECT to_regclass('public.backup_made') IS NOT NULL").fetchone()
        if known is None or not known[0]:  # tables of an older version, just before it is replaced
            return
        connection.execute(
            "INSERT INTO public.backup_made (id, made_at, finished_at, size) VALUES (%s, %s, clock_timestamp(), %s)",
            (uuid.uuid4(), manifest.made_at, target.stat().st_size),
        )
        connection.execute("DELETE FROM public.backup_made WHERE made_at < now() - interval '400 days'")
