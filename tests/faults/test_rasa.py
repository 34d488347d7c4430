"""Rasa is slow, falls over, or says something that makes no sense."""

import asyncio
import signal
import subprocess
import uuid
from collections.abc import AsyncIterator

import pytest

from launcher.layout import REPOSITORY
from launcher.ports import find_free
from tests.e2e.instance import until
from tests.faults import rasa_between
from tests.faults.drill import GIVE_UP, drilled
from tests.faults.rasa_between import OTHERS, RasaBetween, Wrong
from tests.faults.residents import answered_right
from tests.faults.world import World

pytestmark = pytest.mark.timeout(900)
FROZEN = 20.0
"""Longer than a resident waits, shorter than after what the launcher starts a part anew."""

WRONG: dict[str, tuple[Wrong, str]] = {
    "onzin": (rasa_between.garbage, "Rasa antwoordt met bytes die geen JSON zijn"),
    "fout-500": (rasa_between.fault, "Rasa antwoordt op elke beurt met status 500"),
    "verkeerde-json": (rasa_between.wrong_json, "Rasa antwoordt met JSON in een verkeerde vorm"),
    "stilte": (rasa_between.silence, "Rasa antwoordt zonder een enkel bericht"),
    "van-een-ander": (rasa_between.of_another, "Rasa geeft het antwoord dat voor een ander gesprek was"),
}


async def test_rasa_is_slow(world: World) -> None:
    how = f"SIGSTOP naar alle Rasa-processen, {FROZEN:.0f} seconden lang"
    async with drilled(world, "rasa-traag", "Rasa is traag: geen antwoord meer", how) as drill:
        await drill.going()
        world.signal(signal.SIGSTOP, *world.rasas)
        try:
            await drill.lasts(FROZEN)
        finally:
            world.signal(signal.SIGCONT, *world.rasas)
        drill.ends()
        await drill.normal_again()


async def test_one_of_two_rasas_dies(world: World) -> None:
    async with drilled(
        world, "rasa-een-van-twee", "Eén van twee Rasa-processen valt om", "kill -9 van één van de twee"
    ) as drill:
        await drill.going()
        drill.strikes()
        world.signal(signal.SIGKILL, world.rasas[0])
        await drill.normal_again()
        await drill.lasts(10)


async def test_all_of_rasa_dies(world: World) -> None:
    async with drilled(
        world, "rasa-weg", "Alle Rasa-processen vallen om", "kill -9 van beide; de launcher start ze opnieuw"
    ) as drill:
        await drill.going()
        drill.strikes()
        world.signal(signal.SIGKILL, *world.rasas)
        await drill.normal_again()


@pytest.fixture(scope="module")
async def between(world: World) -> AsyncIterator[RasaBetween]:
    """In front of a Rasa of the instance."""
    found = RasaBetween(f"http://127.0.0.1:{world.ports.rasa}")
    await found.start()
    yield found
    await found.stop()


def _start(world: World, port: int, rasa: str) -> subprocess.Popen[bytes]:
    part = world.part("web", uuid.uuid4().hex)
    own = {"SAMENSPEL_PORT": str(port), "SAMENSPEL_RASA_URL": rasa}
    with (world.layout.logs / "web-2.log").open("ab") as log:
        return subprocess.Popen(part.command, cwd=REPOSITORY, env={**part.environment(), **own}, stdout=log, stderr=log)


@pytest.fixture(scope="module")
async def second_web(world: World, between: RasaBetween) -> AsyncIterator[str]:
    """One more web process of the same instance, which hears Rasa through the one between."""
    port = find_free().web
    url = f"http://127.0.0.1:{port}"
    process = _start(world, port, between.url)
    try:
        await until(lambda: answered_right(url), seconds=GIVE_UP, what="the second web process answers")
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 30)


@pytest.mark.parametrize("kind", WRONG)
async def test_rasa_answers_wrongly(kind: str, world: World, between: RasaBetween, second_web: str) -> None:
    wrong, title = WRONG[kind]
    how = "een dubbel tussen de gateway en Rasa geeft 12 seconden lang het verkeerde antwoord"
    async with drilled(world, f"rasa-{kind}", title, how, url=second_web) as drill:
        await drill.going()
        before = between.given_wrong
        between.wrong = wrong
        try:
            await drill.lasts(12)
        finally:
            between.wrong = None
        drill.ends()
        await drill.normal_again()
        assert between.given_wrong > before
        drill.extra.append(f"{between.given_wrong - before} verkeerde antwoorden gegeven")
    told = await world.instance.rows("SELECT id FROM message WHERE body->>'tekst' = %s", OTHERS)
    assert told == [], "somebody read what was meant for another"
