"""Alembic's entry. The connection comes from the caller (prepare, tests) or from SAMENSPEL_DATABASE_URL."""

import os
from typing import Any

import sqlalchemy
from alembic import context

from participation.database.engine import sqlalchemy_url
from participation.database.migrate import LIMITS
from participation.models import Base

LEAVING = {("participant", "current_part_id"), ("campaign_reach", "started"), ("campaign_reach", "finished")}
"""Columns that the models have no more. The version of before may still run and reads them; the next one drops them."""


def is_compared(thing: Any, name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
    """Whether Alembic compares something of the database with the models."""
    if not reflected or kind not in ("column", "foreign_key_constraint"):
        return True
    columns = [name] if kind == "column" else thing.column_keys
    return not any((thing.table.name, column) in LEAVING for column in columns)


def run(connection: sqlalchemy.Connection) -> None:
    """Migrate, each migration in a transaction of its own unless the caller has one open already.

    Whoever waits for a lock keeps all behind it waiting too: so we wait short, and `participation.database.migrate`
    tries again. What blocks a table may not take long either. An index takes long and blocks nothing: see
    `participation.migrations.indexes`.
    """
    callers = connection.in_transaction()
    for limit in LIMITS:
        connection.execute(sqlalchemy.text(f"SET {'LOCAL ' if callers else ''}{limit}"))
    if not callers:
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        include_object=is_compared,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def write() -> None:
    """Write the SQL instead of running it: to read what a new version will do, and for the rules in the tests."""
    context.configure(
        dialect_name="postgresql", target_metadata=Base.metadata, literal_binds=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if context.is_offline_mode():
    write()
elif given is not None:
    run(given)
else:
    engine = sqlalchemy.create_engine(sqlalchemy_url(os.environ["SAMENSPEL_DATABASE_URL"]))
    with engine.connect() as own:
        run(own)
    engine.dispose()
