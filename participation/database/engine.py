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
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

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
    async def alone(self, lock: int, scope: str) -> AsyncIterator["Alone"]:
        """Hold an advisory lock, when nobody else holds it (any more), with one connection and two transactions on it.

        The first has begun when this gives it. Its commit is not flushed, as with `flushed=False` of `session`.
        """
        async with self.engine.connect() as connection, self._sessions(bind=connection) as session:
            held = Alone(connection, session, lock, scope)
            try:
                await held.begin()
                yield held
                await session.commit()
            finally:
                await held.release()

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


class Alone:
    """Who holds an advisory lock: during a first transaction, for as long as it takes, and until a last one has ended.

    In between there is no transaction, so that nothing in the database waits for what this waits for. What the last
    one writes is there for all in the same moment as the lock is free. Without a last one the lock is given back.
    """

    def __init__(self, connection: AsyncConnection, session: AsyncSession, lock: int, scope: str) -> None:
        self.session = session
        self._connection = connection
        self._lock = lock
        self._scope = scope
        self._is_held = False

    async def begin(self) -> None:
        """Begin the first transaction, when nobody else holds the lock. It is of this connection, not of that."""
        await self._begin(f"{_in_scope(self._scope, flushed=False)}; SELECT pg_advisory_lock({self._lock:d})")
        self._is_held = True

    async def begin_last(self) -> None:
        """Begin the last transaction, when the first was committed: from now on the lock is that one's."""
        taken_over = f"SELECT pg_advisory_xact_lock({self._lock:d}), pg_advisory_unlock({self._lock:d})"
        await self._begin(f"{_in_scope(self._scope)}; {taken_over}")
        self._is_held = False

    async def release(self) -> None:
        """Give the lock back, if no last transaction took it over."""
        if not self._is_held:
            return
        self._is_held = False
        try:
            await self.session.rollback()
            await self._begin(f"SELECT pg_advisory_unlock({self._lock:d})")
            await self.session.commit()
        except BaseException as error:  # whatever it is: in the pool it would go on holding the lock
            await self._connection.invalidate()  # which gives it back too
            if not isinstance(error, sqlalchemy.exc.SQLAlchemyError):
                raise

    async def _begin(self, begins_with: str) -> None:
        await self._connection.execution_options(**{_BEGINS_WITH: begins_with})
        await self.session.connection()


async def set_scope(session: AsyncSession, scope: str) -> None:
    """Limit the running transaction to one municipality (or EVERY_MUNICIPALITY)."""
    connection = await session.connection()
    await connection.exec_driver_sql("SELECT set_config('samenspel.gemeente', %s, true)", (scope,))


@cache
def _in_scope(scope: str, *, flushed: bool = True) -> str:
    settings = {"samenspel.gemeente": scope, **({} if flushed else {"synchronous_commit": "off"})}
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
