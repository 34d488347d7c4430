"""Letting go of jobs whose worker was killed: while one counts as under way, others of its kind may wait for it."""

import logging

import procrastinate

logger = logging.getLogger(__name__)
LET_GO = "samenspel:let_go_of_jobs"
SILENT_FOR = 90.0
"""Seconds without a sign of life of a worker: it gives one every ten. One that starts forgets others after as long."""


def register(app: procrastinate.App) -> None:
    """Add the task to the queue."""
    app.periodic(cron="* * * * *")(app.task(name=LET_GO, pass_context=True)(let_go))


async def let_go(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: end such jobs as failed. Their own rounds find what was left undone, as after any fault."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR):
        logger.warning("%s was left by a worker that stopped", job.task_name)
        await context.app.job_manager.finish_job(job, status=procrastinate.jobs.Status.FAILED, delete_job=False)
