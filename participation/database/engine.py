"""Connections to PostgreSQL. Every transaction has a tenant scope; row-level security hides what is outside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from participation.settings import Settings

APP_ROLE = "samenspel_app"
EVERY_MUNICIPALITY = "*"


def sqlalchemy_url(libpq_uri: str) -> sqlalchemy.URL:
    """Turn a libpq URI (postgresql://...) into SQLAlchemy's form with the psycopg 3 driver."""
    return sqlalchemy.make_url(libpq_uri).set(drivername="postgresql+psycopg")


class Database:
    """The engine of one process. Use one `session` block per unit of work: it is one transaction.

    Args:
        url: libpq URI.
        become_app_role: give up the rights of the owner on every connection, so that row-level security holds.
    """

    def __init__(self, url: str, *, become_app_role: bool = False, pool_size: int = 20) -> None:
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url), pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, hide_parameters=True
        )
        event.listen(self.engine.sync_engine, "handle_error", _leave_out_values)
        if become_app_role:
            event.listen(self.engine.sync_engine, "connect", _become_app_role)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Database":
        """Connect as the least-privileged role that the settings allow."""
        if settings.app_database_url:
            return cls(settings.app_database_url)
        return cls(settings.database_url, become_app_role=True)

    @asynccontextmanager
    async def session(self, scope: str) -> AsyncIterator[AsyncSession]:
        """One transaction that sees the rows of one municipality, committed at the end of the block.

        Args:
            scope: a municipality code, or EVERY_MUNICIPALITY for the chat gateway and the worker, which serve
                residents of all municipalities. The desk never uses the latter.
        """
        async with self._sessions() as session, session.begin():
            await set_scope(session, scope)
            yield session

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


async def set_scope(session: AsyncSession, scope: str) -> None:
    """Limit the running transaction to one municipality (or EVERY_MUNICIPALITY)."""
    await session.execute(sqlalchemy.text("SELECT set_config('samenspel.gemeente', :scope, true)"), {"scope": scope})


def _become_app_role(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
    connection.commit()


def _leave_out_values(context: sqlalchemy.ExceptionContext) -> None:
    """An error ends up in the log, and PostgreSQL tells with some which row it is about: with what somebody wrote."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])
