"""An index on a table that is in use."""

from collections.abc import Sequence
from typing import Any

from alembic import op

from participation.database import migrate


def build_index(name: str, table: str, columns: Sequence[str], **chosen: Any) -> None:
    """Build an index while others read and write; the last thing that a migration does.

    It waits for every transaction that is under way, without limit: nobody waits behind it. A try that is cut off
    leaves an index that is written to and never read, so what has the name goes first.

    Args:
        chosen: as for `op.create_index`.
    """
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("SET statement_timeout = 0")
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)
        op.create_index(name, table, columns, postgresql_concurrently=True, **chosen)
        for limit in migrate.LIMITS:
            op.execute(f"SET {limit}")
