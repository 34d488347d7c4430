"""A worker that was killed leaves its job behind: the next one of its kind must not wait for it for ever."""

from procrastinate import App, JobContext
from sqlalchemy import text

from participation import left_jobs
from participation.database import EVERY_MUNICIPALITY, Database
from participation.settings import Settings
from participation.worker import connector

LOCK = "one at a time"


async def _last_sign_of_life(database: Database, ago: str) -> None:
    async with database.session(EVERY_MUNICIPALITY) as session:
        heartbeat = "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - CAST(:ago AS interval)"
        await session.execute(text(heartbeat), {"ago": ago})


async def test_a_job_of_a_worker_that_was_killed_holds_up_no_other(database: Database, database_url: str) -> None:
    app = App(connector=connector(Settings(demo=True, database_url=database_url)))
    left_jobs.register(app)
    done: list[str] = []

    @app.task(name="test:look", pass_context=True)
    async def look(context: JobContext, who: str) -> None:
        done.append(who)

    works = {"wait": False, "install_signal_handlers": False, "stalled_worker_timeout": left_jobs.SILENT_FOR}
    async with app.open_async():
        await app.configure_task("test:look", lock=LOCK).defer_async(who="killed")
        await app.job_manager.fetch_job(queues=None, worker_id=await app.job_manager.register_worker())
        await app.configure_task("test:look", lock=LOCK).defer_async(who="next")
        await app.run_worker_async(**works)
        assert done == [], "there is something that is held up"
        await _last_sign_of_life(database, "1 second")
        await app.configure_task(left_jobs.LET_GO).defer_async(timestamp=0)
        await app.run_worker_async(**works)
        assert done == [], "a worker that gave a sign of life just now is at it still"
        await _last_sign_of_life(database, "2 minutes")
        await app.configure_task(left_jobs.LET_GO).defer_async(timestamp=0)
        await app.run_worker_async(**works)
        await app.run_worker_async(**works)
    assert done == ["next"]
