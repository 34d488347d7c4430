"""The background work that campaigns themselves need: starting and closing at their moment, and ending trials."""

import logging
from datetime import UTC, datetime

import procrastinate

from participation.campaigns import states, trials
from participation.database import EVERY_MUNICIPALITY, Database

logger = logging.getLogger(__name__)
KEEP_TIME = "samenspel:campaigns_keep_time"


def register(app: procrastinate.App) -> None:
    """Add the task to the queue."""
    app.periodic(cron="* * * * *")(app.task(name=KEEP_TIME, pass_context=True)(keep_time))


async def keep_time(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: start what has its moment, close what has ended, erase the trials that are over."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        changed = await states.keep_time(session, now=datetime.now(UTC))
    async with database.session(EVERY_MUNICIPALITY) as session:
        await trials.erase_over(session, now=datetime.now(UTC))
    if changed:
        logger.info("Campaigns started or closed: %s", changed)
