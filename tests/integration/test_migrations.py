"""The database comes up from nothing, matches the models, and goes down again."""

import sqlalchemy
from alembic import command
from sqlalchemy import text

from participation.database.engine import sqlalchemy_url
from participation.database.migrate import alembic_config, migrate
from participation.models import Base
from tests.integration.conftest import owner_engine, uri


def test_models_and_migrations_agree(database_url: str) -> None:
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        command.check(alembic_config(connection))


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        before = connection.execute(text("SELECT count(*) FROM municipality")).scalar()
    migrate(database_url)
    with engine.connect() as connection:
        after = connection.execute(text("SELECT count(*) FROM municipality")).scalar()
    assert (before, after) == (342, 342)


def test_downgrade_leaves_no_table_and_upgrade_works_again(server_url: str) -> None:
    with owner_engine(server_url, "postgres").connect() as connection:
        connection.execute(text("CREATE DATABASE terug"))
    url = uri(server_url, "terug")
    migrate(url)
    engine = sqlalchemy.create_engine(sqlalchemy_url(url), poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    with engine.connect() as connection:
        left = set(sqlalchemy.inspect(connection).get_table_names()) - {"alembic_version"}
    assert left == set()
    migrate(url)
    with engine.connect() as connection:
        assert set(sqlalchemy.inspect(connection).get_table_names()) - {"alembic_version"} == set(Base.metadata.tables)


def test_every_table_with_a_municipality_is_protected(database_url: str) -> None:
    """A new table of residents' data without row-level security fails here."""
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        protected = set(
            connection.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        )
    tenant_tables = {table.name for table in Base.metadata.sorted_tables if "municipality_code" in table.c}
    # Roles, and what is asked of who has them, are read to find out the tenant.
    assert tenant_tables - protected == {"clerk_role", "access_rule"}
