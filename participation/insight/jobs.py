"""Looking for subjects: every night in every municipality, and within a minute where somebody asks."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

import procrastinate

from participation.database import EVERY_MUNICIPALITY, Database
from participation.insight import subjects

logger = logging.getLogger(__name__)
LOOK = "samenspel:subjects"
CLOCK = "samenspel:subjects_clock"
NIGHT = "samenspel:subjects_night"


def register(app: procrastinate.App) -> None:
    """Add the tasks to the queue. A job is not retried: the night comes again."""
    app.task(name=LOOK, pass_context=True)(look)
    app.periodic(cron="* * * * *")(app.task(name=CLOCK, pass_context=True)(queue_asked))
    app.periodic(cron="27 2 * * *")(app.task(name=NIGHT, pass_context=True)(queue_all))


async def queue_asked(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: queue the municipalities where somebody asked."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        codes = await subjects.asked_for(session)
    await _queue(context, codes)


async def queue_all(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every night: queue all that have texts."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        codes = await subjects.with_texts(session)
    await _queue(context, codes)


async def _queue(context: procrastinate.JobContext, codes: Iterable[str]) -> None:
    """One job a municipality, and never two at once: each takes a processor for seconds."""
    for code in codes:
        job = context.app.configure_task(LOOK, queueing_lock=f"subjects:{code}", lock="subjects")
        try:
            await job.defer_async(municipality_code=code)
        except procrastinate.exceptions.AlreadyEnqueued:
            logger.info("Subjects of %s wait for their turn already", code)


async def look(context: procrastinate.JobContext, municipality_code: str) -> None:
    """Look for the subjects of one municipality."""
    database: Database = context.additional_context["database"]
    count = await subjects.look(database, municipality_code=municipality_code, now=datetime.now(UTC))
    logger.info("Subjects of %s: %s", municipality_code, count)
