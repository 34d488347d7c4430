"""The list of what was erased, kept beside the back-ups: `erasures.jsonl`.

The table `erasure` is lost with the database that it is in. So what it holds is written to a file, every minute by the
service that makes back-ups, and with each back-up. After a restore everything on the list is done again.

The file is read, united with the table and replaced: whichever of the two knows a line, it stays. An empty database
that is looked after by the same service can not empty it. It holds hashes and no words, so it is not encrypted: it
can be read, and joined with another, when there is nothing else left.
"""

import json
import os
import tempfile
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from participation.operations.faults import Refused

NAME = "erasures.jsonl"
FORMAT = "samenspel-erasures 1"
_COLUMNS = ("id", "kind", "record", "purpose", "about", "created_at")


@dataclass(frozen=True)
class Line:
    """One thing that was erased; see `participation.models.Erasure`."""

    id: uuid.UUID
    kind: str
    record: bytes
    purpose: str | None
    about: bytes | None
    created_at: datetime


@dataclass(frozen=True)
class Journal:
    """What is known of erasures."""

    until: datetime
    """What was erased later is not on it."""
    lines: Mapping[uuid.UUID, Line]


def keep(url: str, path: Path, *, days: int | None = None) -> Journal:
    """Bring the file up to date with the table, and return what it holds.

    Args:
        days: lines older than this go, from the table too. More than the oldest back-up is old.

    Raises:
        Refused: the file that is there is no such list; it is left alone.
    """
    with psycopg.connect(url) as connection:
        # Before the rows are read, not after: what is being erased meanwhile may be on the next list only.
        found = connection.execute("SELECT now(), to_regclass('public.erasure') IS NOT NULL").fetchone()
        assert found is not None  # noqa: S101  (one row)
        until: datetime = found[0]
        noted: bool = found[1]  # not by a version of before this list
        before = until - timedelta(days=days) if days is not None else None
        if before is not None and noted:
            connection.execute("DELETE FROM public.erasure WHERE created_at < %s", (before,))
        query = sql.SQL("SELECT {} FROM public.erasure").format(sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)))
        lines = {row[0]: Line(*row) for row in connection.execute(query)} if noted else {}
        if path.exists():
            earlier = load(path)
            lines = {**earlier.lines, **lines}
        if before is not None:
            lines = {number: line for number, line in lines.items() if line.created_at >= before}
        journal = Journal(until, lines)
        _write(path, journal)
    return journal


def load(path: Path) -> Journal:
    """Read a list.

    Raises:
        Refused: there is none, or it is not whole.
    """
    try:
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        head = json.loads(first)
        if head["format"] != FORMAT or head["lines"] != len(rest):
            raise ValueError
        lines = [_line(json.loads(one)) for one in rest]
        return Journal(datetime.fromisoformat(head["until"]), {line.id: line for line in lines})
    except FileNotFoundError:
        raise Refused(f"There is no list of erasures {path}") from None
    except (ValueError, KeyError, TypeError):
        raise Refused(f"The list of erasures is damaged: {path}") from None


def _line(found: Mapping[str, str | None]) -> Line:
    about = found["about"]
    return Line(
        id=uuid.UUID(found["id"]),
        kind=str(found["kind"]),
        record=bytes.fromhex(str(found["record"])),
        purpose=found["purpose"],
        about=bytes.fromhex(about) if about else None,
        created_at=datetime.fromisoformat(str(found["created_at"])),
    )


def _write(path: Path, journal: Journal) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"format": FORMAT, "until": journal.until.isoformat(), "lines": len(journal.lines)}
    number, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with open(number, "w", encoding="utf-8") as file:  # noqa: PTH123  (a descriptor)
            file.write(json.dumps(head) + "\n")
            for line in _in_order(journal.lines.values()):
                file.write(json.dumps({name: _told(getattr(line, name)) for name in _COLUMNS}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(draft).rename(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.created_at, line.id))


def _told(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return None if value is None else str(value)
