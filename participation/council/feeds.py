"""The feeds of a municipality: adding and changing them, and importing from one of them."""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from participation.council import sources, table
from participation.council.faults import FeedExists, FeedFault, FeedUnknown
from participation.council.records import Harvest
from participation.council.sources import Surroundings
from participation.council.store import Changes, store
from participation.database import Database
from participation.models import Clerk, CouncilFeed
from participation.services import audit

PROMISES = {"ori": 48, "ical": 48, "csv": 48, "bestand": 24 * 90}
"""Hours that a feed promises to be fresh, unless the griffie says otherwise."""

LONGEST_PROMISE = 24 * 366
FILE = "bestand"
logger = logging.getLogger(__name__)
BETWEEN = timedelta(minutes=50)
"""A feed is not read more often than this by the clock, however many workers there are."""


async def of_municipality(session: AsyncSession, *, municipality_code: str) -> Sequence[CouncilFeed]:
    """The feeds of a municipality, oldest first."""
    rows = await session.scalars(
        select(CouncilFeed)
        .where(CouncilFeed.municipality_code == municipality_code)
        .order_by(CouncilFeed.created_at, CouncilFeed.id)
    )
    return rows.all()


async def find(session: AsyncSession, *, municipality_code: str, feed_id: uuid.UUID) -> CouncilFeed:
    """One feed of this municipality.

    Raises:
        FeedUnknown: there is none.
    """
    feed = await session.get(CouncilFeed, feed_id)
    if feed is None or feed.municipality_code != municipality_code:
        raise FeedUnknown(feed_id)
    return feed


async def add(
    session: AsyncSession,
    *,
    municipality_code: str,
    kind: str,
    address: str,
    now: datetime,
    fresh_hours: int | None = None,
    clerk: Clerk | None = None,
) -> CouncilFeed:
    """Add a feed; nothing is fetched yet.

    Raises:
        AddressRefused: the address can not belong to this kind.
        FeedExists: the municipality has it already.
    """
    feed = CouncilFeed(
        id=uuid.uuid4(),
        municipality_code=municipality_code,
        kind=kind,
        address=sources.checked_address(kind, address),
        fresh_hours=fresh_hours or PROMISES[kind],
        created_at=now,
    )
    await _save(session, feed)
    await _record(session, "council.feed_added", feed, clerk, now)
    return feed


async def change(
    session: AsyncSession, *, feed: CouncilFeed, address: str, fresh_hours: int, clerk: Clerk, now: datetime
) -> None:
    """Give a feed another address or promise. What the old address brought stays until the new one is read.

    Raises:
        AddressRefused, FeedExists: see `add`.
    """
    kept = feed.address if feed.kind == FILE else sources.checked_address(feed.kind, address)
    await _locked(session, feed)  # what a reading of this moment notes is written over as well
    await _save(session, feed, address=kept, fresh_hours=fresh_hours, last_tried_at=None)
    await _record(session, "council.feed_changed", feed, clerk, now)


async def remove(session: AsyncSession, *, feed: CouncilFeed, clerk: Clerk, now: datetime) -> None:
    """Remove a feed with everything it brought."""
    await _record(session, "council.feed_removed", feed, clerk, now)
    await session.delete(feed)


async def due(session: AsyncSession, *, now: datetime) -> Sequence[CouncilFeed]:
    """The feeds of all municipalities that the clock should read now."""
    rows = await session.scalars(
        select(CouncilFeed)
        .where(CouncilFeed.kind != FILE)
        .where((CouncilFeed.last_tried_at.is_(None)) | (CouncilFeed.last_tried_at <= now - BETWEEN))
        .order_by(CouncilFeed.last_tried_at.nulls_first())
    )
    return rows.all()


async def update(database: Database, around: Surroundings, *, feed: CouncilFeed, now: datetime) -> Changes:
    """Read a feed and keep what it brought. No transaction is open while we wait for the other side.

    Raises:
        FeedFault: it failed; that is recorded, and the last good data are left as they were. When the feed got another
            address in the meantime nothing is recorded: the new one was not read yet.
        FeedUnknown: it was removed in the meantime.
    """
    try:
        harvest = await sources.KINDS[feed.kind].read(around, feed.address, now)
        return await _keep(database, feed, harvest, now)
    except FeedFault as fault:
        await _record_fault(database, feed, fault, now)
        raise
    except FeedUnknown:
        raise
    except Exception:
        logger.exception("Feed %s could not be imported", feed.id)
        failed = FeedFault("mislukt")
        await _record_fault(database, feed, failed, now)
        raise failed from None


async def hand_over(
    session: AsyncSession,
    *,
    municipality_code: str,
    name: str,
    content: bytes,
    now: datetime,
    clerk: Clerk | None = None,
) -> Changes:
    """Import a table that somebody hands over. A municipality has one; a new one takes the place of the last.

    Raises:
        FeedFault: the table is not right. It is told at once and not kept: whoever handed it over is there to mend it.
    """
    harvest = table.read(content)
    feed = await session.scalar(
        select(CouncilFeed)
        .where(CouncilFeed.municipality_code == municipality_code, CouncilFeed.kind == FILE)
        .with_for_update()
    )
    if feed is None:
        feed = CouncilFeed(
            id=uuid.uuid4(),
            municipality_code=municipality_code,
            kind=FILE,
            address=name,
            fresh_hours=PROMISES[FILE],
            created_at=now,
        )
        session.add(feed)
    feed.address = name
    await session.flush()
    changes = await store(session, feed=feed, harvest=harvest, now=now)
    _note_success(feed, now)
    await _record(session, "council.file_imported", feed, clerk, now)
    return changes


async def _keep(database: Database, feed: CouncilFeed, harvest: Harvest, now: datetime) -> Changes:
    async with database.session(feed.municipality_code) as session:
        row = await _locked(session, feed)
        if row.address != feed.address:
            raise FeedFault("ander_adres")
        changes = await store(session, feed=row, harvest=harvest, now=now)
        _note_success(row, now)
    return changes


def _note_success(feed: CouncilFeed, now: datetime) -> None:
    feed.last_good_at, feed.last_tried_at, feed.fault, feed.fault_details = now, now, None, None


async def _record_fault(database: Database, feed: CouncilFeed, fault: FeedFault, now: datetime) -> None:
    async with database.session(feed.municipality_code) as session:
        row = await _locked(session, feed)
        if row.address == feed.address:
            row.last_tried_at, row.fault, row.fault_details = now, fault.code, fault.details


async def _locked(session: AsyncSession, feed: CouncilFeed) -> CouncilFeed:
    """The feed as it is now, kept for us until the transaction ends: two imports never write through one another."""
    row = await session.get(CouncilFeed, feed.id, with_for_update=True, populate_existing=True)
    if row is None:
        raise FeedUnknown(feed.id)
    return row


async def _save(session: AsyncSession, feed: CouncilFeed, **values: object) -> None:
    """Write inside a savepoint, so that a refusal leaves the rest of the transaction usable."""
    try:
        async with session.begin_nested():
            for column, value in values.items():
                setattr(feed, column, value)
            session.add(feed)
    except IntegrityError:
        raise FeedExists from None


async def _record(session: AsyncSession, action: str, feed: CouncilFeed, clerk: Clerk | None, now: datetime) -> None:
    await audit.record(
        session,
        action=action,
        clerk=clerk,
        municipality_code=feed.municipality_code,
        record=str(feed.id),
        details={"kind": feed.kind, "address": feed.address, "fresh_hours": feed.fresh_hours},
        now=now,
    )
