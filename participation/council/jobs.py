"""Keeping the calendars fresh: a clock that queues one job a feed, and the job that reads it."""

import logging
import uuid
from datetime import UTC, datetime

import procrastinate

from participation.council import feeds
from participation.council.faults import FeedFault, FeedUnknown
from participation.council.sources import Surroundings
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import CouncilFeed
from participation.settings import settings

logger = logging.getLogger(__name__)
UPDATE = "samenspel:council_update"
CLOCK = "samenspel:council_clock"


def register(app: procrastinate.App) -> None:
    """Add the tasks to the queue. A job is not retried: the clock comes again within the hour."""
    app.task(name=UPDATE, pass_context=True)(update)
    app.periodic(cron="*/15 * * * *")(app.task(name=CLOCK, pass_context=True)(queue_due))


async def queue_due(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every quarter: queue the feeds that were not read for almost an hour, one job each, never two of one feed."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        due = [(feed.id, feed.municipality_code) for feed in await feeds.due(session, now=datetime.now(UTC))]
    for feed_id, code in due:
        job = context.app.configure_task(UPDATE, queueing_lock=f"council:{feed_id}", lock=f"council:{feed_id}")
        try:
            await job.defer_async(feed_id=str(feed_id), municipality_code=code)
        except procrastinate.exceptions.AlreadyEnqueued:
            logger.info("Feed %s waits for its turn already", feed_id)


async def update(context: procrastinate.JobContext, feed_id: str, municipality_code: str) -> None:
    """Read one feed. What fails is told at the desk, so the job itself has done its work then too."""
    database: Database = context.additional_context["database"]
    around = context.additional_context.get("council") or Surroundings.usual(settings().ori_url)
    async with database.session(municipality_code) as session:
        feed = await session.get(CouncilFeed, uuid.UUID(feed_id))
    if feed is None:
        return
    try:
        changes = await feeds.update(database, around, feed=feed, now=datetime.now(UTC))
    except FeedFault as fault:
        logger.warning("Feed %s of %s: %s", feed_id, municipality_code, fault.code)
    except FeedUnknown:
        logger.info("Feed %s was removed meanwhile", feed_id)
    else:
        logger.info("Feed %s of %s: %s", feed_id, municipality_code, changes)
