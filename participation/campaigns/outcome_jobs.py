"""The background work for outcomes: counting again, every few minutes, what changed."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

import procrastinate

from participation.campaigns import recounting
from participation.concern_store import ConcernStore
from participation.database import EVERY_MUNICIPALITY, Database

logger = logging.getLogger(__name__)


def register(app: procrastinate.App) -> None:
    """Add the task to the queue."""
    app.periodic(cron="*/2 * * * *")(app.task(name="samenspel:count_outcomes", pass_context=True)(count))


async def count(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every two minutes: count the campaigns in which something happened. One that fails keeps no other from it."""
    database: Database = context.additional_context["database"]
    store: ConcernStore = context.additional_context["concerns"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = await recounting.to_look_at(session)
    theme_of = await themes_by(store) if waiting else None
    for campaign_id in waiting:
        try:
            await recounting.recount(database, campaign_id=campaign_id, theme_of=theme_of, now=datetime.now(UTC))
        except Exception:
            logger.exception("The outcome of campaign %s could not be counted", campaign_id)


async def themes_by(store: ConcernStore) -> Callable[[str], str] | None:
    """Return what says the theme of a text; None where there is no model yet."""
    model = await asyncio.to_thread(store.model)
    return None if model is None else lambda text: model.understand(text).theme
