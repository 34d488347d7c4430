"""The worker's round: every hour a few links, each of them about once a week."""

import logging
from datetime import UTC, datetime
from urllib.parse import urlsplit

import procrastinate

from participation.database import EVERY_MUNICIPALITY, Database
from participation.links import store
from participation.links.look import Looking

logger = logging.getLogger(__name__)
ROUND = "samenspel:check_links"
MOST_IN_ROUND = 60


def register(app: procrastinate.App) -> None:
    """Add the task to the queue. A round that fails is not tried again: the next one is within the hour."""
    task = app.task(name=ROUND, pass_context=True, queueing_lock=ROUND, lock=ROUND)(check_some)
    app.periodic(cron="37 * * * *")(task)


async def check_some(context: procrastinate.JobContext, timestamp: int) -> None:
    """Look at the links that are due. The database is not held meanwhile: sites may be slow."""
    database: Database = context.additional_context["database"]
    counted = await check_due(database, Looking(), now=datetime.now(UTC))
    logger.info("Looked at %s links", counted)


async def check_due(database: Database, looking: Looking, *, now: datetime) -> int:
    """Look at what is due and keep what was found; returns how many links were counted.

    When none of several sites answered, it is our own connection that fails, and nothing is held against a link.
    """
    async with database.session(EVERY_MUNICIPALITY) as session:
        urls = await store.due(session, limit=MOST_IN_ROUND, now=now)
    outcomes = await looking.at_all(urls)
    sites = {urlsplit(url).netloc for url, outcome in outcomes.items() if outcome.code != "niet_toegestaan"}
    if len(sites) > 1 and not any(outcome.answered for outcome in outcomes.values()):
        logger.warning("None of %s sites answered: no link was counted as failing", len(sites))
        return 0
    async with database.session(EVERY_MUNICIPALITY) as session:
        await store.keep(session, outcomes, now=now)
    return len(outcomes)
