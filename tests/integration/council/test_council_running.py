"""The clock of the worker and the command line."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from participation import worker
from participation.council import feeds, jobs
from participation.council.sources import Surroundings
from participation.database import Database
from participation.settings import Settings
from tests.council_site import Site, payload
from tests.integration.council.conftest import UTRECHT, AddFeed

ROOT = Path(__file__).parents[3]
CALENDAR = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nSUMMARY:Raad\nDTSTART:20261203T183000Z\n"
CALENDAR += "END:VEVENT\nEND:VCALENDAR\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(database_url: str, site: Site, tmp_path: Path) -> Run:
    def command(*arguments: str, **environment: str) -> tuple[int, str, str]:
        known = {
            "SAMENSPEL_DATABASE_URL": database_url,
            "SAMENSPEL_ORI_URL": f"{site.url}/v1/elastic",
            "SAMENSPEL_VAR": str(tmp_path),
            "PATH": "/usr/bin:/bin",
        }
        done = subprocess.run(
            [sys.executable, "-m", "participation.council_import", *arguments],
            cwd=ROOT,
            env=known | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return command


async def test_the_clock_queues_each_feed_once_and_a_fault_does_not_stop_the_rest(
    database: Database, database_url: str, site: Site, around: Surroundings, add_feed: AddFeed
) -> None:
    good = await add_feed("ical", site.put("/raad.ics", CALENDAR))
    bad = await add_feed("ical", f"{site.url}/weg.ics", code="GM0307")
    app = worker.job_app(Settings(demo=True, database_url=database_url))
    async with app.open_async():
        for timestamp in (0, 1):
            await app.configure_task(jobs.CLOCK).defer_async(timestamp=timestamp)
        await app.run_worker_async(
            wait=False, delete_jobs="never", additional_context={"database": database, "council": around}
        )
        done = [job async for job in _jobs(app)]
    assert [job for job in done if job[0] == jobs.UPDATE] == [(jobs.UPDATE, "succeeded")] * 2
    assert sorted(site.asked) == ["/raad.ics", "/weg.ics"]
    async with database.session("*") as session:
        told = {
            feed.id: feed
            for code in (UTRECHT, "GM0307")
            for feed in await feeds.of_municipality(session, municipality_code=code)
        }
    assert (told[good.id].fault, told[good.id].last_good_at is not None) == (None, True)
    assert (told[bad.id].fault, told[bad.id].fault_details) == ("foutmelding", {"status": 404})


async def _jobs(app):  # type: ignore[no-untyped-def]
    for job in await app.job_manager.list_jobs_async():
        if job.task_name in (jobs.CLOCK, jobs.UPDATE):
            yield job.task_name, job.status


def test_the_command_line_adds_reads_and_reads_again(run: Run, site: Site, now: datetime) -> None:
    site.records["ori_proef"] = payload("ori_amsterdam")
    for hit in site.records["ori_proef"]:
        for moment in ("start_date", "last_discussed_at"):
            if moment in hit["_source"]:
                hit["_source"][moment] = datetime.now(now.tzinfo).isoformat()
    assert run("--gemeente", UTRECHT, "--ori", "ori_proef") == (
        0,
        "ori_proef: 1 meetings (1 new, 0 changed, 0 vanished), 14 papers, 0 unreadable\n",
        "",
    )
    assert run("--gemeente", UTRECHT) == (
        0,
        "ori_proef: 1 meetings (0 new, 0 changed, 0 vanished), 14 papers, 0 unreadable\n",
        "",
    )


def test_what_is_wrong_is_said_in_one_line(run: Run, site: Site, tmp_path: Path) -> None:
    table = tmp_path / "raad.csv"
    table.write_text("naam;datum\nRaad;nooit\n", encoding="utf-8")
    said = {
        ("--gemeente", "GM9999"): (2, "no municipality has code GM9999"),
        ("--gemeente", UTRECHT, "--ical", "raad.ics"): (2, "this can not be the address of a feed of kind ical"),
        ("--gemeente", UTRECHT, "--bestand", str(table)): (1, f"{table}: line 2: “nooit” is geen datum"),
        ("--gemeente", UTRECHT, "--bestand", "weg.csv"): (2, "weg.csv: No such file or directory"),
        ("--gemeente", UTRECHT, "--ori", "ori_nergens"): (
            1,
            "ori_nergens: Open Raadsinformatie has no such index",
        ),
        ("--gemeente", UTRECHT, "--csv", f"{site.url}/x.csv"): (
            1,
            f"{site.url}/x.csv: the address is not on the public internet",
        ),
    }
    for arguments, (code, line) in said.items():
        assert run(*arguments) == (code, "", f"{line}\n")
    unreachable = run("--gemeente", UTRECHT, SAMENSPEL_DATABASE_URL="postgresql://127.0.0.1:1/x")
    assert (unreachable[0], unreachable[2].count("\n")) == (1, 1)
    nowhere = run("--gemeente", UTRECHT, SAMENSPEL_DATABASE_URL="")
    assert nowhere == (2, "", "SAMENSPEL_DATABASE_URL is not set and no embedded server runs\n")
