"""Each part is killed while residents are at every step of passing something on: nothing is lost, nothing is doubled.

One crash a part serves residents at all steps at once, and comes when the database shows that each is where they should
be. What was confirmed is there exactly once; what was not goes on where it was, and is in no table before its resident
confirms.
"""

import asyncio
import contextlib
import os
import secrets
import signal
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import psycopg
import pytest

from tests.e2e.instance import Instance, until
from tests.e2e.resident import Resident, kinds, logged, plain, reading_back, reference_in

BACK_WITHIN = 240.0
TRIES = 5
WITHIN = 20.0
YES, AGAIN, BEGIN = "Ja, geef dit door", "Probeer het opnieuw", "Ik wil iets doorgeven"
CODE, NAME = "GM0344", "Utrecht"


@dataclass
class Step:
    """A resident who had got this far when the part was killed."""

    resident: Resident
    text: str


def words() -> str:
    """A concern that nobody else has."""
    return f"De bussen rijden 's avonds niet meer door de wijk {secrets.token_hex(5)}, dat is lastig voor ouderen."


async def told(opens: Callable[[str], Awaitable[Resident]]) -> Step:
    """Somebody whose words have been read back."""
    step = Step(await opens(CODE), words())
    await step.resident.presses(BEGIN)
    *_, read_back = await step.resident.says(step.text)
    assert plain(read_back) == reading_back(NAME, step.text)
    return step


async def insist(resident: Resident, **turn: object) -> list[dict]:
    """Send a turn as the widget does: with an id of its own, again for as long as there is no answer."""
    turn |= {"bericht_id": uuid.uuid4().hex}
    answers: list[list[dict]] = []

    async def answered() -> bool:
        with contextlib.suppress(httpx.TransportError):
            answer = await resident.post(**turn)
            if answer.status_code == 200:
                answers.append(answer.json()["berichten"])
        return bool(answers)

    await until(answered, seconds=BACK_WITHIN, what="the turn is answered")
    resident.seen += answers[0]
    return answers[0]


async def answered(step: Step, messages: list[dict], ready: Callable[[], Awaitable[bool]]) -> list[dict]:
    """What the turn gave; after an apology, what trying again gives when all parts work.

    A part that has just started may take longer than a resident waits: then there is another apology.
    """
    for _ in range(TRIES):
        if kinds(messages) != ["fout"]:
            break
        await until(ready, seconds=BACK_WITHIN, what="all parts work again")
        messages = await insist(step.resident, keuze=step.resident.button(AGAIN))
    return messages


def postmaster(instance: Instance) -> int:
    """The server itself: a guardian starts it and looks after it."""
    return int((instance.state.parent / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def kill(instance: Instance, part: str) -> None:
    """As a crash or a full memory does: without a word."""
    group = instance.pid(part)
    if part == "database":
        os.kill(postmaster(instance), signal.SIGKILL)
    os.killpg(group, signal.SIGKILL)


@contextlib.asynccontextmanager
async def held_up(instance: Instance, step: Step) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Keep one resident from being logged, and all who are logged from hearing it, as long as that may take.

    Yields whether the one is being held up: the turn is in the action, which waits with all before it.
    """
    [row] = await instance.rows(
        "SELECT (meaning->>'concept')::uuid AS draft FROM choice WHERE id = %s", step.resident.button(YES)
    )
    lock = row["draft"].int % 2**63

    async def waits() -> bool:
        return bool(
            await instance.rows(
                "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                "AND (classid::bigint << 32) + objid::bigint = %s",
                lock,
            )
        )

    connection = await psycopg.AsyncConnection.connect(instance.database_url)
    try:
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        await connection.execute("LOCK TABLE contribution_likeness IN EXCLUSIVE MODE")
        yield waits
    finally:
        await connection.close()


async def back(instance: Instance, part: str, old: int) -> Callable[[], Awaitable[bool]]:
    """Whether the part runs anew and everything works with it."""

    async def ready() -> bool:
        with contextlib.suppress(httpx.TransportError, KeyError, OSError):
            return instance.pid(part) != old and await instance.ready()
        return False

    return ready


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", ["web", "actions", "database", "rasa"])
async def test_what_was_confirmed_is_there_once_and_the_rest_goes_on(part: str, instance: Instance, opens):
    begun = Step(await opens(CODE), words())
    await begun.resident.presses(BEGIN)
    telling = Step(await opens(CODE), words())
    await telling.resident.presses(BEGIN)
    read_back, confirming, untold, done = [await told(opens) for _ in range(4)]
    reference = reference_in(await done.resident.presses(YES))
    old = instance.pid(part)

    async def is_logged() -> bool:
        has_told = telling.text in await telling.resident.typed()
        return has_told and bool(await untold.resident.contributions())

    async with held_up(instance, confirming) as waits:
        under_way = [asyncio.create_task(insist(confirming.resident, keuze=confirming.resident.button(YES)))]
        await until(waits, seconds=WITHIN, what="what was confirmed is about to be logged")
        under_way += [
            asyncio.create_task(insist(untold.resident, keuze=untold.resident.button(YES))),
            asyncio.create_task(insist(telling.resident, tekst=telling.text)),
        ]
        await until(is_logged, seconds=WITHIN, what="what was confirmed is logged, and a story has come in")
        assert not under_way[1].done(), "the resident has heard already that it is logged"
        kill(instance, part)
    ready = await back(instance, part, old)
    answers = await asyncio.gather(*under_way)
    await until(ready, seconds=BACK_WITHIN, what=f"all parts work again after {part} was killed")

    for step in (begun, telling, read_back):
        assert await step.resident.contributions() == []
    assert await done.resident.contributions() == logged(CODE, done.text, reference)
    for step, answer in zip((confirming, untold), answers, strict=False):
        given = reference_in(await answered(step, answer, ready))
        assert await step.resident.contributions() == logged(CODE, step.text, given)

    *_, asked = await answered(telling, answers[-1], ready)
    assert plain(asked) == reading_back(NAME, telling.text)
    *_, asked = await insist(begun.resident, tekst=begun.text)
    assert plain(asked) == reading_back(NAME, begun.text)
    for step in (begun, telling, read_back):
        messages = await insist(step.resident, keuze=step.resident.button(YES))
        assert await step.resident.contributions() == logged(CODE, step.text, reference_in(messages))
    await insist(done.resident, keuze=done.resident.button(YES))
    assert await done.resident.contributions() == logged(CODE, done.text, reference)
