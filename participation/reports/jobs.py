"""The background work for papers: counting for drafts, and making the files of what was issued."""

import logging
import uuid
from datetime import UTC, datetime

import procrastinate

from participation.database import EVERY_MUNICIPALITY, Database
from participation.reports import counting, drafts, issuing, rendering

logger = logging.getLogger(__name__)
COUNT = "samenspel:count_report"
RENDER = "samenspel:render_report"
SWEEP = "samenspel:reports_left"
ERASE = "samenspel:erase_report_drafts"


def register(app: procrastinate.App) -> None:
    """Add the tasks to the queue."""
    retry = procrastinate.RetryStrategy(max_attempts=3, exponential_wait=4)
    app.task(name=COUNT, pass_context=True)(count)
    app.task(name=RENDER, pass_context=True, retry=retry)(render)
    app.periodic(cron="* * * * *")(app.task(name=SWEEP, pass_context=True)(sweep))
    app.periodic(cron="41 3 * * *")(app.task(name=ERASE, pass_context=True)(erase_old))


async def queue(app: procrastinate.App, kind: str, record_id: uuid.UUID, municipality_code: str) -> None:
    """Queue the counting for a draft (COUNT), or the files of a report (RENDER); never twice at once."""
    lock = f"{kind}:{record_id}"
    try:
        await app.configure_task(kind, lock=lock, queueing_lock=lock).defer_async(
            record_id=str(record_id), municipality_code=municipality_code
        )
    except procrastinate.exceptions.AlreadyEnqueued:
        logger.info("%s waits for its turn already", lock)


async def count(context: procrastinate.JobContext, record_id: str, municipality_code: str) -> None:
    """Count for one draft."""
    database: Database = context.additional_context["database"]
    await counting.count(
        database, draft_id=uuid.UUID(record_id), municipality_code=municipality_code, now=datetime.now(UTC)
    )


async def render(context: procrastinate.JobContext, record_id: str, municipality_code: str) -> None:
    """Make the files of one report."""
    database: Database = context.additional_context["database"]
    await rendering.render(
        database, report_id=uuid.UUID(record_id), municipality_code=municipality_code, now=datetime.now(UTC)
    )


async def sweep(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: queue what through some fault never was."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = [(draft.id, draft.municipality_code) for draft in await drafts.waiting(session)]
        unmade = await issuing.without_files(session)
    await _let_go(context.app)
    for kind, left in ((COUNT, waiting), (RENDER, unmade)):
        for record_id, code in left:
            await queue(context.app, kind, record_id, code)


async def _let_go(app: procrastinate.App) -> None:
    """End the jobs of a worker that is no more: while one is under way by its lock, the same is not begun again."""
    for name in (COUNT, RENDER):
        for job in await app.job_manager.get_stalled_jobs(
            task_name=name, seconds_since_heartbeat=drafts.SILENT_FOR.total_seconds()
        ):
            logger.warning("%s was left by a worker that stopped", job.lock)
            await app.job_manager.finish_job(job, status=procrastinate.jobs.Status.FAILED, delete_job=False)


async def erase_old(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every night: erase drafts that nobody works on any more."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await drafts.erase_old(session, now=datetime.now(UTC))
