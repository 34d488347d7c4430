"""Alembic's entry. The connection comes from the caller (prepare, tests) or from SAMENSPEL_DATABASE_URL."""

import os

import sqlalchemy
from alembic import context

from participation.database.engine import sqlalchemy_url
from participation.models import Base


def run(connection: sqlalchemy.Connection) -> None:
    """Migrate inside one transaction, with limits so that a busy table is never blocked for long."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        connection.execute(sqlalchemy.text("SET LOCAL lock_timeout = '5s'"))
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = sqlalchemy.create_engine(sqlalchemy_url(os.environ["SAMENSPEL_DATABASE_URL"]))
    with engine.begin() as own:
        run(own)
    engine.dispose()
