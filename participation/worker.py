"""Background work: `python -m participation.worker` runs the jobs and the clock until it is told to stop."""

import argparse
import asyncio
import contextlib
import logging
import sys
import uuid
from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path

import procrastinate
import psycopg
from psycopg import conninfo

from participation import digest_round, invitation_round, left_jobs, logs
from participation.campaigns import jobs as campaign_jobs
from participation.campaigns import outcome_jobs, sending_jobs
from participation.concern_store import ConcernStore
from participation.council import jobs as council_jobs
from participation.database import EVERY_MUNICIPALITY, Database
from participation.database.connections import JOBS, POOL
from participation.database.engine import APP_ROLE
from participation.database.migrate import JOBS_SCHEMA
from participation.database.prepared import wait_until_prepared
from participation.heartbeat import beat
from participation.insight import jobs as insight_jobs
from participation.links import jobs as link_jobs
from participation.measures import serving
from participation.measures.measuring import Measured
from participation.privacy import retention_round
from participation.reports import jobs as report_jobs
from participation.services import (
    alike,
    asking,
    audit_chain,
    checking,
    conversations,
    delivery,
    late_receipts,
    masking,
    placing,
    secret_codes,
    sorting,
)
from participation.settings import Settings, settings

logger = logging.getLogger(__name__)
DELIVER = "samenspel:deliver"
SWEEP = "samenspel:sweep"
ROUNDS = 10
"""Transactions in which one job of every minute works at most; what is left waits for the next minute."""


def connector(chosen: Settings) -> procrastinate.PsycopgConnector:
    """A connection pool of the job queue, with the rights of the application and the queue's own schema."""
    options = f"-c search_path={JOBS_SCHEMA}"
    url = chosen.app_database_url
    if not url:
        url, options = chosen.database_url, f"{options} -c role={APP_ROLE}"
    return procrastinate.PsycopgConnector(
        conninfo=conninfo.make_conninfo(url, options=options), min_size=1, max_size=JOBS
    )


def job_app(chosen: Settings) -> procrastinate.App:
    """The queue with all tasks; open it with `async with app.open_async()`."""
    app = procrastinate.App(connector=connector(chosen))
    retry = procrastinate.RetryStrategy(max_attempts=8, exponential_wait=4)
    app.task(name=DELIVER, retry=retry, pass_context=True)(deliver)
    app.periodic(cron="* * * * *")(app.task(name=SWEEP, pass_context=True)(sweep))
    app.periodic(cron="17 3 * * *")(app.task(name="samenspel:erase_expired", pass_context=True)(erase_expired))
    app.periodic(cron="* * * * *")(app.task(name="samenspel:sort", pass_context=True)(sort))
    app.periodic(cron="* * * * *")(app.task(name="samenspel:check", pass_context=True)(check))
    app.periodic(cron="47 3 * * *")(app.task(name="samenspel:learn_sorting", pass_context=True)(learn_sorting))
    app.periodic(cron="* * * * *")(app.task(name="samenspel:mask", pass_context=True)(mask_waiting))
    app.periodic(cron="* * * * *")(app.task(name="samenspel:place", pass_context=True)(place))
    app.periodic(cron="* * * * *")(app.task(name="samenspel:tell_numbers", pass_context=True)(tell_numbers))
    app.periodic(cron="7 * * * *")(app.task(name="samenspel:go_on_without", pass_context=True)(go_on_without))
    app.periodic(cron="11 * * * *")(app.task(name="samenspel:forget_guesses", pass_context=True)(forget_guesses))
    app.periodic(cron="* * * * *")(app.task(name="samenspel:compare", pass_context=True)(compare))
    left_jobs.register(app)
    campaign_jobs.register(app)
    sending_jobs.register(app)
    council_jobs.register(app)
    if chosen.smtp_host:
        digest_round.register(app)
        invitation_round.register(app)
    insight_jobs.register(app)
    report_jobs.register(app)
    outcome_jobs.register(app)
    if chosen.link_check:
        link_jobs.register(app)
    return app


async def queue_delivery(app: procrastinate.App, entry_id: uuid.UUID) -> None:
    """Ask the worker to bring one text of the griffie into its chat."""
    await app.configure_task(DELIVER).defer_async(entry_id=str(entry_id))


async def look_back(app: procrastinate.App) -> None:
    """Deliver at once what a worker that was killed had in its hands; it would wait for the next whole minute."""
    await app.configure_task(SWEEP).defer_async(timestamp=0)


async def deliver(context: procrastinate.JobContext, entry_id: str) -> None:
    """Bring one text of the griffie into its chat."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await delivery.deliver(session, entry_id=uuid.UUID(entry_id), now=datetime.now(UTC))


async def sweep(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: deliver what was written but, through some fault, never queued."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = await conversations.undelivered(session)
    for entry_id in waiting:  # each by itself: no chat waits for another
        async with database.session(EVERY_MUNICIPALITY) as session:
            await delivery.deliver(session, entry_id=entry_id, now=datetime.now(UTC))


async def tell_numbers(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: give the number of what was logged after the chat had stopped waiting."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = await late_receipts.waiting(session, now=datetime.now(UTC))
    for contribution_id in waiting:
        try:
            await late_receipts.tell(database, contribution_id, key=settings().pseudonym_key, now=datetime.now(UTC))
        except Exception as error:  # noqa: BLE001  one that fails does not keep the others from their number
            logger.error("A number could not be told: %s", type(error).__name__)


async def erase_expired(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every night: erase what has had its time, destroy what was approved, propose what is next."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        done = await retention_round.run(session, days=settings().chat_retention_days, now=datetime.now(UTC))
    logger.info("Retention: %s", done)
    keep_since = datetime.now(UTC) - timedelta(days=settings().log_retention_days)
    taken_off = audit_chain.AT_ONCE
    while taken_off == audit_chain.AT_ONCE:
        async with database.session(EVERY_MUNICIPALITY) as session:
            taken_off = await audit_chain.take_off(session, keep_since=keep_since, now=datetime.now(UTC))


async def go_on_without(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every hour: give back to the griffie what a resident was asked about and did not answer in time."""
    database: Database = context.additional_context["database"]
    now = datetime.now(UTC)
    async with database.session(EVERY_MUNICIPALITY) as session:
        waiting = [row.contribution_id for row in await asking.overdue(session, now=now)]
    for contribution_id in waiting:
        async with database.session(EVERY_MUNICIPALITY) as session:
            await asking.go_on_without(session, contribution_id=contribution_id, now=now)


async def forget_guesses(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every hour: erase the guesses at secret codes of more than a day ago."""
    database: Database = context.additional_context["database"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await secret_codes.forget(session, now=datetime.now(UTC))


async def compare(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: make comparable with others what came in and could not be made so at once."""
    database: Database = context.additional_context["database"]
    for _ in range(ROUNDS):
        async with database.session(EVERY_MUNICIPALITY) as session:
            waiting = await alike.waiting(session)
            for contribution in waiting:
                await alike.remember(session, contribution)
        if not waiting:
            break


async def sort(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: propose kind and theme for what came in."""
    database: Database = context.additional_context["database"]
    store: ConcernStore = context.additional_context["concerns"]
    if (model := await asyncio.to_thread(store.model)) is None:
        return
    for _ in range(ROUNDS):
        async with database.session(EVERY_MUNICIPALITY) as session:
            unsorted = await sorting.unsorted(session)
            for contribution in unsorted:
                concern = await asyncio.to_thread(model.understand, contribution.text)
                await sorting.propose(session, concern=concern, contribution=contribution, now=datetime.now(UTC))
        if not unsorted:
            break


async def place(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: find the district or village that texts name which were not read for it yet."""
    database: Database = context.additional_context["database"]
    placed = placing.AT_ONCE
    while placed == placing.AT_ONCE:
        async with database.session(EVERY_MUNICIPALITY) as session:
            placed = await placing.place_waiting(session)


async def check(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: look over what came in for signs of danger or a threat, and for near copies."""
    database: Database = context.additional_context["database"]
    for check_round in (checking.check_waiting, checking.check_additions):
        while True:
            async with database.session(EVERY_MUNICIPALITY) as session:
                checked = await check_round(session, now=datetime.now(UTC))
            if not checked:
                break


async def mask_waiting(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every minute: mask what could not be masked when it came in, and what came in before masking was there."""
    database: Database = context.additional_context["database"]
    for mask_round in (masking.mask_waiting, masking.mask_waiting_additions):
        last: uuid.UUID | None = None
        while True:
            async with database.session(EVERY_MUNICIPALITY) as session:
                last = await mask_round(session, now=datetime.now(UTC), after=last)
            if last is None:
                break


async def learn_sorting(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every night: train the model of kind and theme on what clerks corrected as well."""
    database: Database = context.additional_context["database"]
    store: ConcernStore = context.additional_context["concerns"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        corrected = await sorting.corrected_examples(session)
    await asyncio.to_thread(store.learn, corrected)


@contextlib.asynccontextmanager
async def measured(database: Database, chosen: Settings) -> AsyncIterator[None]:
    """Measure what the database tells of this installation and show it, where a port is set for that."""
    if not chosen.metrics_port:
        yield
        return
    figures = Measured()
    with serving.served(figures.registry, chosen, above=serving.WORKER):
        async with alongside(figures.keep_measuring(database, clock=lambda: datetime.now(UTC))):
            yield


@contextlib.asynccontextmanager
async def alongside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do something else during the block, and no longer."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def run(chosen: Settings, *, alive: Path | None = None) -> None:
    """Work until SIGTERM or SIGINT; jobs under way are finished first.

    Args:
        alive: a file to touch every five seconds, for who watches whether this process hangs.
    """
    database = Database.from_settings(chosen, most=POOL["worker"])
    app = job_app(chosen)
    try:
        async with (
            app.open_async(),
            measured(database, chosen),
            alongside(beat(alive)) if alive else contextlib.nullcontext(),
        ):
            await look_back(app)
            await app.run_worker_async(
                concurrency=4,
                delete_jobs="successful",
                shutdown_graceful_timeout=10,
                stalled_worker_timeout=left_jobs.SILENT_FOR,
                additional_context={
                    "database": database,
                    "concerns": ConcernStore(chosen.concern_model, learnt=chosen.concern_learnt),
                },
            )
    finally:
        await database.close()


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m participation.worker", description="Do the background work")
    parser.add_argument("--alive", type=Path, metavar="FILE", help="touch this file every five seconds")
    options = parser.parse_args()
    logs.configure(settings().log_format)
    wait_until_prepared(settings())
    try:
        asyncio.run(run(settings(), alive=options.alive))
    except (procrastinate.exceptions.ConnectorException, psycopg.OperationalError) as error:
        sys.stderr.write(f"The worker can not reach the database: {str(error).splitlines()[0]}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
