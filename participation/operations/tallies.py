"""How many rows every table has, and a checksum of them: to see that what was put back is what was there.

The checksum of a table is the sum of the first 63 bits of the MD5 of each row, so the order of rows does not matter. It
is there against mistakes; against malice the file of a back-up has its own seal.
"""

from typing import Any

import psycopg
from psycopg import sql

from participation.operations.faults import Refused

OPTIONS = (
    "-c samenspel.gemeente=* -c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1 "
    "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
)
"""Of the connection: it sees the rows of every municipality, writes values as every server does, and may take long."""

Tally = dict[str, tuple[int, str]]

_TABLES = """
SELECT namespace.nspname, class.relname,
       (SELECT array_agg(attname ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '')
FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE class.relkind = 'r' AND namespace.nspname !~ '^pg_' AND namespace.nspname <> 'information_schema'
  AND namespace.nspname <> %(apart)s
ORDER BY 1, 2
"""

# Tables with a policy that has no word for every municipality. That those with one show every row to it is tested.
_HIDDEN = """
SELECT class.oid::regclass::text
FROM pg_class AS class JOIN pg_roles AS me ON me.rolname = current_user
WHERE class.relkind = 'r' AND class.relrowsecurity AND NOT (me.rolsuper OR me.rolbypassrls)
  AND (class.relforcerowsecurity OR NOT pg_has_role(class.relowner, 'USAGE'))
  AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = class.oid AND polcmd IN ('*', 'r') AND polpermissive
                  AND pg_get_expr(polqual, polrelid) LIKE %(everywhere)s)
"""


def take(connection: psycopg.Connection[Any], *, apart: str = "") -> Tally:
    """Count all tables, as the running transaction sees them.

    Columns that PostgreSQL makes from others are left out: another version may make them otherwise.

    Args:
        apart: a schema to leave out.

    Raises:
        Refused: row-level security hides rows from this role.
    """
    hidden = connection.execute(_HIDDEN, {"everywhere": "%'*'::text%"}).fetchall()
    if hidden:
        raise Refused(f"Row-level security would hide rows of {hidden[0][0]} from the back-up.")
    tally: Tally = {}
    for schema, table, columns in connection.execute(_TABLES, {"apart": apart}).fetchall():
        row = sql.SQL("ROW({})::text").format(sql.SQL(", ").join(map(sql.Identifier, columns or ())))
        query = sql.SQL(
            "SELECT count(*), coalesce(sum(('x' || left(md5({row}), 16))::bit(64)::bigint & {bits}), 0)::text "
            "FROM {table}"
        ).format(row=row, bits=2**63 - 1, table=sql.Identifier(schema, table))
        found = connection.execute(query).fetchone()
        assert found is not None  # noqa: S101  (an aggregate always has a row)
        tally[f"{schema}.{table}"] = (found[0], found[1])
    return tally


def differences(expected: Tally, found: Tally) -> list[str]:
    """Return a line for each table that is not as it was."""
    lines = []
    for name in sorted(expected.keys() | found.keys()):
        before, after = expected.get(name), found.get(name)
        if before is None or after is None:
            lines.append(f"{name}: {'not in the back-up' if before is None else 'missing'}")
        elif before != after:
            lines.append(f"{name}: {before[0]} rows in the back-up, {after[0]} put back, contents differ")
    return lines
