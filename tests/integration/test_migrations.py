"""The database comes up from nothing, matches the models, and goes down again."""

import asyncio
import sys
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
from participation.database import prepare, prepared
from participation.database.engine import sqlalchemy_url
from participation.database.migrate import RESTORING, SchemaNewer, alembic_config, migrate
from participation.models import Base
from participation.settings import Settings
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


INDEX = """from participation.migrations.indexes import build_index
    build_index("ix_probe", "municipality", ["province"])"""
SECOND = """op.execute("CREATE TABLE second AS SELECT current_setting('lock_timeout')")"""
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_probe'::regclass"
WRITE = "UPDATE municipality SET name = name WHERE code = 'GM0344'"


async def test_an_index_is_built_while_others_write_also_after_a_try_that_was_cut_off(
    with_new_migrations: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As CONTRIBUTING.md says. It waits for who is in the middle of something, and who comes later does not."""
    url = with_new_migrations(n1=INDEX, n2=SECOND)
    monkeypatch.setattr(migrating, "LIMITS", ("lock_timeout = '50ms'",))
    with psycopg.connect(url) as writer, psycopg.connect(url, autocommit=True) as other:
        writer.execute(WRITE)
        other.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("CREATE INDEX CONCURRENTLY ix_probe ON municipality (province)")
        assert other.execute(VALID).fetchone() == (False,)
        building = asyncio.create_task(asyncio.to_thread(migrate, url))
        await asyncio.sleep(0.5)  # ten times as long as others wait for a table
        other.execute(WRITE.replace("GM0344", "GM0307"))
        assert building.done() is False
        writer.commit()
        await building
        assert other.execute(VALID).fetchone() == (True,)
        assert other.execute("SELECT * FROM second").fetchone() == ("50ms",)


def test_the_version_of_before_works_on_a_newer_database_and_leaves_it_as_it_is(
    with_new_migrations: Callable[..., str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its own rights would let history be changed in a table that it does not know."""
    before = migrating._config
    url = with_new_migrations(n1="op.execute('CREATE TABLE history (id int)')")
    migrate(url)
    with psycopg.connect(url) as connection:
        connection.execute("REVOKE UPDATE ON history FROM samenspel_app")
    monkeypatch.setattr(migrating, "_config", before)
    with pytest.raises(SchemaNewer, match="n1"):
        migrate(url)
    monkeypatch.setattr(prepare, "settings", lambda: Settings(demo=True, database_url=url))
    monkeypatch.setattr(sys, "argv", ["prepare"])
    assert prepare.main() == 0
    assert capsys.readouterr().out == (
        "Database is of a newer version, at migration n1: this version works on it as it is\n"
    )
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT has_table_privilege('samenspel_app', 'history', 'UPDATE')").fetchone()
    assert found == (False,)


async def test_nothing_starts_before_the_tables_are_those_of_this_version(
    with_new_migrations: Callable[..., str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In a cluster a new version starts beside `prepare`."""
    older = str(ScriptDirectory.from_config(migrating._config()).get_current_head())
    url = with_new_migrations(n1="op.execute('CREATE TABLE first (id int)')")
    app = url.replace("postgres:@", "samenspel_app:@")
    monkeypatch.setattr(prepared, "AGAIN_AFTER", 0.05)
    waiting = asyncio.create_task(
        asyncio.to_thread(prepared.wait_until_prepared, Settings(demo=True, database_url=app))
    )
    await asyncio.sleep(0.5)
    assert waiting.done() is False
    await asyncio.to_thread(migrate, url)
    await waiting
    assert caplog.messages == [
        f"Not started yet: the database is at migration {older}, and prepare has to bring it to n1"
    ]


def test_nothing_starts_on_a_database_that_is_not_ready(
    server_url: str, with_new_migrations: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = migrating._config
    url = with_new_migrations(n1="op.execute('CREATE TABLE first (id int)')")
    migrate(url)
    assert prepared.what_is_lacking(url) is None
    monkeypatch.setattr(migrating, "_config", before)
    assert prepared.what_is_lacking(url) is None  # of a newer version
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE SCHEMA {RESTORING}")
    assert prepared.what_is_lacking(url) == "a back-up is being put back in the database"
    assert prepared.what_is_lacking(server_url) == "nobody has prepared the database"
    with psycopg.connect(url) as connection:
        connection.execute(f"DROP SCHEMA {RESTORING}")
        connection.execute("REVOKE SELECT ON alembic_version FROM samenspel_app")
    app = url.replace("postgres:@", "samenspel_app:@")
    assert prepared.what_is_lacking(app) == "nobody has prepared the database"
    gone = prepared.what_is_lacking(f"{url}_gone") or ""
    assert (gone.startswith("the database can not be reached: "), "_gone" in gone) == (True, True)
