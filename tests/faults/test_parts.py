"""The action server or the worker falls over."""

import asyncio
import html
import signal

import httpx
import pytest

from tests.e2e.clerk import Clerk
from tests.e2e.instance import until
from tests.faults.drill import GIVE_UP, Drill, drilled
from tests.faults.residents import CODE
from tests.faults.world import World

pytestmark = pytest.mark.timeout(900)
ANSWERS = 12
CHATS = (
    "SELECT body->>'tekst' AS text, count(*) AS times FROM message "
    "WHERE sender <> 'inwoner' AND body->>'tekst' LIKE %s GROUP BY 1"
)
IDS = "SELECT id::text AS id, reference FROM contribution WHERE reference = ANY(%s)"


async def test_the_action_server_dies(world: World) -> None:
    async with drilled(
        world, "actions-weg", "De action-server valt om", "kill -9; de launcher start hem opnieuw"
    ) as drill:
        await drill.going()
        drill.strikes()
        world.signal(signal.SIGKILL, "actions")
        await drill.normal_again()


async def test_the_action_server_hangs(world: World) -> None:
    async with drilled(
        world, "actions-traag", "De action-server hangt", "SIGSTOP van de action-server, 20 seconden lang"
    ) as drill:
        await drill.going()
        world.signal(signal.SIGSTOP, "actions")
        try:
            await drill.lasts(20)
        finally:
            world.signal(signal.SIGCONT, "actions")
        drill.ends()
        await drill.normal_again()


async def test_the_web_process_dies(world: World) -> None:
    async with drilled(world, "web-weg", "Het webproces valt om", "kill -9; de launcher start het opnieuw") as drill:
        await drill.going()
        drill.strikes()
        world.signal(signal.SIGKILL, "web")
        await drill.normal_again()


async def answer_all(world: World, drill: Drill, mark: str) -> int:
    """The griffier answers what was passed on; returns how many answers there are."""
    references = list(drill.ledger.confirmed)[:ANSWERS]
    rows = await world.instance.rows(IDS, references)
    async with httpx.AsyncClient(base_url=world.instance.url, trust_env=False, timeout=30) as http:
        clerk = await Clerk.signs_in(http, world.instance, CODE)
        for row in rows:
            address = clerk.address(row["id"])
            page = await clerk.submit(
                address, to=f"{address}/antwoord", tekst=f"Dank u wel. {mark} {row['reference']}."
            )
            assert page.status_code == 200, html.unescape(page.text)[:500]
    return len(rows)


async def test_the_worker_dies_in_the_middle_of_its_jobs(world: World) -> None:
    how = "kill -9 van de worker terwijl hij antwoorden van de griffie bezorgt"
    async with drilled(world, "worker-weg", "De worker valt om midden in zijn werk", how) as drill:

        async def enough() -> bool:
            return len(drill.ledger.confirmed) >= ANSWERS

        await until(enough, seconds=GIVE_UP, what="there is something to answer")
        mark = f"bezorgd-{drill.ledger.mark}"
        world.signal(signal.SIGSTOP, "worker")
        written = await answer_all(world, drill, mark)

        async def arrived(number: int) -> bool:
            return len(await world.instance.rows(CHATS, f"%{mark}%")) >= number

        world.signal(signal.SIGCONT, "worker")
        await until(lambda: arrived(1), seconds=GIVE_UP, what="the worker is at it")
        drill.strikes()
        world.signal(signal.SIGKILL, "worker")
        await drill.normal_again()
        started = asyncio.get_running_loop().time()
        await until(lambda: arrived(written), seconds=GIVE_UP, what="every answer of the griffie is in its chat")
        seconds = asyncio.get_running_loop().time() - started + (drill.recovered or 0)
        await asyncio.sleep(2)
        times = [row["times"] for row in await world.instance.rows(CHATS, f"%{mark}%")]
        drill.extra.append(
            f"{written} antwoorden van de griffie: {sum(one == 1 for one in times)} precies één keer bezorgd, "
            f"de laatste na {seconds:.0f} s"
        )
        assert times == [1] * written
