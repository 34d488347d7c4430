"""Each part is killed while residents are at every step of passing something on: nothing is lost, nothing is doubled.

One crash a part serves residents at all steps at once. What was confirmed is there exactly once; what was not
goes on where it was, and is in no table before its resident confirms.
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
import pytest

from tests.e2e.instance import Instance, until
from tests.e2e.resident import Resident, kinds, logged, plain, reading_back, reference_in

BACK_WITHIN = 240.0
TRIES = 5
SURE_TO_BE_UNDER_WAY = 0.3
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


async def confirmed(step: Step, messages: list[dict], ready: Callable[[], Awaitable[bool]]) -> str:
    """The reference that the turn gave; after an apology, that of trying again when all parts work.

    A part that has just started may take longer than a resident waits: then there is another apology.
    """
    for _ in range(TRIES):
        if kinds(messages) != ["fout"]:
            break
        await until(ready, seconds=BACK_WITHIN, what="all parts work again")
        messages = await insist(step.resident, keuze=step.resident.button(AGAIN))
    return reference_in(messages)


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
async def held_up(instance: Instance, part: str) -> AsyncIterator[None]:
    """Nobody gets past Rasa, or past the actions when those are killed, until the part is dead."""
    group = instance.pid("actions" if part == "actions" else "rasa")
    os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGCONT)


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
    read_back, confirming, done = [await told(opens) for _ in range(3)]
    reference = reference_in(await done.resident.presses(YES))
    old = instance.pid(part)
    async with held_up(instance, part):
        under_way = asyncio.create_task(insist(confirming.resident, keuze=confirming.resident.button(YES)))

        async def received() -> bool:
            return YES in await confirming.resident.typed()

        await until(received, seconds=20, what="the confirmation has come in")
        await asyncio.sleep(SURE_TO_BE_UNDER_WAY)
        kill(instance, part)
    ready = await back(instance, part, old)
    answer = await under_way
    await until(ready, seconds=BACK_WITHIN, what=f"all parts work again after {part} was killed")

    assert await begun.resident.contributions() == await read_back.resident.contributions() == []
    assert await done.resident.contributions() == logged(CODE, done.text, reference)
    confirming_reference = await confirmed(confirming, answer, ready)
    assert await confirming.resident.contributions() == logged(CODE, confirming.text, confirming_reference)

    *_, asked = await insist(begun.resident, tekst=begun.text)
    assert plain(asked) == reading_back(NAME, begun.text)
    for step in (begun, read_back):
        messages = await insist(step.resident, keuze=step.resident.button(YES))
        assert await step.resident.contributions() == logged(CODE, step.text, reference_in(messages))
    await insist(done.resident, keuze=done.resident.button(YES))
    assert await done.resident.contributions() == logged(CODE, done.text, reference)
