"""Putting a back-up back: in one transaction, checked row for row, and with everybody erased again who was."""

import asyncio
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from participation.database.engine import APP_ROLE
from participation.database.migrate import (
    JOBS_SCHEMA,
    RASA_ROLE,
    RASA_SCHEMA,
    RESTORING,
    known_revisions,
    make_roles,
    migrate,
)
from participation.operations import backup_file, erasing_again, programs, tallies
from participation.operations.backup_file import Manifest
from participation.operations.faults import Refused
from participation.operations.journal import Journal

_OURS = ["public", JOBS_SCHEMA, RASA_SCHEMA]

_THINGS = """
SELECT count(*) FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE namespace.nspname = ANY(%s) AND class.relkind IN ('r', 'p', 'v', 'm', 'S')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = class.oid AND deptype = 'e')
"""

_EMPTY_PUBLIC = """
DO $$
DECLARE thing record;
BEGIN
    FOR thing IN
        SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
               ELSE 'TABLE' END AS kind, oid::regclass::text AS name
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('e', 'i'))
        UNION ALL
        SELECT 'ROUTINE', oid::regprocedure::text
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
        UNION ALL
        SELECT 'TYPE', oid::regtype::text
        FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')
    LOOP
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', thing.kind, thing.name);
    END LOOP;
END $$
"""


@dataclass(frozen=True)
class Restored:
    """What was put back."""

    manifest: Manifest
    again: dict[str, int]
    """What was erased again, by kind."""


def put_back(
    url: str,
    source: Path,
    *,
    key: Any,
    pseudonym_key: str,
    journal: Journal | None,
    chat_days: int,
    now: datetime,
    replace: bool = False,
) -> Restored:
    """Put a back-up in an empty database, and bring it to the state that this version expects.

    Nobody can start Samenspel on it before all has been done: until then a schema stands there that `prepare` refuses.

    Args:
        url: libpq URI of the owner.
        journal: what to erase again; none only when whoever restores says so.
        chat_days: how long chat texts are kept; what has had its time since the back-up goes at once.
        replace: take away what is in the database first. By then the back-up has been read to its end.

    Raises:
        Refused: with the reason.
    """
    manifest = backup_file.read(source, key=key, pseudonym_key=pseudonym_key)
    if manifest.schema not in known_revisions():
        raise Refused(
            f"This back-up is of a newer Samenspel (migration {manifest.schema}). Install that version first."
        )
    with psycopg.connect(url, autocommit=True) as connection:
        program = programs.find("pg_restore", server=connection.info.server_version // 10_000)
        _clear(connection, replace=replace)
        make_roles(url)
        _fill(program, url, source, key, pseudonym_key)
        _give_rasa_its_own(connection)
    _check(url, manifest)
    migrate(url, restoring=True)
    again = asyncio.run(erasing_again.after_restore(url, manifest.made_at, journal, chat_days=chat_days, now=now))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
        connection.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(RESTORING)))
    return Restored(manifest, again)


def _clear(connection: psycopg.Connection[Any], *, replace: bool) -> None:
    if _number(
        connection,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND usename = ANY(%s::text[] || current_user::text)",
        [APP_ROLE, RASA_ROLE],
    ):
        raise Refused("Others are at work in this database. Stop Samenspel first.")
    unfinished = _number(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = %s", RESTORING)
    if not replace and (unfinished or _number(connection, _THINGS, _OURS)):
        raise Refused("This database is not empty. With --replace everything in it goes for good.")
    with connection.transaction():
        if replace:
            for schema in (JOBS_SCHEMA, RASA_SCHEMA, RESTORING):
                connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
            connection.execute(_EMPTY_PUBLIC)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(RESTORING)))


def _fill(program: str, url: str, source: Path, key: Any, pseudonym_key: str) -> None:
    """Give the dump to pg_restore while it is decrypted; whatever goes wrong, all of it is rolled back."""
    with tempfile.TemporaryFile() as said:
        process = programs.start(
            program,
            url,
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-comments",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        assert process.stdin is not None  # noqa: S101  (a pipe)
        try:
            with suppress(BrokenPipeError):  # it stopped before the end, and says why
                backup_file.read(source, key=key, pseudonym_key=pseudonym_key, sink=process.stdin)
                process.stdin.close()
            failed = process.wait()
        finally:
            process.kill()
            process.wait()
            with suppress(BrokenPipeError):
                process.stdin.close()
        if failed:
            said.seek(0)
            raise Refused(f"PostgreSQL could not put it back: {programs.last_line(said.read())}")


def _give_rasa_its_own(connection: psycopg.Connection[Any]) -> None:
    """The role that put it back owns everything, under whatever name; Rasa's own tables are Rasa's."""
    rasa, schema = sql.Identifier(RASA_ROLE), sql.Identifier(RASA_SCHEMA)
    with connection.transaction():
        connection.execute(sql.SQL("ALTER SCHEMA {} OWNER TO {}").format(schema, rasa))
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (RASA_SCHEMA,)).fetchall()
        for (table,) in tables:  # with their sequences
            connection.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(sql.Identifier(RASA_SCHEMA, table), rasa))


def _check(url: str, manifest: Manifest) -> None:
    with psycopg.connect(url, options=tallies.OPTIONS) as connection:
        wrong = tallies.differences(manifest.tables, tallies.take(connection, apart=RESTORING))
    if wrong:
        raise Refused(f"What was put back is not what the back-up holds ({len(wrong)} tables): {'; '.join(wrong[:5])}")


def _number(connection: psycopg.Connection[Any], query: str, *values: Any) -> int:
    found = connection.execute(query.encode(), values or None).fetchone()
    assert found is not None  # noqa: S101  (a count)
    return int(found[0])
