"""A back-up made while people write comes back whole, and whoever was erased since stays erased."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
import sqlalchemy
from alembic import command
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from participation.campaigns import subscriptions
from participation.database import EVERY_MUNICIPALITY, Database
from participation.database.engine import sqlalchemy_url
from participation.database.migrate import RESTORING, RestoreUnfinished, alembic_config, known_revisions, migrate
from participation.models import (
    AuditEvent,
    BackupMade,
    Clerk,
    Contribution,
    DeskSession,
    DestructionItem,
    DestructionList,
    Erasure,
    Mailing,
    Resident,
)
from participation.models.contribution import WITHDRAWN
from participation.operations import backup_file, journal, making, restoring, tallies
from participation.operations.backup_file import Manifest
from participation.operations.faults import Refused
from participation.operations.restoring import Restored
from participation.privacy import own_data
from participation.services import audit_chain, desk_sessions, destruction, own_contributions
from tests.integration.conftest import owner_engine, uri
from tests.integration.participation.conftest import AMERSFOORT, UTRECHT, Contribute, Converse, campaign_with
from tests.traces import make_tracker, write_tracker

PSEUDONYM_KEY = "sleutel van deze proef, lang genoeg voor het echte werk"
SECRET = pyrage.x25519.Identity.generate()
OWNER = "eigenaar"


@pytest.fixture(scope="module")
def limited_owner(server_url: str) -> str:
    """A role as a hosted PostgreSQL gives one: it may make roles, and row-level security holds for it too."""
    with owner_engine(server_url, "postgres").connect() as connection:
        connection.execute(text(f"CREATE ROLE {OWNER} LOGIN CREATEROLE"))
        connection.execute(text(f"GRANT samenspel_app, samenspel_rasa TO {OWNER} WITH ADMIN OPTION"))
    return OWNER


@pytest.fixture
def empty(server_url: str, limited_owner: str) -> Iterator[str]:
    """URI of a new database of that owner, with nothing in it."""
    name = f"leeg_{uuid.uuid4().hex[:8]}"
    with owner_engine(server_url, "postgres").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} OWNER {limited_owner}"))
    yield uri(server_url, name, limited_owner)
    with owner_engine(server_url, "postgres").connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def as_superuser(url: str) -> str:
    """The same database, reached by who sees everything."""
    return url.replace(f"{OWNER}:@", "postgres:@")


def tally(url: str) -> tallies.Tally:
    """Rows and checksum of every table."""
    with psycopg.connect(url, options=tallies.OPTIONS) as connection:
        return tallies.take(connection)


async def put_back(url: str, source: Path, **chosen: Any) -> Restored:
    """With the right keys, and nobody erased since, unless a test says otherwise."""
    standard: dict[str, Any] = {"key": SECRET, "pseudonym_key": PSEUDONYM_KEY, "journal": None}
    standard |= {"chat_days": 28, "now": datetime(2026, 11, 25, 12, tzinfo=UTC)}
    return await asyncio.to_thread(restoring.put_back, url, source, **standard | chosen)


def make(url: str, target: Path) -> Manifest:
    """A back-up."""
    return making.make(url, target, keys=[SECRET.to_public()], pseudonym_key=PSEUDONYM_KEY)


@dataclass(frozen=True)
class People:
    """What each did with what they passed on, after the back-up."""

    erased: Contribution
    withdrew: Contribution
    destroyed: Contribution
    stayed: Contribution
    unsubscribed: uuid.UUID
    subscribed_again: uuid.UUID
    erased_before: Contribution
    expired: uuid.UUID
    """Was here so long ago that the night after the back-up takes them."""


@pytest.fixture
async def people(
    database: Database, database_url: str, contribute: Contribute, converse: Converse, clerk: Clerk, now: datetime
) -> People:
    """Residents of two municipalities, a campaign, a griffier who is logged in, and what Rasa noted."""
    make_tracker(database_url)
    erased, withdrew, destroyed = [await contribute(text=f"De stoep is {how}.") for how in ("stuk", "scheef", "vies")]
    stayed, erased_before = await contribute(AMERSFOORT), await contribute()
    write_tracker(database_url, sender=erased.conversation_id, at=now.timestamp(), data='{"text": "stuk"}')
    leaves, comes_back, left = await converse(), await converse(), await converse(now - timedelta(days=27))
    async with database.session(EVERY_MUNICIPALITY) as session:
        for conversation in (leaves, comes_back):
            await subscriptions.agree(
                session, resident_id=conversation.resident_id, municipality_code=UTRECHT, channel="web", now=now
            )
        await campaign_with(session, leaves, clerk=clerk, words="bankje", now=now)
        await desk_sessions.open_session(session, clerk=clerk, now=now)
        await own_data.erase(session, resident_id=erased_before.resident_id, now=now)
    return People(
        erased, withdrew, destroyed, stayed, leaves.resident_id, comes_back.resident_id, erased_before, left.resident_id
    )


async def what_happened_since(database: Database, people: People, *, now: datetime) -> None:
    """Erased, withdrawn, destroyed, unsubscribed; one who unsubscribed agrees again."""
    code = people.destroyed.municipality_code
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_data.erase(session, resident_id=people.erased.resident_id, now=now)
        await own_contributions.withdraw(
            session, resident_id=people.withdrew.resident_id, contribution_id=people.withdrew.id, now=now
        )
        await subscriptions.end(session, resident_id=people.unsubscribed, channel="web", now=now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        await session.execute(
            text(
                "INSERT INTO contribution_status (id, contribution_id, municipality_code, number, status, created_at) "
                "VALUES (gen_random_uuid(), :id, :code, 9, 'afgehandeld', :now)"
            ),
            {"id": people.destroyed.id, "code": code, "now": now},
        )
        approved = DestructionList(municipality_code=code, state="goedgekeurd", counts={}, periods={}, made_at=now)
        session.add(approved)
        await session.flush()
        item = {"record_id": people.destroyed.id, "municipality_code": code, "kind": "inbreng_klaar"}
        day = now.date()
        session.add(DestructionItem(**item, list_id=approved.id, reference="SP-1", received_on=day, closed_on=day))
        await session.flush()
        assert await destruction.carry_out(session, now=now) == 1


@dataclass
class Writer:
    """Residents who go on writing."""

    contribute: Contribute
    written: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def until_stopped(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.contribute(AMERSFOORT, f"Nummer {self.written}.")
            self.written += 1
            self.begun.set()


@pytest.fixture
async def restored_database(empty: str) -> AsyncIterator[Database]:
    """The database that was put back, as the application sees it."""
    opened = Database(empty, become_app_role=True)
    yield opened
    await opened.close()


async def test_a_back_up_under_writes_comes_back_whole_and_who_was_erased_since_stays_erased(
    database: Database,
    database_url: str,
    empty: str,
    restored_database: Database,
    people: People,
    contribute: Contribute,
    now: datetime,
    tmp_path: Path,
) -> None:
    source, listed = tmp_path / "samenspel.age", tmp_path / journal.NAME
    writer, stop = Writer(contribute), asyncio.Event()
    writing = asyncio.create_task(writer.until_stopped(stop))
    await writer.begun.wait()
    before = writer.written
    manifest = await asyncio.to_thread(make, database_url, source)
    stop.set()
    await writing
    in_copy = manifest.tables["public.contribution"][0]
    assert before <= in_copy - 4 < writer.written  # 4 of these people; the one erased before has none left
    assert PSEUDONYM_KEY.encode() not in source.read_bytes()
    await what_happened_since(database, people, now=now + timedelta(days=1))
    await asyncio.to_thread(journal.keep, database_url, listed)

    restored = await put_back(empty, source, journal=journal.load(listed))
    assert restored.again == {"inwoner": 1, "ingetrokken": 1, "inbreng": 1, "toestemming": 1}
    async with restored_database.session(EVERY_MUNICIPALITY) as session:
        ids = set(await session.scalars(select(Contribution.id)))
        residents = set(await session.scalars(select(Resident.id)))
        withdrawn = await session.get_one(Contribution, people.withdrew.id)
        tracker = await session.scalar(text("SELECT count(*) FROM rasa.events"))
        wanted = [
            await subscriptions.is_wanted(session, resident_id=resident_id, municipality_code=UTRECHT)
            for resident_id in (people.unsubscribed, people.subscribed_again)
        ]
        sessions = await session.scalar(select(func.count()).select_from(DeskSession))
        mailings = (await session.scalars(select(Mailing.state))).all()
        checked = await audit_chain.check(session)
        noted = await session.scalar(select(AuditEvent.details).where(AuditEvent.action == "logboek.teruggezet"))
    assert ids >= {people.stayed.id, people.withdrew.id}
    assert ids & {people.erased.id, people.destroyed.id, people.erased_before.id} == set()
    assert len(ids) == in_copy - 2
    assert residents & {people.erased.resident_id, people.expired} == set()
    assert len(residents) == manifest.tables["public.resident"][0] - 2
    assert (withdrawn.text, withdrawn.masked_text, tracker) == (WITHDRAWN, WITHDRAWN, 0)
    assert wanted == [False, True]
    assert (sessions, mailings) == (0, ["pauze"])
    assert checked.fault is None
    assert noted == {"van": manifest.made_at.isoformat(), "opnieuw_gewist": 4}
    await the_rights_are_there(restored_database, empty, people)


async def the_rights_are_there(restored: Database, url: str, people: People) -> None:
    """The application sees one municipality, changes no history; Rasa keeps its own; the next back-up sees all."""
    for code, expected in ((people.stayed.municipality_code, 1), (UTRECHT, 0)):
        async with restored.session(code) as session:
            seen = select(func.count()).where(Contribution.id == people.stayed.id)
            assert await session.scalar(seen) == expected
    for forbidden in ("DELETE FROM audit_event", "UPDATE municipality SET name = 'x'", "SELECT * FROM erasure"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with restored.session(UTRECHT) as session:
                await session.execute(text(forbidden))
    write_tracker(url.replace(f"{OWNER}:@", "samenspel_rasa:@"), sender="a", at=1.0, data="{}")
    limited, everything = tally(url), tally(as_superuser(url))
    assert limited == everything
    assert limited["public.contribution"][0] > 0
    with psycopg.connect(url) as connection:
        connection.execute("ALTER POLICY scope ON contribution USING (municipality_code = 'GM0344')")
        with pytest.raises(Refused, match="hide rows of contribution"):
            tallies.take(connection)


async def test_a_restore_that_stops_half_way_leaves_a_database_that_does_not_start_and_can_be_replaced(
    database_url: str, empty: str, contribute: Contribute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await contribute()
    source = tmp_path / "een.age"
    make(database_url, source)
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "_fill", lambda *_: (_ for _ in ()).throw(Refused("could not put it back")))
        with pytest.raises(Refused, match="could not put"):
            await put_back(empty, source)
    with pytest.raises(RestoreUnfinished):
        migrate(empty)
    with pytest.raises(Refused, match="not empty"):
        await put_back(empty, source)
    with psycopg.connect(empty, options=tallies.OPTIONS) as connection:
        connection.execute("CREATE TABLE later (id int)")
    with psycopg.connect(empty), pytest.raises(Refused, match="Stop Samenspel first"):
        await put_back(empty, source, replace=True)
    await put_back(empty, source, replace=True)
    migrate(empty)
    with psycopg.connect(empty, options=tallies.OPTIONS) as connection:
        found = connection.execute(
            "SELECT to_regclass('later'), to_regnamespace(%s), count(*) FROM contribution WHERE id = %s",
            (RESTORING, kept.id),
        )
        assert found.fetchone() == (None, None, 1)
    with pytest.raises(Refused, match="not empty"):
        await put_back(empty, source)


async def test_nothing_is_put_back_of_a_newer_version(
    database_url: str, empty: str, contribute: Contribute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contribute()
    make(database_url, tmp_path / "een.age")
    monkeypatch.setattr(restoring, "known_revisions", lambda: known_revisions() - {max(known_revisions())})
    with pytest.raises(Refused, match="newer Samenspel"):
        await put_back(empty, tmp_path / "een.age")
    assert tally(empty) == {}


async def test_a_back_up_of_an_older_version_is_brought_up_to_date(
    server_url: str, template: str, empty: str, tmp_path: Path
) -> None:
    """Made just before a new version, by the programs of that one: its tables know no erasures yet."""
    name = f"ouder_{uuid.uuid4().hex[:8]}"
    server = owner_engine(server_url, "postgres")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    older = uri(server_url, name)
    with sqlalchemy.create_engine(sqlalchemy_url(older), poolclass=sqlalchemy.NullPool).begin() as connection:
        command.downgrade(alembic_config(connection), "0035")
    manifest = make(older, tmp_path / "een.age")
    listed = journal.keep(older, tmp_path / journal.NAME)
    assert (manifest.schema, "public.erasure" in manifest.tables, listed.lines) == ("0035", False, {})
    await put_back(empty, tmp_path / "een.age", journal=listed)
    with psycopg.connect(empty) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert found == (max(known_revisions()),)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


async def test_a_back_up_that_can_not_be_finished_leaves_no_file(
    database_url: str, contribute: Contribute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contribute()
    monkeypatch.setattr(making, "DUMPED", (*making.DUMPED, "--table=no_such_table"))
    with pytest.raises(Refused, match=r"could not be read: .*no matching tables"):
        make(database_url, tmp_path / "een.age")
    assert os.listdir(tmp_path) == []  # noqa: PTH208  (the hidden ones too)


async def test_a_disk_that_takes_no_more_leaves_no_file_either(
    database_url: str, contribute: Contribute, tmp_path: Path, little_room: None
) -> None:
    await contribute()
    with pytest.raises(OSError, match="File too large"):
        make(database_url, tmp_path / "een.age")
    assert os.listdir(tmp_path) == []  # noqa: PTH208  (the hidden ones too)


async def test_the_list_of_erasures_outlives_the_table(
    database: Database, database_url: str, contribute: Contribute, now: datetime, tmp_path: Path
) -> None:
    """A line stays on the list when the database is a new one, and goes when no back-up can hold the resident."""
    listed = tmp_path / journal.NAME
    first = await contribute()
    async with database.session(EVERY_MUNICIPALITY) as session:
        await own_data.erase(session, resident_id=first.resident_id, now=now)
    before = journal.keep(database_url, listed).lines
    assert before.keys() >= {line.id for line in before.values() if line.kind == "inwoner"} != set()
    owner = Database(database_url)
    async with owner.session(EVERY_MUNICIPALITY) as session:
        await session.execute(text("DELETE FROM erasure"))
    assert journal.keep(database_url, listed).lines == before
    async with owner.session(EVERY_MUNICIPALITY) as session:
        session.add(Erasure(kind="inbreng", record=b"x" * 32, created_at=datetime.now(now.tzinfo) - timedelta(days=61)))
    assert len(journal.keep(database_url, listed).lines) == len(before) + 1
    recent = {line.id for line in journal.keep(database_url, listed, days=60).lines.values()}
    assert recent == {line.id for line in before.values() if line.created_at > datetime.now(now.tzinfo) - timedelta(60)}
    async with owner.session(EVERY_MUNICIPALITY) as session:
        assert await session.scalar(select(func.count()).select_from(Erasure)) == 0
    await owner.close()


async def test_a_back_up_is_noted_for_who_keeps_an_eye_on_it(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    manifest = make(database_url, tmp_path / "een.age")
    async with database.session(EVERY_MUNICIPALITY) as session:
        noted = (await session.scalars(select(BackupMade).order_by(BackupMade.made_at.desc()))).first()
    assert noted is not None
    assert (noted.made_at, noted.size) == (manifest.made_at, (tmp_path / "een.age").stat().st_size)
    read = backup_file.read(tmp_path / "een.age", key=SECRET, pseudonym_key=PSEUDONYM_KEY)
    assert read == manifest
