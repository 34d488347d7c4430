"""Connections to PostgreSQL. Every transaction has a tenant scope; row-level security hides what is outside it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import psycopg
import sqlalchemy
from psycopg import sql
from sqlalchemy import AdaptedConnection, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from participation.settings import Settings

APP_ROLE = "samenspel_app"
EVERY_MUNICIPALITY = "*"

REST_SECONDS = 1.0
"""After so long without use a connection is checked before the next: the server may have been started again."""

_LAST_USE = "last_use"
_BEGINS_WITH = "samenspel_begins_with"


def sqlalchemy_url(libpq_uri: str) -> sqlalchemy.URL:
    """Turn a libpq URI (postgresql://...) into SQLAlchemy's form with the psycopg 3 driver."""
    return sqlalchemy.make_url(libpq_uri).set(drivername="postgresql+psycopg")


class Database:
    """The engine of one process. Use one `session` block per unit of work: it is one transaction.

    The driver is in autocommit and BEGIN is ours: an `isolation_level` on this engine would not hold.

    Args:
        url: libpq URI.
        become_app_role: give up the rights of the owner on every connection, so that row-level security holds.
        most: connections at one moment; half of them stay open.
    """

    def __init__(self, url: str, *, become_app_role: bool = False, most: int = 40) -> None:
        kept = most // 2
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=kept,
            max_overflow=most - kept,
            pool_use_lifo=True,  # the one that was used last: what it prepared and looked up is still at hand
            hide_parameters=True,
            connect_args={"autocommit": True},  # to the driver: it leaves BEGIN to us
        )
        event.listen(self.engine.sync_engine, "begin", self._begin)
        event.listen(self.engine.sync_engine, "handle_error", _leave_out_values)
        event.listen(self.engine.sync_engine, "checkin", _note_use)
        event.listen(self.engine.sync_engine, "checkout", self._check_after_rest)
        if become_app_role:
            event.listen(self.engine.sync_engine, "connect", _become_app_role)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._lost_at = 0.0

    @classmethod
    def from_settings(cls, settings: Settings, *, most: int = 40) -> "Database":
        """Connect as the least-privileged role that the settings allow."""
        url, owner = settings.app_database_url or settings.database_url, not settings.app_database_url
        return cls(url, become_app_role=owner, most=most)

    @asynccontextmanager
    async def session(self, scope: str, *, flushed: bool = True) -> AsyncIterator[AsyncSession]:
        """One transaction that sees the rows of one municipality, committed at the end of the block.

        Args:
            scope: a municipality code, or EVERY_MUNICIPALITY for the chat gateway and the worker, which serve
                residents of all municipalities. The desk never uses the latter.
            flushed: wait until the commit is on disk. Without, every other process sees it at once, and only a crash of
                PostgreSQL itself within the second can lose it; for what a later commit that is flushed, and so takes
                it along, has to follow before anybody is told that it is kept.
        """
        async with self._sessions() as session, session.begin():
            await session.connection(execution_options={_BEGINS_WITH: _in_scope(scope, flushed=flushed)})
            yield session

    @asynccontextmanager
    async def undone(self, scope: str) -> AsyncIterator[AsyncSession]:
        """One transaction that sees what it writes, and of which nothing stays: it is taken back at the end."""
        async with self._sessions() as session:
            await session.begin()
            try:
                await session.connection(execution_options={_BEGINS_WITH: _in_scope(scope)})
                yield session
            finally:
                await session.rollback()

    @asynccontextmanager
    async def alone(self, lock: int, scope: str) -> AsyncIterator[AsyncSession]:
        """One transaction, as `session`, that begins when nobody else holds an advisory lock (any more) and holds it.

        What it writes is there for all in the same moment as the lock is free. It may wait for others in between: a
        server that ends transactions which do nothing for a while leaves this one.
        """
        begins_with = f"{_in_scope(scope, patient=True)}; SELECT pg_advisory_xact_lock({lock:d})"
        async with self._sessions() as session, session.begin():
            await session.connection(execution_options={_BEGINS_WITH: begins_with})
            yield session

    def _check_after_rest(self, connection: Any, record: Any, _proxy: object) -> None:
        """Ask a connection that nobody used for a while whether it is still there; one that is not is made anew.

        And one that was used last before another turned out to be lost: the server may have lost them all.
        """
        last_use = record.info.get(_LAST_USE, 0.0)
        if last_use > self._lost_at and time.monotonic() - last_use < REST_SECONDS:
            return
        try:
            self.engine.dialect.do_ping(connection)
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise sqlalchemy.exc.DisconnectionError from error

    def _begin(self, connection: sqlalchemy.Connection) -> None:
        """Begin a transaction, and do what it begins with in the same trip: trips are most of the work."""
        statements = f"BEGIN; {connection.get_execution_options().get(_BEGINS_WITH, '')}"
        adapted = connection.connection.dbapi_connection
        assert isinstance(adapted, AdaptedConnection)  # noqa: S101  (for the type checker: this engine is asynchronous)
        try:
            # Never prepared: only one statement at a time can be.
            adapted.run_async(lambda driver: driver.execute(statements, prepare=False))
        except psycopg.Error as error:
            self._lost_at = time.monotonic()
            connection.invalidate(error)
            raise sqlalchemy.exc.OperationalError("BEGIN", None, error) from error
        except asyncio.CancelledError:  # what the server does with it now is not known
            connection.invalidate()
            raise

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


async def set_scope(session: AsyncSession, scope: str) -> None:
    """Limit the running transaction to one municipality (or EVERY_MUNICIPALITY)."""
    connection = await session.connection()
    await connection.exec_driver_sql("SELECT set_config('samenspel.gemeente', %s, true)", (scope,))


@cache
def _in_scope(scope: str, *, flushed: bool = True, patient: bool = False) -> str:
    settings = {"samenspel.gemeente": scope}
    if not flushed:
        settings["synchronous_commit"] = "off"
    if patient:
        settings["idle_in_transaction_session_timeout"] = "0"
    set_all = (sql.SQL("set_config({}, {}, true)").format(name, value) for name, value in settings.items())
    return sql.SQL("SELECT {}").format(sql.SQL(", ").join(set_all)).as_string()


def _note_use(_connection: object, record: Any) -> None:
    record.info[_LAST_USE] = time.monotonic()


def _become_app_role(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
    connection.commit()


def _leave_out_values(context: sqlalchemy.ExceptionContext) -> None:
    """An error ends up in the log, and PostgreSQL tells with some which row it is about: with what somebody wrote."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])
