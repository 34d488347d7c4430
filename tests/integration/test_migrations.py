"""The database comes up from nothing, matches the models, and goes down again."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from participation.database import migrate as migrating
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


REVISION = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "{revision}", "{before}", None, None


def upgrade():
    {does}
"""


@pytest.fixture
def with_new_migrations(
    server_url: str, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., str]]:
    """Add migrations after the newest one; returns the address of a database that does not have them yet."""
    name = f"nieuw_{uuid.uuid4().hex[:8]}"
    server = owner_engine(server_url, "postgres")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    own = str(Path(migrating.__file__).parents[1] / "migrations" / "versions")
    plain = migrating._config

    def added(**migrations: str) -> str:
        before = ScriptDirectory.from_config(plain()).get_current_head()
        for revision, does in migrations.items():
            (tmp_path / f"{revision}.py").write_text(REVISION.format(revision=revision, before=before, does=does))
            before = revision

        def config() -> Config:
            made = plain()
            made.set_main_option("version_locations", f"{own}:{tmp_path}")
            return made

        monkeypatch.setattr(migrating, "_config", config)
        return uri(server_url, name)

    yield added
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def test_a_migration_does_not_wait_long_for_a_table_in_use_and_comes_back(
    with_new_migrations: Callable[..., str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    url = with_new_migrations(
        n1="op.execute('CREATE TABLE first (id int)')",
        n2="op.execute('ALTER TABLE contribution ADD COLUMN probe int')",
    )
    monkeypatch.setattr(migrating, "LIMITS", ("lock_timeout = '50ms'",))
    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM contribution")
        with monkeypatch.context() as patch:
            patch.setattr(migrating, "WAITS", ())
            with pytest.raises(OperationalError, match="lock timeout"):
                migrate(url)
        with psycopg.connect(url) as other:
            found = other.execute("SELECT to_regclass('first')::text, version_num FROM alembic_version").fetchone()
        assert found == ("first", "n1")  # what was done stays done
        monkeypatch.setattr(migrating.time, "sleep", lambda _: reader.rollback())
        migrate(url)
    assert caplog.messages == ["A table is in use; the migration is tried again in 1 seconds"]
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT version_num, (SELECT count(probe) FROM contribution) FROM alembic_version")
        assert found.fetchone() == ("n2", 0)


def test_an_index_is_built_while_others_write(with_new_migrations: Callable[..., str]) -> None:
    """In the manner of CONTRIBUTING.md; in a transaction PostgreSQL would refuse it."""
    url = with_new_migrations(
        n1="""with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")
        op.create_index("ix_probe", "contribution", ["text"], postgresql_concurrently=True, if_not_exists=True)""",
        n2="op.execute('CREATE TABLE second (id int)')",
    )
    migrate(url)
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT indisvalid, to_regclass('second')::text FROM pg_index WHERE indexrelid = 'ix_probe'::regclass"
        )
        assert found.fetchone() == (True, "second")
