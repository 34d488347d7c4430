"""Roles, schemas and tables: bring a database to the state this version of the code expects."""

import io
import logging
import time
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from participation.database.engine import APP_ROLE, sqlalchemy_url
from participation.errors import DomainError

logger = logging.getLogger(__name__)

RASA_ROLE = "samenspel_rasa"
JOBS_SCHEMA = "jobs"
RASA_SCHEMA = "rasa"
RESTORING = "terugzetten"
"""A schema that is there while a back-up is put back; without it everybody who was erased has been erased again."""
LIMITS = ("lock_timeout = '5s'", "statement_timeout = '10min'")
"""Of a migration: how long it waits for a table while others wait behind it, and how long one statement takes."""
WAITS = (1, 2, 4, 8, 15, 30, 60)
"""Seconds between the tries of a migration that could not get at a table."""
_ROOT = Path(__file__).parents[2]
_LOCK = 0x53414D454E  # any number, the same for everyone who migrates


class RestoreUnfinished(DomainError):
    """A back-up was being put back in this database, and that did not end."""


class SchemaNewer(DomainError):
    """A newer version of the program migrated this database.

    The version of before works on it: what it reads, a migration leaves (CONTRIBUTING.md, "Add a migration").
    """

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision


def alembic_config(connection: sqlalchemy.Connection) -> Config:
    """Alembic's configuration for an open connection."""
    config = _config()
    config.attributes["connection"] = connection
    return config


def as_sql(revision: str, *, after: str) -> str:
    """Return the SQL of migrations, without a database. What asks the database something can not be written so.

    Args:
        after: the migration that is done already; "base" for none.
    """
    config = _config()
    config.output_buffer = io.StringIO()
    command.upgrade(config, f"{after}:{revision}", sql=True)
    return config.output_buffer.getvalue()


def _config() -> Config:
    config = Config(_ROOT / "alembic.ini")
    config.set_main_option("script_location", str(_ROOT / "participation" / "migrations"))
    return config


def migrate(database_url: str, revision: str = "head", *, restoring: bool = False) -> None:
    """Make roles and schemas and apply all migrations. Safe to run twice, and from two machines at once.

    Each migration is a transaction of its own. One that waits too long for a table that others use gives up, so that
    those others do not wait behind it, and is tried again; what went before it stays done.

    Args:
        database_url: libpq URI of the owner of the tables. It may make roles, or the roles exist already.
        restoring: only the restore of a back-up says this.

    Raises:
        RestoreUnfinished: residents who were erased may be in this database again.
        SchemaNewer: it has migrations that this version does not know, and is left as it is.
    """
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
            guard.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            if not restoring and guard.execute(text(f"SELECT to_regnamespace('{RESTORING}')")).scalar():
                raise RestoreUnfinished
            if (there := MigrationContext.configure(guard).get_current_revision()) and there not in known_revisions():
                raise SchemaNewer(there)
            with engine.begin() as connection:
                _make_roles(connection)
                _make_rasa_schema(connection)
            _upgrade(engine, revision)
            with engine.begin() as connection:
                _make_jobs_schema(connection)
                _grant(connection)
    finally:
        engine.dispose()


def make_roles(database_url: str) -> None:
    """Make only the roles, for who puts back tables with rights of these roles."""
    engine = sqlalchemy.create_engine(sqlalchemy_url(database_url), poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        _make_roles(connection)


def known_revisions() -> set[str]:
    """The migrations that this version of the code has."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def newest_revision() -> str:
    """The migration that this version of the code brings a database to."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _upgrade(engine: sqlalchemy.Engine, revision: str) -> None:
    for pause in (*WAITS, None):
        try:
            with engine.connect() as connection:
                command.upgrade(alembic_config(connection), revision)
            return
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable) or pause is None:
                raise
            logger.warning("A table is in use; the migration is tried again in %s seconds", pause)
            time.sleep(pause)


def _make_roles(connection: sqlalchemy.Connection) -> None:
    for role in (APP_ROLE, RASA_ROLE):
        found = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar()
        if not found:
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT {role} TO CURRENT_USER"))
    connection.execute(text(f"ALTER ROLE {RASA_ROLE} SET search_path = {RASA_SCHEMA}"))


def _make_rasa_schema(connection: sqlalchemy.Connection) -> None:
    """Rasa makes its own tables here; the app may read, blank and erase them, for retention and on request."""
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {RASA_SCHEMA} AUTHORIZATION {RASA_ROLE}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {RASA_SCHEMA} TO {APP_ROLE}"))
    connection.execute(
        text(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {RASA_ROLE} IN SCHEMA {RASA_SCHEMA} "
            f"GRANT SELECT, UPDATE, DELETE ON TABLES TO {APP_ROLE}"
        )
    )
    # Made before withdrawn words could be taken out of it.
    connection.execute(text(f"GRANT UPDATE ON ALL TABLES IN SCHEMA {RASA_SCHEMA} TO {APP_ROLE}"))


def _make_jobs_schema(connection: sqlalchemy.Connection) -> None:
    """Procrastinate keeps its queue in a schema of its own, made from the SQL that its package brings."""
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {JOBS_SCHEMA}"))
    if connection.execute(text(f"SELECT to_regclass('{JOBS_SCHEMA}.procrastinate_jobs')")).scalar():
        return
    connection.execute(text(f"SET LOCAL search_path = {JOBS_SCHEMA}"))
    connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    connection.execute(text("SET LOCAL search_path = DEFAULT"))


def _grant(connection: sqlalchemy.Connection) -> None:
    """Rows may be added, read, changed and deleted; history may only be added to; tables can not be altered."""
    for statement in (
        f"GRANT USAGE ON SCHEMA public, {JOBS_SCHEMA} TO {APP_ROLE}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, {JOBS_SCHEMA} TO {APP_ROLE}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, {JOBS_SCHEMA} TO {APP_ROLE}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {JOBS_SCHEMA} TO {APP_ROLE}",
        f"REVOKE UPDATE, DELETE ON contribution_status FROM {APP_ROLE}",
        f"REVOKE UPDATE, DELETE ON audit_event FROM {APP_ROLE}",
        f"REVOKE UPDATE ON audit_words FROM {APP_ROLE}",
        f"REVOKE INSERT, UPDATE, DELETE ON audit_link FROM {APP_ROLE}",
        f"GRANT EXECUTE ON FUNCTION audit_take_off(timestamptz, timestamptz, integer) TO {APP_ROLE}",
        f"REVOKE UPDATE ON consent FROM {APP_ROLE}",
        f"REVOKE UPDATE, DELETE ON contribution_assignment FROM {APP_ROLE}",
        f"REVOKE UPDATE, DELETE ON answer_version FROM {APP_ROLE}",
        f"REVOKE DELETE ON destruction_list, destruction_item FROM {APP_ROLE}",
        f"REVOKE UPDATE, DELETE ON offer_version FROM {APP_ROLE}",
        f"REVOKE UPDATE, DELETE ON standard_text FROM {APP_ROLE}",
        f"REVOKE UPDATE, DELETE ON issued_report, report_file, report_source FROM {APP_ROLE}",
        f"GRANT UPDATE (contribution_id) ON report_source TO {APP_ROLE}",  # to cut the link when somebody is erased
        f"REVOKE UPDATE, DELETE ON campaign_event, final_report FROM {APP_ROLE}",
        f"REVOKE SELECT, UPDATE, DELETE ON erasure FROM {APP_ROLE}",
        f"REVOKE INSERT, UPDATE, DELETE ON municipality, alembic_version, backup_made FROM {APP_ROLE}",
    ):
        connection.execute(text(statement))
