"""Every part falls over while a message goes to hundreds of people: nobody gets it twice, and nobody is forgotten."""

import asyncio
import contextlib
import itertools
import os
import random
import signal
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from bench.campaign.making import begin
from bench.campaign.subscribers import subscribe
from launcher import keys
from participation.campaigns import making, sending
from participation.campaigns.audience import MESSAGES
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Clerk, Mailing
from tests.bot_api import TelegramDouble
from tests.e2e.instance import until
from tests.faults.drill import GIVE_UP, drilled
from tests.faults.residents import CODE
from tests.faults.world import World

pytestmark = pytest.mark.timeout(1800)
PEOPLE, KILLS, STATEMENTS = 600, 10, 7
FIRST_CHAT = 6_000_001
PARTS = ("worker", "telegram", "web", "database")
WORDS = "Wat vindt u van energie in de buurt?"
PROGRESS = "SELECT state, progress FROM mailing WHERE id = %s"


async def counts(world: World, mailing: Mailing) -> tuple[str, Counter[str]]:
    """How far it is, as the desk shows it."""
    [row] = await world.instance.rows(PROGRESS, mailing.id)
    return row["state"], Counter(row["progress"].get(CODE, {}))


async def runs(world: World, part: str) -> bool:
    """Whether there is something to kill: it may still be coming back from the time before."""
    with contextlib.suppress(OSError, TypeError, KeyError):
        world.signal(0, part)
        return True
    return False


def kill(world: World, part: str) -> None:
    """Let a part fall over; of the database the server itself and who looks after it."""
    if part == "database":
        os.kill(world.postmaster, signal.SIGKILL)
    world.signal(signal.SIGKILL, part)


async def test_parts_die_ten_times_while_a_message_is_sent(world: World, telegram: TelegramDouble) -> None:
    how = f"{KILLS} keer kill -9 van worker, telegram, web en database om de beurt, op willekeurige momenten"
    async with drilled(world, "mailing", "Alles valt om midden in het versturen", how, residents=1) as drill:
        await drill.going()
        database = Database(world.instance.database_url, become_app_role=True)
        dice = random.Random(8)  # noqa: S311
        chats = range(FIRST_CHAT, FIRST_CHAT + PEOPLE)
        mailing = await started(world, database, chats)

        def received() -> Counter[int]:
            return Counter(one.chat_id for one in telegram.sent if one.chat_id in chats)

        for number, part in zip(range(1, KILLS + 1), itertools.cycle(PARTS), strict=False):
            aim = PEOPLE * number // (KILLS + 2)  # so that each dies in mid-sending
            await telegram.until(lambda aim=aim: received().total() >= aim, GIVE_UP)
            await asyncio.sleep(dice.uniform(0, 0.5))
            await until(lambda part=part: runs(world, part), seconds=GIVE_UP, what=f"{part} is there to be killed")
            drill.strikes()
            kill(world, part)
        await drill.normal_again()

        async def nobody_waits() -> bool:
            state, found = await counts(world, mailing)
            return state == "klaar" and found.keys() <= {"verstuurd", "onzeker"}

        await until(nobody_waits, seconds=GIVE_UP * 2, what="of everybody it is known how it is")
        first, (_, found) = received(), await counts(world, mailing)
        assert max(first.values()) == 1
        assert found.total() == PEOPLE, "somebody was forgotten"
        assert found["verstuurd"] <= first.total() <= PEOPLE

        await again(database, mailing)

        async def everybody() -> bool:
            state, found = await counts(world, mailing)
            return state == "klaar" and found == {"verstuurd": PEOPLE}

        await until(everybody, seconds=GIVE_UP, what="what was uncertain was sent again")
        assert received().keys() == set(chats)
        assert received().total() - first.total() == found["onzeker"]
        drill.extra.append(
            f"{PEOPLE} berichten: {first.total()} aangekomen, niemand kreeg er twee; "
            f"{found['onzeker']} stonden als onzeker en gingen na „opnieuw” nog eens weg"
        )
        await database.close()


async def started(world: World, database: Database, chats: range) -> Mailing:
    """Let so many people agree to messages, and send them one."""
    now = datetime.now(UTC)
    key = keys.load_or_make(world.layout.keys_file)["PSEUDONYM_KEY"]
    async with database.session(EVERY_MUNICIPALITY) as session:
        await subscribe(session, key=key, now=now, code=CODE, chats=chats)
    begun = await begin(database, codes=(CODE,), statements=STATEMENTS, now=now)
    by: dict[str, Any] = {"clerk": begun.maker, "now": now}
    async with database.session(CODE) as session:
        campaign = await making.led(session, municipality_code=CODE, campaign_id=begun.campaign.id)
        mailing = await sending.prepare(
            session, campaign=campaign, kind="uitnodiging", words=WORDS, audience={"who": MESSAGES}, **by
        )
        await sending.take(session, mailing=mailing, step="starten", **by)
    return mailing


async def again(database: Database, mailing: Mailing) -> None:
    """Press the button for what is uncertain."""
    async with database.session(CODE) as session:
        found = await session.get_one(Mailing, mailing.id)
        clerk = await session.get_one(Clerk, found.made_by)
        await sending.send_again(session, mailing=found, what="onzeker", clerk=clerk, now=datetime.now(UTC))
