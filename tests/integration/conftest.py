"""A real PostgreSQL for the integration tests: one embedded server a run, one migrated database a test module."""

import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy
from argon2 import PasswordHasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from participation.database import EVERY_MUNICIPALITY, Database
from participation.database.embedded import EmbeddedPostgres
from participation.database.engine import sqlalchemy_url
from participation.database.migrate import migrate
from participation.models import Contribution
from participation.privacy.masking import mask
from participation.services import municipalities, own_contributions, passwords


def owner_engine(server_url: str, database: str) -> sqlalchemy.Engine:
    """Connect as the owner to a database of the test server."""
    return sqlalchemy.create_engine(
        sqlalchemy_url(server_url).set(database=database), isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool
    )


def uri(server_url: str, database: str, user: str = "postgres") -> str:
    """Libpq URI of a database on the test server."""
    return server_url.replace("postgres:@/postgres", f"{user}:@/{database}")


async def empty_log(session: AsyncSession) -> None:
    """Take everything out of the log, which only a superuser who puts all triggers aside can do."""
    await session.execute(text("SET LOCAL session_replication_role = replica"))
    for table in ("audit_words", "audit_link", "audit_event"):
        await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608  (constants)
    await session.execute(text("SET LOCAL session_replication_role = DEFAULT"))


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The embedded server's URI. It need not survive the machine, so it waits for no disk."""
    with tempfile.TemporaryDirectory(prefix="samenspel-") as folder, EmbeddedPostgres(Path(folder) / "pg") as server:
        with owner_engine(server.url, "postgres").connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        yield server.url


@pytest.fixture(scope="session", autouse=True)
def passwords_are_quick() -> Iterator[None]:
    """Hash passwords with as little work as argon2 takes: that it takes long otherwise is not what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def masking_is_ready() -> None:
    """Load the lists of names: the first text of a process takes longer to mask than a resident waits."""
    mask("")


@pytest.fixture(scope="session")
async def template(server_url: str) -> str:
    """A migrated database with all municipalities, to copy from."""
    name = "sjabloon"
    engine = owner_engine(server_url, "postgres")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    migrate(uri(server_url, name))
    filled = Database(uri(server_url, name))
    async with filled.session(EVERY_MUNICIPALITY) as session:
        await municipalities.seed(session)
    await filled.close()
    return name


@pytest.fixture(scope="module")
async def database_url(server_url: str, template: str) -> AsyncIterator[str]:
    """URI (as owner) of a fresh copy for one test module."""
    name = f"proef_{uuid.uuid4().hex[:8]}"
    engine = owner_engine(server_url, "postgres")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    yield uri(server_url, name)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="module")
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database as the application sees it: least-privileged role, row-level security on."""
    opened = Database(database_url, become_app_role=True)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def now() -> datetime:
    """A fixed moment."""
    return datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


ResidentAdds = Callable[..., Awaitable[None]]


@pytest.fixture
def resident_adds(database: Database, now: datetime) -> ResidentAdds:
    """Let a resident write something with a contribution of theirs, as the chat does."""

    async def adds(
        contribution: Contribution,
        said: str,
        *,
        at: datetime = now,
        answering: bool = False,
        submission: uuid.UUID | None = None,
    ) -> None:
        assert contribution.resident_id
        async with database.session(EVERY_MUNICIPALITY) as session:
            await own_contributions.add(
                session,
                resident_id=contribution.resident_id,
                contribution_id=contribution.id,
                text=said,
                submission=submission or uuid.uuid4(),
                now=at,
                answering=answering,
            )

    return adds
