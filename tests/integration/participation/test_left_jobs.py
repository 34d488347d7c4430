"""A worker that was killed leaves its job behind: the next one of its kind must not wait for it for ever."""

from procrastinate import JobContext
from sqlalchemy import text

from participation import left_jobs
from participation.database import EVERY_MUNICIPALITY, Database
from participation.settings import Settings
from participation.worker import job_app

LOCK = "one at a time"


async def test_a_job_of_a_worker_that_was_killed_holds_up_no_other(database: Database, database_url: str) -> None:
    app = job_app(Settings(demo=True, database_url=database_url))
    done: list[str] = []

    @app.task(name="test:look", pass_context=True)
    async def look(context: JobContext, who: str) -> None:
        done.append(who)

    works = {"wait": False, "install_signal_handlers": False, "additional_context": {"database": database}}
    async with app.open_async():
        await app.configure_task("test:look", lock=LOCK).defer_async(who="killed")
        await app.job_manager.fetch_job(queues=None, worker_id=await app.job_manager.register_worker())
        await app.configure_task("test:look", lock=LOCK).defer_async(who="next")
        await app.run_worker_async(**works)
        assert done == [], "there is something that is held up"
        await app.configure_task(left_jobs.LET_GO).defer_async(timestamp=0)
        await app.run_worker_async(**works)
        assert done == [], "a worker that gave a sign of life just now is at it still"
        async with database.session(EVERY_MUNICIPALITY) as session:
            silent = "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"
            await session.execute(text(silent))
        await app.configure_task(left_jobs.LET_GO).defer_async(timestamp=0)
        await app.run_worker_async(**works)
        await app.run_worker_async(**works)
    assert done == ["next"]
